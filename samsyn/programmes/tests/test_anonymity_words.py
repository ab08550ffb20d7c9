"""The anonymity card: the same words everywhere, for every level and way in, in both languages."""

from __future__ import annotations

import pytest
from django.template import Context, Template
from django.utils import translation

from samsyn.programmes import anonymity
from samsyn.programmes.models import Activity

LEVELS = [level.value for level in Activity.Level]
ENTRIES = [entry.value for entry in Activity.Entry]
SHORT = {
    "named": "Ditt namn står bredvid det du skriver.",
    "facilitators": "Processledarna ser vem du är, de andra ser det inte.",
    "coded": "Ditt namn visas inte. En hemlig nyckel knyter ihop dina svar i olika omgångar.",
    "anonymous": "Vi sparar inte vem du är.",
}


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("entry", ENTRIES)
@pytest.mark.parametrize("lang", ["sv", "en"])
def test_every_card_tells_of_the_three_readers_and_of_public_documents(level, entry, lang):
    with translation.override(lang):
        card = anonymity.card(level, entry)
    colleagues, managers, system = card.lines[:3]
    words = {"sv": ("kollegor", "rocessled", "sköter systemet"), "en": ("colleagues", "facilitators", "run the system")}
    for line, word in zip((colleagues, managers, system), words[lang], strict=True):
        assert word in line
    assert any("allmän handling" in line for line in card.lines)
    assert len(card.lines) >= 5


@pytest.mark.parametrize("level", LEVELS)
def test_one_sentence_for_the_foot_of_a_page(level):
    assert anonymity.short_of(level) == SHORT[level]
    assert anonymity.card(level, "code").short == SHORT[level]


def test_each_level_has_its_own_words():
    cards = {(level, entry): anonymity.card(level, entry) for level in LEVELS for entry in ENTRIES}
    assert len({card.headline for card in cards.values()}) == len(LEVELS)
    assert len({card.lines for card in cards.values()}) == len(cards)


def test_swedish_and_english_differ():
    for level in LEVELS:
        with translation.override("sv"):
            swedish = anonymity.card(level, "code")
        with translation.override("en"):
            english = anonymity.card(level, "code")
        assert not set(swedish.lines) & set(english.lines)


def test_an_open_code_says_one_per_browser():
    told = " ".join(anonymity.card("anonymous", "code").lines)
    assert "en gång per webbläsare" in told
    assert "en gång per webbläsare" not in " ".join(anonymity.card("anonymous", "audience").lines)


def test_what_was_never_stored_cannot_be_handed_out():
    assert "aldrig sparats" in " ".join(anonymity.card("anonymous", "audience").lines)
    assert "aldrig sparats" not in " ".join(anonymity.card("named", "audience").lines)


def test_a_step_done_by_hand_does_not_promise_what_it_cannot_keep(world):
    activity = world.activity("steps")
    card = anonymity.describe(activity)
    assert card.headline == "Görs för hand"
    assert "bredvid det du skriver" not in card.short


def test_invitation_form_and_result_say_the_same(world):
    activity = world.activity("questions", state="open")
    card = anonymity.describe(activity)
    whole = Template('{% include "programmes/_anonymity_card.html" %}').render(Context({"activity": activity}))
    foot = Template('{% include "programmes/_anonymity_line.html" %}').render(Context({"activity": activity}))
    for text in (whole, foot):
        assert card.headline in text
        assert card.short in text
    assert all(line in whole for line in card.lines)
    assert "Svar senast den 2 april" in foot


def test_who_is_reminded_is_told_where_tickets_make_it_possible():
    assert "påminnelse" in " ".join(anonymity.card("anonymous", "audience").lines)
    assert "påminnelse" not in " ".join(anonymity.card("anonymous", "code").lines)

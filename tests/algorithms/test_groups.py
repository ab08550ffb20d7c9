"""Short texts put together by the letters that they share: what belongs together, and what is left out."""

from __future__ import annotations

import itertools
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from samsyn.algorithms.text.groups import MOST, suggest_groups

# As people write on cards. What stands under "" belongs nowhere.
SWEDISH = {
    "möten": [
        "För många möten utan beslut", "Mötena äter upp förmiddagarna", "Måndagsmötet kunde vara ett mejl",
        "Vi sitter i möten och hinner inte arbeta", "Sluta med mötet på fredagar",
    ],
    "överlämningar": [
        "Vi vet aldrig vem som tar över ett ärende", "Överlämningen mellan dag och natt tappar saker",
        "Ärenden faller mellan två grupper", "Den som lämnar över ärendet borde ringa",
    ],
    "utbildning": [
        "Ingen tid att lära sig nya system", "Utbildningen kom ett år för sent",
        "Vi behöver utbildning i de nya systemen", "Tid för utbildning måste stå i schemat",
    ],
    "chefer": [
        "Chefen hör av sig först när något går fel", "Våra chefer byts ut varje år", "Chefen är sällan här på natten",
    ],
    "dokumentation": [
        "Allt står i Görans huvud, inget är dokumenterat", "Dokumentationen är från 2014",
        "Ingen dokumenterar det vi ändrar",
    ],
    "larm": ["Larmen från labbet går till en enda person", "Falska larm varje natt", "Vem svarar på larmet i jul?"],
    "": ["Kaffemaskinen är det enda som alltid fungerar", "Jag gillar mina kollegor", "Parkeringen är full efter sju"],
}  # fmt: skip
ENGLISH = {
    "meetings": [
        "Too many meetings with no decision", "Meetings eat the whole morning", "The Monday meeting could be an e-mail",
        "We sit in meetings and never get to the work", "Drop the Friday meeting",
    ],
    "handover": [
        "Nobody knows who takes over a case", "The handover between day and night loses things",
        "Cases fall between two teams", "Whoever hands over a case should ring",
    ],
    "training": [
        "No time to learn new systems", "The training came a year too late", "We need training in the new systems",
        "Time for training must be on the roster",
    ],
    "managers": [
        "My manager only calls when something breaks", "Our managers change every year",
        "The manager is never here at night",
    ],
    "documentation": [
        "Everything is in Göran's head, nothing is documented", "The documentation is from 2014",
        "Nobody documents what we change",
    ],
    "alarms": [
        "The alarms from the lab go to one person", "False alarms every night",
        "Who answers the alarm on Christmas Eve?",
    ],
    "": ["The coffee machine is the only thing that always works", "I like my colleagues", "The car park is full"],
}  # fmt: skip


def pairs(themes: dict[str, list[str]]) -> tuple[list[str], dict[str, str]]:
    texts = [text for theme in themes.values() for text in theme]
    return texts, {text: theme or text for theme, rows in themes.items() for text in rows}


@pytest.mark.parametrize("themes", [SWEDISH, ENGLISH], ids=["sv", "en"])
def test_what_is_put_together_is_about_the_same_thing(themes):
    texts, theme_of = pairs(themes)
    found = suggest_groups(texts)
    together = [
        (texts[one], texts[other]) for group in found.groups for one, other in itertools.combinations(group.places, 2)
    ]
    right = sum(theme_of[one] == theme_of[other] for one, other in together)
    assert right / len(together) >= 0.85
    assert found.covered >= 0.6
    for text in themes[""]:
        assert texts.index(text) in found.left_out, f"{text!r} belongs nowhere"


@pytest.mark.parametrize(("themes", "names"), [(SWEDISH, {"Utbildning"}), (ENGLISH, {"Meetings", "Training"})])
def test_a_group_is_named_by_a_word_that_comes_back(themes, names):
    texts, _theme_of = pairs(themes)
    assert names <= {group.name for group in suggest_groups(texts).groups}


@given(st.lists(st.text(max_size=40), max_size=25))
def test_every_text_is_in_one_group_or_left_out(texts):
    found = suggest_groups(texts)
    places = [place for group in found.groups for place in group.places] + list(found.left_out)
    assert sorted(places) == list(range(len(texts)))
    assert all(len(group.places) > 1 for group in found.groups)
    assert 0 <= found.covered <= 1


@given(st.randoms(use_true_random=False))
def test_the_order_in_which_the_texts_came_says_nothing(chance: random.Random):
    texts, _theme_of = pairs(SWEDISH)
    shuffled = list(texts)
    chance.shuffle(shuffled)

    def sets(rows: list[str]) -> set[tuple[frozenset[str], str]]:
        return {(frozenset(rows[place] for place in g.places), g.name) for g in suggest_groups(rows).groups}

    assert sets(shuffled) == sets(texts)


def test_the_same_text_twice_is_a_group():
    found = suggest_groups(["Vi behöver lugn", "Vi behöver lugn", "Något helt annat"])
    assert [group.places for group in found.groups] == [(0, 1)]


@pytest.mark.parametrize("texts", [[], ["En enda"], ["", ""], ["!!!", "???"], ["å" * 5000, "ä" * 5000]])
def test_odd_texts_are_no_error(texts):
    suggest_groups(texts)


def test_more_than_can_be_compared_is_refused():
    with pytest.raises(ValueError, match="at most"):
        suggest_groups(["a"] * (MOST + 1))

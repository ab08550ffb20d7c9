"""The search page: everything one may see, and nothing else, neither shown nor counted."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from samsyn.activities.dialogue import actions as dialogue
from samsyn.activities.dialogue.models import Statement
from samsyn.activities.questions import actions as questions
from samsyn.activities.questions.models import Question
from samsyn.core.addresses import address
from samsyn.core.texts import LangText
from samsyn.home import search
from samsyn.programmes import actions, contributing
from samsyn.programmes.browsers import draw_key
from tests.budgets.large import SUBJECTS, furnish
from tests.budgets.test_long_lists import fill
from tests.fixtures import invite


def ask(activity, text: str) -> Question:
    return questions.ask(activity, text=text, language="sv", post_key=draw_key(), author=None)


def look(world, role: str, words: str, language: str = "sv") -> str:
    client = world.client(role)
    client.cookies["language"] = language
    return client.get(address("home:search"), {"q": words}).content.decode()


def test_questions_activities_and_programmes_are_found_by_words_in_either_language(world):
    activity = world.activity(state="open", title=LangText(sv="Frågestund om årsmötet", en="About the annual meeting"))
    ask(activity, "Var hålls ÅRSMÖTET i år?")
    page = look(world, "staff", "årsmötet")
    assert "Var hålls ÅRSMÖTET" in page
    assert "Frågestund om årsmötet" in page
    assert "2 träffar" in page
    assert "About the annual meeting" in look(world, "staff", "annual", "en")
    assert address("home:programme", programme=world.programme.pk) in look(world, "lead", "programmet")


def test_of_a_text_that_is_there_to_read_it_is_not_said_that_it_is_visible(world):
    stand = world.activity(kind="dialogue", state="open", level="anonymous")
    dialogue.add_statement(stand, text="Fönstren går att öppna", language="sv", post_key=draw_key(), author=None)
    contributing.let_in(Statement.objects.get(), by=world.person("lead"))
    found = re.search(r"Fönstren går att öppna.*?</li>", look(world, "lead", "fönstren"), re.DOTALL)
    assert "Påstående" in found[0]
    assert "synlig" not in found[0].lower()
    assert "syns" not in found[0].lower()


def test_an_answer_and_a_promise_are_found_by_their_own_words(world):
    activity = world.activity(state="open")
    asked = ask(activity, "Vad händer med köket?")
    given = questions.Answer(
        "promised", LangText(sv="Vi köper en diskmaskin"), due=activity.ends, owner=world.person("owner")
    )
    questions.answer(asked, given, answered_by=world.person("owner"), by=world.person("lead"))
    page = look(world, "staff", "diskmaskin")
    assert "Vad händer med köket?" in page
    assert "Vi köper en diskmaskin" in page


def test_what_is_hidden_or_waits_is_found_by_no_one_who_may_not_see_it(world):
    activity, lead = world.activity(state="open", settings={"let_in": True}), world.person("lead")
    waiting, hidden = ask(activity, "Väntande grävling"), ask(activity, "Gömd grävling")
    contributing.let_in(hidden, by=lead)
    contributing.hide(hidden, reason=LangText(sv="Elak mot en utter"), by=lead)
    for words in ("grävling", "utter"):
        page = look(world, "staff", words)
        assert "Ingenting som du kan se" in page
        assert "/i/" not in page
    page = look(world, "lead", "grävling")
    assert waiting.text in page
    assert hidden.text not in page
    assert "En träff" in page


@pytest.mark.parametrize("role", ["staff", "manager", "member", "guest"])
def test_what_is_for_others_is_neither_found_nor_counted(world, role):
    inside, outside = world.activity(state="open"), world.activity(state="open", title=LangText(sv="Bara för andra"))
    invite(world, outside, "other")
    invite(world, inside, role)
    ask(inside, "En kanin här")
    for number in range(30):
        ask(outside, f"En kanin där, nummer {number}")
    world.activity(title=LangText(sv="Ett utkast om en kanin"))
    page = look(world, role, "kanin")
    assert "En träff" in page
    assert "En kanin här" in page
    assert "En kanin där" not in page
    assert "utkast" not in page
    assert "Bara för andra" not in look(world, role, "andra")


def test_staff_find_no_programme_before_they_have_been_told_of_it(world):
    assert "Ingenting som du kan se" in look(world, "staff", "programmet")
    assert "En träff" in look(world, "lead", "programmet")
    world.activity(state="open")
    assert "En träff" in look(world, "staff", "programmet")


def test_another_organisation_and_strangers_find_nothing(world, elsewhere):
    ask(world.activity(state="open"), "En kanin")
    path = address("home:search") + "?q=kanin"
    assert elsewhere.client("staff").get(path).status_code == 404
    assert world.client().get(path).status_code == 302


def test_an_empty_search_says_what_can_be_found(world):
    page = look(world, "staff", "")
    assert 'type="search"' in page
    assert "innehåller" not in page
    assert "Ingenting som du kan se" in look(world, "staff", "...")


def test_it_is_paged_and_costs_the_same_however_much_is_found(world):
    activity = world.activity(state="open")
    for number in range(3):
        ask(activity, f"Om mötena, {number}")
    client, path = world.client("staff"), address("home:search")

    def cost() -> int:
        client.get(path, {"q": "mötena"})
        with CaptureQueriesContext(connection) as captured:
            assert client.get(path, {"q": "mötena"}).status_code == 200
        return len(captured)

    few = cost()
    furnish(world)
    rows = fill(world, activity, Question, 500)
    contributing.words_changed(*(row.item for row in rows))
    assert cost() == few <= 20
    page = client.get(path, {"q": "mötena"})
    assert len(page.content) < 60_000
    assert 'rel="next"' in page.content.decode()
    assert len(re.findall(r'href="/o/ankeby/i/', page.content.decode())) == search.A_PAGE
    last = client.get(path, {"q": "mötena", "page": "3"}).content.decode()
    assert len(re.findall(r'href="/o/ankeby/i/', last)) == search.A_PAGE
    assert SUBJECTS[0] == "mötena"


def test_a_changed_title_and_a_deleted_activity_are_followed(world):
    lead = world.person("lead")
    activity = world.activity(title=LangText(sv="Bäver"))
    actions.change_activity(activity, by=lead, title=LangText(sv="Ekorre"))
    assert "Ekorre" in look(world, "lead", "ekorre")
    assert "Ingenting som du kan se" in look(world, "lead", "bäver")
    actions.delete_activity(activity, by=lead)
    assert "Ingenting som du kan se" in look(world, "lead", "ekorre")

"""Where questions are answered and sorted."""

from __future__ import annotations

import re

from samsyn.activities.questions import actions
from samsyn.core.addresses import address
from samsyn.core.texts import LangText
from samsyn.programmes import contributing
from samsyn.programmes.browsers import draw_key


def test_it_opens_where_the_one_who_looks_has_something_to_do(world):
    activity = world.activity(state="open", settings={"let_in": True})
    let_in, _waits = (
        actions.ask(activity, text=text, language="sv", post_key=draw_key(), author=None)
        for text in ("Får vi vara med?", "Väntar här")
    )
    contributing.let_in(let_in, by=world.person("lead"))
    path = address("questions:desk", activity=activity.pk)
    lead, owner = (world.client(role).get(path).content.decode() for role in ("lead", "owner"))
    assert "Väntar här" in lead
    assert "Får vi vara med?" in owner, "an owner answers, and lets nothing in"
    assert "Väntar här" not in owner


def test_what_a_question_is_joined_with_is_told_in_the_readers_language(world):
    activity = world.activity(state="open")
    first, second, third = (
        actions.ask(activity, text=text, language="sv", post_key=draw_key(), author=None)
        for text in ("Får vi vara med?", "Kan vi delta?", "Och vi?")
    )
    contributing.translate(first, LangText(en="May we take part?"), by=world.person("lead"))
    lead = world.client("lead")
    lead.cookies["language"] = "en"
    choosing = lead.get(address("questions:merge", activity=activity.pk, question=third.pk)).content.decode()
    assert "May we take part?" in choosing
    assert "Får vi" not in choosing
    actions.merge(second, into=first, by=world.person("lead"))
    away = lead.get(address("questions:desk", activity=activity.pk) + "?show=away").content.decode()
    assert "May we take part?" in away
    assert "Får vi" not in away


def test_what_belongs_to_a_promise_is_marked_so_that_it_shows_with_a_promise_alone(world):
    activity = world.activity(state="open")
    question = actions.ask(activity, text="När?", language="sv", post_key=draw_key(), author=None)
    path = address("questions:answer", activity=activity.pk, question=question.pk)
    page = world.client("lead").get(path).content.decode()
    assert re.findall(r'value="(\w+)"[^>]* data-opens', page) == ["promised"]
    assert re.findall(r'name="(\w+)"[^>]* data-opened', page) == ["due", "owner"]


def test_where_nobody_has_asked_it_does_not_say_that_all_is_answered(world):
    activity = world.activity(state="open")
    page = world.client("lead").get(address("questions:desk", activity=activity.pk)).content.decode()
    assert "Ingen har frågat än" in page
    assert "har ett svar" not in page

"""Giving a question, a statement and what the asker said afterwards in the other language too."""

from __future__ import annotations

import pytest

from samsyn.activities.dialogue import actions as dialogue
from samsyn.activities.questions import actions
from samsyn.audit.models import Entry
from samsyn.core.addresses import address
from samsyn.core.texts import LangText
from samsyn.programmes.browsers import draw_key
from samsyn.thread.actions import follow_up
from samsyn.thread.models import FollowUp, Item

SETTINGS = {"let_in": False, "likes": True, "add": True}


def written(world, kind, text="Får vi säga nej?", language="sv"):
    activity = world.activity(kind=kind, state="open", level="anonymous", settings=SETTINGS)
    send = {"questions": actions.ask, "dialogue": dialogue.add_statement}[kind]
    return send(activity, text=text, language=language, post_key=draw_key(), author=None)


def place(row):
    kind, noun = row.item.kind.split(".")
    return address(f"{kind}:translate", activity=row.activity_id, **{noun: row.pk})


def desk(world, row, show):
    kind = row.item.kind.split(".")[0]
    page = world.client("lead").get(address(f"{kind}:desk", activity=row.activity_id) + f"?show={show}")
    return page.content.decode()


@pytest.mark.parametrize(("kind", "show"), [("questions", "unanswered"), ("dialogue", "visible")])
def test_a_facilitator_gives_it_in_the_other_language(world, kind, show):
    row = written(world, kind)
    body = desk(world, row, show)
    assert place(row) in body
    assert "Ge den på engelska också" in body or "Ge det på engelska också" in body
    answer = world.client("facilitator").post(place(row) + f"?show={show}", {"text": "May we say no?", "show": show})
    assert answer.status_code == 302
    assert answer["Location"].endswith(f"?show={show}")
    row.refresh_from_db()
    assert row.words == {"sv": "Får vi säga nej?", "en": "May we say no?"}
    assert Item.objects.get(pk=row.item_id).title["en"] == "May we say no?"
    reader = world.client("staff")
    reader.cookies["language"] = "en"
    page = reader.get(address(f"{kind}:page", activity=row.activity_id)).content.decode()
    assert "May we say no?" in page
    assert "Får vi" not in page
    noun = row.item.kind.split(".")[1]
    assert Entry.objects.filter(verb=f"{noun}.translated", object_id=row.pk).count() == 1


@pytest.mark.parametrize("kind", ["questions", "dialogue"])
def test_what_was_given_stands_in_the_form_and_can_be_taken_away(world, kind):
    row = written(world, kind)
    client = world.client("lead")
    client.post(place(row), {"text": "May we say no?"})
    page = client.get(place(row)).content.decode()
    assert "May we say no?" in page
    assert "På engelska" in page
    client.post(place(row), {"text": ""})
    row.refresh_from_db()
    assert row.words == {"sv": "Får vi säga nej?"}
    too_long = client.post(place(row), {"text": "x" * 700})
    assert too_long.status_code == 422


def test_one_in_english_is_given_in_swedish(world):
    row = written(world, "questions", "May we say no?", "en")
    assert "Ge den på svenska också" in desk(world, row, "unanswered")
    world.client("lead").post(place(row), {"text": "Får vi säga nej?"})
    row.refresh_from_db()
    assert row.words["sv"] == "Får vi säga nej?"


@pytest.mark.parametrize("role", ["owner", "staff", "member"])
def test_only_those_who_facilitate_do_it(world, role):
    row = written(world, "questions")
    assert world.client(role).post(place(row), {"text": "No"}).status_code == 403


def test_what_the_asker_said_afterwards_is_given_too_and_read_in_the_readers_language(world):
    row = written(world, "questions")
    given = actions.Answer("written", LangText(sv="Ja.", en="Yes."))
    actions.answer(row, given, answered_by=world.person("owner"), by=world.person("lead"))
    follow_up(row.item, answered=False, text="Det var inget svar.", language="sv")
    client = world.client("lead")
    assert "Det var inget svar." in client.get(place(row)).content.decode()
    client.post(place(row), {"text": "May we say no?", "said": "That was no answer."})
    assert FollowUp.objects.get().words == {"sv": "Det var inget svar.", "en": "That was no answer."}
    assert Entry.objects.filter(verb="followup.translated").count() == 1
    client.cookies["language"] = "en"
    path = address("questions:desk", activity=row.activity_id) + "?show=answered"
    page = client.get(path).content.decode()
    assert "That was no answer." in page
    assert "inget svar" not in page

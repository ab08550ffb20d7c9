"""How a crowd behaves in question time: what the story says, else questions that any workplace asks."""

from __future__ import annotations

import datetime as dt
from random import Random
from typing import Any

from django.utils.translation import get_language

from samsyn.activities.questions import actions
from samsyn.activities.questions.models import Question
from samsyn.core.texts import LangText
from samsyn.organisations.models import Person
from samsyn.programmes import contributing
from samsyn.programmes.browsers import key_of
from samsyn.programmes.kinds import Crowd
from samsyn.programmes.models import Activity
from samsyn.programmes.queries import lead_of
from samsyn.programmes.rehearsing import send_as_told, sort_as_told
from samsyn.programmes.rules import leaves_no_trace
from samsyn.thread.actions import follow_up, move_promise, settle_promise
from samsyn.thread.models import Promise

_ENOUGH = 12
_ASKS, _BEGINS = 0.15, 0.3  # of those in a room; all at once would ask the same
_ANYWHERE = [
    ("Vad ska vi sluta med?", "What should we stop doing?"),
    ("Vem bestämmer när två chefer vill olika?", "Who decides when two managers want different things?"),
    ("Hur länge ska vi vänta på att få veta?", "How long do we have to wait to be told?"),
    ("Får vi säga nej?", "Are we allowed to say no?"),
    ("Vad blev det av det förra programmet?", "What came of the last programme?"),
    ("Varför just nu?", "Why now?"),
    ("Kommer någon att fråga dem som arbetar natt?", "Will anyone ask those who work nights?"),
]


def improvise(activity: Activity, chance: Random) -> tuple[str, dict[str, str]] | None:
    """Agree with a question, mostly; now and then ask one."""
    shown = list(Question.objects.filter(activity=activity, state=Question.State.VISIBLE, end="").order_by("id")[:30])
    if len(shown) < _ENOUGH and chance.random() < (_ASKS if shown else _BEGINS):
        asked = set(Question.objects.filter(activity=activity).values_list("text", flat=True))
        fresh = [pair for pair in _ANYWHERE if not asked & set(pair)]
        if fresh:
            text = chance.choice(fresh)[get_language() == "en"]
            return "ask", {"text": text, "post_key": f"{chance.getrandbits(128):032x}"}
    if not shown:
        return None
    return "like", {"question": chance.choice(shown).rid, "on": "1"}


def rehearse(activity: Activity, crowd: Crowd) -> None:
    """Ask, agree, sort and answer through the kind's own actions."""
    rows = crowd.script(activity).get("questions") or _by_chance(activity, crowd)
    planner = lead_of(activity.programme)
    people = crowd.people(activity)
    asked: dict[str, Question] = {}
    for row in rows:
        asked[row["key"]] = _ask(activity, row, crowd, people, planner)
    for row in rows:
        _sort(row, asked, crowd, planner)
        if row.get("answer"):
            _answer(asked[row["key"]], row["answer"], row, crowd, planner)
        crowd.remember(row["key"], asked[row["key"]].item)
    for said in crowd.script(activity).get("follow_ups") or []:
        with crowd.on(said["day"]):
            follow_up(
                asked[said["on"]].item,
                answered=said["verdict"] == "answered",
                text=said["text"][said["lang"]],
                language=said["lang"],
            )
            contributing.translate_follow_up(asked[said["on"]], LangText(said["text"]), by=planner)


def _by_chance(activity: Activity, crowd: Crowd) -> list[dict[str, Any]]:
    chance = crowd.random(activity)
    number = len(crowd.people(activity))
    return [
        {"key": f"{activity.key or activity.kind}-{n}",
         "lang": "sv", "text": {"sv": sv, "en": en}, "day": activity.starts,
         "likes": chance.randint(0, min(40, number))}
        for n, (sv, en) in enumerate(_ANYWHERE)
    ]  # fmt: skip


def _ask(activity: Activity, row: dict[str, Any], crowd: Crowd, people: list[Person], planner: Person) -> Question:
    question = send_as_told(activity, row, crowd, actions.ask, planner)
    chance, anonymous = crowd.random(activity, row["key"], "likes"), leaves_no_trace(activity)
    with crowd.on(row["day"]):
        for person in chance.sample(people, min(row.get("likes", 0), len(people))):
            drawn = crowd.random(activity, person.key, "key").getrandbits(128)
            key = f"{drawn:032x}" if anonymous else key_of(person.pk)
            actions.like(question, key=key, person=person, on=True)
    question.refresh_from_db()
    return question


def _sort(row: dict[str, Any], asked: dict[str, Question], crowd: Crowd, planner: Person) -> None:
    question = asked[row["key"]]
    with crowd.on(row["day"]):
        if row.get("starred"):
            actions.star(question, on=True, by=planner)
        sort_as_told(row, asked, actions.merge, planner)
        if row.get("state") == "waiting":
            actions.hold(question, by=planner)


def _answer(question: Question, said: dict[str, Any], row: dict[str, Any], crowd: Crowd, planner: Person) -> None:
    ends = {"live": "live", "written": "written", "promised": "promised", "not-answered": "declined"}
    told = crowd.promise(row["key"]) if said["how"] == "promised" else {}
    question.refresh_from_db()
    with crowd.on(said["day"]):
        given = actions.Answer(
            ends[said["how"]],
            LangText(said["text"]),
            title=LangText(told["title"]) if told else None,
            due=said.get("due"),
            owner=crowd.person(said["owner"]) if said.get("owner") else None,
        )
        actions.answer(question, given, answered_by=crowd.person(said["by"]), by=planner)
    if said["how"] == "promised" and told:
        _settle(question, told, crowd)


def _settle(question: Question, told: dict[str, Any], crowd: Crowd) -> None:
    promise = Promise.objects.select_related("item__owner").get(item__made_out_of__source_id=question.item_id)
    owner = promise.item.owner
    assert owner is not None
    if told["state"] in {"kept", "withdrawn"}:
        day: dt.date = told["day"]
        with crowd.on(day):
            settle_promise(promise, state=told["state"], note=LangText(told["note"]), by=owner)
    elif told.get("moved_to"):
        with crowd.on(told["day"]):
            move_promise(promise, due=told["moved_to"], note=LangText(told["note"]), by=owner)

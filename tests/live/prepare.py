"""`python -m tests.live.prepare WHAT …`: make or change what a served room stands on, by the product's own actions.

Prints JSON. Runs in a process of its own, since the server has the database and the tests have another.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import sys
import time
from typing import Any

import django
from django.contrib.auth.hashers import make_password
from django.core import signing

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "samsyn.config.settings")
django.setup()

from samsyn.accounts.models import User  # noqa: E402
from samsyn.activities.board.models import Card, Column  # noqa: E402
from samsyn.activities.dialogue import actions as dialogue  # noqa: E402
from samsyn.activities.dialogue.models import Statement, Vote  # noqa: E402
from samsyn.activities.polls import actions as polls  # noqa: E402
from samsyn.activities.polls.models import Answer, Run  # noqa: E402
from samsyn.activities.questions.models import Like, Question  # noqa: E402
from samsyn.core import clock, tenancy  # noqa: E402
from samsyn.core.ids import encode_id  # noqa: E402
from samsyn.core.texts import LangText  # noqa: E402
from samsyn.gatherings import actions, actions_running  # noqa: E402
from samsyn.gatherings.models import Session  # noqa: E402
from samsyn.live import tickets  # noqa: E402
from samsyn.organisations.models import Organisation, Person  # noqa: E402
from samsyn.programmes import actions as plans  # noqa: E402
from samsyn.programmes import contributing  # noqa: E402
from samsyn.programmes.models import Activity, Programme  # noqa: E402


def both(text: str) -> LangText:
    return LangText(sv=text, en=text)


WITH_ACCOUNT = 60  # more are there without one


def make(level: str = "anonymous", entry: str = "code", people: str = "6", kinds: str = "questions") -> dict[str, Any]:
    """An organisation with a session that goes on; in it an open activity of each kind, the first one on the stage."""
    organisation = Organisation.objects.create(slug="ankeby", name=both("Ankeby"))
    with tenancy.scope(organisation.pk, organisation.slug):
        staff = _staff(organisation, int(people))
        lead = staff[0]
        programme = plans.add_programme(
            by=lead, owner=staff[1], title=both("Programmet"), starts=clock.today(), ends=None
        )
        days = {"starts": clock.today(), "ends": clock.today()}
        frame = plans.add_frame(programme, by=lead, name=both("Nu"), **days)
        session = actions.add_session(frame, by=lead, title=both("Enhetsdagen"), starts=clock.now())
        made: dict[str, Activity] = {}
        for kind in kinds.split(","):
            made[kind] = plans.add_activity(
                frame, by=lead, kind=kind, title=both(TITLES[kind]), level=level, entry=entry,
                reply_by=clock.today() + dt.timedelta(days=7), settings=SETTINGS.get(kind, {}), **days,
            )  # fmt: skip
            _fill(made[kind], lead)
            actions.add_block(
                session, by=lead, title=both(TITLES[kind]), minutes=30, form="activity", activity=made[kind]
            )
        actions.add_block(session, by=lead, title=both("Paus"), minutes=10, form="pause")
        actions_running.command(session, "start", by=lead)
        actions_running.command(session, "open", by=lead)
        for activity in list(made.values())[1:]:
            plans.open_activity(activity, by=lead, ends=activity.ends, reply_by=activity.reply_by)
        rids = {kind: activity.rid for kind, activity in made.items()}
        activity = next(iter(rids.values()))
        told = {"code": session.code, "room": session.rid, "activity": activity, "activities": rids}
        return {**told, "people": [person.pk for person in staff], "targets": _targets()}


TITLES = {"questions": "Frågor", "polls": "Hur var dagen?", "dialogue": "Vad är viktigt?", "board": "Tavlan"}
SETTINGS = {"dialogue": {"let_in": False, "add": True}}


def _staff(organisation: Organisation, number: int) -> list[Person]:
    joined = {"organisation": organisation, "joined": clock.today() - dt.timedelta(days=30)}
    found, hashed = [], make_password("tre-lugna-ord-till")  # takes a while: once for all of them
    for one in range(number):
        user = None
        if one < WITH_ACCOUNT:
            user = User.objects.create_user(f"p{one}@ankeby.example")
            User.objects.filter(pk=user.pk).update(password=hashed)
        person = Person(key=f"p{one}", name=f"Person {one}", email=f"p{one}@ankeby.example", user=user, **joined)
        found.append(person)
    return Person.objects.bulk_create(found)


def _fill(activity: Activity, lead: Person) -> None:
    """Give people something to answer or to vote on."""
    if activity.kind == "polls":
        options = [both("Ja"), both("Nej"), both("Vet inte")]
        polls.add_question(
            activity, form="single", text=both("Ska vi göra så?"), options=options, at_once=True, by=lead
        )
    elif activity.kind == "dialogue":
        dialogue.seed(activity, [f"Påstående nummer {number}" for number in range(5)], language="sv", by=lead)


def _targets() -> dict[str, list[str]]:
    """What can be voted on or written in, as forms have it."""
    runs, statements = Run.objects.filter(over=False), Statement.objects.order_by("id")
    return {
        "polls": [run.rid for run in runs],
        "dialogue": [encode_id(pk) for pk in statements.values_list("pk", flat=True)],
        "board": [str(pk) for pk in Column.objects.order_by("position").values_list("pk", flat=True)],
    }


def command(name: str) -> dict[str, Any]:
    """Give a command on the stage; `anew` draws a new code."""
    session, lead = _session()
    if name == "anew":
        actions_running.draw_code(session, by=lead, anew=True)
    else:
        actions_running.command(session, name, by=lead)
    return {"code": session.code}


def passcode(words: str) -> dict[str, Any]:
    """Let nobody in with the code alone."""
    session, lead = _session()
    actions.change_session(session, by=lead, passcode=words)
    return {}


def hide(text: str) -> dict[str, Any]:
    """Hide the question with this text."""
    _session_row, lead = _session()
    question = Question.objects.select_related("item", "activity__programme").get(text=text)
    contributing.hide(question, reason=both("Ett namn"), by=lead)
    return {}


def tickets_for(number: str, person: str = "", view: str = "phone") -> dict[str, Any]:
    """So many tickets of different browsers. `person`: the one whose they are; "each": every one another's."""
    session, lead = _session()
    people = [0] * int(number)
    if person == "each":
        people = list(Person.objects.order_by("id").values_list("pk", flat=True)[: int(number)])
        assert len(people) == int(number)
    elif person:
        people = [int(person)] * int(number)
    made = [tickets.issue(session.pk, view, session.epoch, now=time.time(), person=who) for who in people]
    return {"tickets": [tickets.write(ticket) for ticket in made], "lead": lead.pk}


def entry() -> dict[str, Any]:
    """The cookie of somebody who came into the activity by its code."""
    _session()
    return {"entry": signing.Signer(salt="samsyn.entry").sign(encode_id(Activity.objects.get().pk))}


def count() -> dict[str, Any]:
    """What is stored: texts of questions and cards; (what on, key, what was said) of likes, answers and stands."""
    _session()
    likes = Like.objects.values_list("question__text", "key", "on")
    answers = Answer.objects.values_list("run_id", "key", "picked")
    stands = Vote.objects.values_list("statement_id", "key", "value")
    return {
        "texts": sorted(Question.objects.values_list("text", flat=True)),
        "cards": sorted(Card.objects.values_list("text", flat=True)),
        "likes": sorted(likes),
        "answers": sorted((encode_id(run), key, picked) for run, key, picked in answers),
        "stands": sorted((encode_id(statement), key, value) for statement, key, value in stands),
        "behind": _figures_behind(),
    }


def _figures_behind() -> dict[str, Any]:
    """Figures that are not those of the rows, as far as the rule of five lets them: what is told, and what there is."""
    wrong = {}
    for run in Run.objects.all():
        told, there = sum(run.shown.get("picked", [])), Answer.objects.filter(run=run).count()
        if not told <= there < told + 5:
            wrong[f"poll {run.pk}"] = told, there
    for one in Statement.objects.all():
        told = one.now_agree + one.now_neither + one.now_disagree
        there = Vote.objects.filter(statement=one, value__isnull=False).count()
        if told != there:
            wrong[f"statement {one.pk}"] = told, there
    return wrong


def _session() -> tuple[Session, Person]:
    session = Session.across.select_related("organisation", "programme").get()
    tenancy._active.set((session.organisation_id, session.organisation.slug))
    assert Programme.objects.exists()
    assert Activity.objects.exists()
    return session, Person.objects.get(key="p0")


if __name__ == "__main__":
    known = {
        "make": make, "command": command, "hide": hide, "count": count, "passcode": passcode,
        "tickets": tickets_for, "entry": entry,
    }  # fmt: skip
    print(json.dumps(known[sys.argv[1]](*sys.argv[2:])))

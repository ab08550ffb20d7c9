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
from django.core import signing

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "samsyn.config.settings")
django.setup()

from samsyn.accounts.models import User  # noqa: E402
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


def make(level: str = "anonymous", entry: str = "code", people: str = "6") -> dict[str, Any]:
    """An organisation with a session that goes on, in it a question time that is open."""
    organisation = Organisation.objects.create(slug="ankeby", name=both("Ankeby"))
    with tenancy.scope(organisation.pk, organisation.slug):
        joined = {"organisation": organisation, "joined": clock.today() - dt.timedelta(days=30)}
        staff = [
            Person.objects.create(
                key=f"p{number}", name=f"Person {number}", email=f"p{number}@ankeby.example",
                user=User.objects.create_user(f"p{number}@ankeby.example", password="tre-lugna-ord-till"), **joined,
            )
            for number in range(int(people))
        ]  # fmt: skip
        lead = staff[0]
        programme = plans.add_programme(
            by=lead, owner=staff[1], title=both("Programmet"), starts=clock.today(), ends=None
        )
        days = {"starts": clock.today(), "ends": clock.today()}
        frame = plans.add_frame(programme, by=lead, name=both("Nu"), **days)
        activity = plans.add_activity(
            frame, by=lead, kind="questions", title=both("Frågestund"), level=level, entry=entry,
            reply_by=clock.today() + dt.timedelta(days=7), **days,
        )  # fmt: skip
        session = actions.add_session(frame, by=lead, title=both("Enhetsdagen"), starts=clock.now())
        actions.add_block(session, by=lead, title=both("Frågor"), minutes=30, form="activity", activity=activity)
        actions.add_block(session, by=lead, title=both("Paus"), minutes=10, form="pause")
        actions_running.command(session, "start", by=lead)
        actions_running.command(session, "open", by=lead)
        return {"code": session.code, "room": session.rid, "activity": activity.rid, "people": [p.pk for p in staff]}


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


def tickets_for(number: str, person: str = "") -> dict[str, Any]:
    """So many tickets of different browsers; of one person where names are known."""
    session, lead = _session()
    who = int(person) if person else 0
    made = [tickets.issue(session.pk, "phone", session.epoch, now=time.time(), person=who) for _ in range(int(number))]
    return {"tickets": [tickets.write(ticket) for ticket in made], "lead": lead.pk}


def entry() -> dict[str, Any]:
    """The cookie of somebody who came into the activity by its code."""
    _session()
    return {"entry": signing.Signer(salt="samsyn.entry").sign(encode_id(Activity.objects.get().pk))}


def count() -> dict[str, Any]:
    """What is stored: texts, and (question, key, on) of likes."""
    _session()
    likes = Like.objects.values_list("question__text", "key", "on")
    return {"texts": sorted(Question.objects.values_list("text", flat=True)), "likes": sorted(likes)}


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

"""`python -m tests.polls.prepare WHAT …`: make or change the room of a poll, by the product's own actions; prints JSON.

Runs in a process of its own, since the server has the database and the tests have another.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import sys
from collections.abc import Callable
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "samsyn.config.settings")
django.setup()

from django.test import Client  # noqa: E402

from samsyn.accounts.models import User  # noqa: E402
from samsyn.activities.polls import actions as polls  # noqa: E402
from samsyn.activities.polls.models import Answer, OpenAnswer, Run  # noqa: E402
from samsyn.core import clock, tenancy  # noqa: E402
from samsyn.core.texts import LangText  # noqa: E402
from samsyn.gatherings import actions, actions_running  # noqa: E402
from samsyn.live.sendings import Sending  # noqa: E402
from samsyn.organisations.models import Organisation, Person  # noqa: E402
from samsyn.programmes import actions as plans  # noqa: E402
from samsyn.programmes.kinds import kind_of  # noqa: E402
from samsyn.programmes.models import Activity  # noqa: E402

BACKEND = "django.contrib.auth.backends.ModelBackend"


def both(sv: str, en: str) -> LangText:
    return LangText(sv=sv, en=en)


def make() -> dict[str, Any]:
    """A session that goes on, in it a poll that is open: a mood check and a choice of several."""

    def fill(activity: Activity, lead: Person) -> None:
        polls.add_set(activity, "mood", by=lead)
        options = [both("Tid", "Time"), both("Ett beslut", "A decision"), both("Fler träffar", "More sessions")]
        polls.add_question(
            activity, form="many", text=both("Vad behöver ni?", "What do you need?"), options=options, by=lead
        )

    return make_room("polls", both("Hur var dagen?", "How was the day?"), fill, {"tables": True, "table_count": 14})


def make_room(
    kind: str, title: LangText, fill: Callable[[Activity, Person], None], settings: dict[str, Any]
) -> dict[str, Any]:
    """An organisation with a session that goes on, in it an anonymous activity that is open."""
    organisation = Organisation.objects.create(slug="ankeby", name=both("Ankeby", "Duckburg"))
    with tenancy.scope(organisation.pk, organisation.slug):
        owner, lead = (
            Person.objects.create(
                key=name, name=name.capitalize(), email=f"{name}@ankeby.example", organisation=organisation,
                user=User.objects.create_user(f"{name}@ankeby.example", password="tre-lugna-ord-till"),
                joined=clock.today() - dt.timedelta(days=30),
            )
            for name in ("owner", "lead")
        )  # fmt: skip
        days = {"starts": clock.today(), "ends": clock.today() + dt.timedelta(days=1)}
        programme = plans.add_programme(
            by=lead, owner=owner, title=both("Programmet", "The programme"), starts=clock.today(), ends=None
        )
        frame = plans.add_frame(programme, by=lead, name=both("Nu", "Now"), **days)
        activity = plans.add_activity(
            frame, by=lead, kind=kind, title=title, level="anonymous", entry="code",
            reply_by=clock.today() + dt.timedelta(days=7), settings=settings, **days,
        )  # fmt: skip
        fill(activity, lead)
        title = both("Enhetsdagen", "The unit day")
        session = actions.add_session(frame, by=lead, title=title, starts=clock.now())
        title = both("Så var dagen", "How the day was")
        actions.add_block(session, by=lead, title=title, minutes=30, form="activity", activity=activity)
        actions_running.command(session, "start", by=lead)
        actions_running.command(session, "open", by=lead)
        return {"code": session.code, "room": session.rid, "activity": activity.rid}


def cue(name: str) -> dict[str, Any]:
    """Give a cue on the stage."""
    activity = _enter()
    kind_of(activity).give_cue(activity, name, by=Person.objects.get(key="lead"))
    return runs()


def sign_in() -> dict[str, Any]:
    """The cookies of the lead's browser."""
    _enter()
    client = Client()
    client.force_login(
        User.objects.get(email="lead@ankeby.example"), backend="django.contrib.auth.backends.ModelBackend"
    )
    return {name: one.value for name, one in client.cookies.items()}


def crowd() -> dict[str, Any]:
    """Eight more people answer the first question."""
    activity = _enter()
    sent = [
        Sending(activity.pk, "answer", {"run": runs()["scale"], "choice": str(number % 3 + 2)}, f"{number:032x}")
        for number in range(8)
    ]
    polls.take_answers(activity, sent)
    return {}


def runs() -> dict[str, Any]:
    """The runs that go on, by the form of their question."""
    activity = _enter()
    found = Run.objects.filter(question__activity=activity, over=False).select_related("question")
    return {run.question.form: run.rid for run in found}


def count() -> dict[str, Any]:
    """What is stored: (form, key, picked, people), and texts."""
    _enter()
    rows = Answer.objects.values_list("run__question__form", "key", "picked", "people")
    return {"answers": sorted(rows), "texts": sorted(OpenAnswer.objects.values_list("text", flat=True))}


def _enter() -> Activity:
    organisation = Organisation.objects.get()
    tenancy._active.set((organisation.pk, organisation.slug))
    return Activity.objects.select_related("programme").get()


WAYS = {"make": make, "cue": cue, "runs": runs, "sign_in": sign_in, "crowd": crowd, "count": count}

if __name__ == "__main__":
    print(json.dumps(WAYS[sys.argv[1]](*sys.argv[2:])))

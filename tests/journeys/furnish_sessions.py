"""Sessions in every state, so that each of their pages has something real to show."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from samsyn.activities.questions import actions as questions
from samsyn.core import clock
from samsyn.core.ids import encode_id
from samsyn.core.texts import LangText
from samsyn.files.actions import attach
from samsyn.gatherings import (
    actions,
    actions_inviting,
    actions_making,
    actions_minutes,
    actions_running,
    library,
    minutes,
    queries,
)
from samsyn.gatherings.actions_making import Occasion
from samsyn.gatherings.attachments import OWNER
from samsyn.gatherings.models import Session
from samsyn.organisations.models import Person, Unit
from samsyn.programmes.models import Frame, Programme

ASKED = (
    ("Vem svarar i telefonen när alla är på enhetsdag?", "Kvällslaget. Vi bjuder på lunch som tack."),
    ("Får vi behålla våra egna rutiner på natten?", ""),
)


def hold_sessions(programme: Programme, people: dict[str, Person]) -> None:
    """Leadership days, one of them published; a day in several units; question times in every state."""
    lead = people["lead"]
    frame = Frame.objects.filter(programme=programme, starts__lte=clock.today()).order_by("-starts").first()
    assert frame is not None
    _leadership_days(frame, people)
    _unit_days(frame, lead)
    _question_times(frame, people)


def _leadership_days(frame: Frame, people: dict[str, Person]) -> None:
    lead = people["lead"]
    template = library.find("leadership-day")
    places = [Occasion(_at(days)) for days in (-21, 7, 21)]
    series = actions_making.make_series(
        frame,
        template,
        places,
        title=LangText(sv="Ledningsdag", en="Leadership day"),
        by=lead,
        purpose=template.purpose if template else LangText(),
        preparation=template.preparation if template else LangText(),
        place="Sessionssalen, Stadshuset",
        entry="audience",
        named=True,
        capacity=12,
        everybody=False,
    )
    first, second, third = series.sessions.order_by("starts")
    for session in (first, second, third):
        actions.set_audience(session, everybody=False, keys=_keys(people), by=lead)
        actions.set_hosts(session, [people["manager"]], by=lead)
    _run(first, lead)
    actions_inviting.note_who_came(first, [people["manager"].pk, people["owner"].pk], by=lead)
    actions_minutes.add_lesson(
        first, LangText(sv="Börja med det svåra, inte med rapporterna.", en="Begin with what is hard."), by=lead
    )
    actions_minutes.publish(first, by=lead)
    actions_inviting.send_letters(second, by=lead)
    actions_inviting.answer(second, people["manager"], coming=True)
    actions.change_session(second, by=lead, place="Lilla sessionssalen, Stadshuset")
    file = SimpleUploadedFile("underlag.txt", "Vårt uppdrag i tre meningar.\n".encode())
    attach(OWNER, second.pk, file, alt=LangText(), by=lead)
    actions_making.keep_as_template(second, name=LangText(sv="Vår ledningsdag", en="Our leadership day"), by=lead)


def _unit_days(frame: Frame, lead: Person) -> None:
    units = list(Unit.objects.exclude(parent=None).filter(closed=None).order_by("key")[:3])
    series = actions_making.make_series(
        frame,
        library.find("unit-day"),
        [Occasion(_at(-3), unit) for unit in units],
        title=LangText(sv="Enhetsdag", en="Unit day"),
        by=lead,
    )
    for number, session in enumerate(series.sessions.order_by("id")[:2], start=1):
        _run(session, lead)
        actions_inviting.note_number(session, 20 + number, by=lead)


def _question_times(frame: Frame, people: dict[str, Person]) -> None:
    lead = people["lead"]
    over = _question_time(frame, lead, -1)
    _do(over, lead, ("start", 1), ("next", 13), ("open", 14))
    activity = queries.blocks_of(over)[1].activity
    for number, (text, answer) in enumerate(ASKED):
        asked = questions.ask(activity, text=text, language="sv", post_key=f"traff{number}".ljust(22, "x"), author=None)
        if answer:
            given = questions.Answer("written", LangText(sv=answer))
            questions.answer(asked, given, answered_by=people["owner"], by=lead)
    _do(over, lead, ("next", 61), ("end", 66))
    actions_inviting.note_number(over, 58, by=lead)
    actions_minutes.refresh(over, by=lead)
    assert minutes.left_over(over)
    _do(_question_time(frame, lead, 0), lead, ("start", 1))
    planned = _question_time(frame, lead, 10)
    actions_running.draw_code(planned, by=lead)
    actions.cancel(_question_time(frame, lead, 14), by=lead)


def _question_time(frame: Frame, lead: Person, days: int) -> Session:
    values: dict[str, Any] = {"title": LangText(sv="Frågestund om hösten", en="Question time about autumn")}
    template = library.find("question-time")
    return actions_making.make_session(frame, template, by=lead, starts=_at(days), place="Aulan", **values)


def _run(session: Session, lead: Person) -> None:
    """Walk through the whole agenda, the second part somewhat longer than planned."""
    ends, steps = 2, [("start", 2)]
    for number, block in enumerate(queries.blocks_of(session)):
        ends += block.minutes + (7 if number == 1 else 0)
        steps.append(("next", ends))
    _do(session, lead, *steps[:-1], ("end", ends))


def _do(session: Session, lead: Person, *steps: tuple[str, int]) -> None:
    """Give commands, each so many minutes after the session was to begin."""
    for name, after in steps:
        with clock.simulated(session.starts + dt.timedelta(minutes=after)):
            actions_running.command(session, name, by=lead)


def _at(days: int) -> dt.datetime:
    return clock.start_of(clock.today() + dt.timedelta(days=days), 9)


def _keys(people: dict[str, Person]) -> list[str]:
    named = [f"person:{encode_id(people[name].pk)}" for name in ("manager", "staff")]
    return [f"team:{encode_id(people['owner'].pk)}", *named]

"""Writes while a session is planned: the session itself, its hosts, and that it is cancelled or taken up again."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from samsyn.audit.actions import record
from samsyn.core import clock, rows, tenancy
from samsyn.core.errors import NotAllowedError, RefusedError
from samsyn.gatherings import rules
from samsyn.gatherings.actions_agenda import add_block, note_change
from samsyn.gatherings.models import Block, Host, Invitee, Session
from samsyn.gatherings.standing import may_run
from samsyn.live import bus
from samsyn.organisations.models import Person
from samsyn.programmes import actions as programme_actions
from samsyn.programmes import actions_people, audience_choice
from samsyn.programmes.forms import REPLY_AFTER
from samsyn.programmes.models import Activity, Frame, Part
from samsyn.programmes.recording import record_in
from samsyn.programmes.rules import can_plan
from samsyn.programmes.starting import weekday

State = Session.State
# What a calendar shows of a session: a change of it is told to those who have been invited.
_IN_CALENDARS = ("title", "starts", "place", "link", "mode")
__all__ = ["add_block", "add_session", "cancel", "change_session", "delete_session", "set_hosts", "take_up_again"]


def _authorise(allowed: bool) -> None:
    if not allowed:
        raise NotAllowedError(_("You may not do this."))


def add_session(frame: Frame, *, by: Person, **values: Any) -> Session:
    """Plan a session in a chapter."""
    _authorise(can_plan(by, frame.programme))
    with transaction.atomic():
        session = Session.objects.create(
            organisation_id=tenancy.active_id(), programme=frame.programme, frame=frame, **values
        )
        record("session.added", session, by=by)
    return session


def change_session(session: Session, *, by: Person, **values: Any) -> None:
    """Change what is said of a session. Its drafts follow it to another day; calendars hear of what they show."""
    _authorise(may_run(by, session))
    with transaction.atomic():
        if not rows.hold(session, "state", "sequence", "starts"):
            raise RefusedError(_("This session is gone."))
        if session.state not in {State.PLANNED, State.RUNNING}:
            raise RefusedError(_("This session is over, or has been cancelled."))
        moved = "starts" in values and values["starts"] != session.starts
        if moved and session.state == State.RUNNING:
            raise RefusedError(_("It has begun. It can no longer begin at another time."), "starts")
        told = any(name in values and values[name] != getattr(session, name) for name in _IN_CALENDARS)
        for name, value in values.items():
            setattr(session, name, value)
        if told:
            note_change(session)
        session.save(update_fields=[*values, "sequence"])
        record("session.changed", session, by=by)
        bus.tell_room(session.pk)
    if moved:
        _move_drafts(session, by=by)


def _move_drafts(session: Session, *, by: Person) -> None:
    """The activities of its agenda that have not opened follow the session; a host's as well as a planner's."""
    day = clock.day_of(session.starts)
    drafts = Activity.objects.filter(blocks__session=session, state=Activity.State.DRAFT).distinct()
    for activity in drafts:
        activity.starts = activity.ends = day
        activity.reply_by = reply_day(day)
        activity.save(update_fields=["starts", "ends", "reply_by"])
        record_in(activity, "activity.changed", activity, by=by)


def reply_day(day: dt.date) -> dt.date:
    """When people hear what came of what was done on a day, unless somebody says otherwise."""
    return weekday(day + REPLY_AFTER)


def set_audience(session: Session, *, everybody: bool, keys: Iterable[str], by: Person) -> None:
    """Say who a session is for. What has not opened on its agenda is for the same people."""
    actions_people.set_audience(session, everybody=everybody, keys=keys, by=by)
    with transaction.atomic():
        for activity in Activity.objects.filter(blocks__session=session, state=Activity.State.DRAFT).distinct():
            share_audience(session, activity)


def share_audience(session: Session, activity: Activity) -> None:
    """Let an activity be for those whom the session is for, within the caller's transaction."""
    activity.everybody = session.everybody
    activity.save(update_fields=["everybody"])
    columns = ("unit_id", "level", "team_of_id", "group_id", "person_id")
    parts = [
        Part(
            organisation_id=session.organisation_id,
            activity=activity,
            **{name: getattr(part, name) for name in columns},
        )
        for part in audience_choice.parts_of(session)
    ]
    audience_choice.replace_parts(activity, parts)


def set_hosts(session: Session, people: Iterable[Person], *, by: Person) -> None:
    """Say who runs this session and no other. One of the organisation's own people, or nobody."""
    _authorise(can_plan(by, session.programme))
    wanted = {person.pk: person for person in people}
    with transaction.atomic():
        gone = Host.objects.filter(session=session).exclude(person_id__in=wanted)
        for host in gone:
            record("host.ended", host, by=by)
        gone.delete()
        there = set(Host.objects.filter(session=session).values_list("person_id", flat=True))
        for person in wanted.values():
            if person.pk not in there:
                host = Host.objects.create(organisation_id=tenancy.active_id(), session=session, person=person)
                record("host.added", host, by=by)
        bus.tell_room(session.pk)


def cancel(session: Session, *, by: Person) -> None:
    """Call a session off. Those who have been invited are to be told: their letter is sent by itself."""
    _become(session, State.CANCELLED, "session.cancelled", by=by)


def take_up_again(session: Session, *, by: Person) -> None:
    """Plan a cancelled session after all."""
    _become(session, State.PLANNED, "session.taken_up", by=by)


def _become(session: Session, state: str, verb: str, *, by: Person) -> None:
    _authorise(may_run(by, session))
    with transaction.atomic():
        if not rows.hold(session, "state", "sequence", "code") or not rules.can_become(session, state):
            raise RefusedError(_("That is not possible now: the session goes on, is over, or is gone."))
        session.state, session.code = state, None
        note_change(session)
        session.save(update_fields=["state", "code", "sequence"])
        record(verb, session, by=by)
        bus.tell_room(session.pk)


def delete_session(session: Session, *, by: Person) -> None:
    """Delete a planned session that nobody has been told of, with the drafts that were made for it alone."""
    _authorise(can_plan(by, session.programme))
    with transaction.atomic():
        if not rows.hold(session, "state", "code"):
            return
        told = session.code is not None or Invitee.objects.filter(session=session, sent__isnull=False).exists()
        if told or session.state not in {State.PLANNED, State.CANCELLED}:
            raise RefusedError(_("People have been told of this session. Cancel it instead."))
        drafts = Activity.objects.filter(blocks__session=session, state=Activity.State.DRAFT, contributed=False)
        elsewhere = Block.objects.exclude(session=session).filter(activity__isnull=False).values("activity_id")
        own = list(drafts.exclude(pk__in=elsewhere).distinct())
        record("session.deleted", session, by=by)
        session.delete()
        for activity in own:
            if activity.settings.get("of_session"):
                programme_actions.delete_activity(activity, by=by)

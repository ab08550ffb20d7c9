"""Writes to an agenda: blocks are added, changed, moved and deleted; each may have an activity."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import transaction
from django.db.models import Max, Sum
from django.utils.translation import gettext_lazy as _

from samsyn.audit.actions import record
from samsyn.core import rows, tenancy
from samsyn.core.errors import NotAllowedError, RefusedError
from samsyn.gatherings import queries, rules
from samsyn.gatherings.library import Planned
from samsyn.gatherings.models import Block, Invitee, Session
from samsyn.gatherings.standing import may_run
from samsyn.live import bus
from samsyn.organisations.models import Person
from samsyn.programmes.models import Activity

State = Session.State


@contextmanager
def _changing(session: Session, by: Person, *states: str) -> Iterator[None]:
    """One transaction in which nobody else changes the agenda; calendars hear of it where it ends at another time."""
    if not may_run(by, session):
        raise NotAllowedError(_("You may not do this."))
    with transaction.atomic():
        if not rows.hold(session, "state", "sequence"):
            raise RefusedError(_("This session is gone."))
        if session.state not in {State.PLANNED, State.RUNNING, *states}:
            raise RefusedError(_("This session is over, or has been cancelled."))
        before = _minutes(session)
        yield
        if _minutes(session) != before:
            note_change(session)
            session.save(update_fields=["sequence"])
        bus.tell_room(session.pk)


def note_change(session: Session) -> None:
    """Calendars must hear of a change. One number for all changes that nobody has been told of; the caller saves it."""
    if Invitee.objects.filter(session=session, sent=session.sequence).exists():
        session.sequence += 1


def _minutes(session: Session) -> int:
    return Block.objects.filter(session=session).aggregate(all=Sum("minutes"))["all"] or 0


def add_block(session: Session, *, by: Person, **values: Any) -> Block:
    """Add a block at the end of the agenda."""
    with _changing(session, by):
        return _add(session, values, by)


def _add(session: Session, values: dict[str, Any], by: Person) -> Block:
    last = Block.objects.filter(session=session).aggregate(last=Max("position"))["last"]
    position = 0 if last is None else last + 1
    block = Block.objects.create(organisation_id=tenancy.active_id(), session=session, position=position, **values)
    record("block.added", block, by=by)
    return block


def add_planned(session: Session, planned: Iterable[Planned], *, by: Person) -> list[Block]:
    """Add blocks out of the library, at the end, without their activities."""
    with _changing(session, by):
        return [_add(session, values_of(one), by) for one in planned]


def values_of(planned: Planned) -> dict[str, Any]:
    """What a block out of the library becomes. Where its kind is not installed it is an ordinary part of the day."""
    names = ("title", "minutes", "form", "who", "material", "notes", "pattern")
    return {name: getattr(planned, name) for name in names}


def change_block(block: Block, *, by: Person, **values: Any) -> None:
    """Change a block; when the session is over, only what came out of it. Refuses impossible minutes."""
    with _changing(block.session, by, State.ENDED):
        if block.session.state == State.ENDED:
            values = {name: values[name] for name in ("outcome", "notes") if name in values}
        if not rules.MINUTES[0] <= values.get("minutes", 1) <= rules.MINUTES[1]:
            raise RefusedError(_("A part of a session lasts between 1 and 600 minutes."), "minutes")
        for name, value in values.items():
            setattr(block, name, value)
        block.save(update_fields=list(values))
        record("block.changed", block, by=by)


def stretch_block(block: Block, by_minutes: int, *, by: Person) -> None:
    """Make a block longer, or shorter; it always lasts at least one minute. All that comes after it moves."""
    least, most = rules.MINUTES
    change_block(block, by=by, minutes=min(most, max(least, block.minutes + by_minutes)))


def move_block(block: Block, *, to: int, by: Person) -> None:
    """Put a block at a place (0 is first). What has begun keeps its place, and nothing comes before it."""
    with _changing(block.session, by):
        block.refresh_from_db()
        if block.began is not None:
            raise RefusedError(_("This part has begun. It stays where it is."))
        order = list(Block.objects.filter(session=block.session).order_by("position", "id"))
        for position, other in enumerate(rules.put(order, block, to)):
            if other.position != position:
                Block.objects.filter(pk=other.pk).update(position=position)
        record("block.moved", block, by=by)


def delete_block(block: Block, *, by: Person) -> None:
    """Take a block out. Its activity stays in the programme."""
    with _changing(block.session, by):
        if Block.objects.filter(pk=block.pk, began__isnull=False).exists():
            raise RefusedError(_("This part has begun. It stays where it is."))
        record("block.deleted", block, by=by)
        block.delete()


def set_activity(block: Block, activity: Activity | None, *, by: Person) -> None:
    """Choose what people do in a block, among the activities of the programme; for a host those on the agenda.

    A host works in what stands on the agenda as a facilitator does: so those who plan the programme put it there.
    """
    if activity is not None and not queries.activities_for(block.session, by).filter(pk=activity.pk).exists():
        raise RefusedError(_("Choose an activity of this programme."), "activity")
    put_activity(block, activity, by=by)


def put_activity(block: Block, activity: Activity | None, *, by: Person) -> None:
    """The same where the activity has been looked at, or was made for the block."""
    with _changing(block.session, by):
        block.activity = activity
        if activity is not None:
            block.form = Block.Form.ACTIVITY
        elif block.form == Block.Form.ACTIVITY:
            block.form = Block.Form.TABLES
        block.save(update_fields=["activity", "form"])
        record("block.changed", block, by=by)

"""Rules of sessions: when each block begins, what may follow what."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from samsyn.core import clock
from samsyn.gatherings.models import Block, Session
from samsyn.programmes.kinds import Lack

_NEXT: dict[str, frozenset[str]] = {
    "planned": frozenset({"running", "cancelled"}),
    "running": frozenset({"ended"}),
    "ended": frozenset({"running", "published"}),
    "published": frozenset(),
    "cancelled": frozenset({"planned"}),
}


@dataclass(frozen=True)
class Slot:
    """A block and when it is: as it was where it is over, as it will be otherwise."""

    block: Block
    starts: dt.datetime
    ends: dt.datetime
    state: str  # done, now, later
    lack: Lack | None = None  # of its activity, where somebody has looked


def can_become(session: Session, state: str) -> bool:
    """Whether a session may go from its state to this one."""
    return state in _NEXT[session.state]


def is_in_the_room(session: Session) -> bool:
    """Whether people may be in its room: from the time its code is drawn until it is over."""
    return session.code is not None and session.state in {Session.State.PLANNED, Session.State.RUNNING}


def time_blocks(session: Session, blocks: Sequence[Block], now: dt.datetime) -> list[Slot]:
    """When each block is. What is over keeps its real times; the rest follows from it, so one that grows moves all.

    Args:
        blocks: in their order. now: a block that goes on beyond its minutes ends now, not in the past.
    """
    slots, at = [], _utc(session.starts)
    for block in blocks:
        starts = _utc(block.began) if block.began else at
        ends = block.ended or starts + dt.timedelta(minutes=block.minutes)
        state = "done" if block.ended else "now" if block.began else "later"
        if state == "now":
            ends = max(ends, now)
        elif state == "later" and session.state == Session.State.RUNNING:
            starts = max(starts, now if not any(slot.state == "now" for slot in slots) else starts)
            ends = starts + dt.timedelta(minutes=block.minutes)
        slots.append(Slot(block, starts, ends, state))
        at = ends
    return slots


def ends(session: Session, blocks: Sequence[Block]) -> dt.datetime:
    """When the session is planned to end."""
    return _utc(session.starts) + dt.timedelta(minutes=sum(block.minutes for block in blocks))


def _utc(moment: dt.datetime) -> dt.datetime:
    """Minutes are counted in UTC: by the clock on the wall an hour is missing, or twice, on two nights a year."""
    return moment.astimezone(dt.UTC)


def runs_on(session: Session, last_day: dt.date) -> bool:
    """Whether an activity of its agenda is meant to stay open after it: its last day comes after the session's."""
    return last_day > clock.day_of(session.ended or session.when)


MINUTES = (1, 600)  # a block lasts between these


def put(order: Sequence[Block], block: Block, to: int) -> list[Block]:
    """The blocks with one of them at another place. What has begun stays before all that has not."""
    others = [other for other in order if other.pk != block.pk]
    least = sum(1 for other in others if other.began is not None)
    others.insert(max(least, min(to, len(others))), block)
    return others


def length(blocks: Sequence[Block]) -> int:
    """How many minutes an agenda is planned for."""
    return sum(block.minutes for block in blocks)


def has_room(capacity: int | None, coming: int) -> bool:
    """Whether one more can come."""
    return capacity is None or coming < capacity


def is_due_for_disposal(session: Session, today: dt.date, last_day: dt.date) -> bool:
    """Whether the days for which names are kept are over, counted from the day it was held."""
    return session.disposed is None and last_day + dt.timedelta(days=session.retention_days) < today

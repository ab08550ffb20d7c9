"""The one clock. A rehearsal runs on a simulated day; everything else on the real one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar, Token
from zoneinfo import ZoneInfo

from django.utils import timezone

_simulated: ContextVar[dt.datetime | dt.date | None] = ContextVar("simulated_now", default=None)


def now() -> dt.datetime:
    """The present moment, aware, in UTC.

    A simulated moment is returned as it is; a simulated day gets the real time of day, so that what
    happens within the day keeps its order.
    """
    simulated = _simulated.get()
    if isinstance(simulated, dt.datetime):
        return simulated
    real = dt.datetime.now(dt.UTC)
    return real if simulated is None else moved_to(simulated, real)


def moved_to(day: dt.date, moment: dt.datetime) -> dt.datetime:
    """As late on another day as a moment is on its own, both in the active time zone; in UTC.

    It never leaves the day, and what came later is never earlier: also where one of the two has an hour more or less.
    """
    begun, over = (start_of(one).astimezone(dt.UTC) for one in (day, day + dt.timedelta(days=1)))
    since = moment.astimezone(dt.UTC) - start_of(day_of(moment)).astimezone(dt.UTC)
    return min(begun + since, over - dt.timedelta.resolution)


def today() -> dt.date:
    """The present day in the active time zone (the organisation's own within a request)."""
    simulated = _simulated.get()
    if simulated is not None and not isinstance(simulated, dt.datetime):
        return simulated
    return now().astimezone(timezone.get_current_timezone()).date()


def day_of(moment: dt.datetime) -> dt.date:
    """The day of a moment in the active time zone."""
    return moment.astimezone(timezone.get_current_timezone()).date()


def start_of(day: dt.date, hour: int = 0, zone: str | None = None) -> dt.datetime:
    """The moment a day begins (or its given hour) in the active or named time zone."""
    tz = ZoneInfo(zone) if zone else timezone.get_current_timezone()
    return dt.datetime.combine(day, dt.time(hour), tzinfo=tz)


@contextmanager
def simulated(moment: dt.datetime | dt.date | None) -> Iterator[None]:
    """Let the clock stand at a moment, or on a day, within the block. None leaves the clock as it is."""
    if moment is None:
        yield
        return
    token: Token[dt.datetime | dt.date | None] = _simulated.set(moment)
    try:
        yield
    finally:
        _simulated.reset(token)

"""What comes back every day (or hour): each duty runs once a period, whichever process gets there first.

A duty is short; long work starts a job. One that fails is logged and comes back in the next period.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.utils import timezone

from samsyn.jobs.models import DutyRun
from samsyn.jobs.registry import Surroundings, directory, real_now, within

DAY = dt.timedelta(days=1)
NIGHT = dt.timedelta(hours=3)
_EPOCH = dt.datetime(1970, 1, 1)
logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Duty:
    """A function, how often it runs, and how far into the period."""

    name: str
    function: Callable[[], object]
    every: dt.timedelta
    at: dt.timedelta


_duties: dict[str, Duty] = {}


def register(
    name: str, function: Callable[[], object], every: dt.timedelta = DAY, *, at: dt.timedelta | None = None
) -> None:
    """Run `function()` once in every period. A daily duty runs at three in the morning unless `at` says otherwise."""
    _duties[name] = Duty(name, function, every, at if at is not None else NIGHT if every >= DAY else dt.timedelta())


def unregister(name: str) -> None:
    """Forget a duty."""
    _duties.pop(name, None)


def run_due(*, now: dt.datetime | None = None, names: Iterable[str] | None = None) -> list[str]:
    """Run what is due and return the names. A new duty runs at once."""
    moment = now or real_now()
    wanted = set(names) if names is not None else set(_duties)
    return [duty.name for duty in list(_duties.values()) if duty.name in wanted and _run_if_due(duty, moment)]


def nights_missed(*, now: dt.datetime | None = None) -> int | None:
    """How many nights have gone by in which no nightly duty ran; None where none ever has."""
    nightly = {duty.name: duty for duty in _duties.values() if duty.every == DAY}
    rows = DutyRun.objects.filter(name__in=nightly).values_list("name", "period")
    missed = [_period(nightly[name], now or real_now()) - period for name, period in rows]
    return max(0, min(missed)) if missed else None


def _period(duty: Duty, moment: dt.datetime) -> int:
    local = moment.astimezone(timezone.get_default_timezone()).replace(tzinfo=None)
    return int((local - duty.at - _EPOCH) // duty.every)


def _run_if_due(duty: Duty, moment: dt.datetime) -> bool:
    period = _period(duty, moment)
    DutyRun.objects.get_or_create(name=duty.name, defaults={"period": period - 1})
    if not DutyRun.objects.filter(name=duty.name, period__lt=period).update(period=period):
        return False
    try:
        duty.function()
    except Exception as error:
        logger.error("duty %s: %s", duty.name, type(error).__name__)
    return True


def in_each_organisation(function: Callable[[Surroundings], object], *, synthetic: bool = False) -> None:
    """Call `function(surroundings)` within each organisation; within rehearsals only if asked to.

    One organisation's failure is logged and does not keep the others waiting.
    """
    for organisation_id in list(directory().organisation_ids()):
        try:
            with within(organisation_id) as surroundings:
                if synthetic or not surroundings.synthetic:
                    function(surroundings)
        except Exception as error:
            logger.error("duty in an organisation: %s", type(error).__name__)

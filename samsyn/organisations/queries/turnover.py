"""How many come to a unit and leave it: counted from placements, the formula beside the figure."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils.functional import Promise as LazyText
from django.utils.translation import gettext_lazy as _

from samsyn.core import clock
from samsyn.organisations.models import Placement, Unit

_DAY = dt.timedelta(days=1)

FORMULA = _(
    "Turnover = those who left the organisation ÷ the mean number of people, over the days shown. Included are the "
    "unit and the units that lie below it today. Moves within them are not counted; moves to and from other units "
    "stand for themselves. The mean is taken over every day. Guests are not counted. The count begins on the day "
    "after the unit was opened here, since nobody knows who had left before."
)


@dataclass(frozen=True)
class Turnover:
    """Comings and goings over the days `since` … `until` (the first day after). Nothing is scaled up to a year.

    opening + joined + moved_in - left - moved_out = closing
    """

    since: dt.date
    until: dt.date
    opening: int
    joined: int
    left: int
    moved_in: int
    moved_out: int
    mean: float
    formula: LazyText = FORMULA

    @property
    def closing(self) -> int:
        """How many are there when the days are over."""
        return self.opening + self.joined + self.moved_in - self.left - self.moved_out

    @property
    def last_day(self) -> dt.date:
        """The last of the days."""
        return self.until - _DAY

    @property
    def rate(self) -> float | None:
        """Per cent of the mean number; None where nobody was there."""
        return 100 * self.left / self.mean if self.mean else None


def turnover(unit: Unit, since: dt.date, until: dt.date) -> Turnover | None:
    """Comings and goings in a unit and all below it over the days `since` … `until` (the first day after).

    Days before the unit was opened here, and days to come, are left out; None where no day remains.
    Reads one row for each coming and going, and counts the people once.
    """
    since = max(since, unit.opened + _DAY)
    until = min(until, clock.today() + _DAY)
    if since >= until:
        return None
    inside = Placement.objects.filter(person__external=False, unit__path__startswith=unit.path)
    opening = inside.filter(Q(until=None) | Q(until__gt=since), since__lt=since).values("person").distinct().count()
    comings = _edges(inside.filter(since__gte=since, since__lt=until), unit, "since", "until")
    goings = _edges(inside.filter(until__gt=since, until__lte=until), unit, "until", "since")
    days = (until - since).days
    weight = sum((until - day).days for day, _elsewhere in comings) - sum((until - day).days for day, _to in goings)
    return Turnover(
        since=since,
        until=until,
        opening=opening,
        joined=sum(not elsewhere for _day, elsewhere in comings),
        left=sum(not elsewhere for _day, elsewhere in goings),
        moved_in=sum(elsewhere for _day, elsewhere in comings),
        moved_out=sum(elsewhere for _day, elsewhere in goings),
        mean=opening + weight / days,
    )


def turnover_by_year(unit: Unit) -> list[Turnover]:
    """One for each calendar year since the unit was opened here, the latest first."""
    years = range(clock.today().year, unit.opened.year - 1, -1)
    found = (turnover(unit, dt.date(year, 1, 1), dt.date(year + 1, 1, 1)) for year in years)
    return [one for one in found if one is not None]


def _edges(rows: QuerySet[Placement], unit: Unit, edge: str, other: str) -> list[tuple[dt.date, bool]]:
    """The days on which somebody comes in (or goes out), and whether from (or to) another unit.

    Where a person's next placement is inside too, it is a move within and no edge.
    """
    beside = Placement.objects.filter(person=OuterRef("person"), **{other: OuterRef(edge)}).exclude(pk=OuterRef("pk"))
    edges = (
        rows.exclude(Exists(beside.filter(unit__path__startswith=unit.path)))
        .annotate(day=F(edge), elsewhere=Exists(beside))
        .values_list("day", "elsewhere")
    )
    return [(day, bool(elsewhere)) for day, elsewhere in edges]

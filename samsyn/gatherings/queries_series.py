"""One template in many units: how many have held it, how many came, what was asked and promised, which themes."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field

from django.db.models import Count

from samsyn.gatherings import queries
from samsyn.gatherings.models import Block, Series, Session
from samsyn.programmes import audiences
from samsyn.programmes.figures import FEWEST
from samsyn.programmes.kinds import all_kinds
from samsyn.programmes.models import Activity
from samsyn.thread.models import Item

State = Session.State
_HELD = {State.ENDED, State.PUBLISHED}
MOST_THEMES = 20


@dataclass(frozen=True)
class Row:
    """One session of the series."""

    session: Session
    held: bool
    figures: list[tuple[str, int]]


@dataclass(frozen=True)
class RollUp:
    """Counts over the sessions of a series. Units with fewer than five people are in none of them.

    `kept_back`: how many such units there are.
    """

    rows: list[Row]
    kept_back: int
    held: int
    came: int
    figures: list[tuple[str, int]] = field(default_factory=list)
    handed_off: int = 0
    promised: int = 0
    themes: list[tuple[str, int]] = field(default_factory=list)


def roll_up(series: Series) -> RollUp:
    """What the sessions of a series come to. A few queries, and a few for each kind."""
    sessions = list(Session.objects.filter(series=series).select_related("programme", "unit").order_by("starts", "id"))
    small = _small_units(sessions)
    counted = [session for session in sessions if session.unit_id not in small]
    held = [session for session in counted if session.state in _HELD]
    of_session = _activities(held)
    everything = list({row.pk: row for rows in of_session.values() for row in rows}.values())
    figures, themes = _figures(everything), _themes(everything)
    rows = [Row(one, one.state in _HELD, _sum(figures, of_session.get(one.pk, []))) for one in counted]
    ids = [activity.pk for activity in everything]
    return RollUp(
        rows=rows,
        kept_back=len(sessions) - len(counted),
        held=len(held),
        came=sum(session.came or 0 for session in held),
        figures=_sum(figures, everything),
        handed_off=queries.handed_off(ids).count(),
        promised=Item.objects.filter(activity_id__in=ids, kind="promise").count(),
        themes=themes,
    )


def _small_units(sessions: list[Session]) -> set[int | None]:
    """Units with fewer than five people, with all below them: nothing is said of them."""
    sizes = audiences.active_people().exclude(unit=None).order_by().values_list("unit__path")
    people = list(sizes.annotate(number=Count("pk")))
    units = {session.unit_id: session.unit for session in sessions if session.unit}
    return {
        pk
        for pk, unit in units.items()
        if sum(number for path, number in people if path.startswith(unit.path)) < FEWEST
    }


def _activities(sessions: list[Session]) -> dict[int, list[Activity]]:
    rows = Block.objects.filter(session__in=sessions, activity__isnull=False).select_related("activity__programme")
    found: dict[int, list[Activity]] = defaultdict(list)
    for block in rows.order_by("position", "id"):
        if block.activity not in found[block.session_id]:
            found[block.session_id].append(block.activity)
    return found


def _figures(activities: list[Activity]) -> dict[int, list[tuple[str, int]]]:
    by_kind: dict[str, list[Activity]] = defaultdict(list)
    for activity in activities:
        by_kind[activity.kind].append(activity)
    found: dict[int, list[tuple[str, int]]] = {}
    for slug, of_kind in by_kind.items():
        for pk, summary in all_kinds()[slug].summary_of(of_kind).items():
            found[pk] = [(str(one.label), one.value) for one in summary.figures if one.value is not None]
    return found


def _sum(figures: dict[int, list[tuple[str, int]]], activities: list[Activity]) -> list[tuple[str, int]]:
    total: Counter[str] = Counter()
    for activity in activities:
        for label, value in figures.get(activity.pk, []):
            total[label] += value
    return list(total.items())


def _themes(activities: list[Activity]) -> list[tuple[str, int]]:
    """In how many activities each theme came up; what is called alike is the same."""
    by_kind: dict[str, list[Activity]] = defaultdict(list)
    for activity in activities:
        by_kind[activity.kind].append(activity)
    counted: Counter[str] = Counter()
    words: dict[str, str] = {}
    for slug, of_kind in by_kind.items():
        for themes in all_kinds()[slug].themes_of(of_kind).values():
            named = {str(theme).strip().casefold(): str(theme).strip() for theme in reversed(themes)}
            for key, theme in named.items():
                counted[key] += 1
                words.setdefault(key, theme)
    return [(words[key], number) for key, number in counted.most_common(MOST_THEMES)]

"""Reads of units: the tree as it is and as it was, what lies above and below, the history of one."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from django.db.models import Count, Q, QuerySet

from samsyn.core import clock
from samsyn.core.ids import decode_id
from samsyn.core.texts import LangText
from samsyn.organisations.models import Person, Placement, Unit, UnitVersion
from samsyn.organisations.names import fold, sort_name
from samsyn.organisations.queries.people import present


def name_order(name: LangText) -> str:
    """What units are sorted by: Unit 9 comes before Unit 10."""
    return re.sub(r"\d+", lambda digits: digits[0].zfill(9), sort_name(str(name)))


@dataclass
class Node:
    """A unit in the tree, with how many people are in it and in all below it."""

    unit_id: int
    key: str
    name: LangText
    parent_id: int | None
    level: int = 1
    people: int = 0
    people_below: int = 0  # in it and below it
    children: list[Node] = field(default_factory=list)


def tree(on: dt.date | None = None) -> list[Node]:
    """The units as they lay on a day (today), top units first, in the order of their names.

    Reads every unit once and counts its people in one query.
    """
    today = clock.today()
    day = on or today
    nodes = _nodes_today() if day == today else _nodes_on(day)
    roots: list[Node] = []
    for node in sorted(nodes.values(), key=lambda node: (name_order(node.name), node.unit_id)):
        above = nodes.get(node.parent_id) if node.parent_id else None
        (above.children if above else roots).append(node)
    for root in roots:
        _add_up(root, 1)
    return roots


def in_order(nodes: Iterable[Node]) -> Iterator[Node]:
    """Nodes of a tree one after the other, each with all below it."""
    for node in nodes:
        yield node
        yield from in_order(node.children)


def _add_up(node: Node, level: int) -> int:
    node.level = level
    node.people_below = node.people + sum(_add_up(child, level + 1) for child in node.children)
    return node.people_below


def _nodes_today() -> dict[int, Node]:
    counts = _counted(present().filter(external=False, unit__isnull=False), "unit")
    return {
        unit.pk: Node(unit.pk, unit.key, unit.name, unit.parent_id, people=counts[unit.pk])
        for unit in Unit.objects.filter(closed=None)
    }


def _nodes_on(day: dt.date) -> dict[int, Node]:
    then = Q(since__lte=day) & (Q(until=None) | Q(until__gt=day))
    counts = _counted(Placement.objects.filter(then, person__external=False), "unit")
    return {
        version.unit_id: Node(
            version.unit_id, version.unit.key, version.name, version.parent_id, people=counts[version.unit_id]
        )
        for version in UnitVersion.objects.filter(then).select_related("unit")
    }


def _counted(rows: QuerySet[Person] | QuerySet[Placement], column: str) -> Counter[int]:
    found = rows.order_by().values_list(column).annotate(people=Count("pk"))
    return Counter(dict(found))


def open_units() -> QuerySet[Unit]:
    """Units that are open today."""
    return Unit.objects.filter(closed=None)


def find_unit(text: str) -> Unit | None:
    """The open unit with this key or, where only one has it, this name. Compares every unit's name."""
    by_key = open_units().filter(key=text.strip()).first()
    if by_key is not None:
        return by_key
    wanted = fold(text)
    fitting = [unit for unit in open_units() if wanted in {fold(unit.key), *map(fold, unit.name.values())}]
    return fitting[0] if len(fitting) == 1 else None


def people_below(unit: Unit) -> QuerySet[Person]:
    """Those who are in a unit or below it today; guests are not counted."""
    return present().filter(external=False, unit__path__startswith=unit.path)


def units_above(unit: Unit) -> list[Unit]:
    """What the unit lies below, from the top."""
    ids = [decode_id(part) for part in unit.path.split("/")[:-2]]
    found = Unit.objects.in_bulk(ids)
    return [found[pk] for pk in ids if pk in found]


def levels_of(unit: Unit) -> int:
    """How many levels the unit and what lies below it take up."""
    paths = open_units().filter(path__startswith=unit.path).values_list("path", flat=True)
    return max((path.count("/") for path in paths), default=unit.level) - unit.level + 1


def versions_of(unit: Unit) -> QuerySet[UnitVersion]:
    """A unit's history, the latest first."""
    return UnitVersion.objects.filter(unit=unit).select_related("parent").order_by("-since", "until", "-pk")

"""Reads of the thread: the walk along an item both ways, receipts, promises, You said – we did."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db import connection
from django.db.models import OuterRef, Q, QuerySet, Subquery

from samsyn.audit.models import Entry
from samsyn.core import clock, tenancy
from samsyn.organisations.models import Person
from samsyn.thread import secrets
from samsyn.thread.models import FollowUp, Item, Link, Promise, Receipt, Reply, Visibility
from samsyn.thread.registry import Telling, tell, visible_ids

MOST_STATIONS = 200
_DEEPEST = 24
# What pages show of them, with `select_related`.
_STATE = ("item__title", "item__state", "item__due")
_WHO_SEES = ("item__kind", "item__visibility", "item__programme_id", "item__activity_id")
PROMISE = ("text", "note", "settled", "first_due", *_STATE, *Person.named("item__owner"))
_SAID = ("activity_id", "heard", "doing", "not_doing", "next_date", "day")
REPLY = (*_SAID, "item__title", *Person.named("signed_by"), *Person.named("published_by"))

_WALK = """
WITH RECURSIVE
forth(id, depth) AS (
  SELECT CAST(%(start)s AS bigint), 0
  UNION SELECT l.target_id, f.depth + 1 FROM forth f JOIN thread_link l ON l.source_id = f.id
  WHERE f.depth < %(deepest)s
),
back(id, depth) AS (
  SELECT CAST(%(start)s AS bigint), 0
  UNION SELECT l.source_id, b.depth - 1 FROM back b JOIN thread_link l ON l.target_id = b.id
  WHERE b.depth > -%(deepest)s
),
reached(id, depth) AS (
  SELECT id, MIN(depth) FROM forth WHERE depth > 0 GROUP BY id
  UNION ALL SELECT id, MAX(depth) FROM back WHERE depth < 0 GROUP BY id
)
SELECT r.id, r.depth FROM reached r
JOIN thread_item i ON i.id = r.id AND i.organisation_id = %(organisation)s
ORDER BY ABS(r.depth), r.id LIMIT %(most)s
"""


@dataclass(frozen=True)
class Station:
    """One step along the thread. Without a telling it is something that the viewer may not see."""

    depth: int
    telling: Telling | None


@dataclass(frozen=True)
class Walk:
    """An item, what it came of and what came of it. `more`: there is more than is shown."""

    here: Telling
    before: list[Station] = field(default_factory=list)
    after: list[Station] = field(default_factory=list)
    more: bool = False


def reach(start: int, *, most: int = MOST_STATIONS) -> list[tuple[int, int]]:
    """(id, depth) of what lies along the thread, nearest first; negative depth is what it came of. One query."""
    values = {"start": start, "organisation": tenancy.active_id(), "deepest": _DEEPEST, "most": most}
    with connection.cursor() as cursor:
        cursor.execute(_WALK, values)
        rows = cursor.fetchall()
    return [(int(pk), int(depth)) for pk, depth in rows]


def walk(item: Item, viewer: Any, *, most: int = MOST_STATIONS) -> Walk:
    """Walk the thread both ways. A constant number of queries, whatever the length of the thread."""
    reached = reach(item.pk, most=most + 1)
    shown = reached[:most]
    items = {found.pk: found for found in Item.objects.filter(pk__in=[pk for pk, _ in shown])}
    seen = visible_ids(viewer, [*items.values(), item])
    told = tell([found for pk, found in items.items() if pk in seen] + [item])
    stations = [(items[pk].day, pk, Station(depth, told.get(pk))) for pk, depth in shown if pk in items]
    before = sorted((row for row in stations if row[2].depth < 0), key=lambda row: (row[0], row[2].depth, row[1]))
    after = sorted((row for row in stations if row[2].depth > 0), key=lambda row: (row[0], abs(row[2].depth), row[1]))
    return Walk(
        here=told[item.pk],
        before=[station for _, _, station in before],
        after=[station for _, _, station in after],
        more=len(reached) > most,
    )


def links_among(item_ids: Iterable[int]) -> dict[int, list[int]]:
    """What came of what, within a set of items: {source: [targets]}."""
    ids = list(item_ids)
    links: dict[int, list[int]] = defaultdict(list)
    rows = (
        Link.objects.filter(source_id__in=ids, target_id__in=ids).order_by("id").values_list("source_id", "target_id")
    )
    for source, target in rows:
        links[source].append(target)
    return dict(links)


def items_of_words(words: str) -> list[Item]:
    """The items that the holder of these (cleaned) words contributed, newest day first."""
    stretched = secrets.stretch(words)
    activities = set(Item.objects.exclude(activity_id=None).order_by().values_list("activity_id", flat=True).distinct())
    found: list[int] = []
    number, batch = 0, 4
    while activities:
        marks = {secrets.mark(stretched, pk, n): pk for pk in activities for n in range(number, number + batch)}
        hit: set[int] = set()
        for chunk in _chunks(list(marks), 500):
            for mark, item_id in Receipt.objects.filter(mark__in=chunk).values_list("mark", "item_id"):
                found.append(item_id)
                hit.add(marks[mark])
        activities = hit
        number, batch = number + batch, 64
    return list(Item.objects.filter(pk__in=found).order_by("-day", "id"))


def _chunks(values: list[str], size: int) -> Iterable[list[str]]:
    for start in range(0, len(values), size):
        yield values[start : start + size]


def follow_ups(item_ids: Iterable[int]) -> dict[int, FollowUp]:
    """What the askers said about the answers, by item."""
    return {row.item_id: row for row in FollowUp.objects.filter(item_id__in=list(item_ids))}


def promises_waiting_for(person: Person, owned: Iterable[int]) -> QuerySet[Promise]:
    """What a person has promised and not settled, and what others are late with in the programmes that they own."""
    late = Q(item__programme_id__in=list(owned), item__due__lt=clock.today())
    rows = Promise.objects.filter(Q(item__owner=person) | late, item__state="open").select_related("item__owner")
    return rows.only("item__title", "item__due", *Person.named("item__owner")).order_by("item__due", "id")


def promises_of(programme_id: int) -> QuerySet[Promise]:
    """Every promise in a programme, the next due first."""
    rows = Promise.objects.filter(item__programme_id=programme_id).order_by("item__due", "id")
    return rows.select_related("item", "item__owner").only(*PROMISE, *_WHO_SEES)


def promises_changed(programme_ids: Iterable[int], since: dt.date) -> QuerySet[Promise]:
    """Promises made, moved, kept or withdrawn since a day; `moved`: when that was last done, if it was."""
    moves = Entry.objects.filter(verb="promise.moved", object_id=OuterRef("pk"), at__gte=clock.start_of(since))
    rows = Promise.objects.filter(item__programme_id__in=list(programme_ids))
    rows = rows.annotate(moved=Subquery(moves.order_by("-at").values("at")[:1]))
    rows = rows.filter(Q(settled__gte=since) | Q(item__day__gte=since) | Q(moved__isnull=False))
    rows = rows.exclude(item__visibility__in=[Visibility.GROUP, Visibility.FACILITATORS])
    shown = ("settled", "item__title", "item__state", "item__due", "item__day", *Person.named("item__owner"))
    return rows.select_related("item__owner").only(*shown).order_by("id")


def is_late(promise: Promise, today: dt.date | None = None) -> bool:
    """Whether a promise is open and its day has passed."""
    due = promise.item.due
    return promise.item.state == "open" and due is not None and due < (today or clock.today())


def replies_of(programme_id: int) -> QuerySet[Reply]:
    """Our replies in a programme, newest first."""
    rows = Reply.objects.filter(item__programme_id=programme_id).order_by("-day", "id")
    return rows.select_related("item", "signed_by", "published_by").only(*REPLY)

"""A walk through the thread costs the same whatever lies around it, and no more than three bare recursive queries."""

from __future__ import annotations

import random
import time
from statistics import median

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from samsyn.core.ids import new_id
from samsyn.core.texts import LangText
from samsyn.programmes.standing import Visitor
from samsyn.thread.models import Item, Link
from samsyn.thread.queries import walk
from tests.fixtures import DAY, World

MOST_QUERIES = 16


def fill(world: World, items: int, links: int) -> list[int]:
    """A programme's worth of items, each linked to some that came before it. Returns their ids in order."""
    chance = random.Random(items)
    organisation = world.organisation
    rows = [
        Item(
            id=new_id(),
            organisation=organisation,
            programme_id=world.programme.pk,
            kind="theme",
            visibility="programme",
            title=LangText(sv=f"Sak {number}"),
            day=DAY,
        )
        for number in range(items)
    ]
    Item.objects.bulk_create(rows, batch_size=500)
    pairs = set()
    while len(pairs) < links:
        later = chance.randrange(1, items)
        pairs.add((max(0, later - chance.randint(1, 400)), later))
    Link.objects.bulk_create(
        [Link(organisation=organisation, source=rows[a], target=rows[b]) for a, b in pairs if a != b],
        batch_size=500,
    )
    return [row.pk for row in rows]


def queries_of_walk(world: World, item_id: int) -> int:
    with CaptureQueriesContext(connection) as captured:
        walk(Item.objects.get(pk=item_id), Visitor(world.person("staff")))
    return len(captured)


def test_a_walk_takes_a_fixed_number_of_queries(world):
    few = fill(world, 40, 60)
    alone = queries_of_walk(world, few[20])
    many = fill(world, 2_000, 4_000)
    assert queries_of_walk(world, many[1_000]) == alone <= MOST_QUERIES


BARE = """
WITH RECURSIVE
forth(id, depth) AS (
  SELECT CAST(%(start)s AS bigint), 0
  UNION SELECT l.target_id, f.depth + 1 FROM forth f JOIN thread_link l ON l.source_id = f.id WHERE f.depth < 24
),
back(id, depth) AS (
  SELECT CAST(%(start)s AS bigint), 0
  UNION SELECT l.source_id, b.depth + 1 FROM back b JOIN thread_link l ON l.target_id = b.id WHERE b.depth < 24
)
SELECT i.* FROM thread_item i WHERE i.id IN (SELECT id FROM forth UNION SELECT id FROM back)
"""


@pytest.mark.parametrize("size", [(20_000, 40_000)])
def test_a_walk_costs_at_most_three_bare_recursive_queries(world, size):
    """The peer: one recursive query each way that fetches every item it reaches, run in turn with the walk."""
    ids = fill(world, *size)
    ours, bare = [], []
    for item_id in random.Random(1).sample(ids[5_000:15_000], 7):
        item, visitor = Item.objects.get(pk=item_id), Visitor(world.person("staff"))
        started = time.perf_counter()
        found = walk(item, visitor)
        ours.append(time.perf_counter() - started)
        started = time.perf_counter()
        with connection.cursor() as cursor:
            cursor.execute(BARE, {"start": item_id})
            reached = cursor.fetchall()
        bare.append(time.perf_counter() - started)
        assert len(reached) >= len(found.before) + len(found.after)
    ratio = median(a / b for a, b in zip(ours, bare, strict=True))
    print(f"walk / bare recursive query = {ratio:.2f} (median of {len(ours)})")
    assert ratio <= 3

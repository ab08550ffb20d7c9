"""When each block is, and what may follow what."""

from __future__ import annotations

import datetime as dt
import itertools

from hypothesis import given
from hypothesis import strategies as st

from samsyn.gatherings import rules
from samsyn.gatherings.models import Block, Session

NINE = dt.datetime(2026, 3, 20, 9, tzinfo=dt.UTC)
MINUTES = st.lists(st.integers(1, 600), min_size=1, max_size=12)


def planned(minutes) -> tuple[Session, list[Block]]:
    return Session(starts=NINE), [Block(pk=n + 1, position=n, minutes=length) for n, length in enumerate(minutes)]


@given(MINUTES)
def test_planned_times_follow_each_other_and_add_up(minutes):
    session, blocks = planned(minutes)
    slots = rules.time_blocks(session, blocks, NINE)
    assert slots[0].starts == NINE
    for earlier, later in itertools.pairwise(slots):
        assert earlier.ends == later.starts
    assert slots[-1].ends == rules.ends(session, blocks) == NINE + dt.timedelta(minutes=sum(minutes))


@given(MINUTES, st.data(), st.integers(0, 600))
def test_while_it_runs_nothing_overlaps_and_the_rest_moves(minutes, data, late):
    session, blocks = planned(minutes)
    session.state = Session.State.RUNNING
    now_at, at = data.draw(st.integers(0, len(blocks) - 1)), NINE
    for block in blocks[: now_at + 1]:
        block.began = at
        at += dt.timedelta(minutes=data.draw(st.integers(0, 90)))
        block.ended = at
    blocks[now_at].ended = None
    now = at + dt.timedelta(minutes=late)
    slots = rules.time_blocks(session, blocks, now)
    assert [slot.state for slot in slots] == ["done"] * now_at + ["now"] + ["later"] * (len(blocks) - now_at - 1)
    assert slots[now_at].ends >= now, "a block that goes on has not ended in the past"
    for earlier, later in zip(slots[now_at:], slots[now_at + 1 :], strict=False):
        assert later.starts == earlier.ends
        assert later.ends - later.starts == dt.timedelta(minutes=later.block.minutes)


@given(MINUTES, st.integers(0, 11), st.integers(1, 90))
def test_a_block_that_grows_moves_all_that_comes_after_it_and_nothing_before(minutes, which, more):
    session, blocks = planned(minutes)
    which %= len(blocks)
    before = rules.time_blocks(session, blocks, NINE)
    blocks[which].minutes += more
    after = rules.time_blocks(session, blocks, NINE)
    for place, (old, new) in enumerate(zip(before, after, strict=True)):
        by = dt.timedelta(minutes=more if place > which else 0)
        assert new.starts == old.starts + by


@given(MINUTES, st.integers(0, 11), st.integers(-3, 20), st.integers(0, 12))
def test_moving_keeps_the_order_of_the_others_and_what_has_begun_first(minutes, which, to, begun):
    _session, blocks = planned(minutes)
    begun = min(begun, len(blocks) - 1)
    for block in blocks[:begun]:
        block.began = NINE
    moved = blocks[begun + which % (len(blocks) - begun)]
    order = rules.put(blocks, moved, to)
    assert sorted(block.pk for block in order) == [block.pk for block in blocks]
    assert [block for block in order if block != moved] == [block for block in blocks if block != moved]
    assert all(block.began for block in order[:begun])
    assert order.index(moved) == max(begun, min(max(to, begun), len(blocks) - 1)) or to < 0


def test_what_may_follow_what():
    assert rules.can_become(Session(state="planned"), "cancelled")
    assert rules.can_become(Session(state="cancelled"), "planned")
    assert not rules.can_become(Session(state="running"), "cancelled")
    assert not rules.can_become(Session(state="published"), "running")


def test_room_for_one_more():
    assert rules.has_room(None, 5_000)
    assert rules.has_room(2, 1)
    assert not rules.has_room(2, 2)

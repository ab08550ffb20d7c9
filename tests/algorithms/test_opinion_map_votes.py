"""Votes in arrays: what is refused, and that no order of anything changes what is kept."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from samsyn.algorithms.opinion_map.votes import Votes, gather, latest

TABLES = st.integers(1, 7).flatmap(
    lambda people: st.integers(1, 6).flatmap(
        lambda statements: st.lists(
            st.lists(st.sampled_from([None, 1, 0, -1]), min_size=statements, max_size=statements),
            min_size=people,
            max_size=people,
        )
    )
)


def from_table(table: list[list[int | None]], order: np.ndarray | None = None) -> Votes:
    """Votes from rows of 1, 0, −1 and None, put in in some order."""
    rows = [(who, what, vote) for who, row in enumerate(table) for what, vote in enumerate(row) if vote is not None]
    columns = np.array(rows, np.int64).reshape(-1, 3)
    columns = columns if order is None else columns[order]
    return gather(*columns.T, people=len(table), statements=len(table[0]))


def to_table(votes: Votes) -> list[list[int | None]]:
    found: list[list[int | None]] = [[None] * votes.statements for _person in range(votes.people)]
    for who, what, vote in zip(votes.person, votes.statement, votes.value, strict=True):
        found[who][what] = int(vote)
    return found


@settings(derandomize=True, max_examples=60, deadline=None)
@given(TABLES, st.randoms(use_true_random=False))
def test_votes_are_kept_as_they_were_cast_in_any_order(table, random):
    cast = sum(vote is not None for row in table for vote in row)
    order = np.array(random.sample(range(cast), cast), np.int64)
    votes = from_table(table, order)
    assert to_table(votes) == table
    assert len(votes) == cast
    turned = votes.by_statement
    assert to_table(turned) == [list(column) for column in zip(*table, strict=True)]
    assert to_table(turned.by_statement) == table
    assert votes.per_person.tolist() == [sum(vote is not None for vote in row) for row in table]
    assert votes.per_statement.tolist() == turned.per_person.tolist()


@settings(derandomize=True, max_examples=40, deadline=None)
@given(TABLES, st.data())
def test_some_people_and_some_statements(table, data):
    votes = from_table(table)
    people = data.draw(st.lists(st.sampled_from(range(len(table))), unique=True, min_size=1))
    statements = data.draw(st.lists(st.sampled_from(range(len(table[0]))), unique=True, min_size=1))
    assert to_table(votes.of(people)) == [table[who] for who in people]
    picked = [[row[what] for what in statements] for row in table]
    assert to_table(votes.on(statements)) == picked
    assert to_table(votes.on(statements).by_statement) == [list(column) for column in zip(*picked, strict=True)]
    kept = np.array([data.draw(st.booleans()) for _vote in range(len(votes))], bool)
    left = votes.where(kept)
    assert len(left) == kept.sum()
    assert (left.value == votes.value[kept]).all()
    assert (left.statement == votes.statement[kept]).all()


@pytest.mark.parametrize(
    ("person", "statement", "value"),
    [
        ([0, 1], [0, 0], [1]),  # one is missing
        ([0, 3], [0, 0], [1, 1]),  # nobody's
        ([0, -1], [0, 0], [1, 1]),
        ([0, 1], [0, 2], [1, 1]),  # on nothing
        ([0, 1], [0, 0], [1, 2]),  # not a vote
        ([0, 1], [0, 0], [1, 0.5]),
        ([0, 1], [0, 0], [1, float("nan")]),
        ([0, 1, 0], [0, 0, 0], [1, 1, -1]),  # twice
        ([0, 1, 0], [1, 0, 1], [1, 1, 1]),
    ],
)
def test_faulty_votes_are_refused(person, statement, value):
    with pytest.raises(ValueError):
        gather(person, statement, value, people=3, statements=2)


def test_a_vote_on_the_same_statement_by_somebody_else_is_no_double():
    votes = gather([0, 1, 2], [1, 1, 1], [1, 1, 1], people=3, statements=2)
    assert votes.per_statement.tolist() == [0, 3]


def test_no_votes_at_all():
    votes = gather([], [], [], people=2, statements=3)
    assert (len(votes), votes.people, votes.statements) == (0, 2, 3)
    assert len(gather([], [], [], people=0, statements=0)) == 0


def test_the_latest_vote_wins_and_rank_decides_between_equals():
    kept = latest([0, 0, 0, 1, 1], [0, 0, 1, 0, 0], [5, 7, 1, 2, 2], [0, 0, 0, 1, 0])
    assert sorted(kept.tolist()) == [1, 2, 3]

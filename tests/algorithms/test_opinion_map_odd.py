"""Votes as nobody would wish them: whatever they are, the analysis says something true or nothing."""

from __future__ import annotations

import json
import math
import warnings

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from samsyn.algorithms.opinion_map.analysis import analyse
from samsyn.algorithms.opinion_map.expectation import choose, hidden_vote_error, make_keys
from samsyn.algorithms.opinion_map.polis import draw_polis_map
from samsyn.algorithms.opinion_map.report import describe
from samsyn.algorithms.opinion_map.votes import Votes, gather
from tests.algorithms.planted import plant
from tests.algorithms.test_opinion_map_votes import TABLES, from_table
from tests.sampling import examples

SHARES = {"share", "low", "high", "elsewhere", "disagree", "disagree_low", "disagree_high", "stability"}
CHANCES = {"axis_chance", "group_chance", "agreeable"}


def check(votes: Votes) -> dict:
    """Analyse, and look at every number that comes out."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        analysis = analyse(votes)
        found = describe(analysis, [str(number) for number in range(votes.statements)])
        people, statements = make_keys(range(votes.people)), make_keys(range(votes.statements))
        expected = choose(votes, people, statements)
        error = hidden_vote_error(votes, people, statements, draws=1)
        polis = draw_polis_map(votes, np.zeros(votes.statements, bool))
    json.dumps(found, allow_nan=False)
    for rows in found.values():
        for row in rows if isinstance(rows, list) else []:
            for name in SHARES & set(row if isinstance(row, dict) else ()):
                assert 0 <= row[name] <= 1
            if isinstance(row, dict) and "low" in row:
                assert row["low"] <= row["share"] <= row["high"]
    assert all(0 <= found[name] <= 1 for name in CHANCES)
    assert np.isfinite(analysis.map.positions).all()
    assert np.isfinite(polis.positions).all()
    assert error is None or math.isfinite(error)
    if votes.people and votes.statements:
        every = expected.expect(
            np.repeat(np.arange(votes.people), votes.statements), np.tile(np.arange(votes.statements), votes.people)
        )
        assert (np.abs(every) <= 1).all()
    return found


@pytest.mark.sampled
@settings(derandomize=True, max_examples=examples(40), deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(TABLES)
def test_any_small_table(table):
    check(from_table(table))


LARGER = (
    st.integers(0, 2**32 - 1),
    st.integers(8, 60),
    st.integers(1, 25),
    st.floats(0.02, 1.0),
    st.sampled_from([(1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.5, 0.0, 0.5), (0.34, 0.33, 0.33), (0.01, 0.98, 0.01)]),
    st.sampled_from([1, 2, 7]),
)


def check_larger(seed, people, statements, cast, chances, copies):
    """Few or many votes, of one kind or of all, with people who voted exactly alike."""
    random = np.random.default_rng(seed)
    some = -(-people // copies)
    table = np.where(
        random.random((some, statements)) < cast, random.choice([1, 0, -1], (some, statements), p=chances), 9
    )
    table = np.repeat(table, copies, axis=0)[:people]
    person, statement = np.nonzero(table != 9)
    check(gather(person, statement, table[person, statement], people=people, statements=statements))


@settings(derandomize=True, max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(*LARGER)
def test_any_larger_table(seed, people, statements, cast, chances, copies):
    check_larger(seed, people, statements, cast, chances, copies)


@pytest.mark.prove
@pytest.mark.sampled
@settings(derandomize=True, max_examples=examples(150), deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(*LARGER)
def test_very_many_larger_tables(seed, people, statements, cast, chances, copies):
    check_larger(seed, people, statements, cast, chances, copies)


@pytest.mark.parametrize("value", [1, 0, -1])
def test_everyone_says_the_same_to_everything(value):
    person, statement = np.nonzero(np.ones((40, 12)))
    found = check(gather(person, statement, np.full(480, value), people=40, statements=12))
    assert (found["axes"], found["groups"], found["divisive"]) == (0, [], [])
    assert len(found["consensus"]) == (12 if value else 0)
    assert len(found["unsure"]) == (0 if value else 12)


@pytest.mark.parametrize(("people", "statements"), [(0, 0), (0, 3), (3, 0), (1, 1), (1, 30), (30, 1), (2, 2)])
def test_hardly_anything(people, statements):
    person, statement = np.nonzero(np.ones((people, statements)))
    value = np.where((person + statement) % 2, 1, -1)
    found = check(gather(person, statement, value, people=people, statements=statements))
    assert found["groups"] == []
    assert found["axes"] == 0


def test_a_statement_and_a_person_without_votes_change_nothing():
    votes = plant(1, strength=0.8, people=60, statements=20).votes
    wider = gather(votes.person, votes.statement, votes.value, people=61, statements=21)
    first, second = check(votes), check(wider)
    assert second.pop("hardly_seen") == [*first.pop("hardly_seen"), "20"]
    assert {k: second[k] for k in ("axes", "consensus", "unsure")} == {
        k: first[k] for k in ("axes", "consensus", "unsure")
    }


def test_two_camps_that_agree_on_nothing():
    person, statement = np.nonzero(np.ones((40, 12)))
    found = check(gather(person, statement, np.where(person % 2, 1, -1), people=40, statements=12))
    assert found["axes"] >= 1
    assert len(found["divisive"]) == 12
    assert found["mainly_agreeing"], "one half agrees with everything, the other with nothing"

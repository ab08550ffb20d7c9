"""Shares, their intervals, and findings of which few are false."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import beta

from samsyn.algorithms.opinion_map import shares, statements
from samsyn.algorithms.opinion_map.analysis import draw_map
from samsyn.algorithms.opinion_map.groups import Groups
from samsyn.algorithms.opinion_map.shares import Counts
from tests.algorithms.planted import plant, plant_nothing


@pytest.mark.parametrize(("hits", "total"), [(0, 5), (5, 5), (1, 5), (3, 10), (40, 50), (500, 1000)])
def test_the_interval_is_that_of_jeffreys(hits, total):
    low, high = shares.interval([hits], [total])
    assert low[0] == pytest.approx(0 if hits == 0 else beta.ppf(0.025, hits + 0.5, total - hits + 0.5))
    assert high[0] == pytest.approx(1 if hits == total else beta.ppf(0.975, hits + 0.5, total - hits + 0.5))


def test_nothing_counted_says_nothing():
    low, high = shares.interval([0], [0])
    assert (low[0], high[0]) == (0, 1)
    assert shares.share([0], [0])[0] == 0


def coverage(seeds: range) -> dict[str, float]:
    """How often the interval has the true share in it: of all statements, and of those put in each list."""
    held: dict[str, list[bool]] = {}
    for seed in seeds:
        for planted in (plant(seed, strength=0.8), plant_nothing(seed, people=150, statements=50)):
            truth = planted.agreement.mean(axis=0)
            counts = shares.count(planted.votes)
            low, high = shares.interval(counts.agree, counts.votes)
            held.setdefault("all", []).extend(((low <= truth) & (truth <= high)).tolist())
            for row in statements.find_consensus(counts, []):
                true = 0.9 - truth[row.statement] if row.against else truth[row.statement]
                held.setdefault("consensus", []).append(row.low <= true <= row.high)
            for row in statements.find_divisive(counts, draw_map(planted.votes).model):
                held.setdefault("divisive", []).append(row.low <= truth[row.statement] <= row.high)
    return {name: float(np.mean(truths)) for name, truths in held.items()}


def test_intervals_hold_the_truth():
    assert 0.93 <= coverage(range(25))["all"] <= 0.97


@pytest.mark.prove
def test_intervals_hold_the_truth_also_of_what_is_listed():
    found = coverage(range(150))
    print(found)
    assert 0.93 <= found["all"] <= 0.97
    assert found["consensus"] >= 0.93
    assert found["divisive"] >= 0.93


def test_counts_of_everyone_and_of_groups():
    planted = plant(3, strength=0.8)
    whole, some = shares.count(planted.votes), np.where(planted.labels == 2, -1, planted.labels)
    dense = np.full((planted.votes.people, planted.votes.statements), 9)
    dense[planted.votes.person, planted.votes.statement] = planted.votes.value
    for counts, people in [
        (whole, np.ones(300, bool)),
        *zip(shares.count_groups(planted.votes, some, 2), (some == 0, some == 1), strict=True),
        (shares.count(planted.votes, some == 1), some == 1),
    ]:
        assert counts.agree.tolist() == (dense[people] == 1).sum(0).tolist()
        assert counts.neither.tolist() == (dense[people] == 0).sum(0).tolist()
        assert counts.disagree.tolist() == (dense[people] == -1).sum(0).tolist()


def test_acceptance_is_as_drawn_from_the_posterior():
    groups = [Counts(*(np.array([n]) for n in row)) for row in ((8, 2, 1), (20, 0, 9))]
    middle, low, high = shares.acceptance(groups)
    random = np.random.default_rng(0)
    drawn = [random.dirichlet([n[0] + 0.5 for n in (g.agree, g.neither, g.disagree)], 200_000) for g in groups]
    product = np.sqrt(np.prod([part[:, 0] * (1 - part[:, 2]) for part in drawn], axis=0))
    assert np.log(middle[0]) == pytest.approx(np.log(product).mean(), abs=0.01)
    assert (np.log(high[0]) - np.log(low[0])) / 3.92 == pytest.approx(np.log(product).std(), rel=0.02)
    assert low[0] == pytest.approx(np.quantile(product, 0.025), abs=0.05)
    assert high[0] == pytest.approx(np.quantile(product, 0.975), abs=0.05)


def test_discoveries_are_those_of_benjamini_and_hochberg():
    chances = np.array([0.001, 0.008, 0.039, 0.041, 0.042, 0.06, 0.074, 0.205, 0.212, 0.216])
    assert shares.discoveries(chances, rate=0.05).tolist() == [True, True] + [False] * 8
    assert shares.discoveries(chances, rate=0.25).all()
    assert not shares.discoveries(np.array([]), rate=0.1).any()
    # What is above its own line stands where a later one is below.
    assert shares.discoveries(np.array([[0.04, 0.045], [0.049, 0.05]]), rate=0.05).all()


def test_few_marks_of_groups_are_false():
    false = 0
    for seed in range(40):
        planted = plant_nothing(seed, people=200)
        labels = np.arange(200) % 3
        per_group = shares.count_groups(planted.votes, labels, 3)
        false += bool(statements.find_marks(planted.votes, Groups(labels, (1.0,) * 3, 0.0), per_group))
    assert false <= 8, "of forty dialogues without groups, at most one in ten has a false mark; eight leaves room"


def test_marks_are_what_was_planted():
    planted = plant(1, strength=0.8, dividing=0.5)
    per_group = shares.count_groups(planted.votes, planted.labels, 3)
    marks = statements.find_marks(planted.votes, Groups(planted.labels, (1.0,) * 3, 0.0), per_group)
    assert len(marks) > 20
    wrong = 0
    for mark in marks:
        own = planted.agreement[mark.group, mark.statement]
        rest = np.delete(planted.agreement, mark.group, axis=0)[:, mark.statement].mean()
        wrong += (own < rest) != mark.against or own == rest
        assert mark.share - mark.elsewhere > 0
        assert 0 <= mark.low <= mark.share <= mark.high <= 1
        assert 0 <= mark.elsewhere_low <= mark.elsewhere <= mark.elsewhere_high <= 1
        whole = per_group[mark.group].votes[mark.statement] + mark.elsewhere_votes
        assert (mark.votes, whole) == (
            per_group[mark.group].votes[mark.statement],
            sum(part.votes[mark.statement] for part in per_group),
        )
    assert wrong <= len(marks) * 0.1


def test_nothing_is_said_to_mark_a_group_of_which_fewer_than_five_voted_on_it():
    own, rest = Counts(*np.array([[4, 5], [0, 0], [0, 0]])), Counts(*np.array([[0, 0], [0, 0], [200, 200]]))
    labels = np.r_[np.zeros(5, int), np.ones(200, int)]
    votes = plant_nothing(0, people=205, statements=2)
    for per_group in ([own, rest], [rest, own]):
        marks = statements.find_marks(votes.votes, Groups(labels, (1.0,) * 2, 0.0), per_group)
        assert {mark.statement for mark in marks} == {1}


def test_what_all_agree_on_says_how_far_every_group_accepts_it():
    rows = np.array([[60, 5, 5], [70, 0, 0], [40, 20, 5]])
    groups = [Counts(*rows.T), Counts(*(rows[::-1] // 2).T)]
    whole = Counts(*(rows + rows[::-1] // 2).T)
    found = statements.find_consensus(whole, groups)
    middle, low, high = shares.acceptance(groups)
    assert [row.statement for row in found] == sorted((0, 1, 2), key=lambda number: -low[number])
    for row in found:
        at = row.statement
        assert (row.acceptance, row.acceptance_low, row.acceptance_high) == (middle[at], low[at], high[at])
    alone = statements.find_consensus(whole, [])
    assert [row.acceptance for row in alone] == shares.acceptance([whole])[0][[row.statement for row in alone]].tolist()


def test_lists_say_what_their_names_say():
    rows = np.array([[90, 5, 5], [5, 5, 90], [48, 4, 48], [30, 50, 20], [3, 1, 1], [55, 5, 40]])
    counts = Counts(*rows.T)
    consensus = statements.find_consensus(counts, [])
    assert {(row.statement, row.against) for row in consensus} == {(0, False), (1, True)}
    assert all(row.low > 0.5 and row.low <= row.share <= row.high for row in consensus)
    model = draw_map(plant(0, strength=0.5, statements=6).votes).model
    assert {row.statement for row in statements.find_divisive(counts, model)} == {2, 5}
    assert [row.statement for row in statements.find_unsure(counts)] == [3]
    assert statements.find_hardly_seen(counts) == [4]
    groups = [Counts(*(rows * [2, 1, 1] // [3, 2, 2]).T), Counts(*(rows[:, ::-1] // 3).T)]
    assert statements.find_consensus(counts, groups) == [], "one group is of another opinion"

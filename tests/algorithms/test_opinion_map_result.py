"""The whole analysis on planted votes: the same whatever the order, groups where there are any and nowhere else."""

from __future__ import annotations

import json

import numpy as np
import pytest

from samsyn.algorithms.opinion_map import clusters, expectation, groups, kinds, model
from samsyn.algorithms.opinion_map.analysis import analyse, draw_map
from samsyn.algorithms.opinion_map.axes import find_axes
from samsyn.algorithms.opinion_map.expectation import choose, choose_factors, hidden_vote_error, hide, make_keys
from samsyn.algorithms.opinion_map.polis import draw_polis_map
from samsyn.algorithms.opinion_map.report import describe
from samsyn.algorithms.opinion_map.shuffles import shuffle
from samsyn.algorithms.opinion_map.votes import Votes, gather
from tests.algorithms.planted import Planted, adjusted_rand_index, analysed, plant, plant_line, told_by_the_truth

BETWEEN = plant_line(1, strength=0.8, people=100)
FOUND = 0.7  # the strength from which three groups of this size are found: weaker ones nobody could tell apart


def said(votes: Votes, draws: int = 1) -> str:
    """Everything that is said of these votes, as text."""
    analysis = analyse(votes)
    keys = make_keys(range(votes.people)), make_keys(range(votes.statements))
    return json.dumps(
        [
            describe(analysis, [str(number) for number in range(votes.statements)]),
            analysis.map.positions.tolist(),
            analysis.groups.labels.tolist(),
            draw_polis_map(votes, np.zeros(votes.statements, bool)).labels.tolist(),
            hidden_vote_error(votes, *keys, draws=draws),
        ]
    )


def check_any_order(votes: Votes, orders: int, draws: int) -> None:
    """The same is said to the last bit of the same votes in other orders, and of how it was said before."""
    first = said(votes, draws)
    assert json.loads(first)[0]["groups"], "something is said of groups too"
    for seed in range(orders):
        order = np.random.default_rng(seed).permutation(len(votes))
        columns = (votes.person[order], votes.statement[order], votes.value[order])
        assert said(gather(*columns, people=votes.people, statements=votes.statements), draws) == first


def test_the_same_votes_in_any_order_say_the_same_to_the_last_bit():
    check_any_order(plant(1, strength=0.8, people=90, statements=40).votes, 2, 1)


@pytest.mark.prove
@pytest.mark.parametrize("groups", [2, 3])
def test_the_same_votes_in_many_orders_say_the_same_to_the_last_bit(groups):
    check_any_order(plant(1, strength=0.8, people=120, statements=40, groups=groups).votes, 10, 3)


def find(planted: Planted) -> tuple[int, float]:
    """How many groups are found, and how much like the planted ones they are, over all people."""
    found = analyse(planted.votes).groups
    return found.count, adjusted_rand_index(found.labels, planted.labels)


def test_planted_groups_are_found():
    found = [find(plant(seed, strength=FOUND)) for seed in range(2)]
    assert [count for count, _alike in found] == [3] * 2
    assert np.mean([alike for _count, alike in found]) >= 0.8


@pytest.mark.prove
@pytest.mark.parametrize("strength", [FOUND, 0.8, 0.9])  # leaning 85 to 15, 90 to 10, 95 to 5
def test_planted_groups_are_found_in_nine_of_ten(strength):
    every = [plant(seed, strength=strength) for seed in range(50)]
    found = [find(planted) for planted in every]
    alike = [alike for count, alike in found if count == 3]
    best = np.mean([adjusted_rand_index(told_by_the_truth(planted), planted.labels) for planted in every])
    print(
        f"strength {strength}: three groups in {len(alike)} of 50, adjusted Rand index {np.mean(alike):.3f}", end="; "
    )
    print(f"knowing how each group answers would give {best:.3f}")
    assert len(alike) >= 45
    assert np.mean(alike) >= best - 0.06
    assert np.mean(alike) >= 0.8


@pytest.mark.prove
def test_planted_groups_that_lean_eighty_to_twenty():
    every = [plant(seed, strength=0.6) for seed in range(50)]
    found = [find(planted) for planted in every]
    alike = [alike for count, alike in found if count == 3]
    best = np.mean([adjusted_rand_index(told_by_the_truth(planted), planted.labels) for planted in every])
    print(f"80 to 20: three groups in {len(alike)} of 50, adjusted Rand index {np.mean(alike):.3f} of {best:.3f}")
    assert len(alike) >= 40
    assert np.mean(alike) >= best - 0.09


@pytest.mark.prove
def test_more_often_no_groups_than_wrong_ones_where_they_are_hard_to_tell_apart():
    found = [find(plant(seed, strength=0.5)) for seed in range(50)]
    print("strength 0.5:", {count: sum(one == count for one, _alike in found) for count in range(6)})
    assert sum(count > 3 for count, _alike in found) <= 2


def test_people_without_gaps_between_them_are_not_grouped():
    found = [analyse(plant_line(seed, strength=1.0, people=150)) for seed in range(3)]
    assert all(one.axes.count for one in found), "they do differ"
    assert not any(one.groups.count for one in found)


@pytest.mark.prove
def test_people_without_gaps_between_them_are_hardly_ever_grouped():
    found = [analyse(plant_line(seed, strength=0.8)).groups.count > 0 for seed in range(100)]
    print(f"people along a line: groups in {sum(found)} of 100")
    assert sum(found) <= 10


def test_shuffled_votes_have_neither_axis_nor_groups():
    votes, random = plant(5, strength=0.8, people=120).votes, np.random.default_rng(11)
    found = [analyse(shuffle(votes, random)) for _turn in range(10)]
    assert sum(one.axes.count > 0 for one in found) <= 1
    assert sum(one.groups.count > 0 for one in found) <= 1


def test_a_shuffle_keeps_who_voted_on_what_and_how_each_statement_fared():
    votes = plant(5, strength=0.8, people=60).votes
    other = shuffle(votes, np.random.default_rng(0))
    assert (other.statement == votes.statement).all()
    assert (other.person == votes.person).all()
    assert (other.value != votes.value).any()
    for value in (-1, 0, 1):
        assert (
            np.bincount(other.statement[other.value == value], minlength=50)
            == np.bincount(votes.statement[votes.value == value], minlength=50)
        ).all()


def test_a_readiness_to_agree_is_named():
    assert analyse(plant(2, strength=0.0, tendency=0.3, people=120).votes).agreeable > 0.7
    assert analyse(plant(2, strength=0.9, people=120).votes).agreeable < 0.5


def test_no_group_is_too_small_and_each_is_firm_or_tentative():
    found = analyse(plant(4, strength=0.9, sizes=(0.55, 0.42, 0.03)).votes).groups
    placed = (found.labels >= 0).sum()
    assert found.count >= 2
    assert (found.sizes >= groups.least_size(placed)).all()
    assert list(found.sizes) == sorted(found.sizes, reverse=True)
    assert {found.firmness(number) for number in range(found.count)} <= {"firm", "tentative"}


def test_clusters_are_the_same_each_time_and_the_largest_comes_first():
    points = np.random.default_rng(0).standard_normal((500, 2)) + np.repeat(
        [[0, 0], [9, 0], [0, 9]], [200, 120, 180], 0
    )
    found = clusters.divide(points, 3)
    assert found.sizes.tolist() == [200, 180, 120]
    again = clusters.divide(points, 3)
    assert (again.labels == found.labels).all()
    assert (again.centres == found.centres).all()
    turned = clusters.divide(points[::-1].copy(), 3)
    assert (turned.labels[::-1] == found.labels).all()


def test_clusters_of_points_that_are_the_same_or_too_few():
    same = clusters.divide(np.ones((20, 2)), 3)
    assert (same.count, same.explained) == (1, 0.0)
    two = clusters.divide(np.repeat([[0.0, 0.0], [1.0, 1.0]], 10, axis=0), 4)
    assert two.count == 2
    assert two.explained == pytest.approx(1.0)


def test_many_points_are_divided_like_few():
    random = np.random.default_rng(0)
    true = np.arange(9000) % 3
    points = random.standard_normal((9000, 2)) + np.array([[0, 0], [6, 0], [0, 6]])[true]
    assert adjusted_rand_index(clusters.divide(points, 3).labels, true) > 0.95


def test_nothing_is_gone_through_more_often_than_the_rounds_say(monkeypatch):
    passes = []
    solve = model._solve
    monkeypatch.setattr(model, "_solve", lambda votes, *rest: passes.append(len(votes)) or solve(votes, *rest))
    votes = plant(0, strength=0.8).votes
    draw_map(votes)
    assert len(passes) == 2 * model.ROUNDS, "each round goes through the votes once per side"
    assert set(passes) == {len(votes)}


def test_somebody_is_placed_where_they_stand():
    planted = plant(3, strength=0.8)
    fitted = model.fit(planted.votes, 2)
    for person in (0, 10, 50):
        mine = planted.votes.of([person])
        terms, spread = fitted.place(mine.statement, mine.value)
        assert terms == pytest.approx(fitted.people.mean[person], abs=0.35)
        assert (np.linalg.eigvalsh(spread) > 0).all()
    terms, spread = fitted.place(np.array([], int), np.array([]))
    assert terms == pytest.approx(np.zeros(3))
    assert np.diag(spread) == pytest.approx(fitted.people.variance)


def test_hidden_votes_are_about_so_many_and_do_not_hang_on_the_order():
    votes = plant(6, strength=0.8).votes
    people, statements = make_keys(range(300)), make_keys(range(50))
    hidden = hide(votes, people, statements, 0)
    assert 0.13 < hidden.mean() < 0.17
    order = np.random.default_rng(0).permutation(300)
    moved = gather(np.argsort(order)[votes.person], votes.statement, votes.value, people=300, statements=50)
    again = hide(moved, people[order], statements, 0)
    first = {(order[who], what) for who, what in zip(moved.person[again], moved.statement[again], strict=True)}
    assert first == set(zip(votes.person[hidden], votes.statement[hidden], strict=True))
    assert not hide(votes.of([0]).on([0, 1, 2]), people[:1], statements[:3], 0).any(), "of few votes none is hidden"


@pytest.mark.parametrize(("groups", "strength", "factors"), [(3, 0.8, 2), (2, 0.8, 1), (3, 0.0, 0)])
def test_the_map_has_as_many_factors_as_tell_hidden_votes(groups, strength, factors):
    votes = plant(0, strength=strength, groups=groups).votes
    keys = make_keys(range(300)), make_keys(range(50))
    assert choose_factors(votes, *keys) == factors
    found = analyse(votes)
    assert found.map.model.factors == found.map.positions.shape[1] == factors
    assert describe(found, [str(number) for number in range(50)])["factors"] == factors
    assert found.axes.count <= factors
    assert found.groups.count in {0, groups}


def test_an_axis_that_chance_worlds_leave_standing_stays_unless_hidden_votes_are_told_worse():
    votes, keys = plant(0, strength=0.0).votes, (make_keys(range(300)), make_keys(range(50)))
    assert choose_factors(votes, *keys) == 0
    assert choose_factors(votes, *keys, axes=2) < 2, "the second is told clearly worse"
    for seed in range(5):
        few = plant(seed, strength=0.8, people=20, cast=0.6).votes
        axes = find_axes(few).count
        assert choose_factors(few, make_keys(range(20)), keys[1], axes=axes) >= axes


def test_few_votes_are_told_better_by_many_models_than_by_one():
    hidden, of_one, of_many = [], [], []
    for seed in range(4):
        votes = plant(seed, strength=0.8, people=80).votes
        keys = make_keys(range(80)), make_keys(range(50))
        kept = hide(votes, *keys, 0)
        known, where = votes.where(~kept), (votes.person[kept], votes.statement[kept])
        found = choose(known, *keys)
        assert found.factors == choose_factors(known, *keys)
        assert seed or (found.expect(*where) == choose(known, *keys).expect(*where)).all()
        hidden.append(votes.value[kept])
        of_many.append(found.expect(*where))
        of_one.append(model.fit(known, found.factors).expect(*where))
    values, one, many = (np.concatenate(part) for part in (hidden, of_one, of_many))
    assert ((many - values) ** 2).mean() < ((one - values) ** 2).mean() - 0.01


@pytest.mark.parametrize(("votes", "clumps"), [(plant(2, strength=0.8, people=80).votes, True), (BETWEEN, False)])
def test_known_votes_tell_whether_people_stand_in_clumps_or_between(votes, clumps):
    people, statements = votes.people, votes.statements
    table = choose(votes, make_keys(range(people)), make_keys(range(statements))).table
    assert (table == expectation._as_clumps(votes, 2)).all() is np.bool_(clumps)
    assert (table == expectation._as_spread(votes)).all() is np.bool_(not clumps)


def test_kinds_of_people_are_told_from_their_votes():
    planted = plant(0, strength=0.9, people=120, cast=0.5)
    expected, true = kinds.expect_all(planted.votes), 2 * planted.agreement[planted.labels] - 0.9
    assert np.abs(expected).max() <= 1
    assert ((expected - true) ** 2).mean() < 0.1, "of 0.8 without knowing who is of which kind"
    assert kinds.expect_all(gather([], [], [], people=2, statements=3)) == pytest.approx(np.zeros((2, 3)))


def plant_camps(seed: int, people: int) -> Votes:
    """Two camps: one says nine times in ten yes to everything, the other to every second statement."""
    random = np.random.default_rng(seed)
    person, statement = np.nonzero(np.ones((people, 10)))
    leaning = np.where((person % 2 == 1) | (statement % 2 == 0), 1, -1)
    value = np.where(random.random(len(person)) < 0.9, leaning, -leaning)
    return gather(person, statement, value, people=people, statements=10)


@pytest.mark.parametrize("people", [60, 300])
def test_two_camps_are_two_groups_however_tight_they_are(people):
    found = analyse(plant_camps(people, people)).groups
    assert found.count == 2
    assert adjusted_rand_index(found.labels, np.arange(people) % 2) > 0.85


@pytest.mark.prove
@pytest.mark.parametrize(("people", "least"), [(40, 36), (60, 38), (300, 38)])
def test_two_camps_are_nearly_always_two_groups(people, least):
    """Of few people it is more often said that there are none; hardly ever that there are three."""
    found = [analyse(plant_camps(1000 + seed, people)).groups.count for seed in range(40)]
    print(f"two camps of {people} people in all:", {count: found.count(count) for count in range(6)}, "of 40")
    assert found.count(2) >= least
    assert found.count(2) + found.count(0) >= 39


def test_fewer_groups_are_taken_where_they_are_firm_and_clearly_firmer(monkeypatch):
    planted, found = analysed(1, strength=0.8)
    for stability, count in [((0.9, 0.76), 3), ((0.9, 0.7), 2), ((0.8, 0.7), 3), ((0.7, 0.5), 0), ((0.6, 0.7), 3)]:
        back = [np.full(number, weakest) for number, weakest in zip((2, 3), stability, strict=True)]
        monkeypatch.setattr(groups, "_stability", lambda *_rest, back=back: back)
        settled = groups._settle(planted.votes, found.map.model, found.map.divided[:2], 0.01, 1)
        assert settled.count == count, stability


def test_what_an_even_crowd_would_have_explained_is_what_the_table_says():
    crowd = np.random.default_rng(0).standard_normal((6000, 2))
    for narrow in (0.0, 0.35, 1.0):
        points = crowd * [1, narrow]
        found = [clusters.divide(points, count).explained for count in groups.COUNTS]
        assert groups._even_crowd(points) == pytest.approx(found, abs=0.02)
    turned = crowd * [1, 0.35] @ np.array([[0.6, 0.8], [-0.8, 0.6]])
    assert groups._even_crowd(turned) == pytest.approx(groups._even_crowd(crowd * [1, 0.35]))


def second_axes(seeds: range, **how: float) -> int:
    """In how many dialogues of two planted groups, which stand on one line, a second axis is reported."""
    return sum(find_axes(plant(seed, groups=2, **how).votes).count > 1 for seed in seeds)


def test_two_groups_on_one_line_have_one_axis():
    assert second_axes(range(8), strength=0.8) == 0


@pytest.mark.prove
@pytest.mark.parametrize("strength", [0.6, 0.8])
def test_a_second_axis_is_hardly_ever_reported_where_there_is_one(strength):
    found = second_axes(range(100), strength=strength)
    print(f"two groups, strength {strength}: a second axis in {found} of 100")
    assert found <= 8
    assert sum(find_axes(plant(seed, strength=strength).votes).count == 2 for seed in range(20)) >= 19, "three have two"


def test_an_axis_is_found_among_few_people():
    found = [find_axes(plant(seed, strength=0.8, people=20, cast=0.6).votes).count > 0 for seed in range(10)]
    assert sum(found) >= 8

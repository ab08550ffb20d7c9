"""What leaves of an analysis: nothing of fewer than five people, by subtraction neither; and what is done with it."""

from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from samsyn.algorithms.opinion_map.analysis import Analysis, analyse, draw_map
from samsyn.algorithms.opinion_map.axes import Axes
from samsyn.algorithms.opinion_map.groups import Groups
from samsyn.algorithms.opinion_map.letters import Previous
from samsyn.algorithms.opinion_map.model import fit, widen
from samsyn.algorithms.opinion_map.release import HALF_WIDTHS, locate, place, recall, release, tellable
from samsyn.algorithms.opinion_map.shares import Counts, count_groups
from samsyn.algorithms.opinion_map.statements import find_consensus, find_marks
from samsyn.algorithms.opinion_map.votes import Votes, gather
from tests.algorithms.planted import adjusted_rand_index, analysed, plant
from tests.sampling import examples

LEAST = 5


def names_of(votes: Votes) -> list[str]:
    return [f"s{number}" for number in range(votes.statements)]


def released(votes: Votes, analysis: Analysis) -> dict:
    """As it leaves, with the names beside it, through JSON."""
    found = release(analysis, names_of(votes), np.zeros(votes.statements, int), least=LEAST)
    return json.loads(json.dumps({"names": names_of(votes), **found}, allow_nan=False))


def grouped(votes: Votes, labels: np.ndarray) -> Analysis:
    """An analysis in which the groups are these, whatever the votes carry."""
    drawn = draw_map(votes)
    groups = Groups(labels, (1.0,) * (labels.max() + 1), 0.0)
    per_group = count_groups(votes, labels, groups.count)
    marks = find_marks(votes, groups, per_group)
    consensus = find_consensus(drawn.counts, per_group)
    return Analysis(drawn, Axes(1, 0, 0), groups, per_group, consensus, [], [], [], marks, 0.0)


def check_nobody_shows(data: dict) -> None:
    """Whatever is subtracted from whatever, nobody or at least five people are left."""
    marks = {row["statement"] for row in data["representative"]}
    for column, name in enumerate(data["names"]):
        whole = data["counts"][column]
        told = [group[column] for group in data["per_group"] if group[column] is not None]
        assert whole is None or sum(whole[:3]) >= LEAST
        assert all(sum(row) >= LEAST for row in told)
        if told:
            rest = sum(whole[:3]) - sum(map(sum, told))
            assert rest == 0 or rest >= LEAST, "the whole less the groups"
        if not told or len(told) < len(data["per_group"]):
            assert told or name not in marks, "of a figure that is withheld nothing is said in other words either"
            shown = [row for row in data["consensus"] if row["statement"] == name]
            assert not data["per_group"] or all("acceptance" not in row for row in shown)
        if whole is None:
            assert data["model"]["statements"][column] is None
            assert data["model"]["spread"][column] is None
    for row in data["representative"]:
        column, group = data["names"].index(row["statement"]), "ABCD".index(row["group"])
        own, whole = data["per_group"][group][column], data["counts"][column]
        assert row["votes"] == sum(own) >= LEAST
        assert row["elsewhere_votes"] == sum(whole[:3]) - sum(own) >= LEAST
        side = 2 if row["direction"] == "disagree" else 0
        assert row["elsewhere"] == pytest.approx((whole[side] - own[side]) / row["elsewhere_votes"], abs=1e-5)
    assert all(row[2] >= LEAST for row in data["circles"])


SIZES = st.tuples(st.integers(12, 60), st.integers(1, 12), st.integers(1, 4))  # people, statements, groups


@pytest.mark.sampled
@settings(derandomize=True, max_examples=examples(60), deadline=None)
@given(st.integers(0, 2**30), SIZES, st.floats(0.1, 1.0), st.booleans())
def test_nothing_leaves_that_fewer_than_five_stand_behind(seed, sizes, cast, all_placed):
    people, statements, groups = sizes
    random = np.random.default_rng(seed)
    labels = random.integers(0 if all_placed else -1, groups, people)
    labels[:groups] = np.arange(groups)
    person, statement = np.nonzero(random.random((people, statements)) < cast)
    lean = np.where((labels[person] + statement) % 2 == 0, 0.95, 0.1)
    value = np.where(random.random(len(person)) < lean, 1, -1)
    votes = gather(person, statement, value, people=people, statements=statements)
    check_nobody_shows(released(votes, grouped(votes, labels)))


def test_where_a_few_are_in_no_group_the_smallest_group_hides_them():
    def counts(*votes: int) -> Counts:
        return Counts(np.array(votes), np.zeros(len(votes), int), np.zeros(len(votes), int))

    whole, groups = counts(30, 30, 30, 30, 30), [counts(18, 18, 18, 18, 26), counts(12, 11, 7, 4, 4)]
    told = tellable(whole, groups, LEAST)
    assert told.tolist() == [[True, True, True, False, False], [True, False, True, False, False]]
    assert tellable(whole, [], LEAST).shape == (0, 5)


def test_where_names_are_known_every_figure_is_told():
    planted = plant(1, strength=0.8, people=40, statements=20, cast=0.5)
    labels = np.where(np.arange(40) < 3, -1, planted.labels)
    analysis = grouped(planted.votes, labels)
    data = release(analysis, names_of(planted.votes), np.ones(20, int), least=LEAST, exact=True)
    assert None not in data["counts"]
    assert all(row[3] == 1 for row in data["counts"])
    assert all(None not in group for group in data["per_group"])
    assert all("acceptance" in row for row in data["consensus"])
    assert len(data["representative"]) == len(analysis.marks)
    assert all(circle[2] >= LEAST for circle in data["circles"])


def test_what_is_found_in_planted_groups_leaves():
    planted, analysis = analysed(1, strength=0.8)
    data = released(planted.votes, analysis)
    check_nobody_shows(data)
    assert len(data["groups"]) == 3
    assert len(data["representative"]) > 20
    assert data["factors"] == data["axes"] == 2


def test_somebody_is_told_where_they_would_stand_and_how_far_off_that_may_be():
    planted, analysis = analysed(3, strength=0.8)
    data = released(planted.votes, analysis)
    wide = []
    for person in (0, 10, 50):
        mine = planted.votes.of([person])
        every = {f"s{what}": int(vote) for what, vote in zip(mine.statement, mine.value, strict=True)}
        spot = locate(data, every, least=LEAST)
        few = locate(data, dict(list(every.items())[:5]), least=LEAST)
        assert (spot.x, spot.y) == place(data, every, least=LEAST)
        assert (spot.x, spot.y) == pytest.approx(analysis.map.positions[person], abs=0.1)
        assert 0 < spot.across < few.across
        assert 0 < spot.along < few.along
        wide.append(spot.across)
    assert locate(data, {"s1": 1, "s2": 1}, least=LEAST) is None
    assert locate(data, {"unknown": 1} | dict.fromkeys(["s1", "s2", "s3", "s4"], 1), least=LEAST) is None
    older = json.loads(json.dumps(data))
    del older["model"]["spread"]
    assert locate(older, dict.fromkeys(data["names"], 1), least=LEAST).across < max(wide)


def coverage(people: int, strength: float, seeds: range) -> float:
    """How often the place of a newcomer, told with its ±, has in it where they truly stand."""
    held = []
    for seed in seeds:
        random = np.random.default_rng([seed, 9])
        directions = random.standard_normal((40, 2)) * strength
        level = random.uniform(-0.25, 0.25, 40)
        where = random.standard_normal((people + 60, 2))
        agree = np.clip(0.5 + (level + where @ directions.T) / 2, 0.02, 0.98)
        value = np.where(random.random(agree.shape) < agree, 1, -1)
        cast = random.random(agree.shape) < 0.5
        person, statement = np.nonzero(cast[:people])
        votes = gather(person, statement, value[person, statement], people=people, statements=40)
        model = widen(fit(votes, 2), votes)
        # Axes may be turned: the true place in the model's own terms.
        turned = np.linalg.lstsq(model.directions, directions, rcond=None)[0]
        for newcomer in range(people, people + 60):
            at = np.flatnonzero(cast[newcomer])
            terms, spread = model.place(at, value[newcomer, at])
            away = np.abs(terms[1:] - turned @ where[newcomer])
            held += (away <= HALF_WIDTHS * np.sqrt(np.diag(spread)[1:])).tolist()
    return float(np.mean(held))


@pytest.mark.parametrize(("people", "strength"), [(120, 0.3), (400, 0.3), (120, 0.4), (400, 0.4)])
def test_what_is_said_to_be_so_far_off_at_most_is(people, strength):
    assert 0.91 <= coverage(people, strength, range(4)) <= 0.99


@pytest.mark.prove
def test_what_is_said_to_be_so_far_off_at_most_is_19_times_in_20():
    found = {
        (people, strength): coverage(people, strength, range(30)) for people in (120, 400) for strength in (0.3, 0.4)
    }
    print("the truth within ± of where a newcomer would stand:", found)
    assert 0.93 <= np.mean(list(found.values())) <= 0.975


def test_a_released_result_is_enough_to_keep_letters_and_the_map_its_way_round():
    planted = plant(2, strength=0.85, sizes=(0.45, 0.3, 0.25))
    first, later = np.arange(200), np.arange(60, 300)
    earlier = analyse(planted.votes.of(first))
    before = released(planted.votes.of(first), earlier)
    before["groups"] = [row | {"label": label} for row, label in zip(before["groups"], "CAD", strict=True)]
    previous = recall(before, names_of(planted.votes))
    analysis = analyse(planted.votes.of(later), previous=previous)
    assert analysis.groups.count == 3
    old = dict(zip(first, np.array([*"CAD", ""])[earlier.groups.labels], strict=True))
    new = dict(zip(later, np.array([*analysis.groups.letters, ""])[analysis.groups.labels], strict=True))
    both = [person for person in new if old.get(person) and new[person]]
    assert np.mean([old[person] == new[person] for person in both]) > 0.85
    theirs, ours = previous.directions, analysis.map.model.directions
    assert all(np.corrcoef(theirs[:, axis], ours[:, axis])[0, 1] > 0.5 for axis in range(2))
    assert {row["label"] for row in released(planted.votes.of(later), analysis)["groups"]} == set("CAD")


def test_a_released_result_is_known_again_after_statements_came_and_went():
    planted, analysis = analysed(2, strength=0.85)
    data = released(planted.votes, analysis)
    names = ["new", *names_of(planted.votes)[10:]]
    previous = recall(data, names)
    assert set(previous.views) == set("ABC")
    assert all(np.isnan(view[0]) and np.isfinite(view[1:]).mean() > 0.5 for view in previous.views.values())
    assert np.isnan(previous.directions[0]).all()
    assert recall({"names": [], "few": True}, names).directions is None


def test_people_who_are_known_keep_their_group_its_letter():
    planted, first = analysed(2, strength=0.85)
    letters = np.array([*"QRS", ""])
    members = {person: str(letters[label]) for person, label in enumerate(first.groups.labels)}
    again = analyse(planted.votes, previous=Previous(members=members))
    assert again.groups.letters == ("Q", "R", "S")
    assert adjusted_rand_index(first.groups.labels, again.groups.labels) == 1

"""While a dialogue is open: the next statement, and groups that keep their letter."""

from __future__ import annotations

import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from samsyn.algorithms.opinion_map.letters import letter_of, match_labels
from samsyn.algorithms.opinion_map.routing import (
    MINORITY_SHARE,
    NEW_SHARE,
    SURELY,
    certainty,
    chances,
    choose_next,
    luck,
    weight,
)

STATEMENTS, CHOICES = 60, 2000


def rehearse(seed: int, choose, choices: int = CHOICES) -> tuple[list[int], float, float]:
    """Two thousand choices by people who come, vote on forty statements each and leave: how often each was chosen, and
    the sums that tell it from chance.
    """
    generator = random.Random(seed)
    agreement = [generator.random() for _statement in range(STATEMENTS)]
    counts, shown, ahead, spread = [[0, 0, 0] for _statement in agreement], [0] * STATEMENTS, 0.0, 0.0
    left: list[int] = []
    for _choice in range(choices):
        left = left if len(left) > STATEMENTS - 40 else list(range(STATEMENTS))
        rows = [tuple(counts[number]) for number in left]
        place = choose(rows, generator)
        one = luck(chances(rows), place)
        ahead, spread = ahead + one[0], spread + one[1]
        chosen = left.pop(place)
        shown[chosen] += 1
        counts[chosen][0 if generator.random() < agreement[chosen] else 2] += 1
    return shown, ahead, spread


def test_what_is_chosen_is_not_left_to_chance_and_this_is_seen():
    for seed in range(5):
        _shown, ahead, spread = rehearse(seed, choose_next)
        assert certainty(ahead, spread) > SURELY


def test_it_would_be_seen_if_it_were_silently_left_to_chance():
    claimed = 0
    for seed in range(200):
        _shown, ahead, spread = rehearse(seed, lambda rows, generator: generator.randrange(len(rows)), choices=120)
        claimed += certainty(ahead, spread) > SURELY
    assert claimed <= 1, "chance passes for a choice about once in a thousand"


def test_it_would_be_seen_if_the_weights_were_silently_all_alike():
    assert certainty(*(sum(part) for part in zip(*[luck([0.25] * 4, 0)] * 500, strict=True))) == 0


def test_every_statement_is_shown():
    shown, _ahead, _spread = rehearse(1, choose_next)
    assert min(shown) >= 10


def test_the_same_state_of_chance_chooses_the_same():
    rows = [(number % 7, 1, number % 5) for number in range(50)]
    chosen = [choose_next(rows, random.Random(3)) for _turn in range(3)]
    assert len(set(chosen)) == 1
    assert choose_next(rows, np.random.default_rng(3)) == choose_next(rows, np.random.default_rng(3))


def test_choices_are_as_likely_as_it_says():
    rows = [(0, 0, 0), (5, 1, 5), (20, 5, 20), (45, 2, 3), (3, 40, 2), (12, 2, 30)]
    generator, drawn = random.Random(0), np.zeros(len(rows))
    for _turn in range(20_000):
        drawn[choose_next(rows, generator)] += 1
    assert drawn / drawn.sum() == pytest.approx(chances(rows), abs=0.012)


COUNTS = st.tuples(*[st.integers(0, 200)] * 3)


@settings(derandomize=True, max_examples=100, deadline=None)
@given(st.lists(COUNTS, min_size=1, max_size=30), st.integers(0, 2**30))
def test_each_has_a_chance_and_the_shares_are_kept(rows, seed):
    found = chances(rows)
    assert sum(found) == pytest.approx(1)
    assert min(found) > 0
    assert 0 <= choose_next(rows, random.Random(seed)) < len(rows)
    new = [place for place, row in enumerate(rows) if sum(row) < 10]
    assert not new or sum(found[place] for place in new) >= NEW_SHARE - 1e-9
    supported = [p for p, row in enumerate(rows) if sum(row) >= 10 and 0.1 <= row[0] / sum(row) <= 0.4]
    assert not supported or sum(found[place] for place in supported) >= MINORITY_SHARE - 1e-9


def test_what_is_least_known_and_most_divided_weighs_most():
    assert weight((5, 0, 5)) > weight((50, 0, 50)), "fewer votes"
    assert weight((25, 0, 25)) > weight((45, 0, 5)), "more divided"
    assert weight((20, 10, 20)) > weight((5, 40, 5)), "people have an opinion"
    assert weight((10, 3, 30)) == weight((30, 3, 10)), "for and against count the same"


def test_choosing_goes_through_the_statements_once():
    looked = []

    class Looked(list):
        def __iter__(self):
            looked.append(1)
            return super().__iter__()

    choose_next(Looked([(1, 1, 1)] * 100), random.Random(0))
    assert len(looked) <= 4


def test_there_must_be_something_to_choose_from():
    with pytest.raises(ValueError):
        choose_next([], random.Random(0))
    assert choose_next([(0, 0, 0)], random.Random(0)) == 0


def test_nothing_is_known_of_few_choices():
    assert certainty(0.0, 0.0) == 0
    assert certainty(9.0, 3.0) == 0
    assert luck([1.0], 0) == (0.0, 0.0), "one candidate is no choice"


def test_groups_keep_their_letters():
    old = dict(enumerate("AAAAABBBBCCC"))
    new = dict(enumerate("BBBBBCCCCAAA"))
    assert match_labels(old, new) == {"A": "C", "B": "A", "C": "B"}


def test_a_group_that_splits_keeps_its_letter_in_the_larger_part_and_the_other_is_new():
    old = dict(enumerate("AAAAAAAAAABBBBB"))
    new = dict(enumerate("AAAABBBBBBCCCCC"))
    assert match_labels(old, new) == {"B": "A", "C": "B", "A": "C"}


def test_groups_that_become_one_take_the_letter_of_the_larger():
    assert match_labels(dict(enumerate("AAABBBBB")), dict(enumerate("AAAAAAAA"))) == {"A": "B"}


def test_a_letter_never_becomes_somebody_elses():
    old = {1: "A", 2: "A", 3: "B", 4: ""}
    new = {9: "A", 10: "A", 1: "B", 2: "B", 4: "A", 3: ""}
    assert match_labels(old, new) == {"A": "C", "B": "A"}
    assert match_labels({}, {"x": "A", "y": "B"}) == {"A": "A", "B": "B"}
    assert match_labels({"x": "A"}, {}) == {}


@settings(derandomize=True, max_examples=100, deadline=None)
@given(st.lists(st.tuples(st.sampled_from("ABC "), st.sampled_from("ABCDE ")), max_size=30))
def test_each_group_gets_a_letter_of_its_own(rows):
    old = {number: row[0].strip() for number, row in enumerate(rows)}
    new = {number: row[1].strip() for number, row in enumerate(rows)}
    found = match_labels(old, new)
    assert set(found) == {label for label in new.values() if label}
    assert len(set(found.values())) == len(found)
    turned = dict(reversed(list(new.items())))
    assert match_labels(old, turned) == found
    same = match_labels(old, old)
    assert all(label == letter for label, letter in same.items())


def test_letters_go_on_after_the_last():
    assert [letter_of(number) for number in (-1, 0, 25, 26, 27, 701, 702)] == ["", "A", "Z", "AA", "AB", "ZZ", "AAA"]

"""Votes of people whose groups, shares or want of groups are known, to see whether the engine finds them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from samsyn.algorithms.opinion_map.analysis import Analysis, analyse
from samsyn.algorithms.opinion_map.votes import Votes, gather

PASSES = 0.1


@dataclass(frozen=True, eq=False)
class Planted:
    """The votes, everyone's true group, and each group's true share of agreement per statement."""

    votes: Votes
    labels: np.ndarray
    agreement: np.ndarray  # groups × statements: how many of the group would agree, 0 … 1


def plant(
    seed: int,
    *,
    strength: float,
    people: int = 300,
    statements: int = 50,
    groups: int = 3,
    cast: float = 0.3,
    sizes: tuple[float, ...] = (),
    dividing: float = 1.0,
    tendency: float = 0.0,
) -> Planted:
    """Groups that each take a side on each statement, at random.

    Args:
        strength: how far a group leans to its side: 0 half of it, 1 all of it (of those who do not pass).
        cast: the share of all possible votes that are cast.
        sizes: each group's share of the people; equal where left out.
        dividing: on what share of the statements groups take sides; on the rest all lean the same way.
        tendency: how much people differ in how readily they agree with anything (a standard deviation, in shares).
    """
    random = np.random.default_rng([seed, 7])
    weights = np.array(sizes or (1,) * groups, float)
    labels = random.permutation(np.repeat(np.arange(groups), np.round(people * weights / weights.sum()).astype(int)))
    while len(labels) < people:
        labels = np.append(labels, groups - 1)
    labels = labels[:people]
    sides = random.choice([-1.0, 1.0], (groups, statements))
    shared = random.random(statements) >= dividing
    sides[:, shared] = sides[0, shared]
    agreement = (1 - PASSES) * (0.5 + strength / 2 * sides)
    return Planted(draw(random, agreement[labels], cast, tendency), labels, agreement)


@cache
def analysed(seed: int, **how: Any) -> tuple[Planted, Analysis]:
    """What `plant` gives, and its analysis: worked out once for all tests that only look at it."""
    planted = plant(seed, **how)
    return planted, analyse(planted.votes)


def plant_line(seed: int, *, strength: float, people: int = 300, statements: int = 50, cast: float = 0.3) -> Votes:
    """People spread evenly around the middle of two real axes: everything but groups."""
    random = np.random.default_rng([seed, 8])
    where = random.standard_normal((people, 2)) @ random.standard_normal((2, statements)) * strength
    return draw(random, (1 - PASSES) / (1 + np.exp(-where)), cast, 0.0)


def plant_nothing(seed: int, *, people: int = 100, statements: int = 40, cast: float = 0.3) -> Planted:
    """People who all think alike, statement by statement."""
    random = np.random.default_rng([seed, 9])
    agreement = (1 - PASSES) * random.random((1, statements))
    return Planted(draw(random, np.repeat(agreement, people, 0), cast, 0.0), np.zeros(people, int), agreement)


def draw(random: np.random.Generator, agreement: np.ndarray, cast: float, tendency: float) -> Votes:
    """Votes by people who agree with so much probability; which are cast is chance."""
    people, statements = agreement.shape
    agreement = np.clip(agreement + random.normal(0, tendency, (people, 1)) if tendency else agreement, 0, 1 - PASSES)
    at = random.random((people, statements))
    value = np.where(at < agreement, 1, np.where(at < 1 - PASSES, -1, 0))
    person, statement = np.nonzero(random.random((people, statements)) < cast)
    return gather(person, statement, value[person, statement], people=people, statements=statements)


def adjusted_rand_index(first: np.ndarray, second: np.ndarray) -> float:
    """How alike two divisions of the same people are: 1 the same, 0 as chance (Hubert & Arabie 1985)."""
    _names, first = np.unique(first, return_inverse=True)
    _names, second = np.unique(second, return_inverse=True)
    table = np.zeros((first.max() + 1, second.max() + 1))
    np.add.at(table, (first, second), 1.0)
    together, rows, columns = (float((part * (part - 1) / 2).sum()) for part in (table, table.sum(1), table.sum(0)))
    pairs = len(first) * (len(first) - 1) / 2
    chance = rows * columns / pairs
    most = (rows + columns) / 2
    return (together - chance) / (most - chance) if most > chance else 1.0


def told_by_the_truth(planted: Planted) -> np.ndarray:
    """Each person's likeliest group, for somebody who knows how every group answers: nobody could do better."""
    for_, against = planted.agreement, 1 - PASSES - planted.agreement
    votes = planted.votes
    fits = [np.log(np.maximum(part, 1e-3)) for part in (against, np.full_like(for_, PASSES), for_)]
    kind = votes.value.astype(int) + 1
    each = np.stack(fits)[kind, :, votes.statement]
    summed = [np.bincount(votes.person, each[:, group], votes.people) for group in range(len(for_))]
    return np.argmax(summed, axis=0)

"""What was said by how many: agreed on by all, dividing, unsure, hardly seen, and what marks a group."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from samsyn.algorithms.opinion_map import shares
from samsyn.algorithms.opinion_map.groups import Groups
from samsyn.algorithms.opinion_map.model import Model
from samsyn.algorithms.opinion_map.shares import Counts
from samsyn.algorithms.opinion_map.votes import Floats, Ints, Votes

LEAST_VOTES = 10  # a statement with fewer belongs under "few have seen"
LEAST_CAMP = 0.15  # what divides has at least this share for and against, beyond doubt
UNSURE = 0.3
FALSE_FINDINGS = 0.1
LEAST_DIFFERENCE = 0.15
FEWEST = 5  # of a group, and of all others, have voted on what is said to mark it


@dataclass(frozen=True)
class Finding:
    """One statement and a figure about it: `share` with its interval, of `votes` votes. All shares are 0 … 1."""

    statement: int
    share: float
    low: float
    high: float
    votes: int
    against: bool = False  # the share is of those who disagree


@dataclass(frozen=True)
class Common(Finding):
    """What is agreed on by all: beside the share of everyone how far every group accepts it (`shares.acceptance`)."""

    acceptance: float = 0.0
    acceptance_low: float = 0.0
    acceptance_high: float = 0.0


@dataclass(frozen=True)
class Mark:
    """A statement that marks a group: how many more of it agree (or disagree) than of all others who were placed.

    `share` of the group's `votes` with its interval, `elsewhere` of the others' with theirs.
    """

    group: int
    statement: int
    share: float
    low: float
    high: float
    votes: int
    elsewhere: float
    elsewhere_low: float
    elsewhere_high: float
    elsewhere_votes: int
    against: bool


def find_consensus(counts: Counts, per_group: list[Counts]) -> list[Common]:
    """What more than half of everyone, and of every group, agrees with (or disagrees with); the surest first.

    What is surest is what every group accepts at the least: `acceptance_low`. Without groups everyone is one group.
    """
    found = []
    for against in (False, True):
        whole = shares.turned(counts) if against else counts
        parts = [shares.turned(part) if against else part for part in per_group] or [whole]
        holds = whole.votes >= LEAST_VOTES
        for part in [whole, *parts]:
            holds &= shares.share(part.agree, part.votes) > 0.5
        at = np.flatnonzero(holds)
        accepted = np.stack(shares.acceptance([part.at(at) for part in parts]), axis=1)
        rows = _findings(at, whole.agree, whole.votes, against=against)
        found += [
            Common(**vars(row), acceptance=middle, acceptance_low=low, acceptance_high=high)
            for row, (middle, low, high) in zip(rows, accepted.tolist(), strict=True)
            if row.low > 0.5
        ]
    return sorted(found, key=lambda row: (-row.acceptance_low, row.statement))


def separation(model: Model) -> Floats:
    """How far apart a statement drives people, in votes: the standard deviation of what is expected of them."""
    found = np.einsum("ij,jk,ik->i", model.directions, model.spread, model.directions)
    return np.sqrt(np.maximum(found, 0.0))


def find_divisive(counts: Counts, model: Model) -> list[Finding]:
    """What separates people: many on either side, and it is known who stands where. The most separating first."""
    smaller = np.minimum(counts.agree, counts.disagree)
    at = np.flatnonzero((counts.votes >= LEAST_VOTES) & (shares.share(smaller, counts.votes) > LEAST_CAMP))
    # The interval of the smaller camp tells: that of the larger one begins higher.
    low, _high = shares.interval(smaller[at], counts.votes[at])
    apart = separation(model)
    rows = _findings(at[low > LEAST_CAMP], counts.agree, counts.votes)
    return sorted(rows, key=lambda row: (-float(apart[row.statement]), row.statement))


def find_unsure(counts: Counts) -> list[Finding]:
    """Where three in ten or more pass. The largest share first."""
    part = shares.share(counts.neither, counts.votes)
    at = np.flatnonzero((part >= UNSURE) & (counts.votes >= LEAST_VOTES))
    return sorted(_findings(at, counts.neither, counts.votes), key=lambda row: (-row.low, row.statement))


def find_hardly_seen(counts: Counts) -> list[int]:
    """Statements that too few have voted on to say anything."""
    return [int(number) for number in np.flatnonzero(counts.votes < LEAST_VOTES)]


def find_marks(votes: Votes, groups: Groups, per_group: list[Counts]) -> list[Mark]:
    """What marks each group against all others who were placed; false findings held under one in ten altogether."""
    if groups.count < 2:
        return []
    chances, differences = [], []
    others = [_sum(part for place, part in enumerate(per_group) if place != number) for number in range(groups.count)]
    for own, rest in zip(per_group, others, strict=True):
        for mine, other in ((own.agree, rest.agree), (own.disagree, rest.disagree)):
            by, chance = shares.difference(mine, own.votes, other, rest.votes)
            chances.append(np.where(np.minimum(own.votes, rest.votes) >= FEWEST, chance, 1.0))
            differences.append(by)
    holds = shares.discoveries(np.array(chances), rate=FALSE_FINDINGS) & (np.array(differences) >= LEAST_DIFFERENCE)
    marks = []
    for row, held in enumerate(holds):
        group, against = row // 2, bool(row % 2)
        at = np.flatnonzero(held)
        own, rest = per_group[group].at(at), others[group].at(at)
        here = _measured(own.disagree if against else own.agree, own.votes)
        elsewhere = _measured(rest.disagree if against else rest.agree, rest.votes)
        apart = differences[row][at].tolist()
        for statement, by, inside, outside in zip(at.tolist(), apart, here, elsewhere, strict=True):
            marks.append((group, -by, statement, Mark(group, statement, *inside, *outside, against)))
    return [mark for *_order, mark in sorted(marks, key=lambda entry: entry[:3])]


def _measured(hits: Ints, total: Ints) -> list[tuple[float, float, float, int]]:
    """Of each a share, its interval, and of how many votes."""
    low, high = shares.interval(hits, total)
    columns = shares.share(hits, total), low, high, total
    return list(zip(*(column.tolist() for column in columns), strict=True))


def _findings(at: Ints, hits: Ints, total: Ints, *, against: bool = False) -> list[Finding]:
    """One for each of the statements `at`; `hits` and `total` are those of all statements."""
    part = shares.share(hits[at], total[at])
    low, high = shares.interval(hits[at], total[at])
    return [
        Finding(int(row), float(part[place]), float(low[place]), float(high[place]), int(total[row]), against)
        for place, row in enumerate(at)
    ]


def _sum(parts: Iterable[Counts]) -> Counts:
    found = list(parts)
    agree, neither, disagree = (
        np.sum([getattr(part, name) for part in found], axis=0) for name in ("agree", "neither", "disagree")
    )
    return Counts(agree, neither, disagree)

"""Shares with what is known and not known about them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import betaincinv, digamma, ndtr, polygamma

from samsyn.algorithms.opinion_map.votes import Bools, Floats, Ints, Votes

SURE = 0.95
_PRIOR = 0.5  # Jeffreys


@dataclass(frozen=True, eq=False)
class Counts:
    """How often each statement was agreed with, passed and disagreed with; one entry per statement."""

    agree: Ints
    neither: Ints
    disagree: Ints

    @property
    def votes(self) -> Ints:
        return self.agree + self.neither + self.disagree

    def at(self, statements: Any) -> Counts:
        """The counts of one of the statements, or of some."""
        return Counts(self.agree[statements], self.neither[statements], self.disagree[statements])


def count(votes: Votes, people: Bools | None = None) -> Counts:
    """Count the votes per statement, of everyone or of those for whom `people` (one truth per person) holds."""
    return count_groups(votes, None if people is None else np.where(people, 0, -1), 1)[0]


def count_groups(votes: Votes, labels: Ints | None, groups: int) -> list[Counts]:
    """Count the votes per statement and group, in one pass.

    Args:
        labels: everyone's group as in `Groups`, −1 for those in none; left out where all are in one.
    """
    width = votes.statements
    # One box per group, vote and statement; those in no group come first, and are left out.
    box = votes.value.astype(np.int32)
    box += 1 if labels is None else (3 * labels.astype(np.int32) + 4)[votes.person]
    skipped = 0 if labels is None else 3 * width
    box *= width
    box += votes.statement
    found = np.bincount(box, minlength=skipped + groups * 3 * width)[skipped:].reshape(groups, 3, width)
    return [Counts(agree, neither, disagree) for disagree, neither, agree in found]


def share(hits: ArrayLike, total: ArrayLike) -> Floats:
    """Hits as a share of the total; nought where there is nothing."""
    return np.asarray(hits, float) / np.maximum(np.asarray(total, float), 1.0)


def interval(hits: ArrayLike, total: ArrayLike, *, sure: float = SURE) -> tuple[Floats, Floats]:
    """Where the share lies in all who might have voted: the interval of Jeffreys (Brown, Cai & DasGupta 2001).

    Its coverage is close to `sure` on average for any share. Nothing counted gives 0 … 1.
    """
    found, size = np.asarray(hits, float), np.asarray(total, float)
    tail = (1 - sure) / 2
    low = np.where(found > 0, betaincinv(found + _PRIOR, size - found + _PRIOR, tail), 0.0)
    high = np.where(found < size, betaincinv(found + _PRIOR, size - found + _PRIOR, 1 - tail), 1.0)
    return low, high


def acceptance(counts: list[Counts]) -> tuple[Floats, Floats, Floats]:
    """How far each statement is agreed with and not disagreed with in every group alike: middle, low, high (0 … 1).

    The geometric mean over groups of P(agree) · (1 − P(disagree)). With Jeffreys' prior the first factor is
    (1 − P(disagree)) times an independent share, so mean and variance of the logarithm are exact.
    """
    middle, variance = np.zeros(len(counts[0].agree)), np.zeros(len(counts[0].agree))
    for group in counts:
        agree, neither, disagree = (np.asarray(part, float) + _PRIOR for part in _parts(group))
        not_against, of_these = (agree + neither, disagree), (agree, neither)
        middle = middle + 2 * _log_mean(*not_against) + _log_mean(*of_these)
        variance = variance + 4 * _log_variance(*not_against) + _log_variance(*of_these)
    middle, wide = middle / len(counts), 1.96 * np.sqrt(variance) / len(counts)
    low, high = (np.minimum(np.exp(middle + side * wide), 1.0) for side in (-1, 1))
    return np.exp(middle), low, high


def turned(counts: Counts) -> Counts:
    """The same with agreeing and disagreeing in each other's place."""
    return Counts(counts.disagree, counts.neither, counts.agree)


def difference(hits: Ints, total: Ints, other_hits: Ints, other_total: Ints) -> tuple[Floats, Floats]:
    """How much larger one share is than another, and how often chance alone would do that (one-sided).

    One hit and one miss are added to either side (Agresti & Caffo 2000), which keeps small groups honest.
    """
    first, second = (hits + 1) / (total + 2), (other_hits + 1) / (other_total + 2)
    error = np.sqrt(first * (1 - first) / (total + 2) + second * (1 - second) / (other_total + 2))
    return first - second, 1 - ndtr((first - second) / error)


def discoveries(chances: Floats, *, rate: float) -> Bools:
    """Which of many findings may stand so that at most `rate` of them are false (Benjamini & Hochberg 1995)."""
    flat = chances.ravel()
    order = np.argsort(flat, kind="stable")
    passing = np.flatnonzero(flat[order] <= rate * np.arange(1, len(flat) + 1) / max(len(flat), 1))
    found = np.zeros(len(flat), bool)
    if len(passing):
        found[order[: passing[-1] + 1]] = True
    return found.reshape(chances.shape)


def _parts(counts: Counts) -> tuple[Ints, Ints, Ints]:
    return counts.agree, counts.neither, counts.disagree


def _log_mean(hits: Floats, misses: Floats) -> Floats:
    return digamma(hits) - digamma(hits + misses)


def _log_variance(hits: Floats, misses: Floats) -> Floats:
    return polygamma(1, hits) - polygamma(1, hits + misses)

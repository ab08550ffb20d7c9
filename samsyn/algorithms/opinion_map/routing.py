"""Which statement somebody is shown next: the one on which one more vote says most, with two shares kept.

A share is kept for new statements, or those that came late would hardly be seen; and one for statements that a minority
supports, or the majority's would crowd them out (Halpern et al. 2023 name what a minority needs). Within the rest a
statement weighs more the more people are divided on it and the less is known of it, so that the choice differs from
chance for as long as the dialogue is open. Whether it really does can be seen at any time: `luck` says it
of each choice, and `certainty` of the sums.
"""

from __future__ import annotations

import math
from collections.abc import Hashable, Mapping, Sequence
from typing import Protocol, TypeVar

NEW_VOTES = 10  # a statement with fewer is new
NEW_SHARE = 0.25
MINORITY_SHARE = 0.1
MINORITY = (0.1, 0.4)  # the share that agrees
SURELY = 0.999  # from here on the choice is known not to be chance
_MOST_TIMES = 3.0  # so that a few rare choices do not decide alone
_LEAST_SPREAD = 5.0  # less than about twenty choices says nothing

Key = TypeVar("Key", bound=Hashable)
Row = tuple[int, int, int]  # agree, neither, disagree


class Random(Protocol):
    """What is needed of a generator: `random.Random` and numpy's have it."""

    def random(self) -> float: ...


def choose_next(rows: Sequence[Row], random: Random) -> int:
    """Choose one of the statements that somebody has not voted on; its place in `rows`.

    Args:
        rows: how often each was agreed with, passed and disagreed with.
        random: decides; the same state of it chooses the same.

    Raises:
        ValueError: there is none to choose from.
    """
    return choose_by(chances(rows), random)


def choose(rows: Mapping[Key, Row], random: Random) -> tuple[Key | None, tuple[float, float] | None]:
    """Choose one of those that somebody has not voted on, by its key; and what that choice says: `luck`."""
    if not rows:
        return None, None
    likely = chances(list(rows.values()))
    place = choose_by(likely, random)
    return list(rows)[place], luck(likely, place)


def choose_by(likely: Sequence[float], random: Random) -> int:
    """Choose a place by what `chances` says of each. Raises ValueError for none."""
    if not likely:
        raise ValueError("there is no statement to choose from")
    at = random.random()
    for place, chance in enumerate(likely):
        at -= chance
        if at < 0:
            return place
    return len(likely) - 1


def chances(rows: Sequence[Row]) -> list[float]:
    """How likely each statement is to be chosen; above nought for every one, and one together.

    Were it left to chance, each would be chosen with 1 / len(rows).
    """
    if not rows:
        return []
    new = [sum(row) < NEW_VOTES for row in rows]
    minority = [not fresh and _has_minority(row) for row, fresh in zip(rows, new, strict=True)]
    parts = [(NEW_SHARE, [float(one) for one in new]), (MINORITY_SHARE, [float(one) for one in minority])]
    parts = [(kept, weights) for kept, weights in parts if any(weights)]
    parts.append((1 - sum(kept for kept, _weights in parts), [weight(row) for row in rows]))
    found = [0.0] * len(rows)
    for kept, weights in parts:
        each = kept / sum(weights)
        found = [before + each * one for before, one in zip(found, weights, strict=True)]
    return found


def weight(row: Row) -> float:
    """What one more vote on a statement is worth: how divided people are, times how wide its interval is.

    One vote of each kind is added, so that nothing is taken as settled by the first few.
    """
    agree, neither, disagree = (count + 1 for count in row)
    votes = agree + neither + disagree
    variance = (agree + disagree) / votes - ((agree - disagree) / votes) ** 2
    return float(variance * (variance / votes) ** 0.5)


def _has_minority(row: Row) -> bool:
    low, high = MINORITY
    return low <= row[0] / max(sum(row), 1) <= high


def luck(likely: Sequence[float], chosen: int) -> tuple[float, float]:
    """What one choice says of whether choices are left to chance: how far ahead it is, and how far that may spread.

    How many times likelier than by chance each statement was, up to three times; for the chosen one less the mean over
    all. Were the choice blind, that would be nought on average and vary by the second number, whatever was chosen
    before and whoever had which statements left. So sums over any number of choices can be compared with chance, and
    one row a statement and day is enough to keep them.
    """
    times = [min(chance * len(likely), _MOST_TIMES) for chance in likely]
    mean = sum(times) / len(times)
    return times[chosen] - mean, sum((one - mean) ** 2 for one in times) / len(times)


def certainty(ahead: float, spread: float) -> float:
    """How sure it is that choices were not left to chance, 0 … 1, by the sums of `luck`; known from `SURELY` on."""
    if spread < _LEAST_SPREAD:
        return 0.0
    return 0.5 + 0.5 * math.erf(ahead / math.sqrt(2 * spread))

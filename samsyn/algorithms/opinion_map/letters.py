"""The same letter for the same group, and the same way round on the map, from one analysis to the next.

A group is known again by its people where one knows who was in it, and by how it votes where all that was kept is a
released result, in which there are no people.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import TypeVar

import numpy as np

from samsyn.algorithms.opinion_map.shares import Counts
from samsyn.algorithms.opinion_map.votes import Floats, Ints

Person = TypeVar("Person", bound=Hashable)
ALIKE = 0.3  # correlation from which two groups may be the same
LEAST_SHARED = 5  # statements on which both must be known


@dataclass(frozen=True, eq=False)
class Previous:
    """What an earlier analysis of the same dialogue found, in the indices of the votes that are analysed now.

    `members`: the letter of each person then placed. `views`: by letter, the group's mean vote on each statement, NaN
    where not known. `directions`: those of the model, statements × factors, NaN where not known. Any may be left out.
    """

    members: Mapping[int, str] = field(default_factory=dict)
    views: Mapping[str, Floats] = field(default_factory=dict)
    directions: Floats | None = None


def name_groups(labels: Ints, per_group: Sequence[Counts], previous: Previous) -> tuple[str, ...]:
    """The letter of each group: its own from before, or one that no group had then.

    Args:
        labels: each person's group, −1 where not placed. per_group: the votes of each.
    """
    ours = [letter_of(number) for number in range(len(per_group))]
    if previous.members:
        now = {person: ours[number] for person, number in enumerate(labels.tolist()) if number >= 0}
        found = match_labels(previous.members, now)
    else:
        found = match_views(previous.views, dict(zip(ours, map(view_of, per_group), strict=True)))
    return tuple(found[letter] for letter in ours)


def view_of(counts: Counts) -> Floats:
    """The mean vote on each statement, −1 … 1; NaN without votes."""
    votes = counts.votes
    return np.where(votes > 0, (counts.agree - counts.disagree) / np.maximum(votes, 1), np.nan)


def match_labels(old: Mapping[Person, str], new: Mapping[Person, str]) -> dict[str, str]:
    """Which letter each new group gets, so that a group keeps its own while people come and go.

    Args:
        old, new: each person's label before and now; empty where not placed. People may be in one of them alone.

    Returns:
        New label → letter. Those with most people in common come first; a group that has nobody from before gets the
        first letter that no group had then, so that a letter never turns into somebody else's.
    """
    shared = Counter((label, old[person]) for person, label in new.items() if label and old.get(person))
    pairs = [(-people, label, letter) for (label, letter), people in shared.items()]
    return _give(pairs, {label for label in new.values() if label}, {label for label in old.values() if label})


def match_views(old: Mapping[str, Floats], new: Mapping[str, Floats]) -> dict[str, str]:
    """Which letter each new group gets, by how it votes beside the other groups of its time: the most alike first."""
    before, now = _apart(old), _apart(new)
    pairs = []
    for label, view in now.items():
        for letter, other in before.items():
            both = np.isfinite(view) & np.isfinite(other)
            if both.sum() >= LEAST_SHARED and view[both].std() > 0 and other[both].std() > 0:
                alike = float(np.corrcoef(view[both], other[both])[0, 1])
                pairs += [(-round(alike, 9), label, letter)] if alike >= ALIKE else []
    return _give(pairs, new, old)


def _apart(views: Mapping[str, Floats]) -> dict[str, Floats]:
    """How each group votes, less the middle of all groups."""
    middle = np.mean(list(views.values()), axis=0) if views else 0.0
    return {letter: view - middle for letter, view in views.items()}


def _give(pairs: Iterable[tuple[float, str, str]], labels: Collection[str], before: Collection[str]) -> dict[str, str]:
    """Each label a letter of its own: that of the first pair of which both are free, else one not used before."""
    letters: dict[str, str] = {}
    for _score, label, letter in sorted(pairs):
        if label not in letters and letter not in letters.values():
            letters[label] = letter
    free = (name for name in map(letter_of, count()) if name not in before)
    for label in sorted(set(labels) - letters.keys()):
        letters[label] = next(free)
    return letters


def letter_of(number: int) -> str:
    """A, B … Z, then AA, AB …"""
    found = ""
    while number >= 0:
        found = chr(ord("A") + number % 26) + found
        number = number // 26 - 1
    return found

"""Is there anything that separates people at all, and along how many axes?

The votes are compared with the same votes shuffled within each statement (parallel analysis, Horn 1965). Two things are
asked together: do people go together in pairs, and do statements, once each person's readiness to agree is taken out?
A real structure shows in all eigenvalues at once long before the first one stands out, so the sums of squares are
compared rather than the largest alone: at 20 people that finds an axis where the largest eigenvalue does not.

Whether there is a second axis is asked once the first is taken for granted. Without a second, what then remains is like
a chance world: its largest eigenvalue, as a share of all that remains, is set against the largest of each chance world.
Against their second, which is smaller, two plain camps would show a second axis far too often.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from samsyn.algorithms.opinion_map.shuffles import shuffle
from samsyn.algorithms.opinion_map.votes import Floats, Votes, evenly

SHUFFLES = 99
LEVEL = 0.02  # how often chance alone may pass for an axis
MOST_PEOPLE = 600  # more do not make the answer surer, only slower
_PRIOR_VOTES = 2.0  # a person's tendency is drawn towards nothing by so many votes


@dataclass(frozen=True)
class Axes:
    """How many axes there are (0 … 2); `chance` is the share of chance worlds with as much structure.

    `second_chance`: the share of those whose first axis is as strong as what is left of the votes beside theirs.
    """

    count: int
    chance: float
    second_chance: float


def find_axes(votes: Votes, *, shuffles: int = SHUFFLES) -> Axes:
    """Count the axes along which people really differ.

    Args:
        votes: people × statements.
        shuffles: chance worlds to compare with; the answer is exact at the level for any number.
    """
    votes = _drawn(votes)
    if len(votes) < 4 or votes.people < 3:
        return Axes(0, 1.0, 1.0)
    random = np.random.default_rng(0)
    rows = [_measure(votes)] + [_measure(shuffle(votes, random)) for _round in range(shuffles)]
    found = np.array(rows)
    scale = np.maximum(found.std(axis=0), 1e-12)
    both = ((found - found[1:].mean(axis=0)) / scale)[:, :2].sum(axis=1)
    chance = _share_as_large(both)
    second = _share_as_large(np.append(found[0, 3], found[1:, 2]))
    return Axes(0 if chance > LEVEL else 2 if second <= LEVEL else 1, chance, second)


def _share_as_large(found: Floats) -> float:
    return float((found >= found[0] - 1e-12).mean())


def _drawn(votes: Votes) -> Votes:
    """At most so many people, evenly from all, and only those with votes; and the statements that they met."""
    voted = np.flatnonzero(votes.per_person > 0)
    few = votes.of(evenly(voted, MOST_PEOPLE))
    return few.on(np.flatnonzero(few.per_statement > 1))


def _measure(votes: Votes) -> tuple[float, float, float, float]:
    """How much people go together, how much statements do; the largest eigenvalue as a share of all of them, and the
    second as a share of all but the largest.
    """
    people, statements = votes.people, votes.statements
    person, statement = votes.person, votes.statement
    count = np.maximum(votes.per_person, 1)
    met = np.maximum(votes.per_statement, 1)
    left = votes.value - (np.bincount(statement, votes.value, statements) / met)[statement]
    own = np.bincount(person, left**2, people)
    together = (_squared(_gram(votes, left)) - _squared(own)) / max(float(own.sum()), 1e-12) ** 2
    for step in range(3):
        left = left - (np.bincount(person, left, people) / (count + _PRIOR_VOTES))[person]
        if step < 2:
            left = left - (np.bincount(statement, left, statements) / met)[statement]
    left = left / np.sqrt(count)[person]
    pairs = _gram(votes, left)
    alone = np.bincount(statement, left**2, statements)
    linked = (_squared(pairs) - _squared(alone)) / max(float(alone.sum()), 1e-12) ** 2
    sizes = np.linalg.eigvalsh(pairs)
    return together, linked, _largest(sizes), _largest(sizes[:-1])


def _largest(sizes: Floats) -> float:
    """The largest eigenvalue, which is the last, as a share of all of these."""
    return float(sizes[-1]) / max(float(sizes.sum()), 1e-12) if len(sizes) else 0.0


def _gram(votes: Votes, left: Floats) -> Floats:
    """Products between people, or between statements where those are fewer: the sizes that count are the same."""
    dense = votes.with_values(left).values.toarray()
    if votes.people > votes.statements:
        dense = dense.T
    found: Floats = (dense @ dense.T).astype(np.float64)
    return found


def _squared(numbers: NDArray[Any]) -> float:
    return float((numbers**2).sum())

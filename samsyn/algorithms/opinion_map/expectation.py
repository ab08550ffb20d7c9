"""What people would answer, and how far off that is: the test by which factors are chosen.

Some of the votes are hidden, the rest is fitted, and the hidden ones are compared with what was expected of them. Which
votes are hidden follows from the ids of people and statements alone, not from the order of anything. How strongly terms
are held back (the penalties) is learned by each fit from the votes it is given, and so never from the hidden ones.

The map has as many factors as tell hidden votes. What is expected of one person on one statement may be finer than any
map. In a small dialogue it is the mean of two methods: `ordinal` and `covariance`, which tell most where people stand
everywhere between the ends, or the map's model and `kinds`, which tell most where they stand in clumps. In a larger one
a model with more factors is mixed in. Which it is, some of the known votes decide, hidden for the purpose.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from samsyn.algorithms.opinion_map import covariance, kinds, ordinal
from samsyn.algorithms.opinion_map.model import Model, fit
from samsyn.algorithms.opinion_map.votes import Bools, Floats, Votes, evenly

SHARE = 0.15
LEAST_VOTES = 7
DRAWS = 3
MOST_FACTORS = 2
FINE_FACTORS = 8  # a finer remainder, for expectations only: no map could show it
TRIALS = 4  # draws by which the map's factors are chosen
CLEARLY, BEYOND = 2.0, 1.0
MOST_PEOPLE = 1500  # in each trial; more do not make the answer surer, only slower
FINE_TRIALS = 2  # draws by which it is chosen what expectations are made finer by
QUICK = 160, 8  # draws of `ordinal` and rounds of `covariance` in these: enough to tell which way is better
SMALL = (200, 20_000, 100_000, 150)  # votes at least and at most, people × statements and statements at most
_INNER = 101  # the first draw by which anything is chosen; the error is measured on others

Keys = NDArray[np.uint64]


@dataclass(frozen=True, eq=False)
class Expectation:
    """What is expected of each person on each statement: the mean of what its models expect.

    `factors`: how many the map's model has; what makes expectations finer is not counted. `table`: the expected vote of
    everyone on everything, where the dialogue is small; it takes the models' place.
    """

    factors: int
    models: tuple[Model, ...]
    table: Floats | None = None

    def expect(self, person: NDArray[Any], statement: NDArray[Any]) -> Floats:
        """The expected vote, −1 (disagree) … 1 (agree), per pair of indices."""
        if self.table is not None:
            told: Floats = self.table[person, statement]
            return told
        found: Floats = np.mean([model.expect(person, statement) for model in self.models], axis=0)
        return found


def make_keys(ids: Iterable[object]) -> Keys:
    """A number per id that says nothing about its place."""
    return np.array(
        [int.from_bytes(hashlib.blake2b(str(one).encode(), digest_size=8).digest()) for one in ids], np.uint64
    )


def hide(votes: Votes, people: Keys, statements: Keys, draw: int) -> Bools:
    """Which votes are hidden: about 15 % of the votes of those who have cast seven or more. One truth per vote."""
    number = _mix(people[votes.person] ^ _mix(statements[votes.statement] + np.uint64(draw)))
    drawn = (number >> np.uint64(11)).astype(np.float64) / 2**53
    found: Bools = (drawn < SHARE) & (votes.per_person[votes.person] >= LEAST_VOTES)
    return found


def choose_factors(votes: Votes, people: Keys, statements: Keys, *, axes: int = 0) -> int:
    """How many factors (0 … 2) tell hidden votes best.

    Args:
        votes: what is known. people, statements: `make_keys` of their ids.
        axes: how many chance worlds leave standing. A factor for each of these stays unless hidden votes are told worse
            with it than without by more than `CLEARLY` times what draws differ: among twenty people so few votes are
            hidden that chance worlds see an axis long before they do. More factors than these there are only if hidden
            votes are told better by more than `BEYOND` times what draws differ: a factor that the votes do not carry
            shrinks to next to nothing, and then chance alone says which is the better by a hair.
    """
    here = evenly(np.arange(votes.people), MOST_PEOPLE)
    errors = _trials(votes.of(here), people[here], statements)
    if not len(errors):
        return axes
    for factors in range(MOST_FACTORS, axes, -1):
        better = errors[:, axes:factors] - errors[:, factors, None]
        if (better.mean(axis=0) > BEYOND * better.std(axis=0)).all():
            return factors
    best = int(errors[:, : axes + 1].mean(axis=0).argmin())
    for factors in range(axes, best, -1):
        worse = errors[:, factors] - errors[:, best]
        if worse.mean() <= CLEARLY * worse.std():
            return factors
    return best


def _trials(votes: Votes, people: Keys, statements: Keys) -> Floats:
    """The mean squared error on hidden votes with 0, 1 and 2 factors: draws × 3, without those that hide nothing."""
    errors = []
    for draw in range(_INNER, _INNER + TRIALS):
        hidden = hide(votes, people, statements, draw)
        if hidden.any() and not hidden.all():
            known, where = votes.where(~hidden), (votes.person[hidden], votes.statement[hidden])
            fits = [fit(known, factors) for factors in range(MOST_FACTORS + 1)]
            errors.append([float(((one.expect(*where) - votes.value[hidden]) ** 2).mean()) for one in fits])
    return np.array(errors)


def choose(votes: Votes, people: Keys, statements: Keys) -> Expectation:
    """The expectation that tells votes best, chosen by `votes` alone.

    Args:
        votes: what is known. people, statements: `make_keys` of their ids.
    """
    factors = choose_factors(votes, people, statements)
    least, most, cells, columns = SMALL
    if least <= len(votes) <= most and votes.people * votes.statements <= cells and votes.statements <= columns:
        return Expectation(factors, (), _choose_table(votes, people, statements, factors))
    models: tuple[Model, ...] = (fit(votes, factors),)
    hidden = hide(votes, people, statements, _INNER)
    if hidden.any() and not hidden.all():
        known, where = votes.where(~hidden), (votes.person[hidden], votes.statement[hidden])
        coarse, fine = (fit(known, number).expect(*where) for number in (factors, FINE_FACTORS))
        value = votes.value[hidden]
        if (((coarse + fine) / 2 - value) ** 2).mean() < ((coarse - value) ** 2).mean():
            models += (fit(votes, FINE_FACTORS),)
    return Expectation(factors, models)


def _choose_table(votes: Votes, people: Keys, statements: Keys, factors: int) -> Floats:
    """The table of everyone's expected votes on everything, in the way that tells known votes better."""
    spread = clumps = 0.0
    for draw in range(_INNER, _INNER + FINE_TRIALS):
        hidden = hide(votes, people, statements, draw)
        if hidden.any() and not hidden.all():
            known, value = votes.where(~hidden), votes.value[hidden]
            where = votes.person[hidden], votes.statement[hidden]
            spread += float(((_as_spread(known, *QUICK)[where] - value) ** 2).sum())
            clumps += float(((_as_clumps(known, factors)[where] - value) ** 2).sum())
    return _as_clumps(votes, factors) if clumps < spread else _as_spread(votes)


def _as_spread(votes: Votes, draws: int = ordinal.DRAWS, rounds: int = covariance.ROUNDS) -> Floats:
    pairs = np.clip(covariance.expect_all(votes, rounds=rounds), -1, 1)
    found: Floats = (ordinal.expect_all(votes, draws=draws) + pairs) / 2
    return found


def _as_clumps(votes: Votes, factors: int) -> Floats:
    lines = fit(votes, factors).expect(*np.indices((votes.people, votes.statements)))
    found: Floats = (lines + kinds.expect_all(votes)) / 2
    return found


def hidden_vote_error(votes: Votes, people: Keys, statements: Keys, *, draws: int = DRAWS) -> float | None:
    """The mean squared error on hidden votes, on −1/0/1; factors are chosen without them. None where none is hidden."""
    errors = []
    for draw in range(draws):
        hidden = hide(votes, people, statements, draw)
        if hidden.any() and not hidden.all():
            chosen = choose(votes.where(~hidden), people, statements)
            expected = chosen.expect(votes.person[hidden], votes.statement[hidden])
            errors.append(float(((expected - votes.value[hidden]) ** 2).mean()))
    return float(np.mean(errors)) if errors else None


def _mix(number: Keys) -> Keys:
    """Every bit of the result depends on every bit that went in (splitmix64, Steele, Lea & Flood 2014)."""
    with np.errstate(over="ignore"):
        number = number + np.uint64(0x9E3779B97F4A7C15)
        number = (number ^ (number >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        number = (number ^ (number >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        return number ^ (number >> np.uint64(31))

"""What each person would say to each statement: a term per statement, a term per person, and a few factors.

    vote(p, i) = level + statement(i) + tendency(p) + position(p) · direction(i) + noise

`tendency` is how readily somebody agrees with anything; it is kept apart from `position`, which is where they stand on
what separates people. The form is that of the bridging model of Community Notes; it is fitted by variational Bayes with
one variance per term (Lim & Teh 2007; Raiko, Ilin & Karhunen 2007), so that nothing has to be tuned: a term that the
votes do not carry shrinks to nothing by itself. Each round costs one pass over the votes per side.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from samsyn.algorithms.opinion_map.votes import Bools, Floats, Ints, Votes

ROUNDS = 6
_SMALLEST = 1e-4  # no variance gets smaller: an empty term must not divide by nothing
_START_NOISE = 0.45
_POWER = 4  # rounds of block power iteration for the first directions
_PLACING = 4  # rounds until it is settled where somebody stands
_ENOUGH_TO_START = 4000  # people whose votes tell where the first directions lie


@dataclass(frozen=True, eq=False)
class Side:
    """One side of the model, people or statements: the term alone in column 0, the factors in the rest.

    `mean` rows × (1 + factors); `spread` their covariances; `variance` what is expected of each column beforehand.
    """

    mean: Floats
    spread: Floats
    variance: Floats


@dataclass(frozen=True, eq=False)
class Model:
    """The fitted model. `noise` is the variance of a vote around what was expected."""

    level: float
    people: Side
    statements: Side
    noise: float

    @property
    def factors(self) -> int:
        return int(self.people.mean.shape[1]) - 1

    @property
    def tendency(self) -> Floats:
        """How much more readily each person agrees than others do, in votes."""
        return self.people.mean[:, 0]

    @property
    def positions(self) -> Floats:
        """Where each person stands, people × factors."""
        return self.people.mean[:, 1:]

    @property
    def directions(self) -> Floats:
        """What each statement separates, statements × factors."""
        return self.statements.mean[:, 1:]

    @property
    def spread(self) -> Floats:
        """How people's positions vary, and vary together: factors × factors."""
        if not len(self.positions):
            return np.zeros((self.factors, self.factors))
        return np.cov(self.positions, rowvar=False, bias=True).reshape(self.factors, self.factors)

    def expect(self, person: NDArray[Any], statement: NDArray[Any]) -> Floats:
        """The vote expected of each person on each statement, −1 (disagree) … 1 (agree)."""
        found = self.level + self.statements.mean[statement, 0] + self.people.mean[person, 0]
        for factor in range(1, self.factors + 1):
            found = found + self.people.mean[person, factor] * self.statements.mean[statement, factor]
        return np.clip(found, -1.0, 1.0)

    def place(self, statement: NDArray[Any], value: NDArray[Any]) -> tuple[Floats, Floats]:
        """Where somebody with these votes would stand: their terms (tendency, then factors) and their covariance.

        What is not known of the statements counts as noise of their votes, so that they pull less.
        """
        mean, spread = self.statements.mean[statement], self.statements.spread[statement]
        design = np.c_[np.ones(len(mean)), mean[:, 1:]]
        ahead = np.asarray(value, float) - self.level - mean[:, 0]
        terms, open_ = np.zeros(design.shape[1]), np.diag(self.people.variance)
        for _round in range(_PLACING if len(mean) else 0):
            at = np.r_[1.0, terms[1:]]
            unsure = np.einsum("ijk,jk->i", spread, np.outer(at, at) + _factors_only(open_))
            pull = design / (self.noise + unsure)[:, None]
            open_ = np.linalg.inv(pull.T @ design + np.diag(1 / self.people.variance))
            terms = open_ @ (pull.T @ ahead)
        return terms, open_


def _factors_only(covariance: Floats) -> Floats:
    found = covariance.copy()
    found[0] = found[:, 0] = 0.0
    return found


def fit(votes: Votes, factors: int, *, rounds: int = ROUNDS) -> Model:
    """Fit the model.

    Args:
        votes: people × statements; people and statements without votes get the terms of the average.
        factors: 0 or more; two are enough for a map, more only for finer expectations.
        rounds: how often each side is worked out from the other.
    """
    width = 1 + factors
    level = float(votes.value.mean(dtype=np.float64)) if len(votes) else 0.0
    sums = _Sums(votes)
    statements = _start(votes, factors, level)
    people = Side(np.zeros((votes.people, width)), np.zeros((votes.people, width, width)), _before(width, person=True))
    noise = _START_NOISE
    for _round in range(rounds if len(votes) else 1):
        people, _error = _solve(votes, sums.people, sums.statements, statements, people.variance, level, noise)
        statements, error = _solve(
            votes.by_statement, sums.statements, sums.people, people, statements.variance, level, noise
        )
        if len(votes):
            noise = max(error / len(votes), _SMALLEST)
            people, statements = _learn(people), _learn(statements)
    return _turn(Model(level, people, statements, noise))


class _Sums:
    """Per row of each side: how many votes there are, their sum and the sum of their squares."""

    def __init__(self, votes: Votes) -> None:
        self.people, self.statements = self._of(votes), self._of(votes.by_statement)

    @staticmethod
    def _of(votes: Votes) -> Floats:
        ones = np.ones(votes.statements, np.float32)
        squares = sp.csr_array((votes.value**2, votes.values.indices, votes.values.indptr), shape=votes.mask.shape)
        return np.c_[votes.mask @ ones, votes.values @ ones, squares @ ones].astype(np.float64)


def _before(width: int, *, person: bool) -> Floats:
    """Variances to begin with, from the conversations that the method was tried on."""
    return np.array([0.03 if person else 0.2] + [1.0 if person else 0.1] * (width - 1))


def _start(votes: Votes, factors: int, level: float) -> Side:
    """Statement terms, and directions along which what is left of the votes spreads most."""
    turned = votes.by_statement
    count = votes.per_statement
    term = np.asarray(turned.values.sum(axis=1)).ravel() - level * count
    term = term / (count + 3.0)
    mean = np.zeros((votes.statements, 1 + factors))
    mean[:, 0] = term
    width = min(factors, votes.people, votes.statements)
    if width and len(votes):
        mean[:, 1 : 1 + width] = _directions(votes, term + level, width)
    return Side(mean, np.zeros((votes.statements, 1 + factors, 1 + factors)), _before(1 + factors, person=False))


def _directions(votes: Votes, expected: Floats, width: int) -> Floats:
    """The first singular directions of the residuals, by block power iteration from a fixed start."""
    if votes.people > _ENOUGH_TO_START:
        votes = votes.of(np.linspace(0, votes.people - 1, _ENOUGH_TO_START).astype(np.int64))
    left = votes.value - expected.astype(np.float32)[votes.statement]
    tendency = np.bincount(votes.person, left, votes.people) / (votes.per_person + 5.0)
    left = (left - tendency.astype(np.float32)[votes.person]) / np.sqrt(votes.per_person + 5.0)[votes.person]
    rest = votes.with_values(left)
    ahead, back = rest.values, rest.by_statement.values
    block = np.random.default_rng(0).standard_normal((votes.statements, min(width + 4, votes.statements)))
    block = block.astype(np.float32)
    for _round in range(_POWER):
        block = np.linalg.qr(back @ (ahead @ block))[0]
    _left, _size, right = np.linalg.svd(ahead @ block, full_matrices=False)
    found: Floats = (block @ right.T)[:, :width].astype(np.float64) * (0.4 * np.sqrt(votes.statements))
    return found


def _solve(
    votes: Votes, sums: Floats, other_sums: Floats, other: Side, variance: Floats, level: float, noise: float
) -> tuple[Side, float]:
    """One side from the other: a small ridge regression per row, all at once; and the expected squared error.

    `votes` has the side that is solved as rows; `sums` and `other_sums` are the `_Sums` of either side.
    """
    width = other.mean.shape[1]
    design = other.mean.copy()
    design[:, 0] = 1.0
    term = other.mean[:, :1]
    first, second, inner = triangle(width)
    products = design[:, first] * design[:, second]
    products[:, inner] += other.spread[:, first[inner], second[inner]]
    ahead = term * design
    ahead[:, 1:] += other.spread[:, 0, 1:]
    # The first product is one for everybody, and its sum the count: it need not be summed again.
    summed = votes.mask @ np.c_[products[:, 1:], ahead].astype(np.float32)
    squares = np.empty((votes.people, width, width))
    squares[:, first, second] = np.c_[sums[:, 0], summed[:, : products.shape[1] - 1]]
    squares[:, second, first] = squares[:, first, second]
    found = np.c_[sums[:, 1], votes.values @ design[:, 1:].astype(np.float32)] - level * squares[:, 0, :]
    found -= summed[:, products.shape[1] - 1 :]
    weight = squares / noise
    weight[:, range(width), range(width)] += 1 / variance
    spread = _invert(weight)
    mean = np.einsum("ijk,ik->ij", spread, found) / noise
    fitted = np.einsum("ijk,ijk->", mean[:, :, None] * mean[:, None, :] + spread, squares)
    fitted -= 2 * np.einsum("ij,ij->", mean, found)
    return Side(mean, spread, variance), float(fitted) + _unexplained(other_sums, other, level)


@cache
def triangle(width: int) -> tuple[Ints, Ints, Bools]:
    """The pairs of a symmetric matrix, each once, and which of them are of two factors."""
    first, second = np.triu_indices(width)
    return first, second, (first > 0) & (second > 0)


def _unexplained(sums: Floats, other: Side, level: float) -> float:
    """The squares of what one side's terms alone leave; `sums` is the `_Sums` of that side."""
    count, total, squares = sums.T
    term = other.mean[:, 0]
    left = float((squares - 2 * level * total + level**2 * count).sum())
    return left - 2 * float(term @ (total - level * count)) + float(count @ (term**2 + other.spread[:, 0, 0]))


def _invert(matrices: Floats) -> Floats:
    """Inverses of many small symmetric matrices."""
    return np.linalg.inv(matrices)


def _learn(side: Side) -> Side:
    """The variance of each column, from what it became."""
    width = side.mean.shape[1]
    found = (side.mean**2 + side.spread[:, range(width), range(width)]).mean(axis=0)
    return Side(side.mean, side.spread, np.maximum(found, _SMALLEST))


def _turn(model: Model) -> Model:
    """The same model with factors that are uncorrelated, of unit size over people, the strongest first.

    The sign is chosen so that each direction's largest entry is positive.
    """
    width = model.factors
    if not width or not len(model.positions) or not len(model.directions):
        return model
    spread = model.spread + 1e-12 * np.eye(width)
    size, axes = np.linalg.eigh(spread)
    half = axes * np.sqrt(size) @ axes.T
    moment = half @ (model.directions.T @ model.directions) @ half
    _strength, best = np.linalg.eigh(moment)
    forth = np.linalg.solve(half, best[:, ::-1])  # positions @ forth
    back = half @ best[:, ::-1]  # directions @ back
    turned = model.directions @ back
    sign = np.sign(turned[np.abs(turned).argmax(axis=0), range(width)])
    sign[sign == 0] = 1.0
    return Model(
        model.level,
        _rotate(model.people, forth * sign),
        _rotate(model.statements, back * sign),
        model.noise,
    )


def widen(model: Model, votes: Votes) -> Model:
    """The same model with what is not known of people added to what is not known of the statements they voted on.

    The fit takes either side's terms as known while it works out the other's; that is quick, and surer than it should
    be. `Model.place` is honest only with a model that this has been done to.
    """
    turned = votes.by_statement
    person, mean, spread = turned.statement, model.people.mean, model.people.spread
    at = np.c_[np.ones(votes.statements), model.directions]
    shape = np.einsum("ij,ik->ijk", at, at) + model.statements.spread
    shape[:, 0, :] = shape[:, :, 0] = at  # the tendency's own weight is one, and known
    first, second, _inner = triangle(at.shape[1])
    double = np.where(first == second, 1.0, 2.0)
    pairs, shapes = spread[:, first, second] * double, shape[:, first, second]
    unsure = np.zeros(len(votes))
    for column in range(len(first)):
        unsure += pairs[person, column] * shapes[turned.person, column]
    weighed = turned.with_values(1 / (model.noise + unsure)).values
    design = np.c_[np.ones(votes.people), mean[:, 1:]]
    weight = np.empty(shape.shape)
    weight[:, first, second] = weighed @ (design[:, first] * design[:, second])
    weight[:, second, first] = weight[:, first, second]
    weight[:, range(at.shape[1]), range(at.shape[1])] += 1 / model.statements.variance
    statements = Side(model.statements.mean, _invert(weight), model.statements.variance)
    return Model(model.level, model.people, statements, model.noise)


def turn_like(model: Model, directions: Floats) -> Model:
    """The same model with its axes in the order and the way round of an earlier one.

    Args:
        directions: those of the earlier model, statements × factors, NaN where not known.
    """
    known = np.isfinite(directions).all(axis=1)
    width = model.factors
    if not width or not known.any() or not directions.shape[1]:
        return model
    ours, theirs = model.directions[known], directions[known]
    sizes = np.outer(np.linalg.norm(ours, axis=0), np.linalg.norm(theirs, axis=0))
    alike = ours.T @ theirs / np.maximum(sizes, 1e-12)
    order = range(width)
    if alike.shape == (2, 2) and abs(alike[0, 1]) + abs(alike[1, 0]) > abs(alike[0, 0]) + abs(alike[1, 1]):
        order = range(width)[::-1]
    turn = np.zeros((width, width))
    for place, factor in enumerate(order):
        fits = alike[factor, place] if place < alike.shape[1] else 1.0
        turn[factor, place] = -1.0 if fits < 0 else 1.0
    return Model(model.level, _rotate(model.people, turn), _rotate(model.statements, turn), model.noise)


def _rotate(side: Side, by: Floats) -> Side:
    whole = np.eye(by.shape[0] + 1)
    whole[1:, 1:] = by
    mean = side.mean @ whole
    spread = np.einsum("ji,pjk,kl->pil", whole, side.spread, whole, optimize=True)
    variance = np.r_[side.variance[0], np.diag(by.T @ np.diag(side.variance[1:]) @ by)]
    return Side(mean, spread, variance)

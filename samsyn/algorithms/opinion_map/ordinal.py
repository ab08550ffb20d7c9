"""What each person would say to each statement of a small dialogue, from many models that might be true.

    lean(p, i) = statement(i) + tendency(p) + position(p) · direction(i) + noise

and the vote is agree where the lean is above the statement's threshold, disagree where it is as far below, and pass
between them (an ordered probit). No single best fit is taken: terms and their variances are drawn in turn from what the
votes leave open (Albert & Chib 1993; Salakhutdinov & Mnih 2008), and the expectations of all draws are averaged. With
few votes that often tells hidden ones better than any one fit; with many the difference is small and the cost is not.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr, ndtri

from samsyn.algorithms.opinion_map.model import fit, triangle
from samsyn.algorithms.opinion_map.votes import Floats, Votes

FACTORS = 4
DRAWS, WARM_UP, EVERY = 260, 60, 2
_NARROWEST, _WIDEST = 0.005, 3.0
_FEW = 2.0  # a statement's share of passes is drawn towards that of all by so many votes


@dataclass
class _State:
    """One draw: terms in column 0, factors in the rest; the variances; each statement's threshold."""

    people: Floats
    statements: Floats
    spread: Floats  # of the statements' columns
    ready: float  # variance of the tendencies
    level: float
    threshold: Floats

    def lean(self) -> Floats:
        """Where everyone leans on everything, but for the noise: people × statements."""
        found: Floats = self.people[:, 1:] @ self.statements[:, 1:].T
        found += self.statements[:, 0]
        found += self.people[:, :1]
        return found


def expect_all(votes: Votes, factors: int = FACTORS, *, draws: int = DRAWS) -> Floats:
    """The expected vote of everyone on everything, −1 … 1: people × statements.

    Args:
        draws: of the terms, those of the warm-up among them; half of the rest are averaged.

    Cost grows with people × statements.
    """
    random = np.random.default_rng(0)
    passes = _passes(votes)
    now = _begin(votes, factors, passes)
    seen = votes.mask.toarray().astype(np.float64)
    summed, taken = np.zeros((votes.people, votes.statements)), 0
    for turn in range(draws):
        _draw(votes, seen, now, random)
        if turn % 5 == 0:
            _set_thresholds(votes, now, passes)
        if turn >= WARM_UP and turn % EVERY == 0:
            lean = now.lean()
            summed += ndtr(lean - now.threshold) - ndtr(-lean - now.threshold)
            taken += 1
    found: Floats = summed / taken
    return found


def _passes(votes: Votes) -> Floats:
    """The share of passes on each statement."""
    passed = np.bincount(votes.statement, votes.value == 0, votes.statements)
    whole = float(passed.sum()) / max(len(votes), 1)
    found: Floats = (passed + _FEW * whole) / (votes.per_statement + _FEW)
    return found


def _begin(votes: Votes, factors: int, passes: Floats) -> _State:
    first = fit(votes, factors)
    scale = np.sqrt(first.noise)
    statements = first.statements.mean / scale
    statements[:, 0] += first.level / scale
    spread = np.full(1 + factors, 0.5)
    threshold = np.clip(ndtri(0.5 + passes / 2), _NARROWEST, _WIDEST)
    return _State(first.people.mean / scale, statements, spread, 0.3, 0.0, threshold)


def _draw(votes: Votes, seen: Floats, now: _State, random: np.random.Generator) -> None:
    """Everything once, each part given the rest."""
    at = votes.person * votes.statements + votes.statement
    lean, width = now.lean().take(at), now.threshold[votes.statement]
    # Between which bounds somebody who voted so must lean: as chances, from which one is drawn and turned back.
    below = np.where(votes.value < 0, 0.0, ndtr(np.where(votes.value > 0, width, -width) - lean))
    above = np.where(votes.value > 0, 1.0, ndtr(np.where(votes.value < 0, -width, width) - lean))
    felt = np.zeros(seen.shape)
    felt.put(at, lean + ndtri(np.clip(below + (above - below) * random.random(len(lean)), 1e-9, 1 - 1e-9)))

    before = np.ones(now.people.shape[1])  # positions vary by one: their directions carry the size
    before[0] = now.ready
    now.people = _side(seen, felt - seen * now.statements[:, 0], now.statements, before, 0.0, random)
    left = felt - seen * now.people[:, :1]
    now.statements = _side(seen.T, left.T, now.people, now.spread, now.level, random)

    people, statements = max(votes.people, 1), max(votes.statements, 1)
    now.level = now.statements[:, 0].mean() + random.standard_normal() * np.sqrt(now.spread[0] / statements)
    now.ready = float(((now.people[:, 0] ** 2).sum() + 0.6) / random.chisquare(people + 2))
    away = now.statements - np.eye(1, now.statements.shape[1]) * now.level
    now.spread = ((away**2).sum(axis=0) + 0.3) / random.chisquare(statements + 2, now.statements.shape[1])


def _side(
    seen: Floats, left: Floats, other: Floats, before: Floats, level: float, random: np.random.Generator
) -> Floats:
    """The terms of the rows of `seen`, drawn given those of its columns; `left` is what they are to explain."""
    design = other.copy()
    design[:, 0] = 1.0
    width = design.shape[1]
    first, second, _inner = triangle(width)
    weight = np.empty((len(seen), width, width))
    weight[:, first, second] = seen @ (design[:, first] * design[:, second])
    weight[:, second, first] = weight[:, first, second]
    weight[:, range(width), range(width)] += 1 / before
    pulled = left @ design
    pulled[:, 0] += level / before[0]
    return _drawn(np.linalg.cholesky(weight), pulled, random.standard_normal(pulled.shape))


def _drawn(root: Floats, pulled: Floats, chance: Floats) -> Floats:
    """From the normal distribution whose weight (the inverse of its covariance) is root · rootᵀ, around weight⁻¹ ·
    pulled; one per row. `chance` is normal. Both are changed.

    Column by column for all rows at once: for so small matrices that is faster than solving them one by one.
    """
    width = pulled.shape[1]
    for column in range(width):
        pulled[:, column] /= root[:, column, column]
        pulled[:, column + 1 :] -= root[:, column + 1 :, column] * pulled[:, column, None]
    chance += pulled
    for column in range(width)[::-1]:
        chance[:, column] /= root[:, column, column]
        chance[:, :column] -= root[:, column, :column] * chance[:, column, None]
    return chance


def _set_thresholds(votes: Votes, now: _State, passes: Floats) -> None:
    """As wide that as many are expected to pass as did."""
    lean, met = now.lean().take(votes.person * votes.statements + votes.statement), np.maximum(votes.per_statement, 1)
    for _round in range(2):
        width = now.threshold[votes.statement]
        chance = ndtr(width - lean) - ndtr(-width - lean)
        expected = np.bincount(votes.statement, chance, votes.statements) / met
        ahead = np.where(votes.per_statement > 0, (passes / np.maximum(expected, 1e-6)) ** 0.7, 1.0)
        now.threshold = np.clip(now.threshold * ahead, _NARROWEST, _WIDEST)

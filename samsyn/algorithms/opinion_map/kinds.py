"""What each person would say to each statement of a small dialogue, had everyone been one of a few kinds of people.

Those of one kind answer each statement with the same chances of agree, pass and disagree, which differ from kind to
kind (latent classes: Lazarsfeld & Henry 1968). Who is of which kind, how large each is and how it answers is drawn in
turn from what the votes leave open (Diebolt & Robert 1994), from several random beginnings, and what is expected in
all draws is averaged. Where people do stand in clumps that tells hidden votes better than any line can; a kind that
nobody is of costs nothing, and none of them is ever shown as a group.
"""

from __future__ import annotations

import numpy as np
import scipy.sparse as sp

from samsyn.algorithms.opinion_map.votes import Floats, Ints, Votes

KINDS, BEGINNINGS = 4, 4
DRAWS, WARM_UP = 80, 40
_ALIKE = 2.0  # how a kind answers a statement is drawn towards how all do by so many votes
_COOLING = 0.6  # of the warm-up, in which votes count less at first, so that no beginning holds fast
_LEAST = 1e-12  # no chance gets smaller: its logarithm is taken
_FEW = 2.0  # how all answer a statement is drawn towards how all answer all by so many votes


def expect_all(votes: Votes) -> Floats:
    """The expected vote of everyone on everything, −1 … 1: people × statements. Cost grows with the votes."""
    random = np.random.default_rng(0)
    people, statements = votes.people, votes.statements
    answer = votes.statement.astype(np.int64) * 3 + votes.value.astype(np.int64) + 1
    shape = (people, 3 * statements)
    ahead = sp.csr_array((np.ones(len(votes)), (votes.person, answer)), shape=shape)
    back = ahead.T.tocsr()
    usual = _ALIKE * _usual(np.bincount(answer, minlength=shape[1]).reshape(statements, 3))[:, :, None]
    chance = np.full((people, BEGINNINGS, KINDS), 1 / KINDS)
    summed = np.zeros((people, statements))
    for turn in range(DRAWS):
        kind = _one_of(chance, random)
        given = (back @ kind.reshape(people, -1)).reshape(statements, 3, -1) + usual
        drawn = random.standard_gamma(given)
        answers = np.log(np.maximum(drawn / drawn.sum(axis=1, keepdims=True), _LEAST))
        fits = (ahead @ answers.reshape(shape[1], -1)).reshape(chance.shape)
        sizes = np.maximum(random.standard_gamma(kind.sum(axis=0) + 1 / KINDS), _LEAST)
        fits += np.log(sizes / sizes.sum(axis=1, keepdims=True))
        fits *= min(1.0, 0.2 + turn / (_COOLING * WARM_UP))
        chance = np.exp(fits - fits.max(axis=2, keepdims=True))
        chance /= chance.sum(axis=2, keepdims=True)
        if turn >= WARM_UP:
            vote = (given[:, 2] - given[:, 0]) / given.sum(axis=1)
            summed += chance.reshape(people, -1) @ vote.T
    return summed / ((DRAWS - WARM_UP) * BEGINNINGS)


def _usual(counts: Ints) -> Floats:
    """The share of disagree, pass and agree on each statement: statements × 3."""
    whole = (counts.sum(axis=0) + 1) / (float(counts.sum()) + 3)
    found: Floats = (counts + _FEW * whole) / (counts.sum(axis=1, keepdims=True) + _FEW)
    return found


def _one_of(chance: Floats, random: np.random.Generator) -> Floats:
    """One kind for each person in each of the runs, drawn by these chances: a one there, noughts elsewhere."""
    at = (chance.cumsum(axis=2) < random.random((*chance.shape[:2], 1))).sum(axis=2)
    found: Floats = np.eye(chance.shape[2])[np.minimum(at, chance.shape[2] - 1)]
    return found

"""What each person would say to each statement of a small dialogue, from how statements go together in pairs.

Everyone's votes are taken as one draw from a normal distribution over the statements, its mean and covariance estimated
by expectation and maximisation over what was not voted on (Dempster, Laird & Rubin 1977). The covariance is drawn
towards one in which all statements go together alike, by as many people as `PRIOR` says (Ledoit & Wolf 2004 give the
reason). Unlike a few factors it also holds what only two statements share.
"""

from __future__ import annotations

import numpy as np

from samsyn.algorithms.opinion_map.votes import Floats, Votes

PRIOR = 80.0
ROUNDS = 15
_LEAST = 0.01  # variance that every statement has of its own, also where all answer all alike


def expect_all(votes: Votes, *, rounds: int = ROUNDS) -> Floats:
    """The expected vote of everyone on everything: people × statements. Each round solves one system per person."""
    people, statements = votes.people, votes.statements
    met = np.split(votes.statement, votes.mask.indptr[1:-1]) if people else []
    cast = np.split(votes.value.astype(np.float64), votes.mask.indptr[1:-1]) if people else []
    level = float(votes.value.mean(dtype=np.float64)) if len(votes) else 0.0
    summed = np.bincount(votes.statement, votes.value - level, statements)
    middle = level + summed / (votes.per_statement + 1.0)
    together = np.eye(statements) * 0.35 + 0.05
    away = np.zeros((people, statements))
    for turn in range(rounds + 1):
        open_ = np.zeros((statements, statements))
        for person, (at, value) in enumerate(zip(met, cast, strict=True)):
            if not len(at):
                open_ += together
                continue
            half = together[at]
            pull = np.linalg.solve(half[:, at], half)
            away[person] = pull.T @ (value - middle[at])
            open_ += together - half.T @ pull
        if turn == rounds:
            break
        scatter = open_ + away.T @ away
        middle = middle + away.sum(axis=0) / (people + 1)
        together = (scatter + PRIOR * _alike(scatter / max(people, 1))) / (people + PRIOR)
    return middle + away


def _alike(covariance: Floats) -> Floats:
    """The same with every pair going together alike, and variances halfway to their mean."""
    size = len(covariance)
    own = np.diag(covariance)
    pair = (covariance.sum() - own.sum()) / max(size * (size - 1), 1)
    found: Floats = np.full((size, size), pair)
    found[np.diag_indices(size)] = (own + own.mean()) / 2 + _LEAST if size else own
    return found

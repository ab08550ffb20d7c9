"""Chance worlds to compare with: the same people meeting the same statements, but with other votes."""

from __future__ import annotations

import numpy as np

from samsyn.algorithms.opinion_map.model import Model
from samsyn.algorithms.opinion_map.votes import Floats, Votes


def shuffle(votes: Votes, random: np.random.Generator) -> Votes:
    """Votes dealt out anew within each statement: who voted on what and how a statement fared stay, nothing else."""
    turned = votes.by_statement
    order = np.lexsort((random.random(len(votes)), turned.person))
    dealt = turned.with_values(turned.value[order])
    return dealt.back()


def resample_smooth(votes: Votes, model: Model, random: np.random.Generator) -> Votes:
    """Votes as the model has it, had people's positions been spread evenly around the middle (normal) with no gaps.

    Each statement keeps its share of passes, each person their tendency.
    """
    width = model.factors
    spread = model.positions.T @ model.positions / max(votes.people, 1) + model.people.spread[:, 1:, 1:].mean(axis=0)
    positions = random.standard_normal((votes.people, width)) @ np.linalg.cholesky(spread + 1e-9 * np.eye(width)).T
    person, statement = votes.person, votes.statement
    expected: Floats = model.level + model.statements.mean[statement, 0] + model.tendency[person]
    for factor in range(width):
        expected = expected + positions[person, factor] * model.directions[statement, factor]
    passed = np.bincount(statement, votes.value == 0, votes.statements) / np.maximum(votes.per_statement, 1)
    rest = 1 - passed[statement]
    expected = np.clip(expected, -rest, rest)
    drawn = random.random(len(votes))
    agreed = drawn < passed[statement] + (rest + expected) / 2
    return votes.with_values(np.where(drawn < passed[statement], 0, np.where(agreed, 1, -1)))

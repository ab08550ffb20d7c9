"""Groups as Polis would find them, for those who want to compare: the same recipe, without its chance.

After Small, Björkegren, Erkkilä, Shaw & Megill 2021 and the published mathematics of Polis. Kept: votes imputed by the
statement's mean, two principal components, positions stretched for those who have voted on little, up to a hundred base
clusters, 2 … 5 groups by the silhouette, and columns of removed statements that count as votes. Left out: starts that
depend on the order of people, and memory of earlier runs. It always finds groups, also in noise: see `groups` for what
may be shown.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import scipy.sparse as sp

from samsyn.algorithms.opinion_map.clusters import Clusters, divide
from samsyn.algorithms.opinion_map.votes import Bools, Floats, Ints, Votes

LEAST_VOTES, LEAST_PEOPLE = 7, 15
_BASE = 100
_STEPS = 40


@dataclass(frozen=True, eq=False)
class PolisMap:
    """Each person's group, −1 where not placed, and position; and how many groups there are."""

    labels: Ints
    positions: Floats
    count: int


def draw_polis_map(votes: Votes, removed: Bools) -> PolisMap:
    """Draw the map as Polis does.

    Args:
        votes: people × statements, those on removed statements too.
        removed: one truth per statement: it was moderated out.
    """
    positions = _project(votes, removed)
    here = np.flatnonzero(_belonging(votes))
    labels = np.full(votes.people, -1, np.int64)
    points = positions[here]
    if not len(here) or not np.ptp(points, axis=0).any():
        labels[here] = 0  # where nobody stands apart, all who belong are one group
        return PolisMap(labels, positions, int(len(here) > 0))
    base = divide(points, min(_BASE, len(np.unique(points, axis=0))))
    most = min(5, 2 + base.count // 12)
    options = [divide(base.centres, count, base.sizes.astype(float)) for count in range(2, most + 1)]
    best = max(options, key=lambda option: (round(_silhouette(base.centres, option), 9), -option.count))
    found = best.labels[base.labels]
    order = np.argsort(-np.bincount(found, minlength=best.count), kind="stable")
    labels[here] = np.argsort(order)[found]
    return PolisMap(labels, positions, best.count)


def _belonging(votes: Votes) -> Bools:
    """Who is grouped: those with seven votes; were they fewer than fifteen, the most active up to fifteen."""
    count = votes.per_person
    found: Bools = count >= min(LEAST_VOTES, votes.statements)
    if found.sum() < LEAST_PEOPLE:
        found[np.argsort(-count, kind="stable")[:LEAST_PEOPLE]] = True
        found &= count > 0
    return found


def _project(votes: Votes, removed: Bools) -> Floats:
    """Positions on the two first components of the centred votes."""
    value, statement = votes.value, votes.statement
    middle = np.bincount(statement, value, votes.statements) / np.maximum(votes.per_statement, 1)
    left = np.where(removed[statement], 0.0, value - middle[statement])
    rows = sp.csr_array((left, votes.mask.indices, votes.mask.indptr), shape=votes.mask.shape)
    axes = np.zeros((votes.statements, 2))
    if not len(votes):
        return rows @ axes
    found = _components(rows)
    axes[:, : found.shape[1]] = found
    sign = np.sign(axes[np.abs(axes).argmax(axis=0), range(axes.shape[1])])
    seen = np.bincount(votes.person, ~removed[statement], votes.people) + removed.sum()
    stretch = np.sqrt(votes.statements / np.maximum(seen, 1))
    positions: Floats = (rows @ (axes * sign)) * stretch[:, None]
    return positions


def _components(rows: Any) -> Floats:
    """The first two principal components, by Lanczos' method from a fixed start: statements × 2 or fewer.

    Forty steps are exact for so many statements, and far beyond what can be seen for more.
    """
    width = rows.shape[1]
    found = np.zeros((min(_STEPS, width), width))
    turned = rows.T.tocsr()
    now = np.cos(np.arange(width) * 1.7) + 0.1  # anything that is not at right angles to what is looked for
    reached = 0
    for step in range(len(found)):
        found[step] = now / np.linalg.norm(now)
        reached = step + 1
        now = turned @ (rows @ found[step])
        size = np.linalg.norm(now)
        for _twice in range(2):
            now = now - found[:reached].T @ (found[:reached] @ now)
        if np.linalg.norm(now) <= 1e-10 * size or size == 0:
            break
    basis = found[:reached]
    within = basis @ (turned @ (rows @ basis.T))
    best: Floats = basis.T @ np.linalg.eigh((within + within.T) / 2)[1][:, ::-1][:, :2]
    return best


def _silhouette(points: Floats, clusters: Clusters) -> float:
    """The mean silhouette; one who is alone counts nought."""
    apart = np.sqrt(np.maximum(((points[:, None, :] - points[None, :, :]) ** 2).sum(axis=2), 0.0))
    member = clusters.labels[:, None] == np.arange(clusters.count)
    size = member.sum(axis=0)
    summed = apart @ member
    own = summed[member] / np.maximum(size[clusters.labels] - 1, 1)
    other = np.where(member, np.inf, summed / size).min(axis=1)
    found = np.where(size[clusters.labels] > 1, (other - own) / np.maximum(np.maximum(own, other), 1e-12), 0.0)
    return float(found.mean())

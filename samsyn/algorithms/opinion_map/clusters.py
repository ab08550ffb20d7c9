"""k-means on positions: the same clusters whatever the order of restarts, from fixed seeds."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from samsyn.algorithms.opinion_map.votes import Floats, Ints

STARTS = 4
_ROUNDS = 40
_FINE = 48  # cells per side in which many points are taken together
_MANY = 3000  # from so many points on


@dataclass(frozen=True, eq=False)
class Clusters:
    """Points divided into k: each one's cluster, the centres, and how much of the spread lies between them (0 … 1)."""

    labels: Ints
    centres: Floats
    explained: float

    @property
    def count(self) -> int:
        return len(self.centres)

    @property
    def sizes(self) -> Ints:
        return np.bincount(self.labels, minlength=self.count)


def divide(points: Floats, count: int, weights: Floats | None = None) -> Clusters:
    """Divide points into `count` clusters by k-means (Lloyd), the best of a few seeded starts.

    Args:
        points: n × dimensions.
        count: 1 … n. Fewer come back where fewer points are distinct.
        weights: how many each point stands for; one each where left out.

    The largest cluster comes first; cost grows with n × count.
    """
    amounts = np.ones(len(points)) if weights is None else weights
    spots, mass = _together(points) if weights is None else (points, weights)
    settled, errors = _settle(spots, mass, _spread_out(spots, mass, count))
    # The first of those that are equal but for rounding, so that the choice does not hang on the last bit.
    rounding = 1e-9 * float((mass[:, None] * spots**2).sum())
    best = settled[int(np.flatnonzero(errors <= errors.min() + rounding)[0])]
    labels = nearest(points, best)
    used, labels = np.unique(labels, return_inverse=True)
    order = np.lexsort((*best[used].T[::-1], -np.bincount(labels, amounts)))
    labels = np.argsort(order)[labels]
    centres = best[used][order]
    middle = np.average(points, axis=0, weights=amounts)
    total = float((amounts[:, None] * (points - middle) ** 2).sum())
    within = float((amounts[:, None] * (points - centres[labels]) ** 2).sum())
    return Clusters(labels.astype(np.int64), centres, 1 - within / total if total > 0 else 0.0)


def nearest(points: Floats, centres: Floats) -> Ints:
    """The nearest centre of each point."""
    return _nearest(points.T, centres[None])[0][0]


def _nearest(columns: Floats, centres: Floats) -> tuple[Ints, Floats]:
    """Per start, each point's nearest centre, and half the squared distance to it less half the point's own square.

    One centre after the other: with few centres that is much faster than a table of all distances.
    """
    height = (centres**2).sum(axis=2) / 2
    least = height[:, :1] - centres[:, 0] @ columns
    labels = np.zeros(least.shape, np.int64)
    for number in range(1, centres.shape[1]):
        distance = height[:, number : number + 1] - centres[:, number] @ columns
        labels[distance < least] = number
        np.minimum(least, distance, out=least)
    return labels, least


def _together(points: Floats) -> tuple[Floats, Floats]:
    """Where there are many, points of one cell of a fine net become one with their number as weight."""
    if len(points) < _MANY:
        return points, np.ones(len(points))
    low, high = np.percentile(points, [0.5, 99.5], axis=0)
    cell = np.clip((points - low) / np.maximum(high - low, 1e-12) * _FINE, 0, _FINE - 1).astype(np.int64)
    number = cell[:, 0]
    for column in range(1, points.shape[1]):
        number = number * _FINE + cell[:, column]
    _cells, home = np.unique(number, return_inverse=True)
    weights = np.bincount(home).astype(float)
    spots = np.stack([np.bincount(home, points[:, column]) for column in range(points.shape[1])], axis=1)
    return spots / weights[:, None], weights


def _spread_out(points: Floats, weights: Floats, count: int) -> Floats:
    """First centres far from each other (k-means++, Arthur & Vassilvitskii 2007): starts × count × dimensions."""
    at = np.stack([np.random.default_rng(seed).random(count) for seed in range(STARTS)])
    chosen = np.empty((STARTS, count), np.int64)
    distance = np.ones((STARTS, len(points)))
    for number in range(count):
        summed = np.cumsum(weights * distance, axis=1)
        reached = summed <= (at[:, number] * summed[:, -1])[:, None]
        chosen[:, number] = np.minimum(reached.sum(axis=1), len(points) - 1)
        away = sum((column - column[chosen[:, number], None]) ** 2 for column in points.T)
        distance = np.minimum(distance, away) if number else away
    return points[chosen]


def _settle(points: Floats, weights: Floats, centres: Floats) -> tuple[Floats, Floats]:
    """Lloyd's rounds for all starts at once: centres starts × k × dimensions, and each start's error."""
    starts, count, _width = centres.shape
    columns = np.ascontiguousarray(points.T)
    sums = [np.tile(weights * column, starts) for column in columns]
    repeated = np.tile(weights, starts)
    moving = np.arange(starts)  # a start whose labels stay as they were is done
    before = np.full((starts, len(points)), -1)
    for _round in range(_ROUNDS):
        labels, _least = _nearest(columns, centres[moving])
        changed = (labels != before[moving]).any(axis=1)
        before[moving] = labels
        moving, labels = moving[changed], labels[changed]
        if not len(moving):
            break
        flat = (labels + np.arange(len(moving))[:, None] * count).ravel()
        size = np.bincount(flat, repeated[: len(flat)], len(moving) * count)
        for column, part in enumerate(sums):
            summed = np.bincount(flat, part[: len(flat)], len(moving) * count)
            moved = np.divide(summed, size, out=centres[moving, :, column].ravel(), where=size > 0)
            centres[moving, :, column] = moved.reshape(-1, count)
    _labels, least = _nearest(columns, centres)
    error = (weights * ((columns**2).sum(axis=0) + 2 * least)).sum(axis=1)
    return centres, error

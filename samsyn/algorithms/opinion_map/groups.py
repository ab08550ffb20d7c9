"""Groups of people who vote alike, named only where the votes carry them.

k-means finds groups in anything. Three questions are asked before one is shown. Is there an axis at all? Do the groups
explain more of people's positions than they would if people were spread along the same axes without gaps (a parametric
bootstrap: votes are drawn anew from the fitted model with normal positions, and everything is done once more)? And does
the same group come back when other people of the same kind had answered, and a fifth of the votes had never been cast
(Hennig 2007, mean Jaccard similarity over bootstrap samples: under 0.6 it is no group, from 0.75 it is firm)?

How many groups there are is proposed by how far they stand out, and settled by what comes back: fewer are taken where
all of those are firm and the weakest of them comes back clearly more often than the weakest of these. A camp that the
chance answers of a few cut in two stands out on a small map, but the cut lies elsewhere in every sample. Groups that
are as many as proposed, but hard to tell apart, are hardly less firm than any fewer: they stay.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from samsyn.algorithms.opinion_map.clusters import Clusters, divide
from samsyn.algorithms.opinion_map.letters import letter_of
from samsyn.algorithms.opinion_map.model import Model, fit
from samsyn.algorithms.opinion_map.shuffles import resample_smooth
from samsyn.algorithms.opinion_map.votes import Bools, Floats, Ints, Votes, evenly

LEAST_VOTES = 7  # with fewer somebody is not placed
COUNTS = (2, 3, 4, 5)
LEVEL = 0.05
WORLDS = 59
RESAMPLES = 40
TENTATIVE, FIRM = 0.6, 0.75
FIRMER = 0.15  # by so much more must the weakest of fewer groups come back to be taken instead: from tentative to firm
KEPT = 0.8  # of the votes, in each sample
MOST_PEOPLE = 1500  # in each chance world; more do not make the answer surer, only slower
MOST_RESAMPLED = 4000
_ROUNDS = 4
_NOISE = 2.0  # how far the logarithm of what is left varies from crowd to crowd, by the root of their number
# What 2, 3, 4 and 5 clusters explain of a normal crowd whose width is 0, 0.1 … 1 of its length.
_EVEN = (
    (0.6363, 0.8093, 0.8810, 0.9190),
    (0.6300, 0.8013, 0.8727, 0.9104),
    (0.6118, 0.7780, 0.8482, 0.8842),
    (0.5838, 0.7425, 0.8093, 0.8437),
    (0.5486, 0.6978, 0.7605, 0.7964),
    (0.5091, 0.6476, 0.7162, 0.7643),
    (0.4680, 0.5953, 0.6913, 0.7392),
    (0.4272, 0.5585, 0.6700, 0.7202),
    (0.3882, 0.5452, 0.6535, 0.7063),
    (0.3517, 0.5390, 0.6420, 0.6961),
    (0.3184, 0.5371, 0.6367, 0.6929),
)

NOBODY = -1


@dataclass(frozen=True, eq=False)
class Groups:
    """The groups that the votes carry, the largest first; none where they carry none.

    `labels`: each person's group, −1 where not placed. `stability`: per group, how much of it came back (0 … 1).
    `chance`: how often people without groups would have looked as grouped.
    """

    labels: Ints
    stability: tuple[float, ...]
    chance: float
    names: tuple[str, ...] = ()

    @property
    def letters(self) -> tuple[str, ...]:
        """The name of each group: those given (`names`), or A for the largest, then B …"""
        return self.names or tuple(map(letter_of, range(self.count)))

    @property
    def count(self) -> int:
        return len(self.stability)

    @property
    def sizes(self) -> Ints:
        return np.bincount(self.labels[self.labels >= 0], minlength=self.count)

    def firmness(self, group: int) -> str:
        return "firm" if self.stability[group] >= FIRM else "tentative"


def placed(votes: Votes) -> Bools:
    """Who has voted on enough statements to be placed: seven, or all there are."""
    found: Bools = votes.per_person >= max(1, min(LEAST_VOTES, int((votes.per_statement > 0).sum())))
    return found


def least_size(people: int) -> float:
    """A group is at least so many of the people who were placed: five, and a twentieth."""
    return max(5.0, people / 20)


def map_positions(model: Model) -> Floats:
    """Positions in votes: each axis as long as it matters for what people answer."""
    return model.positions * np.sqrt((model.directions**2).sum(axis=0) / max(len(model.directions), 1))


def no_groups(votes: Votes, chance: float = 1.0) -> Groups:
    """Nobody in any group."""
    return Groups(np.full(votes.people, NOBODY, np.int64), (), chance)


def divisions(votes: Votes, model: Model) -> list[Clusters]:
    """The placed people divided into 2, 3, 4 and 5, whatever that is worth."""
    points = map_positions(model)[placed(votes)]
    return [divide(points, count) for count in COUNTS if len(points) >= 2 * count and model.factors]


def propose(points: Floats, divided: list[Clusters]) -> Clusters | None:
    """The division (of these points) that stands out most from an even crowd of the same outline; None without any.

    What is left unexplained is compared as a ratio (the gap statistic of Tibshirani, Walther & Hastie 2001, and their
    rule: the first number from which one more does not stand out further, beyond the noise).
    """
    if not divided:
        return None
    even = _even_crowd(points)[: len(divided)]
    gap = np.log(1 - even) - np.log([max(1 - one.explained, 1e-12) for one in divided])
    noise = _NOISE / np.sqrt(len(points))
    enough = np.append(gap[:-1] >= gap[1:] - noise, True)
    return divided[int(enough.argmax())]


def find_groups(votes: Votes, model: Model, *, worlds: int = WORLDS, resamples: int = RESAMPLES) -> Groups:
    """Find the groups, or none.

    Args:
        votes: people × statements; call it only where there is an axis (`axes.find_axes`).
        model: fitted to these votes, with as many factors as the map has.
        worlds: votes without groups to compare with. resamples: samples of people and votes for the stability.
    """
    divided = divisions(votes, model)
    proposed = propose(map_positions(model)[placed(votes)], divided)
    here = evenly(np.flatnonzero(placed(votes)), MOST_PEOPLE)
    if proposed is None or len(here) < 4 * COUNTS[0] + 2:
        return no_groups(votes)
    some = votes.of(here)
    ours = fit(some, model.factors, rounds=_ROUNDS)
    random = np.random.default_rng(0)
    curves = [_explained(some, ours)]
    for _world in range(worlds):
        drawn = resample_smooth(some, ours, random)
        curves.append(_explained(drawn, fit(drawn, model.factors, rounds=_ROUNDS)))
    chance = _chance(np.array(curves))
    if chance > LEVEL:
        return no_groups(votes, chance)
    return _settle(votes, model, [one for one in divided if one.count <= proposed.count], chance, resamples)


def _explained(votes: Votes, model: Model) -> Floats:
    """How much of the positions 2, 3, 4 and 5 clusters explain; as far as there are people enough."""
    return np.array([found.explained for found in divisions(votes, model)])


def _chance(curves: Floats) -> float:
    """How often chance worlds (rows from 1) look as grouped as the votes (row 0), at whichever number that is most."""
    left = np.log(np.maximum(1 - curves, 1e-12))
    gap, scale = left[1:].mean(axis=0) - left, np.maximum(left[1:].std(axis=0), 1e-12)
    most = (gap / scale).max(axis=1)
    return float((most >= most[0] - 1e-12).mean())


def _settle(votes: Votes, model: Model, divided: list[Clusters], chance: float, resamples: int) -> Groups:
    """The groups that one of these divisions is, after a look at which clusters come back.

    Args:
        divided: by rising number; the last is the one proposed.
    """
    here = np.flatnonzero(placed(votes))
    few = evenly(np.arange(len(here)), MOST_RESAMPLED)
    some = [Clusters(one.labels[few], one.centres, one.explained) for one in divided]
    stability = _stability(votes.of(here[few]), model.factors, some, resamples)
    weakest = np.array([one.min() for one in stability])
    firmer = weakest.max() >= max(FIRM, weakest[-1] + FIRMER)
    chosen = int(weakest.argmax()) if firmer else len(divided) - 1
    return as_groups(votes, divided[chosen], stability[chosen], chance)


def as_groups(votes: Votes, clusters: Clusters, stability: Floats, chance: float) -> Groups:
    """The clusters of the placed people that are large enough and come back; what is left over stays unplaced."""
    here = np.flatnonzero(placed(votes))
    kept = np.flatnonzero((clusters.sizes >= least_size(len(here))) & (stability >= TENTATIVE))
    if len(kept) < 2:
        return no_groups(votes, chance)
    place = np.full(clusters.count, NOBODY)
    place[kept] = np.arange(len(kept))
    labels = np.full(votes.people, NOBODY, np.int64)
    labels[here] = place[clusters.labels]
    return Groups(labels, tuple(stability[kept].tolist()), chance)


def _stability(votes: Votes, factors: int, divided: list[Clusters], resamples: int) -> list[Floats]:
    """Of each division, the mean Jaccard similarity of each cluster with the one most like it, with other people and
    fewer votes.

    Each sample has as many people, drawn with replacement, and some of their votes.
    """
    random = np.random.default_rng(1)
    found = [np.zeros(one.count) for one in divided]
    for _round in range(resamples):
        drawn = np.sort(random.integers(0, votes.people, votes.people))
        some = votes.of(drawn)
        some = some.where(random.random(len(some)) < KEPT)
        points = map_positions(fit(some, factors, rounds=_ROUNDS))
        for clusters, back in zip(divided, found, strict=True):
            back += _likeness(clusters.labels[drawn], divide(points, clusters.count).labels, clusters.count)
    return [back / resamples for back in found]


def _likeness(labels: Ints, others: Ints, count: int) -> Floats:
    """Jaccard's similarity of each of so many clusters with the one most like it in another division of these people.

    Nought for a cluster of which nobody is here.
    """
    both = np.zeros((count, others.max() + 1))
    np.add.at(both, (labels, others), 1.0)
    either = both.sum(axis=1, keepdims=True) + both.sum(axis=0, keepdims=True) - both
    found: Floats = (both / np.maximum(either, 1.0)).max(axis=1)
    return found


def _even_crowd(points: Floats) -> Floats:
    """How much 2, 3, 4 and 5 clusters explain of a crowd without gaps (normal) that is as long and wide as this one."""
    outline = np.linalg.eigvalsh(np.cov(points, rowvar=False, bias=True).reshape(points.shape[1], -1))
    narrow = np.sqrt(max(outline[0], 0.0) / outline[-1]) if len(outline) > 1 and outline[-1] > 0 else 0.0
    steps = np.linspace(0, 1, len(_EVEN))
    return np.array([np.interp(narrow, steps, column) for column in zip(*_EVEN, strict=True)])

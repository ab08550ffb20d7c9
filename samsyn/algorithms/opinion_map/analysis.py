"""The whole analysis of a dialogue: first the map, then how sure one can be of it."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from samsyn.algorithms.opinion_map.axes import Axes, find_axes
from samsyn.algorithms.opinion_map.clusters import Clusters
from samsyn.algorithms.opinion_map.expectation import MOST_FACTORS, Keys, choose_factors, make_keys
from samsyn.algorithms.opinion_map.groups import (
    Groups,
    divisions,
    find_groups,
    map_positions,
    no_groups,
    placed,
    propose,
)
from samsyn.algorithms.opinion_map.letters import Previous, name_groups
from samsyn.algorithms.opinion_map.model import Model, fit, turn_like, widen
from samsyn.algorithms.opinion_map.shares import Counts, count, count_groups
from samsyn.algorithms.opinion_map.statements import (
    Common,
    Finding,
    Mark,
    find_consensus,
    find_divisive,
    find_hardly_seen,
    find_marks,
    find_unsure,
)
from samsyn.algorithms.opinion_map.votes import Bools, Floats, Votes

AGREEABLE = 0.7  # correlation from which the first axis is mainly a readiness to agree


@dataclass(frozen=True, eq=False)
class Map:
    """What is computed at once: the model, everyone's position (people × factors), and the votes per statement.

    `divided` are 2 … 5 clusters of the placed people, `proposed` the one of them that would be shown; worth something
    only where `groups` says so.
    """

    model: Model
    positions: Floats
    placed: Bools
    counts: Counts
    divided: list[Clusters]
    proposed: Clusters | None


@dataclass(frozen=True, eq=False)
class Analysis:
    """Everything that may be said about a dialogue. Indices are those of the votes.

    The map has as many factors as tell hidden votes; there are never more axes than that.
    """

    map: Map
    axes: Axes
    groups: Groups
    per_group: list[Counts]
    consensus: list[Common]
    divisive: list[Finding]
    unsure: list[Finding]
    hardly_seen: list[int]
    marks: list[Mark]
    agreeable: float


def draw_map(votes: Votes, *, factors: int = MOST_FACTORS, previous: Previous | None = None) -> Map:
    """Positions, clusters and counts, without a word about how sure they are. Cost grows with the number of votes.

    Args:
        previous: an earlier analysis, whose map this one is turned like.
    """
    model = fit(votes, factors)
    if previous is not None and previous.directions is not None:
        model = turn_like(model, previous.directions)
    positions, here, divided = map_positions(model), placed(votes), divisions(votes, model)
    return Map(model, positions, here, count(votes), divided, propose(positions[here], divided))


def analyse(
    votes: Votes, drawn: Map | None = None, *, previous: Previous | None = None, keys: tuple[Keys, Keys] | None = None
) -> Analysis:
    """Analyse the votes on the statements that are part of the result.

    Args:
        votes: people × statements.
        drawn: the map with two factors, where it has been drawn already.
        previous: an earlier analysis of the same dialogue: groups keep their letters, the map its way round.
        keys: `make_keys` of the ids of people and statements, by which votes are hidden; left out, their places in
            `votes` are their ids.
    """
    axes = find_axes(votes)
    people, statements = keys or (make_keys(range(votes.people)), make_keys(range(votes.statements)))
    factors = choose_factors(votes, people, statements, axes=axes.count)
    axes = replace(axes, count=min(axes.count, factors))
    if drawn is None or drawn.model.factors != factors:
        drawn = draw_map(votes, factors=factors, previous=previous)
    groups = find_groups(votes, drawn.model) if axes.count else no_groups(votes)
    drawn = replace(drawn, model=widen(drawn.model, votes))
    per_group = count_groups(votes, groups.labels, groups.count)
    if previous is not None and groups.count:
        groups = replace(groups, names=name_groups(groups.labels, per_group, previous))
    return Analysis(
        drawn,
        axes,
        groups,
        per_group,
        find_consensus(drawn.counts, per_group),
        find_divisive(drawn.counts, drawn.model) if axes.count else [],
        find_unsure(drawn.counts),
        find_hardly_seen(drawn.counts),
        find_marks(votes, groups, per_group),
        agreeable(votes),
    )


def agreeable(votes: Votes) -> float:
    """How far what separates people is their readiness to agree with anything: |correlation| of the first principal
    component of the votes with each person's mean, 0 … 1.
    """
    here = votes.of(np.flatnonzero(placed(votes)))
    if here.people < 3 or not len(here):
        return 0.0
    met = np.maximum(here.per_statement, 1)
    left = here.value - (np.bincount(here.statement, here.value, here.statements) / met)[here.statement]
    rows = here.with_values(left / np.sqrt(here.per_person)[here.person]).values
    first = np.ones(here.statements) / np.sqrt(here.statements) + 1e-3 * np.cos(np.arange(here.statements))
    for _round in range(50):
        first = rows.T @ (rows @ first)
        first = first / max(float(np.linalg.norm(first)), 1e-12)
    readiness = np.bincount(here.person, left, here.people) / here.per_person
    along = rows @ first
    if along.std() < 1e-9 or readiness.std() < 1e-9:
        return 0.0
    return float(abs(np.corrcoef(along, readiness)[0, 1]))

"""What of an analysis may leave: figures and circles of at least `least` people each, and nobody's votes.

What would give a smaller number away by subtraction is left out too. A group's figure on a statement is told only where
every group has enough votes on it, and where the whole less the groups leaves nobody or enough; else the smallest
group's is withheld, which then hides among the rest. Where a figure is withheld, so is all that is computed from it,
and what marks a group is set against everyone else, which the whole tells already. Where names are known (`exact`)
every figure is told as it is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from samsyn.algorithms.opinion_map.analysis import Analysis
from samsyn.algorithms.opinion_map.letters import Previous
from samsyn.algorithms.opinion_map.model import Model, Side
from samsyn.algorithms.opinion_map.report import describe
from samsyn.algorithms.opinion_map.shares import Counts, interval, share
from samsyn.algorithms.opinion_map.statements import Mark
from samsyn.algorithms.opinion_map.votes import Bools, Floats, Ints

_DIGITS = 5
# Half-widths that hold the truth 19 times in 20. Were votes as straight-lined as the model, 1.96 would do; planted
# dialogues, in which people at the ends vote alike whatever the statement's slope, ask for more.
HALF_WIDTHS = 2.5
_ACCEPTANCE = ("acceptance", "acceptance_low", "acceptance_high")


def release(
    analysis: Analysis, names: Sequence[str], important: Ints, *, least: int, exact: bool = False
) -> dict[str, Any]:
    """The analysis as plain data: `report.describe` and what is needed to draw it.

    Args:
        names: what each statement is called, one per column of the votes.
        important: how many each statement matters to.
        least: how many people a figure or circle stands for at least.
        exact: names are known: only circles stand for so many.

    Returns:
        Beside the keys of `describe`: `counts` (agree, neither, disagree, how many it matters to) and `per_group` (the
        first three; None where withheld), `circles` ([x, y, people, group]), and `model`: what is known of the
        statements, with which `locate` says where somebody would stand.
    """
    counts = analysis.map.counts
    fewest = 0 if exact else least
    told = tellable(counts, analysis.per_group, fewest)
    everywhere = {names[column] for column in np.flatnonzero(told.all(axis=0)).tolist()}
    found = describe(analysis, list(names))
    return {
        **found,
        "consensus": [row if row["statement"] in everywhere else _whole_only(row) for row in found["consensus"]],
        "representative": [
            {**row, **_elsewhere(mark, analysis)}
            for row, mark in zip(found["representative"], analysis.marks, strict=True)
            if told[mark.group, mark.statement]
        ],
        "counts": [
            [*row, int(matters) if matters >= fewest else None] if sum(row) >= fewest else None
            for row, matters in zip(_rows(counts), important, strict=True)
        ],
        "per_group": [
            [row if there else None for row, there in zip(_rows(group), known, strict=True)]
            for group, known in zip(analysis.per_group, told, strict=True)
        ],
        "circles": _circles(analysis, least),
        "model": _model(analysis.map.model, counts.votes >= fewest),
    }


def tellable(whole: Counts, per_group: Sequence[Counts], least: int) -> Bools:
    """Of which groups which statements' figures may leave: groups × statements."""
    votes = np.array([group.votes for group in per_group], np.int64).reshape(len(per_group), len(whole.votes))
    told = np.tile((votes >= least).all(axis=0), (len(per_group), 1))
    if len(per_group):
        rest = whole.votes - votes.sum(axis=0)
        few = np.flatnonzero((rest > 0) & (rest < least))
        told[votes[:, few].argmin(axis=0), few] = False
    return told


@dataclass(frozen=True)
class Spot:
    """Where somebody would stand on the map, and how far to either side it may be, with 95 % certainty."""

    x: float
    y: float
    across: float
    along: float


def locate(data: Mapping[str, Any], votes: Mapping[str, int], *, least: int) -> Spot | None:
    """Where somebody with these votes (by statement name) would stand on the map; None for fewer than `least`."""
    if not data.get("model"):
        return None
    model = _model_of(data["model"])
    number = {name: column for column, name in enumerate(data["names"]) if data["model"]["statements"][column]}
    known = [(number[name], value) for name, value in votes.items() if name in number]
    if len(known) < least or not model.factors:
        return None
    terms, spread = model.place(np.array([row[0] for row in known]), np.array([row[1] for row in known]))
    scale = np.array(data["model"]["scale"])
    at, wide = np.zeros(2), np.zeros(2)
    at[: model.factors] = terms[1:] * scale
    wide[: model.factors] = HALF_WIDTHS * np.sqrt(np.diag(spread)[1:]) * scale
    return Spot(*map(float, (*at, *wide)))


def place(data: Mapping[str, Any], votes: Mapping[str, int], *, least: int) -> tuple[float, float] | None:
    """The middle of `locate`."""
    found = locate(data, votes, least=least)
    return (found.x, found.y) if found else None


def recall(data: Mapping[str, Any], names: Sequence[str]) -> Previous:
    """A released analysis as the one before, for `analyse` of the same dialogue later on.

    Args:
        data: what `release` gave, with the names of its statements under `names`.
        names: what the statements are called now; some may be new, some gone.
    """
    old = {name: column for column, name in enumerate(data.get("names", ()))}
    columns = [old.get(name) for name in names]

    def on_now(rows: Sequence[Sequence[float] | None], width: int) -> Floats:
        nothing = [np.nan] * width
        found = [rows[column] if column is not None else None for column in columns]
        return np.array([nothing if row is None else row for row in found], float).reshape(len(names), width)

    views = {}
    for row, group in zip(data.get("groups", ()), data.get("per_group", ()), strict=True):
        agree, neither, disagree = on_now(group, 3).T
        views[row["label"]] = (agree - disagree) / (agree + neither + disagree)
    model = data.get("model")
    directions = on_now(model["statements"], len(model["variance"]))[:, 1:] if model else None
    return Previous(views=views, directions=directions)


def _whole_only(row: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in row.items() if key not in _ACCEPTANCE}


def _elsewhere(mark: Mark, analysis: Analysis) -> dict[str, Any]:
    """The share of a mark among everyone else, placed or not."""
    whole, own = (one.at(mark.statement) for one in (analysis.map.counts, analysis.per_group[mark.group]))
    total = int(whole.votes - own.votes)
    hits = whole.disagree - own.disagree if mark.against else whole.agree - own.agree
    low, high = interval(hits, total)
    figures = {"elsewhere": share(hits, total), "elsewhere_low": low, "elsewhere_high": high}
    return {name: round(float(figure), 6) for name, figure in figures.items()} | {"elsewhere_votes": total}


def _rows(counts: Counts) -> list[list[int]]:
    return np.c_[counts.agree, counts.neither, counts.disagree].astype(int).tolist()


def _circles(analysis: Analysis, least: int) -> list[list[float]]:
    """People who stand near each other, as circles; nobody is shown alone. On one axis all lie on a line."""
    drawn, labels = analysis.map, analysis.groups.labels
    circles: list[list[float]] = []
    if not drawn.model.factors:
        return circles
    positions = np.zeros((len(drawn.positions), 2))
    positions[:, : drawn.model.factors] = drawn.positions
    for group in sorted(set(labels[drawn.placed].tolist())):
        points = positions[drawn.placed & (labels == group)]
        for part in _halve(points[np.lexsort(points.T[::-1])], least):
            x, y = part.mean(axis=0)
            circles.append([round(float(x), 3), round(float(y), 3), len(part), int(group)])
    return circles


def _halve(points: Floats, least: int) -> list[Floats]:
    """Parts of `least` or more, cut in halves along the wider side again and again; fewer altogether are left out."""
    if len(points) < least:
        return []
    if len(points) < 2 * least + 2:
        return [points]
    side = int(np.ptp(points, axis=0).argmax())
    ordered = points[np.argsort(points[:, side], kind="stable")]
    half = len(ordered) // 2
    return _halve(ordered[:half], least) + _halve(ordered[half:], least)


def _model(model: Model, known: Bools) -> dict[str, Any]:
    """What is known of the statements; of those that too few have voted on, nothing."""
    mean, spread = model.statements.mean.round(_DIGITS), model.statements.spread.round(_DIGITS + 1)
    first, second = np.triu_indices(mean.shape[1])
    return {
        "level": round(model.level, _DIGITS),
        "noise": round(model.noise, _DIGITS),
        "scale": np.sqrt((model.directions**2).mean(axis=0)).round(_DIGITS).tolist() if len(mean) else [],
        "variance": model.people.variance.round(_DIGITS + 1).tolist(),
        "statements": [row if there else None for row, there in zip(mean.tolist(), known, strict=True)],
        "spread": [row if there else None for row, there in zip(spread[:, first, second].tolist(), known, strict=True)],
    }


def _model_of(data: Mapping[str, Any]) -> Model:
    """The model as far as it was released: nothing of people."""
    variance = np.array(data["variance"])
    width = len(variance)
    first, second = np.triu_indices(width)
    mean = np.array([row or [0.0] * width for row in data["statements"]]).reshape(-1, width)
    spread = np.zeros((len(mean), width, width))
    # A result made before this was released says nothing of it: then as if the statements were known for certain.
    corner = [row or [0.0] * len(first) for row in data.get("spread", [None] * len(mean))]
    spread[:, first, second] = spread[:, second, first] = np.array(corner).reshape(-1, len(first))
    nobody = Side(np.zeros((0, width)), np.zeros((0, width, width)), variance)
    return Model(data["level"], nobody, Side(mean, spread, variance), data["noise"])

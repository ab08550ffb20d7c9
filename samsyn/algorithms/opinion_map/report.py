"""An analysis as plain data: the same keys for the command, for files that leave, and for whoever reads them."""

from __future__ import annotations

from typing import Any

from samsyn.algorithms.opinion_map.analysis import AGREEABLE, Analysis
from samsyn.algorithms.opinion_map.groups import Groups
from samsyn.algorithms.opinion_map.polis import PolisMap
from samsyn.algorithms.opinion_map.shares import count, count_groups, interval, share
from samsyn.algorithms.opinion_map.statements import Common, Finding, Mark, find_consensus, find_marks, separation
from samsyn.algorithms.opinion_map.votes import Votes

_DIGITS = 6


def describe(analysis: Analysis, ids: list[str]) -> dict[str, Any]:
    """What may be said, with statements named by `ids` (one per column of the votes).

    `factors` (0 … 2) are those of the map, `axes` those of them that chance worlds leave standing.
    """
    return {
        "axes": analysis.axes.count,
        "factors": analysis.map.model.factors,
        "axis_chance": _round(analysis.axes.chance),
        "agreeable": _round(analysis.agreeable),
        "mainly_agreeing": bool(analysis.axes.count and analysis.agreeable >= AGREEABLE),
        "groups": describe_groups(analysis.groups),
        "group_chance": _round(analysis.groups.chance),
        "consensus": describe_consensus(analysis.consensus, ids),
        "divisive": _divisive(analysis, ids),
        "unsure": [_finding(row, ids) for row in analysis.unsure],
        "hardly_seen": [ids[number] for number in analysis.hardly_seen],
        "representative": describe_marks(analysis.marks, ids, analysis.groups.letters),
    }


def describe_consensus(rows: list[Common], ids: list[str]) -> list[dict[str, Any]]:
    """What all agree on, with how far every group accepts it."""
    return [
        {
            **_finding(row, ids),
            "acceptance": _round(row.acceptance),
            "acceptance_low": _round(row.acceptance_low),
            "acceptance_high": _round(row.acceptance_high),
        }
        for row in rows
    ]


def describe_groups(groups: Groups) -> list[dict[str, Any]]:
    """Each group with its label, how many people it has and how firm it is.

    `firmness` is `firm` or `tentative` (see `groups`); `untested` where the groups are those that Polis would show.
    """
    return [
        {
            "label": groups.letters[number],
            "participants": int(groups.sizes[number]),
            "firmness": groups.firmness(number),
            "stability": _round(groups.stability[number]),
        }
        for number in range(groups.count)
    ]


def describe_polis(votes: Votes, drawn: PolisMap, ids: list[str]) -> dict[str, Any]:
    """Groups as Polis has them, with what they agree on and what marks them, in place of the keys of `describe`.

    Args:
        votes: on the statements that are part of the result, `ids` their names.
    """
    groups = Groups(drawn.labels, (0.0,) * drawn.count, 1.0)
    per_group = count_groups(votes, drawn.labels, drawn.count)
    marks = find_marks(votes, groups, per_group)
    return {
        "groups": [
            {"label": letter, "participants": int(size), "firmness": "untested"}
            for letter, size in zip(groups.letters, groups.sizes, strict=True)
        ],
        "consensus": describe_consensus(find_consensus(count(votes), per_group), ids),
        "representative": describe_marks(marks, ids, groups.letters),
    }


def _finding(row: Finding, ids: list[str]) -> dict[str, Any]:
    return {
        "statement": ids[row.statement],
        "direction": "disagree" if row.against else "agree",
        "share": _round(row.share),
        "low": _round(row.low),
        "high": _round(row.high),
        "votes": row.votes,
    }


def _divisive(analysis: Analysis, ids: list[str]) -> list[dict[str, Any]]:
    apart = separation(analysis.map.model)
    counts = analysis.map.counts
    low, high = interval(counts.disagree, counts.votes)
    against = share(counts.disagree, counts.votes)
    return [
        {
            **_finding(row, ids),
            "disagree": _round(against[row.statement]),
            "disagree_low": _round(low[row.statement]),
            "disagree_high": _round(high[row.statement]),
            "separation": _round(apart[row.statement]),
        }
        for row in analysis.divisive
    ]


def describe_marks(rows: list[Mark], ids: list[str], letters: tuple[str, ...]) -> list[dict[str, Any]]:
    """What marks each group; every share with its interval and of how many votes."""
    return [
        {
            "group": letters[row.group],
            "statement": ids[row.statement],
            "direction": "disagree" if row.against else "agree",
            "share": _round(row.share),
            "low": _round(row.low),
            "high": _round(row.high),
            "votes": row.votes,
            "elsewhere": _round(row.elsewhere),
            "elsewhere_low": _round(row.elsewhere_low),
            "elsewhere_high": _round(row.elsewhere_high),
            "elsewhere_votes": row.elsewhere_votes,
        }
        for row in rows
    ]


def _round(number: float) -> float:
    """Six digits: more would be noise of the machine."""
    return round(float(number), _DIGITS)

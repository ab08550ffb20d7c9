"""A released result, read: shares with their intervals, marks of groups, who stands where and what lies at the ends.

Knows statements by the names they have in the result, and none of their words.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from samsyn.algorithms.opinion_map.shares import interval, share

Data = Mapping[str, Any]
_WORTH_TELLING = 0.25  # of the strongest pull on an axis: what pulls less does not lie at its ends


@dataclass(frozen=True)
class Share:
    """A share in whole per cent, the interval in which it lies with 95 % certainty, and of how many it is."""

    share: int
    low: int
    high: int
    votes: int


@dataclass(frozen=True)
class Mark:
    """A statement that marks a group: the share in it, and among everyone else."""

    statement: str
    against: bool
    own: Share
    others: Share


@dataclass(frozen=True)
class Group:
    """People who vote alike."""

    label: str
    people: int
    firm: bool
    marks: list[Mark] = field(default_factory=list)


@dataclass(frozen=True)
class End:
    """What those at the two ends of an axis agree with, more than those at the other end."""

    low: list[str]
    high: list[str]


def share_of(hits: int, total: int) -> Share:
    """One share."""
    return shares_of([hits], [total])[0]


def shares_of(hits: Sequence[int], totals: Sequence[int]) -> list[Share]:
    """Many shares at once."""
    part, (low, high) = share(hits, totals), interval(hits, totals)
    columns = [np.round(100 * np.atleast_1d(column)).astype(int).tolist() for column in (part, low, high)]
    return [Share(*row) for row in zip(*columns, [int(total) for total in totals], strict=True)]


def groups(data: Data) -> list[Group]:
    """The groups, the largest first, with what marks them."""
    found = []
    for number, row in enumerate(data.get("groups", [])):
        marks = [one for one in data.get("representative", []) if one["group"] == row["label"]]
        told = list(_marks(data, number, marks))
        found.append(Group(row["label"], row["participants"], row["firmness"] == "firm", told))
    return found


def _marks(data: Data, number: int, marks: Iterable[Data]) -> Iterable[Mark]:
    for mark in marks:
        place = data["names"].index(mark["statement"])
        own, whole = data["per_group"][number][place], data["counts"][place]
        if own is not None and whole is not None:
            against = mark["direction"] == "disagree"
            side, mine, all_of_them = 2 if against else 0, sum(own), sum(whole[:3])
            others = share_of(whole[side] - own[side], all_of_them - mine)
            yield Mark(mark["statement"], against, share_of(own[side], mine), others)


def not_placed(data: Data) -> int:
    """How many took part and stand nowhere on the map: they answered too little."""
    return max(int(data["people"]) - sum(int(circle[2]) for circle in data.get("circles", [])), 0)


def thirds(data: Data) -> list[list[int]]:
    """How many people stand in each ninth of the map: rows from the top, in each from the left."""
    found = [[0] * 3 for _row in range(3)]
    for (across, down), circle in zip(_ninths(data), data.get("circles", []), strict=True):
        found[down][across] += int(circle[2])
    return found


def whereabouts(data: Data) -> list[tuple[str, int, int]]:
    """In which ninth most of each group stand: its label, how far to the right, how far down."""
    found = []
    for number, group in enumerate(data.get("groups", [])):
        people = np.zeros((3, 3))
        for (across, down), circle in zip(_ninths(data), data.get("circles", []), strict=True):
            people[across, down] += circle[2] if circle[3] == number else 0
        most = int(people.argmax())
        found.append((group["label"], most // 3, most % 3))
    return found


def _ninths(data: Data) -> list[tuple[int, int]]:
    circles = data.get("circles", [])
    if not circles:
        return []
    spots = np.array([circle[:2] for circle in circles], float)
    reach = np.ptp(spots, axis=0)
    at = np.minimum((3 * (spots - spots.min(axis=0)) / np.maximum(reach, 1e-9)).astype(int), 2)
    at[:, reach < 1e-9] = 1  # where all are on one line, nobody stands above the others, nor below them
    return [(across, 2 - up) for across, up in at.tolist()]


def ends(data: Data, *, most: int = 2) -> list[End]:
    """For each axis that was found, the statements that lie at its ends: from the left, then from the bottom."""
    model = data.get("model")
    if not model or not model["scale"] or not data.get("axes"):
        return []
    nothing = [0.0] * (1 + len(model["scale"]))  # of a statement that too few have voted on nothing may be known
    rows = np.array([row or nothing for row in model["statements"]], float)
    pulls = rows[:, 1:] * np.array(model["scale"], float)
    found = []
    for pull in pulls.T[: data["axes"]]:
        strong = np.abs(pull) >= _WORTH_TELLING * np.abs(pull).max()
        order = [place for place in np.argsort(pull, kind="stable").tolist() if strong[place] and _told(data, place)]
        low = [data["names"][place] for place in order[:most] if pull[place] < 0]
        high = [data["names"][place] for place in order[::-1][:most] if pull[place] > 0]
        found.append(End(low, high))
    return found


def _told(data: Data, place: int) -> bool:
    return data["counts"][place] is not None

"""A fair order for the stage: what most agree with, mixed with what has hardly been seen.

Sorting by likes alone shows the early and the popular ones, which get more likes for it. So every third place goes to
the question that has been shown least; of those, to the one that came last. How often each was shown, and which came
when, lives in the memory of this process alone: nothing of it is stored.
"""

from __future__ import annotations

from collections import Counter, OrderedDict
from collections.abc import Callable, Iterable, Sequence
from typing import Protocol, TypeVar

_EVERY_THIRD = 3
_MOST = 200


class _Numbered(Protocol):
    pk: int


Row = TypeVar("Row", bound=_Numbered)


class Fairness:
    """What is remembered of one question time while it goes on."""

    def __init__(self) -> None:
        self._shown: Counter[int] = Counter()
        self._came: dict[int, int] = {}

    def note_shown(self, ids: Iterable[int]) -> None:
        """These stood on the screen once more."""
        self._shown.update(ids)

    def order(self, rows: Sequence[Row], agreed: Callable[[Row], int]) -> list[Row]:
        """Two by how many agree, then one that has been shown least, and so on. `rows` come with the most agreed first;
        those put first by hand stay first.
        """
        for row in rows:
            self._came.setdefault(row.pk, len(self._came))
        starred = [row for row in rows if getattr(row, "starred", False)]
        popular = [row for row in rows if row not in starred]
        least = sorted(popular, key=lambda row: (self._shown[row.pk], -self._came[row.pk]))
        ordered: list[Row] = list(starred)
        placed = {row.pk for row in starred}
        for number in range(len(popular)):
            source = least if number % _EVERY_THIRD == _EVERY_THIRD - 1 else popular
            row = next(one for one in source if one.pk not in placed)
            ordered.append(row)
            placed.add(row.pk)
        return ordered


_by_activity: OrderedDict[int, Fairness] = OrderedDict()


def of(activity_id: int) -> Fairness:
    """What this process remembers of an activity."""
    found = _by_activity.setdefault(activity_id, Fairness())
    _by_activity.move_to_end(activity_id)
    while len(_by_activity) > _MOST:
        _by_activity.popitem(last=False)
    return found

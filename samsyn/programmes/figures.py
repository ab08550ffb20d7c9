"""Figures of votes, and the rule of five: no figure stands on fewer people, and none moves for fewer.

A vote is a row with `on` (whether it agrees) and `counted` (whether the figure shown has it so).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

FEWEST = 5


def next_figure(agreeing: int, changed: int, *, anonymous: bool) -> int | None:
    """The figure to show now; None to leave it as it is.

    In an anonymous activity a figure changes only when at least five different people have changed it since it
    last changed, and none stands on fewer than five; with fewer it is 0, which pages show as nothing.
    """
    if not anonymous:
        return agreeing
    if changed < FEWEST:
        return None
    return agreeing if agreeing >= FEWEST else 0


def imported_figure(number: int, *, anonymous: bool) -> int:
    """The figure for so many votes counted elsewhere: in an anonymous activity none stands on fewer than five."""
    return 0 if anonymous and number < FEWEST else number


@dataclass(frozen=True)
class Move:
    """A row of figures that moves: whether it is shown from now on, and how many changes it waits for next."""

    shown: bool
    waits_for: int


def next_row(people: int, changed: int, waits_for: int, *, anonymous: bool) -> Move | None:
    """What a row of figures of one statement (so many agree, pass, disagree) does now; None: it stays as it is.

    The row is one figure: it stands on the people who answered, `people` of them. `changed` of their answers are not
    in the row that was shown last, or are there otherwise. One that fewer than five are left of is no longer shown; so
    that it cannot come back with the same people but one, it then waits for five more than had changed already.
    """
    if not anonymous:
        return Move(True, waits_for)
    if changed < waits_for:
        return None
    if people >= FEWEST:
        return Move(True, FEWEST)
    return Move(False, changed + FEWEST) if waits_for == FEWEST else None


def next_total(people: int, shown: int) -> int:
    """How many people took part, as it may be told: it moves for five at a time too, and stands on five or more."""
    if abs(people - shown) < FEWEST:
        return shown
    return people if people >= FEWEST else 0


def next_sum(votes: Sequence[tuple[int, int]], *, anonymous: bool) -> int | None:
    """The same for a sum: (points given, of them in the figure shown) of each voter. None to leave it as it is."""
    if not anonymous:
        return sum(given for given, _counted in votes)
    if sum(1 for given, counted in votes if given != counted) < FEWEST:
        return None
    giving = [given for given, _counted in votes if given]
    return sum(giving) if len(giving) >= FEWEST else 0


def next_number(shown: int, people: int, *, anonymous: bool) -> int:
    """How many are said to have taken part: in an anonymous activity another number when at least five more have."""
    return max(shown, people - people % FEWEST) if anonymous else people


def count(votes: QuerySet[Any], *, anonymous: bool) -> int | None:
    """The figure that these votes come to now; None to leave it as it is. Notes what the figure has counted."""
    changed = votes.filter(on=True, counted=False).count() + votes.filter(on=False, counted=True).count()
    figure = next_figure(votes.filter(on=True).count(), changed, anonymous=anonymous)
    if figure is not None:
        forget_which_came_last(votes)
    return figure


def forget_which_came_last(votes: QuerySet[Any]) -> None:
    """Votes that no figure has counted yet would show as the last ones: at close, let all look alike."""
    votes.filter(on=True, counted=False).update(counted=True)
    votes.filter(on=False, counted=True).update(counted=False)

"""Figures of votes, and the rule of five: no figure stands on fewer people, and none moves for fewer.

A vote is a row with `on` (whether it agrees) and `counted` (whether the figure shown has it so).
"""

from __future__ import annotations

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

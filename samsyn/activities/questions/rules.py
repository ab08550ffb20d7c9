"""Rules of question time: who may ask and answer, and when a figure may change."""

from __future__ import annotations

from dataclasses import dataclass

from samsyn.activities.questions.models import Question
from samsyn.programmes.models import Activity

LONGEST = 600
FEWEST = 5


@dataclass(frozen=True)
class Settings:
    """What a facilitator chooses. `let_in`: questions wait until somebody lets them in."""

    let_in: bool = False
    likes: bool = True

    @classmethod
    def of(cls, activity: Activity) -> Settings:
        return cls(**{name: bool(activity.settings.get(name, default)) for name, default in _DEFAULTS.items()})


_DEFAULTS = {"let_in": False, "likes": True}


def can_contribute(activity: Activity) -> bool:
    """Questions and likes are taken while the activity is open."""
    return activity.state == Activity.State.OPEN


def can_be_answered(question: Question) -> bool:
    """A question that stands on its own, unless its promise has been made: that is settled in its own place."""
    return question.state in {Question.State.VISIBLE, Question.State.WAITING} and question.end != Question.End.PROMISED


def next_figure(agreeing: int, changed: int, *, anonymous: bool) -> int | None:
    """The figure of likes to show now; None to leave it as it is.

    In an anonymous activity a figure changes only when at least five different people have changed it since it
    last changed, and none stands on fewer than five; with fewer it is 0, which pages show as nothing.
    """
    if not anonymous:
        return agreeing
    if changed < FEWEST:
        return None
    return agreeing if agreeing >= FEWEST else 0

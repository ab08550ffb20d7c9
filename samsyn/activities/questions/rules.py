"""Rules of question time: who may ask and answer, and what a file becomes."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from django.utils.functional import Promise as LazyText
from django.utils.translation import gettext_lazy as _

from samsyn.activities.questions.models import Question
from samsyn.programmes.models import Activity

LONGEST = 600


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


# --- questions from a file: pure, no database ------------------------------------------------------------------

_NAMES = {
    "text": ("question", "fråga", "frågor", "question text", "comment-body", "message", "meddelande", "text", "body"),
    "likes": ("likes", "upvotes", "votes", "score", "agrees", "röster", "gillar", "instämmer", "upvotes count"),
    "keep": ("moderated", "status", "state", "visible", "approved", "godkänd"),
}
_LEFT_OUT = {"0", "-1", "no", "nej", "false", "rejected", "hidden", "dold", "archived", "dismissed"}


@dataclass(frozen=True)
class Imported:
    """One question from a file. Likes come in as a count."""

    text: str
    likes: int
    day: dt.date | None = None


@dataclass(frozen=True)
class Faulty:
    """A row that is not brought in, and why."""

    number: int
    text: str
    reason: str | LazyText


@dataclass
class Plan:
    """What a file would become."""

    questions: list[Imported] = field(default_factory=list)
    faulty: list[Faulty] = field(default_factory=list)
    left_out: int = 0


def guess_columns(header: list[str]) -> dict[str, int | None]:
    """Which column holds the text, the likes, and what to keep, by their names; None where nothing fits."""
    lowered = [name.strip().lower() for name in header]
    guessed: dict[str, int | None] = {}
    for what, names in _NAMES.items():
        guessed[what] = next((lowered.index(name) for name in names if name in lowered), None)
    if guessed["text"] is None:
        guessed["text"] = 0
    return guessed


def plan_import(rows: list[list[str]], *, text: int, likes: int | None, keep: int | None) -> Plan:
    """What each row below the header becomes. A text that occurs twice is taken once, with the most likes."""
    plan = Plan()
    by_text: dict[str, Imported] = {}
    for number, row in enumerate(rows[1:], start=2):
        words = " ".join(_cell(row, text).split())
        if keep is not None and _cell(row, keep).lower() in _LEFT_OUT:
            plan.left_out += 1
        elif not words:
            plan.faulty.append(Faulty(number, "", _("There is no question in the row.")))
        elif len(words) > LONGEST:
            plan.faulty.append(Faulty(number, words[:80] + "…", _("The question is too long.")))
        else:
            count = _count(_cell(row, likes)) if likes is not None else 0
            if count is None:
                plan.faulty.append(Faulty(number, words, _("The number of likes is not a number.")))
            else:
                known = by_text.get(words)
                by_text[words] = Imported(words, max(count, known.likes if known else 0))
    plan.questions = list(by_text.values())
    return plan


def _cell(row: list[str], column: int) -> str:
    return row[column].strip() if column < len(row) else ""


def _count(text: str) -> int | None:
    if not text:
        return 0
    digits = text.replace("\u202f", "").replace("\xa0", "").replace(" ", "")
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 8 else None

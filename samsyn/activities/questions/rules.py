"""Rules of question time: who may ask and answer, and what a file becomes."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field, replace

from django.utils.functional import Promise as LazyText
from django.utils.translation import gettext_lazy as _

from samsyn.activities.questions.models import Question
from samsyn.core.days import read_days
from samsyn.programmes.figures import imported_figure
from samsyn.programmes.kinds_contributions import Chosen

LONGEST = 600


@dataclass(frozen=True)
class Settings(Chosen):
    """What a facilitator chooses. `let_in`: questions wait until somebody lets them in."""

    DEFAULTS = {"let_in": False, "likes": True}
    let_in: bool = False
    likes: bool = True


def can_be_answered(question: Question) -> bool:
    """A question that stands on its own, unless its promise has been made: that is settled in its own place."""
    return question.state in {Question.State.VISIBLE, Question.State.WAITING} and question.end != Question.End.PROMISED


# --- questions from a file: pure, no database ------------------------------------------------------------------

_NAMES = {  # what the columns are called by Slido, Claper, Polis and ourselves, in both languages
    "text": (
        "question", "fråga", "frågor", "questions", "question text", "comment-body", "message", "meddelande", "text",
        "body", "comment", "kommentar",
    ),
    "likes": (
        "agreed", "håller med", "upvotes", "upvotes count", "likes", "votes", "score", "agrees", "röster", "gillar",
        "gilla-markeringar", "instämmer",
    ),
    "keep": ("moderated", "status", "state", "visible", "approved", "godkänd"),
    "day": (
        "asked", "ställd", "date", "datum", "day", "dag", "sent at (utc)", "sent at", "created at", "created",
        "date created", "submitted", "submitted at", "asked at", "skapad", "tid", "time", "timestamp", "datetime",
    ),
}  # fmt: skip
COLUMNS = tuple(_NAMES)
_TITLE_WITHIN = 10  # rows above the headings: the name of the event, a date
# What Slido calls archived has mostly been answered: it is kept.
_LEFT_OUT = {
    "0", "-1", "no", "nej", "false", "rejected", "hidden", "dold", "dismissed", "avvisad", "deleted", "withdrawn",
    "pending", "in review",
}  # fmt: skip


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
    too_few: int = 0  # questions whose likes are left out, because they are too few to be shown


def below_title(rows: list[list[str]]) -> list[list[str]]:
    """The rows from the headings on: a file may begin with a title."""
    for number, row in enumerate(rows[:_TITLE_WITHIN]):
        if any(name.strip().lower() in _NAMES["text"] for name in row):
            return rows[number:]
    return rows


def guess_columns(header: list[str]) -> dict[str, int | None]:
    """Which column holds the text, the likes, what to keep and the day, by their names; None where nothing fits."""
    lowered = [name.strip().lower() for name in header]
    guessed: dict[str, int | None] = {}
    for what, names in _NAMES.items():
        guessed[what] = next((lowered.index(name) for name in names if name in lowered), None)
    return guessed


def plan_import(
    rows: list[list[str]],
    *,
    text: int | None,
    likes: int | None,
    keep: int | None,
    day: int | None,
    today: dt.date,
    anonymous: bool,
) -> Plan:
    """What each row below the header becomes. A text that occurs twice is taken once, with the most likes.

    A day that cannot be read, or lies after today, is none. What is brought into an anonymous activity follows the
    rule of five, as what is said there does.
    """
    plan = Plan()
    by_text: dict[str, Imported] = {}
    days = read_days([_cell(row, day) if day is not None else "" for row in rows], latest=today)
    for number, row in enumerate(rows[1:], start=2):
        words = " ".join(_cell(row, text or 0).split())
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
                by_text[words] = Imported(words, max(count, known.likes if known else 0), days[number - 1])
    for row in by_text.values():
        shown = imported_figure(row.likes, anonymous=anonymous)
        plan.too_few += shown < row.likes
        plan.questions.append(replace(row, likes=shown))
    return plan


def _cell(row: list[str], column: int) -> str:
    return row[column].strip() if column < len(row) else ""


def _count(text: str) -> int | None:
    if not text:
        return 0
    digits = text.replace("\u202f", "").replace("\xa0", "").replace(" ", "")
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 8 else None

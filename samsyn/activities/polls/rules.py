"""Rules of a poll: what is chosen for it, what an answer may be, what the figures come to. Nothing here reads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise as LazyText
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from samsyn.activities.polls.models import PollQuestion, Run
from samsyn.core.texts import LangText
from samsyn.live.sendings import Sending
from samsyn.programmes import browsers
from samsyn.programmes.distributions import MANY, ONE, SCALE, Distribution, stored
from samsyn.programmes.models import Activity
from samsyn.programmes.picks import MOST_AT_A_TABLE
from samsyn.programmes.rules import is_anonymous, leaves_no_trace

LONGEST = 300  # of an answer in one's own words
MOST_OPTIONS = 12
MOST_QUESTIONS = 30
STEPS = (3, 4, 5, 6, 7, 10)  # a scale may have so many
Form = PollQuestion.Form


@dataclass(frozen=True)
class Settings:
    """What a facilitator chooses.

    `let_in`: own words wait until somebody lets them in. `tables`: one device may answer for a table; `table_count`:
    how many tables there are, where that is known.
    """

    let_in: bool = False
    tables: bool = False
    table_count: int | None = None

    @classmethod
    def of(cls, activity: Activity) -> Settings:
        chosen = activity.settings
        return cls(bool(chosen.get("let_in")), bool(chosen.get("tables")), chosen.get("table_count") or None)


def told(activity: Activity) -> dict[str, Any]:
    """What pages and the room say of a poll."""
    settings = Settings.of(activity)
    return {
        "activity": activity,
        "is_open": can_contribute(activity),
        "let_in": settings.let_in,
        "receipts": leaves_no_trace(activity),
        "names": activity.level == Activity.Level.NAMED,
        "sizes": range(2, MOST_AT_A_TABLE + 1) if settings.tables else (),
        "longest": LONGEST,
    }


def can_contribute(activity: Activity) -> bool:
    """Answers are taken while the activity is open."""
    return activity.state == Activity.State.OPEN


def can_be_planned(activity: Activity) -> bool:
    """Questions are made, ordered and taken away before it has closed."""
    return activity.state in {Activity.State.DRAFT, Activity.State.OPEN}


def sees_result(run: Run, activity: Activity, *, organises: bool) -> bool:
    """Whether somebody may be sent what came out of a run.

    While it is open that is what has been shown, whoever asks; once it has closed those who are to reply see all of it.
    """
    if activity.state in {Activity.State.CLOSED, Activity.State.PUBLISHED} and organises:
        return True
    return run.revealed and not run.over


def key_of(activity: Activity, sending: Sending) -> str:
    """The key under which an answer counts: the voter's random one, or the person's own where names are known."""
    if is_anonymous(activity):
        return sending.key
    return browsers.key_of(sending.person) if sending.person else ""


# --- what is sent -----------------------------------------------------------------------------------------------


def fault_of(text: str) -> LazyText | str | None:
    """What is wrong with an answer in somebody's own words."""
    if not text:
        return gettext_lazy("Write your answer.")
    if len(text) > LONGEST:
        words = _("Your answer is %(length)d characters long: shorten it to %(most)d.")
        return words % {"length": len(text), "most": LONGEST}
    return None


def picked_of(question: PollQuestion, values: Mapping[str, str]) -> int:
    """What was picked, as bits; 0 for nothing. `choice` holds the number of one answer, `choice0` … are of several."""
    places = range(len(question.options))
    if question.form == Form.MANY:
        return sum(1 << place for place in places if values.get(f"choice{place}"))
    chosen = values.get("choice", "")
    return next((1 << place for place in places if chosen == str(place)), 0)


def people_of(settings: Settings, values: Mapping[str, str]) -> int:
    """For how many the device answers; 0 where that cannot be."""
    said = values.get("people") or "1"
    people = int(said) if said.isascii() and said.isdigit() and len(said) < 3 else 0
    return people if people == 1 or (settings.tables and 2 <= people <= MOST_AT_A_TABLE) else 0


def figures_of(run: Run) -> Distribution:
    """What a run came to, as far as it may be shown."""
    question = run.question
    return stored({Form.SCALE: SCALE, Form.MANY: MANY}.get(Form(question.form), ONE), question.labels, run.shown)


# --- ready questions --------------------------------------------------------------------------------------------


def scale(steps: int, low: LangText, high: LangText) -> list[LangText]:
    """The steps of a scale, with words at both ends."""
    return [low, *[LangText()] * (steps - 2), high]


def _pair(sv: str, en: str) -> LangText:
    return LangText(sv=sv, en=en)


_STANDS = [
    _pair("Jag står bakom det", "I stand behind it"),
    _pair("Jag kan leva med det", "I can live with it"),
    _pair("Jag är emot det", "I object to it"),
]
_MOOD = scale(5, _pair("Bortkastad tid", "A waste of time"), _pair("Mycket bra", "Very good"))
_SURE = scale(5, _pair("Inte alls säker", "Not at all"), _pair("Helt säker", "Completely"))
_YES_NO = [_pair("Ja", "Yes"), _pair("Nej", "No"), _pair("Vet inte", "Unsure")]
LESSONS = "lessons"  # what is written there is what those who run the session choose its lessons from
SETS: dict[str, list[tuple[str, LangText, list[LangText]]]] = {
    "mood": [
        (Form.SCALE, _pair("Hur var den här träffen för dig?", "How was this session for you?"), _MOOD),
        (Form.WORDS, _pair("Ett ord om i dag", "One word about today"), []),
    ],
    "check-in": [
        (
            Form.SCALE,
            _pair("Hur har du det just nu?", "How are you right now?"),
            scale(5, _pair("Tungt", "Not well"), _pair("Bra", "Well")),
        ),
    ],
    LESSONS: [
        (
            Form.WORDS,
            _pair(
                "Vad lärde vi oss? Det du skriver kan komma att stå i anteckningarna.",
                "What did we learn? What you write may come to stand in the minutes.",
            ),
            [],
        ),
    ],
    "yes-no": [(Form.SINGLE, _pair("Ska vi göra så?", "Shall we do it?"), _YES_NO)],
    "confidence": [
        (Form.SCALE, _pair("Hur säker är du på att vi lyckas?", "How confident are you that we will manage?"), _SURE)
    ],
    "stand": [
        (Form.SINGLE, _pair("Var står du bakom förslaget?", "Where do you stand on the proposal?"), _STANDS),
        (Form.WORDS, _pair("Varför?", "Why?"), []),
    ],
}

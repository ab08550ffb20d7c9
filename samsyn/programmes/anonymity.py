"""The anonymity card: who can see what, in the same plain words in invitation, form and result."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from samsyn.programmes.kinds import all_kinds
from samsyn.programmes.models import Activity

NAMED, FACILITATORS = Activity.Level.NAMED, Activity.Level.FACILITATORS
CODED, ANONYMOUS = Activity.Level.CODED, Activity.Level.ANONYMOUS


@dataclass(frozen=True)
class AnonymityCard:
    """`headline`: the level in a word or three; `short`: one sentence for the foot of a page; `lines`: all of it.

    The first three lines are about the three readers: colleagues, managers and facilitators, those who run the system.
    The fourth says what publishing does.
    """

    headline: str
    short: str
    lines: tuple[str, ...]

    @property
    def published(self) -> str:
        """What everyone in the programme can read once it is published."""
        return self.lines[3]


def describe(activity: Activity) -> AnonymityCard:
    """The card of an activity, in the reader's language."""
    kind = all_kinds().get(activity.kind)
    if kind is not None and kind.by_hand:
        return AnonymityCard(*_by_hand())
    return card(activity.level, activity.entry)


def card(level: str, entry: str) -> AnonymityCard:
    """The card of a level and a way in."""
    headline, short, lines = _LEVELS[level]()
    return AnonymityCard(headline, short, (*lines, *_way_in(level, entry)))


def short_of(level: str) -> str:
    """The one sentence of a level, for the form in which it is chosen."""
    return _LEVELS[level]()[1]


Words = tuple[str, str, tuple[str, ...]]


def _by_hand() -> Words:
    return (
        _("Done by hand"),
        _("Nothing you say is stored here; those who run it write down what came out."),
        (
            _("Your colleagues in this activity see what was written down, and who wrote it."),
            _("Managers and facilitators see the same. What was not written down stays with those who heard it."),
            _("Those who run the system can find what was written down."),
            _(
                "When the result is published, with our reply or before it, everyone in the programme can read what "
                "was written down, and who wrote it."
            ),
            _(
                "What is stored may be requested as a public document (allmän handling). "
                "Each request is tried against the rules on secrecy before anything is handed out."
            ),
            _("If you answer on paper or in another system, whoever asks you has to say who sees your answer."),
        ),
    )


def _named() -> Words:
    return (
        _("With names"),
        _("Your name stands beside what you write."),
        (
            _("Your colleagues in this activity see what you write and your name."),
            _("Managers and facilitators see the same."),
            _("Those who run the system can find it too, since it is stored with your name."),
            _(
                "When the result is published, with our reply or before it, everyone in the programme can read what "
                "you wrote, with your name."
            ),
            _(
                "What is stored, your name included, may be requested as a public document (allmän handling). "
                "Each request is tried against the rules on secrecy before anything is handed out."
            ),
        ),
    )


def _facilitators() -> Words:
    return (
        _("Known to the facilitators"),
        _("The facilitators see who you are; the others do not."),
        (
            _("Your colleagues see what you write, not who wrote it."),
            _(
                "The programme lead and the facilitators see who wrote what, "
                "and so does the host of a session in which this is done. "
                "Your manager does not, unless your manager has one of those parts."
            ),
            _("Those who run the system could find it, since it is stored with your name."),
            _(
                "When the result is published, with our reply or before it, everyone in the programme can read what "
                "you wrote, without your name."
            ),
            _(
                "What is stored, your name included, may be requested as a public document (allmän handling). "
                "Each request is tried against the rules on secrecy before anything is handed out."
            ),
        ),
    )


def _coded() -> Words:
    return (
        _("Coded"),
        _("Your name is not shown; a secret key ties your answers in different rounds together."),
        (
            _("Your colleagues do not see who answered what."),
            _("Your manager and the facilitators do not see it either."),
            _(
                "Those who run the system keep the key outside the database and its backups, and delete it when the "
                "programme ends. Until then someone with access to both could work out which answers are yours: "
                "they are personal data."
            ),
            _(
                "When the result is published, with our reply or before it, everyone in the programme can see what all "
                "have answered together, never what one person answered."
            ),
            _(
                "What is stored may be requested as a public document (allmän handling). "
                "Coded answers are personal data, and each request is tried against the rules on secrecy."
            ),
        ),
    )


def _anonymous() -> Words:
    return (
        _("Anonymous"),
        _("We do not store who you are."),
        (
            _("Your colleagues see what has been written, never who wrote it."),
            _("Your manager and the facilitators do not see who wrote it either. It cannot be found out afterwards."),
            _(
                "Those who run the system cannot look it up: your name is never stored with what you write, no time "
                "finer than the day is kept, and the order in which it came in is erased every day."
            ),
            _(
                "When the result is published, with our reply or before it, everyone in the programme can read what "
                "was written. No name stands beside it, since none has been stored."
            ),
            _(
                "What is stored may be requested as a public document (allmän handling). "
                "Who you are was never stored, so it cannot be handed out to anyone."
            ),
            _(
                "Your answers in this activity are held together by a random key that your browser made, so that you "
                "can change them. The key is new for each activity and is not tied to you or to what you write."
            ),
            _("A figure is shown only when at least five people stand behind it."),
            _("What you write can still give you away. Leave out names and what only you could know."),
        ),
    )


_LEVELS: dict[str, Callable[[], Words]] = {
    NAMED: _named,
    FACILITATORS: _facilitators,
    CODED: _coded,
    ANONYMOUS: _anonymous,
}


def _way_in(level: str, entry: str) -> tuple[str, ...]:
    if entry == Activity.Entry.CODE:
        if level == ANONYMOUS:
            return (
                _(
                    "Everyone who has the code can take part, once per browser. "
                    "We do not know who that is, and whoever uses two browsers may be counted twice."
                ),
            )
        return (_("If you come in with the code without signing in, no name is stored with what you write."),)
    if level == ANONYMOUS:
        return (
            _(
                "That you have voted is noted, so that everyone votes once. Neither when nor for what is noted. "
                "Those who have not may get one reminder, and nobody sees to whom it goes."
            ),
            _("You sign in so that only those invited take part. Your sign-in is not tied to what you write."),
        )
    return (_("Only those invited take part, and they sign in."),)

"""What letters are for. A part that sends mail registers its purposes when it starts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from samsyn.core.texts import LangText
from samsyn.jobs.models import Letter
from samsyn.jobs.registry import Addressee
from samsyn.jobs.words import Words

Compose = Callable[[Letter, Addressee], tuple[LangText, LangText]]
Invite = Callable[[Letter, Addressee], tuple[str, str]]


@dataclass(frozen=True)
class Purpose:
    """`essential` letters (an invitation, a sign-in) cannot be declined; all others can.

    `compose(letter, person)` writes subject and body as the letter is sent: for letters that hold something secret
    to one person, such as an invitation's link, so that it never lies in the queue. `calendar(letter, person)` gives
    (method, text) of a calendar entry that goes with it: `("REQUEST", "BEGIN:VCALENDAR…")`.
    """

    slug: str
    label: Words
    essential: bool = False
    compose: Compose | None = None
    calendar: Invite | None = None


_purposes: dict[str, Purpose] = {}


def register(
    slug: str,
    label: Words,
    *,
    essential: bool = False,
    compose: Compose | None = None,
    calendar: Invite | None = None,
) -> None:
    """Make a purpose known. `label` completes "letters about …"."""
    if "." in slug:
        raise ValueError("a purpose has no dot in its name")
    _purposes[slug] = Purpose(slug, label, essential, compose, calendar)


def purpose_of(slug: str) -> Purpose:
    """The purpose of a letter; reminders (`slug.1`, `slug.2` …) share their letter's. Raises LookupError."""
    try:
        return _purposes[slug.partition(".")[0]]
    except KeyError:
        raise LookupError(f"no purpose {slug!r} is registered with samsyn.jobs.mail") from None

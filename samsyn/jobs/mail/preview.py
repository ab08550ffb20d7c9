"""Who gets a letter, and who does not and why: shown before anything is sent, and obeyed when it is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.utils.functional import Promise as LazyText
from django.utils.translation import gettext_lazy as _

from samsyn.core import clock
from samsyn.jobs.mail.purposes import purpose_of
from samsyn.jobs.models import Job, Letter, OptOut
from samsyn.jobs.registry import Addressee

REASONS: dict[str, LazyText] = {
    "already": _("has already got it"),
    "unsure": _("may already have got it"),
    "no_address": _("has no e-mail address here"),
    "left": _("has left"),
    "opted_out": _("does not want letters of this kind"),
    "refused": _("the address does not take mail"),
    "unreachable": _("the mail server could not be reached"),
}
_IDS_AT_ONCE = 500


@dataclass(frozen=True)
class LeftOut:
    """Somebody who gets no letter."""

    person: Addressee
    reason: str

    @property
    def words(self) -> LazyText:
        """Why, in words."""
        return REASONS[self.reason]


@dataclass(frozen=True)
class Preview:
    """Who gets the letter, in the order given, and who does not."""

    recipients: list[Any]
    left_out: list[LeftOut]

    @property
    def by_reason(self) -> list[tuple[LazyText, list[Any]]]:
        """Those left out, together by reason."""
        found = {reason: [row.person for row in self.left_out if row.reason == reason] for reason in REASONS}
        return [(REASONS[reason], people) for reason, people in found.items() if people]


def preview(purpose: str, about: int, people: Iterable[Addressee]) -> Preview:
    """Sort people into those who get the letter and those who do not. Nothing is written or sent."""
    unique = {person.pk: person for person in people}
    earlier = _earlier(purpose, about, unique)
    declined = people_who_declined(purpose, unique)
    recipients, left_out = [], []
    for person in unique.values():
        reason = earlier.get(person.pk) or hindrance(person, declined)
        if reason:
            left_out.append(LeftOut(person, reason))
        else:
            recipients.append(person)
    return Preview(recipients, left_out)


def reachable(purpose: str, people: Iterable[Addressee]) -> Preview:
    """Who can get letters of a purpose at all, whether or not they have got one already."""
    unique = {person.pk: person for person in people}
    declined = people_who_declined(purpose, unique)
    found = [(person, hindrance(person, declined)) for person in unique.values()]
    return Preview(
        [person for person, reason in found if not reason],
        [LeftOut(person, reason) for person, reason in found if reason],
    )


def hindrance(person: Addressee, declined: set[int]) -> str:
    """Why a person cannot get a letter at all; empty if they can."""
    if person.erased or (person.left is not None and person.left <= clock.today()):
        return "left"
    if not person.email:
        return "no_address"
    return "opted_out" if person.pk in declined else ""


def people_who_declined(purpose: str, person_ids: Iterable[int]) -> set[int]:
    """Those of the people who want no letters of this purpose; nobody where it is essential."""
    known = purpose_of(purpose)
    if known.essential:
        return set()
    rows = OptOut.objects.filter(Q(purpose=known.slug) | Q(purpose=""))
    return _among(rows.values_list("person_id", flat=True), person_ids)


def settled(about: int, purpose: str) -> Any:
    """Letters about this that stand: sent, perhaps sent, or waiting in a mailing whose job goes on."""
    going_on = Q(state=Letter.State.QUEUED, mailing__job__state__in=[Job.State.WAITING, Job.State.RUNNING])
    stand = Q(state__in=[Letter.State.SENT, Letter.State.SENDING, Letter.State.UNSURE]) | going_on
    return Letter.objects.filter(stand, purpose=purpose, about_id=about)


def _earlier(purpose: str, about: int, person_ids: Iterable[int]) -> dict[int, str]:
    rows = settled(about, purpose)
    unsure = _among(rows.filter(state=Letter.State.UNSURE).values_list("person_id", flat=True), person_ids)
    everyone = _among(rows.values_list("person_id", flat=True), person_ids)
    return {pk: "unsure" if pk in unsure else "already" for pk in everyone}


def _among(found: Any, person_ids: Iterable[int]) -> set[int]:
    ids = list(person_ids)
    if len(ids) > _IDS_AT_ONCE:
        return set(found) & set(ids)
    return set(found.filter(person_id__in=ids))

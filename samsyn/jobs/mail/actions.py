"""Sending letters, reminding those who have not answered, and declining letters."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from samsyn.audit.actions import record
from samsyn.core import clock, tenancy
from samsyn.core.errors import RefusedError
from samsyn.core.texts import LangText
from samsyn.jobs.actions import start_job
from samsyn.jobs.mail.preview import Preview, preview
from samsyn.jobs.mail.purposes import purpose_of
from samsyn.jobs.models import Job, Mailing, OptOut
from samsyn.jobs.registry import Addressee
from samsyn.jobs.words import both

DELIVER = "samsyn.jobs.mail.delivery.deliver"


@dataclass(frozen=True)
class Sending:
    """What was set going: the letter, the job that delivers it, and whom it reaches."""

    mailing: Mailing
    job: Job
    preview: Preview


def send(
    purpose: str,
    about: int,
    people: Iterable[Addressee],
    subject: LangText,
    body: LangText,
    by: Any | None,
    *,
    reply_to: Any | None = None,
    onward: str = "",
    discreet: bool = False,
) -> Sending:
    """Write to people about something (`about`: its id; 0 for nothing in particular), each of them once.

    Who has already got a letter of this purpose about this gets no second one. `{name}` in the body becomes the
    person's name; addresses in it become links. `reply_to`: the person whom answers reach. `discreet`: nobody may see
    who gets it or how many; the send log forgets it once it has gone. The caller has authorised.
    Raises RefusedError where nobody is left to write to, unless it is discreet.
    """
    known = purpose_of(purpose)
    who = preview(purpose, about, people)
    if not who.recipients and not discreet:  # that nobody is left would tell something, too
        raise RefusedError(_("There is nobody to write to."))
    with transaction.atomic():
        mailing = Mailing.objects.create(
            organisation_id=tenancy.active_id(),
            purpose=purpose,
            about_id=about,
            subject=subject,
            body=body,
            person_ids=[person.pk for person in who.recipients],
            reply_to_id=reply_to.pk if reply_to is not None else None,
            sent_by=by.pk if by is not None else None,
            discreet=discreet,
            day=clock.today(),
        )
        name = subject or both(known.label)
        job = start_job(name, DELIVER, {"mailing": mailing.pk, "attempt": 0}, by, onward=onward)
        mailing.job = job
        mailing.save(update_fields=["job"])
        record("mail.sent", mailing, by=by)
    return Sending(mailing, job, who)


def remind(
    purpose: str,
    about: int,
    people: Iterable[Addressee],
    silent: set[int],
    subject: LangText,
    body: LangText,
    by: Any | None,
    *,
    time: int = 1,
    **more: Any,
) -> Sending:
    """Write to those of the people whose ids are in `silent`: those who have not answered, and nobody else.

    `time`: the first, second … reminder; each reaches a person once. `more`: as for `send`. For an anonymous activity
    with a given audience `silent` holds what the unspent tickets say, and the reminder is `discreet`.
    """
    reminded = [person for person in people if person.pk in silent]
    return send(f"{purpose}.{time}", about, reminded, subject, body, by, **more)


def decline(person_id: int, purpose: str) -> None:
    """Stop letters of one purpose to a person; purpose empty: all that can be done without."""
    OptOut.objects.get_or_create(organisation_id=tenancy.active_id(), person_id=person_id, purpose=purpose)


def accept(person_id: int) -> None:
    """Take back everything a person has declined."""
    OptOut.objects.filter(person_id=person_id).delete()

"""Delivery: a job that writes one letter per person and hands each to the mail server, with patience."""

from __future__ import annotations

import datetime as dt
import smtplib
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from django.conf import settings
from django.core.mail import get_connection
from django.db import transaction
from django.db.models import F
from django.utils.functional import lazy
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from samsyn.core import clock, tenancy
from samsyn.core.errors import RefusedError
from samsyn.jobs.actions import start_job
from samsyn.jobs.errors import CancelledError, PausedError
from samsyn.jobs.mail import messages
from samsyn.jobs.mail.preview import hindrance, people_who_declined, settled
from samsyn.jobs.mail.purposes import purpose_of
from samsyn.jobs.models import Letter, Mailing
from samsyn.jobs.progress import Progress
from samsyn.jobs.registry import Addressee, Surroundings, directory
from samsyn.jobs.words import both
from samsyn.ui.templatetags.ui import number

_in_digits = lazy(number, str)
DELIVER = "samsyn.jobs.mail.delivery.deliver"
WAITS = tuple(dt.timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 240))
A_ROUND = 300  # letters; then others' work gets its turn, and the mail server a rest
BETWEEN_ROUNDS = dt.timedelta(minutes=1)
_ROWS_AT_ONCE = 500
_AT_ONCE = 50
_FILES = "django.core.mail.backends.filebased.EmailBackend"
_SMTP = "django.core.mail.backends.smtp.EmailBackend"
_OUR_SMTP = "samsyn.jobs.mail.smtp.EmailBackend"


class _DownError(Exception):
    """The mail server does not answer; there is no use in trying the next letter."""


def deliver(progress: Progress, mailing: int, attempt: int) -> dict[str, int]:
    """Deliver what is queued of a mailing, a round at a time.

    What the server put off is tried again later, five times at most.
    """
    found = Mailing.objects.get(pk=mailing)
    try:
        return _deliver(progress, found, attempt)
    except CancelledError:
        _forget(found)
        raise


def _deliver(progress: Progress, found: Mailing, attempt: int) -> dict[str, int]:
    _write_letters(found)
    letters = Letter.objects.filter(mailing=found)
    # A worker was killed between handing the letter over and noting it: whether it arrived cannot be told.
    letters.filter(state=Letter.State.SENDING).update(state=Letter.State.UNSURE, reason="unsure")
    if _Postman(found, progress).go(letters):
        progress.message = both(_("Letters go out in rounds, the next in a minute."))
        raise PausedError(BETWEEN_ROUNDS)
    put_off = letters.filter(state=Letter.State.QUEUED)
    again = attempt < len(WAITS) and put_off.exists()
    if again:
        _try_again(found, attempt)
    else:
        put_off.update(state=Letter.State.FAILED, reason="unreachable")
    counts = {state: letters.filter(state=state).count() for state in Letter.State.values}
    if found.discreet:
        if not again:
            _forget(found)
        gone = counts[Letter.State.SENT] or counts[Letter.State.UNSURE] or not any(counts.values())
        progress.message = both(_("The letters have gone out.") if gone else _("No letter has gone out yet."))
        return {}
    progress.message = both(_outcome(counts))
    return {state: count for state, count in counts.items() if count}


def _forget(mailing: Mailing) -> None:
    """Of a discreet mailing nothing says any more whom it was for. One that reached nobody can be made again."""
    if not mailing.discreet:
        return
    letters = Letter.objects.filter(mailing=mailing)
    lost = letters.exists() and not letters.filter(state__in=[Letter.State.SENT, Letter.State.UNSURE]).exists()
    letters.delete()
    if lost:
        mailing.delete()


def _try_again(mailing: Mailing, attempt: int) -> None:
    by = next(iter(directory().addressees([mailing.sent_by])), None) if mailing.sent_by else None
    name = mailing.subject or both(purpose_of(mailing.purpose).label)
    with transaction.atomic():
        arguments = {"mailing": mailing.pk, "attempt": attempt + 1}
        again = start_job(name, DELIVER, arguments, by, after=WAITS[attempt])
        Mailing.objects.filter(pk=mailing.pk).update(job=again)


def _outcome(counts: dict[str, int]) -> Any:
    sent, total = counts[Letter.State.SENT], sum(counts.values())
    if counts[Letter.State.QUEUED]:
        words = _("{sent} of {total} letters have gone out. The rest wait for the mail server and go out later.")
    else:
        words = _("{sent} of {total} letters have gone out.")
    return format_lazy(words, sent=_in_digits(sent), total=_in_digits(total))


def _write_letters(mailing: Mailing) -> None:
    """One letter per person; letters of an earlier mailing that came to nothing are taken over. Can be done again."""
    ids = list(mailing.person_ids)
    same = {"purpose": mailing.purpose, "about_id": mailing.about_id}
    for start in range(0, len(ids), _ROWS_AT_ONCE):
        some = ids[start : start + _ROWS_AT_ONCE]
        stand = settled(mailing.about_id, mailing.purpose).filter(person_id__in=some).values_list("pk", flat=True)
        came_to_nothing = Letter.objects.filter(person_id__in=some, **same).exclude(pk__in=list(stand))
        came_to_nothing.update(mailing=mailing, state=Letter.State.QUEUED, reason="")
        common = {"organisation_id": tenancy.active_id(), "mailing": mailing, "day": clock.today(), **same}
        Letter.objects.bulk_create((Letter(person_id=pk, **common) for pk in some), ignore_conflicts=True)
    Mailing.objects.filter(pk=mailing.pk).update(person_ids=[])


class _Postman:
    """One round with the letters of a mailing."""

    def __init__(self, mailing: Mailing, progress: Progress) -> None:
        surroundings = directory().surroundings(tenancy.active_id())
        assert surroundings is not None
        self._mailing, self._progress, self._surroundings = mailing, progress, surroundings
        self._purpose = purpose_of(mailing.purpose)
        self._connection = connection_for(surroundings)
        self._reply_to = self._address_of(mailing.reply_to_id)

    def _address_of(self, person_id: int | None) -> str:
        found = list(directory().addressees([person_id])) if person_id else []
        return found[0].email if found and not hindrance(found[0], set()) else ""

    def go(self, letters: Any) -> bool:
        """Hand over a round of queued letters; stop early where the server is away. Whether a next round is left."""
        total = letters.count()
        done = total - letters.filter(state=Letter.State.QUEUED).count()
        waiting = list(letters.filter(state=Letter.State.QUEUED).order_by("id").values_list("pk", flat=True))
        queued, away = waiting[:A_ROUND], False
        try:
            for start in range(0, len(queued), _AT_ONCE):
                some = list(Letter.objects.filter(pk__in=queued[start : start + _AT_ONCE], state=Letter.State.QUEUED))
                people = {person.pk: person for person in directory().addressees([row.person_id for row in some])}
                declined = people_who_declined(self._mailing.purpose, people)
                for letter in some:
                    self._tell(done, total)
                    self._one(letter, people.get(letter.person_id), declined)
                    done += 1
        except _DownError:
            away = True
        finally:
            self._close()
        self._tell(total - letters.filter(state=Letter.State.QUEUED).count(), total)
        return len(waiting) > len(queued) and not away

    def _tell(self, done: int, total: int) -> None:
        """How far it has come; of a discreet mailing not even how many it is for."""
        if self._mailing.discreet:
            done = total = 0
        self._progress.step(done, total, _("Letters are going out"))

    def _one(self, letter: Letter, person: Addressee | None, declined: set[int]) -> None:
        reason = "left" if person is None else hindrance(person, declined)
        if person is None or reason:
            _set(letter, Letter.State.FAILED, reason)
            return
        try:
            subject, body = self._words(letter, person)
            entry = self._purpose.calendar(letter, person) if self._purpose.calendar else None
        except RefusedError:
            _set(letter, Letter.State.FAILED, "refused")
            return
        message = messages.make(
            self._purpose,
            person,
            subject,
            body,
            surroundings=self._surroundings,
            reply_to=self._reply_to,
            calendar=entry,
        )
        self._hand_over(letter, message)

    def _words(self, letter: Letter, person: Addressee) -> tuple[Any, Any]:
        if self._purpose.compose is not None:
            return self._purpose.compose(letter, person)
        return self._mailing.subject, self._mailing.body

    def _hand_over(self, letter: Letter, message: Any) -> None:
        try:
            self._connection.open()
        except (OSError, smtplib.SMTPException) as error:
            raise _DownError from error
        claimed = Letter.objects.filter(pk=letter.pk, state=Letter.State.QUEUED)
        if not claimed.update(state=Letter.State.SENDING, attempts=F("attempts") + 1):
            return
        try:
            self._connection.send_messages([message])
        except smtplib.SMTPRecipientsRefused as error:
            self._refused(letter, [code for code, _reply in error.recipients.values()])
        except ValueError:  # an address that cannot be written in a letter's head
            _set(letter, Letter.State.FAILED, "refused")
        except smtplib.SMTPDataError as error:
            self._refused(letter, [error.smtp_code])
        except (OSError, smtplib.SMTPException) as error:
            unsure = getattr(self._connection, "handed_over", False)
            _set(letter, *((Letter.State.UNSURE, "unsure") if unsure else (Letter.State.QUEUED, "")))
            raise _DownError from error
        else:
            _set(letter, Letter.State.SENT, "")

    def _refused(self, letter: Letter, codes: Sequence[int]) -> None:
        """The server said no to this letter alone: for good (5xx), or for now."""
        if any(code >= 500 for code in codes):
            _set(letter, Letter.State.FAILED, "refused")
        else:
            _set(letter, Letter.State.QUEUED, "")

    def _close(self) -> None:
        with suppress(OSError, smtplib.SMTPException):
            self._connection.close()


def _set(letter: Letter, state: str, reason: str) -> None:
    Letter.objects.filter(pk=letter.pk).update(state=state, reason=reason, day=clock.today())


def connection_for(surroundings: Surroundings) -> Any:
    """The way letters of an organisation go. Those of a rehearsal become files and never leave."""
    if surroundings.synthetic:
        return get_connection(_FILES, file_path=settings.EMAIL_FILE_PATH)
    return get_connection(_OUR_SMTP if settings.EMAIL_BACKEND == _SMTP else settings.EMAIL_BACKEND)

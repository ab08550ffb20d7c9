"""Writes about who comes: inviting with a calendar entry, telling of changes, answers, the waiting list, who came."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress

from django.db import transaction
from django.db.models import Max, Q
from django.utils.translation import gettext_lazy as _

from samsyn.audit.actions import record
from samsyn.core import clock, rows, tenancy
from samsyn.core.errors import NotAllowedError, RefusedError
from samsyn.core.texts import LangText
from samsyn.gatherings import letters, queries_people, rules
from samsyn.gatherings.models import Invitee, Session
from samsyn.gatherings.standing import may_run
from samsyn.jobs.mail import actions as mail
from samsyn.organisations.models import Person

Answer = Invitee.Answer
State = Session.State
_AT_ONCE = 500


def _authorise(allowed: bool) -> None:
    if not allowed:
        raise NotAllowedError(_("You may not do this."))


def send_letters(session: Session, *, by: Person, onward: str = "") -> int:
    """Invite those who have not been invited, and tell those who have heard of an earlier sequence. How many letters.

    Each person gets one letter of each sequence. Raises RefusedError where everybody has heard.
    """
    _authorise(may_run(by, session))
    if session.state not in {State.PLANNED, State.CANCELLED}:
        raise RefusedError(_("This session has begun or is over."))
    people = queries_people.to_tell(session)
    purpose = f"{letters.CALENDAR}.{session.sequence}"
    sending = mail.send(purpose, session.pk, people, *letters.invitation_words(session), by, onward=onward)
    written = [person.pk for person in sending.preview.recipients]
    # Who cannot get a letter is invited as well: they see it on their own page.
    _note_invited(session, [person.pk for person in people], written)
    record("session.told", session, by=by)
    return len(written)


def _note_invited(session: Session, person_ids: list[int], written: list[int]) -> None:
    if session.state == State.CANCELLED:
        person_ids = []
    for start in range(0, len(person_ids), _AT_ONCE):
        some = person_ids[start : start + _AT_ONCE]
        new = [Invitee(organisation_id=tenancy.active_id(), session=session, person_id=pk) for pk in some]
        Invitee.objects.bulk_create(new, ignore_conflicts=True)
    for start in range(0, len(written), _AT_ONCE):
        told = Invitee.objects.filter(session=session, person_id__in=written[start : start + _AT_ONCE])
        told.update(sent=session.sequence)


def answer(session: Session, person: Person, *, coming: bool) -> Invitee:
    """Say whether one comes. Where it is full one is put on the waiting list; a place that becomes free goes on."""
    with transaction.atomic():
        if not rows.hold(session, "state", "capacity") or session.state != State.PLANNED:
            raise RefusedError(_("It is too late to answer: this session has begun, is over or is cancelled."))
        invitee, _made = Invitee.objects.get_or_create(
            session=session, person=person, defaults={"organisation_id": tenancy.active_id()}
        )
        before = invitee.answer
        if not coming:
            invitee.answer, invitee.place = Answer.DECLINED, None
        elif before not in {Answer.COMING, Answer.WAITING}:
            _give_place(session, invitee)
        invitee.save(update_fields=["answer", "place"])
        record("session.answered", invitee, by=person)
        moved = fill_places(session) if before == Answer.COMING and not coming else []
    _tell_moved(session, moved)
    return invitee


def _give_place(session: Session, invitee: Invitee) -> None:
    if rules.has_room(session.capacity, queries_people.number_coming(session)):
        invitee.answer, invitee.place = Answer.COMING, None
    else:
        invitee.answer, invitee.place = Answer.WAITING, _last_place(session) + 1


def _last_place(session: Session) -> int:
    return Invitee.objects.filter(session=session).aggregate(last=Max("place"))["last"] or 0


def fill_places(session: Session) -> list[Invitee]:
    """Those first in line move up while there is room, within the caller's transaction. Who moved."""
    coming, moved = queries_people.number_coming(session), []
    for invitee in Invitee.objects.filter(session=session, answer=Answer.WAITING).order_by("place", "id"):
        if not rules.has_room(session.capacity, coming):
            break
        invitee.answer, coming = Answer.COMING, coming + 1
        invitee.save(update_fields=["answer"])
        record("session.moved_up", invitee, by=None)
        moved.append(invitee)
    return moved


def set_capacity(session: Session, capacity: int | None, *, by: Person) -> None:
    """Say how many there is room for. More room lets those in line move up; less takes nobody's place away."""
    _authorise(may_run(by, session))
    with transaction.atomic():
        if not rows.hold(session, "state", "capacity"):
            return
        session.capacity = capacity
        session.save(update_fields=["capacity"])
        record("session.changed", session, by=by)
        moved = fill_places(session) if session.state == State.PLANNED else []
    _tell_moved(session, moved)


def _tell_moved(session: Session, moved: Iterable[Invitee]) -> None:
    for invitee in moved:
        person = Person.objects.get(pk=invitee.person_id)
        purpose = f"{letters.PLACE}.{invitee.place}"  # a place of one's own in line: it is taken once
        with suppress(RefusedError):  # without an address one sees it on one's own page
            mail.send(purpose, session.pk, [person], LangText(), LangText(), None)


def note_who_came(session: Session, person_ids: Iterable[int], *, by: Person) -> None:
    """Tick those who came, where names are kept. How many came follows from it."""
    _authorise(may_run(by, session))
    if not session.named:
        raise RefusedError(_("This session does not keep names. Give a number instead."))
    wanted = set(person_ids)
    with transaction.atomic():
        known = queries_people.people_to_tick(session).filter(pk__in=wanted)
        came = set(known.values_list("pk", flat=True))
        new = [Invitee(organisation_id=tenancy.active_id(), session=session, person_id=pk) for pk in sorted(came)]
        Invitee.objects.bulk_create(new, batch_size=_AT_ONCE, ignore_conflicts=True)
        mine = Invitee.objects.filter(session=session)
        mine.filter(~Q(person_id__in=came), came=True).update(came=False)
        mine.filter(person_id__in=came, came=False).update(came=True)
        session.came = len(came)
        session.save(update_fields=["came"])
        record("session.attendance", session, by=by)


def note_number(session: Session, came: int | None, *, by: Person) -> None:
    """Say how many came, where names are not kept."""
    _authorise(may_run(by, session))
    if session.named:
        raise RefusedError(_("This session keeps names. Tick those who came."))
    with transaction.atomic():
        session.came = came
        session.save(update_fields=["came"])
        record("session.attendance", session, by=by)


def send_answers(session: Session, *, by: Person, onward: str = "") -> int:
    """Send the letter with what came of it to those who were invited or came. How many letters."""
    _authorise(may_run(by, session))
    if session.state != State.PUBLISHED:
        raise RefusedError(_("Publish the minutes first."))
    people = queries_people.to_hear(session)
    sending = mail.send(letters.ANSWERS, session.pk, people, *letters.answers_words(session), by, onward=onward)
    session.answers_sent = clock.today()
    session.save(update_fields=["answers_sent"])
    return len(sending.preview.recipients)


def dispose_of(session: Session) -> None:
    """Delete who was asked, who came and who hosted, once the time for keeping it is over. Numbers stay."""
    with transaction.atomic():
        Invitee.objects.filter(session=session).delete()
        session.hosts.all().delete()
        session.disposed = clock.today()
        session.save(update_fields=["disposed"])
        record("session.disposed", session, by=None)

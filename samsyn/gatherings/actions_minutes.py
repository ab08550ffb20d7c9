"""Writes after a session: minutes made, edited and published, what is left over handed on, lessons kept."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from samsyn.audit.actions import record
from samsyn.core import clock, rows, tenancy
from samsyn.core.errors import NotAllowedError, RefusedError
from samsyn.core.texts import LangText
from samsyn.gatherings import minutes as made
from samsyn.gatherings.models import Correction, Lesson, Minutes, Session
from samsyn.gatherings.standing import may_run
from samsyn.organisations.models import Person
from samsyn.programmes.kinds import kind_of
from samsyn.programmes.models import Activity
from samsyn.programmes.rules import leaves_no_trace
from samsyn.thread.actions import add_item, link, link_many, words_changed
from samsyn.thread.models import Item, Visibility
from samsyn.thread.registry import tell

KIND, LESSON = "gatherings.minutes", "gatherings.lesson"
State = Session.State
LONGEST_LESSON = 300


def _authorise(by: Person, session: Session) -> None:
    if not may_run(by, session):
        raise NotAllowedError(_("You may not do this."))


def refresh(session: Session, *, by: Person) -> Minutes:
    """The minutes as they are now: made anew where nobody has edited them. What is published stays as it is."""
    _authorise(by, session)
    found = Minutes.objects.filter(session=session).first()
    if found is not None and found.published:
        return found
    sections = made.assemble(session)
    with transaction.atomic():
        found, new = Minutes.objects.get_or_create(
            session=session,
            defaults={"organisation_id": tenancy.active_id(), "day": clock.day_of(session.when)},
        )
        sections = made.merge(found.sections, sections)
        if new or sections != found.sections:
            found.sections = sections
            found.save(update_fields=["sections"])
    return found


def edit_section(minutes: Minutes, key: str, text: LangText, *, by: Person) -> None:
    """Write a section in one's own words; from then on it is not made anew."""
    _change(minutes, key, {"text": dict(text), "edited": True}, by)


def let_it_write_itself(minutes: Minutes, key: str, *, by: Person) -> None:
    """Take one's own words back: the section is made from what happened again."""
    _change(minutes, key, {"edited": False}, by)
    refresh(minutes.session, by=by)


def _change(minutes: Minutes, key: str, values: dict[str, object], by: Person) -> None:
    _authorise(by, minutes.session)
    with transaction.atomic():
        if not rows.hold(minutes, "sections", "published") or minutes.published:
            raise RefusedError(_("The minutes have been published. They stay as they are."))
        if key not in {section["key"] for section in minutes.sections}:
            raise RefusedError(_("There is no such section any more."))
        minutes.sections = [{**one, **values} if one["key"] == key else one for one in minutes.sections]
        minutes.save(update_fields=["sections"])
        record("minutes.edited", minutes, by=by)


def correct(minutes: Minutes, key: str, text: LangText, *, reason: LangText, by: Person) -> Correction:
    """Put a section of published minutes right. What stood there stays readable, with the day and the reason.

    Raises RefusedError where they have not been published, nothing is changed or no reason is given.
    """
    _authorise(by, minutes.session)
    if not text:
        raise RefusedError(_("Write what stands here from now on."), "text")
    if not reason:
        raise RefusedError(_("Give the reason."), "reason")
    with transaction.atomic():
        if not rows.hold(minutes, "sections", "published", "item_id") or not minutes.published:
            raise RefusedError(_("The minutes have not been published. Change them where they stand."))
        section = next((one for one in minutes.sections if one["key"] == key), None)
        if section is None:
            raise RefusedError(_("There is no such section any more."))
        before = LangText(section["text"])
        if before == text:
            raise RefusedError(_("Nothing has been changed."), "text")
        made_before = Correction.objects.filter(minutes=minutes)
        correction = Correction.objects.create(
            organisation_id=tenancy.active_id(),
            minutes=minutes,
            number=made_before.count() + 1,
            key=key,
            before=before,
            reason=reason,
            day=clock.today(),
            corrected_by=by,
        )
        minutes.sections = [{**one, "text": dict(text)} if one["key"] == key else one for one in minutes.sections]
        minutes.save(update_fields=["sections"])
        record("minutes.corrected", minutes, by=by)
        if minutes.item is not None:
            words_changed(minutes.item)
    return correction


def publish(session: Session, *, by: Person) -> Minutes:
    """Publish the minutes into the thread: what was said at the session led to them.

    Everyone in the programme reads them where the session was for all, else those it was for. Raises RefusedError while
    something that was asked has neither an answer nor somebody who gives one by a day, nor a reason why not.
    """
    _authorise(by, session)
    if session.state != State.ENDED:
        raise RefusedError(_("The minutes are published once, when the session is over."))
    if made.left_over(session):
        raise RefusedError(_("Some questions have no answer yet. Give each of them a name and a day, or a reason."))
    minutes = refresh(session, by=by)
    with transaction.atomic():
        if not rows.hold(session, "state") or session.state != State.ENDED:
            raise RefusedError(_("The minutes have been published already."))
        item = add_item(
            programme_id=session.programme_id,
            kind=KIND,
            state="published",
            visibility=Visibility.PROGRAMME if session.everybody else Visibility.AUDIENCE,
            title=session.title,
            owner=by,
        )
        link_many(made.items_to_link(session), item)
        minutes.item, minutes.signed_by, minutes.published = item, by, clock.today()
        minutes.save(update_fields=["item", "signed_by", "published"])
        session.state = State.PUBLISHED  # its code stays its own: whoever comes with it learns that it is over
        session.save(update_fields=["state"])
        record("minutes.published", minutes, by=by)
    return minutes


def hand_on(
    session: Session,
    activity: Activity,
    item: Item,
    *,
    owner: Person | None,
    due: dt.date | None,
    reason: LangText,
    by: Person,
) -> None:
    """Give something left over an owner and a day, or the reason why it gets no answer. Raises RefusedError."""
    _authorise(by, session)
    if (activity.pk, item.pk) not in {(one.pk, left.pk) for one, left in made.left_over(session)}:
        raise RefusedError(_("This has an answer already."))
    if owner is None and not reason:
        raise RefusedError(_("Give a name and a day, or say why it gets no answer."), "owner")
    if owner is not None and due is None:
        raise RefusedError(_("Give the day by which it is answered."), "due")
    kind_of(activity).hand_on(activity, item, owner=owner, due=due, reason=reason, by=by)


def add_lesson(session: Session, text: LangText, *, by: Person) -> Item:
    """Keep what will be done differently next time; the next session of the series shows it first."""
    _authorise(by, session)
    if session.state not in {State.RUNNING, State.ENDED, State.PUBLISHED}:
        raise RefusedError(_("What one learns is written down once the session has begun."))
    with transaction.atomic():
        return _keep_lesson(session, text, by=by)


def _keep_lesson(session: Session, text: LangText, *, by: Person, day_only: bool = False) -> Item:
    item = add_item(
        programme_id=session.programme_id, kind=LESSON, visibility=Visibility.FACILITATORS, title=text, owner=None
    )
    lesson = Lesson.objects.create(organisation_id=tenancy.active_id(), session=session, item=item)
    record("lesson.kept", lesson, by=by, day_only=day_only)
    return item


def choose_lesson(session: Session, said: Item, *, by: Person) -> Item:
    """Keep what somebody wrote in the room as a lesson, in their words and without their name. Raises RefusedError."""
    _authorise(by, session)
    if session.state not in {State.RUNNING, State.ENDED}:
        raise RefusedError(_("The minutes have been published. They stay as they are."))
    with transaction.atomic():
        rows.hold(session, "state")
        activity = next((activity for activity, item in made.learned(session) if item.pk == said.pk), None)
        if activity is None:
            raise RefusedError(_("This has been chosen already, or is hidden."))
        text = tell([said])[said.pk].text
        item = _keep_lesson(session, LangText(text), by=by, day_only=leaves_no_trace(activity))
        link(said, item)
    return item


def delete_lesson(session: Session, item: Item, *, by: Person) -> None:
    """Take a lesson back, before the minutes are published."""
    _authorise(by, session)
    if session.state == State.PUBLISHED:
        raise RefusedError(_("The minutes have been published. They stay as they are."))
    with transaction.atomic():
        lesson = Lesson.objects.filter(session=session, item=item).first()
        if lesson is not None:
            record("lesson.deleted", lesson, by=by)
            item.delete()

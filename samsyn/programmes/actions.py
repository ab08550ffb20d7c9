"""Writes to programmes: the storyboard, the life of an activity, publishing with a reply, tickets to vote."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.db import IntegrityError, OperationalError, transaction
from django.db.models import F, Max
from django.utils.translation import gettext_lazy as _

from samsyn.audit.actions import record
from samsyn.core import events, locks, rows, search, tenancy
from samsyn.core.clock import today
from samsyn.core.errors import NotAllowedError, RefusedError
from samsyn.core.texts import LangText
from samsyn.organisations.models import Person
from samsyn.programmes import audiences, beside, codes, doors, rules
from samsyn.programmes.actions_forgetting import forget_order
from samsyn.programmes.kinds import all_kinds, kind_of
from samsyn.programmes.models import Activity, Frame, News, Part, Programme, Role, Ticket, VoterKey
from samsyn.programmes.recording import record_in
from samsyn.thread.actions import write_reply
from samsyn.thread.models import Item, Reply

_ROWS_AT_ONCE = 500
_LIFE = ("state", "code", "ends", "reply_by", "first_reply_by", "opened", "closed", "published", "contributed")
logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class OurReply:
    """What a reply says; the one who signs is given apart."""

    heard: LangText
    doing: LangText
    not_doing: LangText
    next_date: dt.date | None


def _authorise(allowed: bool) -> None:
    if not allowed:
        raise NotAllowedError(_("You may not do this."))


# --- the storyboard ---------------------------------------------------------------------------------------------


def add_programme(*, by: Person, owner: Person, **values: Any) -> Programme:
    """Start a programme. `by` becomes its lead; the owner is the organisation's own."""
    if owner.external:
        raise RefusedError(_("The owner must be one of your own."), "owner")
    with transaction.atomic():
        programme = Programme.objects.create(organisation_id=tenancy.active_id(), **values)
        for person, name in ((owner, Role.Name.OWNER), (by, Role.Name.LEAD)):
            Role.objects.create(organisation_id=tenancy.active_id(), programme=programme, person=person, name=name)
        search.refresh("programme", [programme.pk])
        record("programme.started", programme, by=by)
    return programme


def change_programme(programme: Programme, *, by: Person, **values: Any) -> None:
    """Change what the programme says about itself."""
    _authorise(rules.can_plan(by, programme))
    with transaction.atomic():
        _set(programme, values)
        search.refresh("programme", [programme.pk])
        record("programme.changed", programme, by=by)


def add_frame(programme: Programme, *, by: Person, **values: Any) -> Frame:
    """Add a chapter at the end."""
    _authorise(rules.can_plan(by, programme))
    with transaction.atomic():
        last = Frame.objects.filter(programme=programme).aggregate(last=Max("position"))["last"]
        frame = Frame.objects.create(
            organisation_id=tenancy.active_id(), programme=programme, position=0 if last is None else last + 1, **values
        )
        record("frame.added", frame, by=by)
    return frame


def change_frame(frame: Frame, *, by: Person, **values: Any) -> None:
    """Change a chapter's name, purpose or days."""
    _authorise(rules.can_plan(by, frame.programme))
    with transaction.atomic():
        _set(frame, values)
        record("frame.changed", frame, by=by)


def move_frame(frame: Frame, *, to: int, by: Person) -> None:
    """Put a chapter at a place among the others (0 is first)."""
    _authorise(rules.can_plan(by, frame.programme))
    with transaction.atomic():
        _place(list(Frame.objects.filter(programme=frame.programme).order_by("position", "id")), frame, to)
        record("frame.moved", frame, by=by)


def delete_frame(frame: Frame, *, by: Person) -> None:
    """Delete an empty chapter."""
    _authorise(rules.can_plan(by, frame.programme))
    if frame.activities.exists():
        raise RefusedError(_("Move or delete the activities of this chapter first."))
    refusal = beside.refusal_to_delete(frame)
    if refusal:
        raise RefusedError(refusal)
    with transaction.atomic():
        record("frame.deleted", frame, by=by)
        frame.delete()


def add_activity(frame: Frame, *, by: Person, **values: Any) -> Activity:
    """Add an activity at the end of a chapter, as a draft."""
    _authorise(rules.can_plan(by, frame.programme))
    return place_activity(frame, by=by, **values)


def place_activity(frame: Frame, *, by: Person, **values: Any) -> Activity:
    """The same where the caller has authorised: whoever runs a session makes what is done there."""
    _check_level(values["kind"], values.get("level", Activity.Level.NAMED))
    with transaction.atomic():
        last = Activity.objects.filter(frame=frame).aggregate(last=Max("position"))["last"]
        activity = Activity.objects.create(
            organisation_id=tenancy.active_id(),
            programme=frame.programme,
            frame=frame,
            position=0 if last is None else last + 1,
            **values,
        )
        kind_of(activity).created(activity, by=by)
        search.refresh("activity", [activity.pk])
        record_in(activity, "activity.added", activity, by=by)
    return activity


def _check_level(kind: str, level: str) -> None:
    """Refuse a level that a kind cannot keep. No kind keeps `coded` yet: docs/decisions/0009."""
    if level not in all_kinds()[kind].levels:
        raise RefusedError(_("This kind of activity cannot keep that promise about who sees what."), "level")


def change_activity(activity: Activity, *, by: Person, **values: Any) -> None:
    """Change an activity. Once somebody has contributed, what was promised about anonymity is fixed."""
    _authorise(rules.can_plan(by, activity.programme))
    if "level" in values:
        _check_level(activity.kind, values["level"])
    with transaction.atomic():
        locked = Activity.objects.select_for_update().get(pk=activity.pk)
        fixed = {"level", "entry"} if locked.contributed else set()
        for name in fixed & set(values):
            if values[name] != getattr(locked, name):
                raise RefusedError(
                    _("Somebody has already contributed. What you promised them about anonymity cannot change."), name
                )
        moved = "reply_by" in values and values["reply_by"] != locked.reply_by and locked.state != Activity.State.DRAFT
        if moved and locked.first_reply_by is None:
            values["first_reply_by"] = locked.reply_by
        _set(activity, values)
        search.refresh("activity", [activity.pk])
        record_in(activity, "activity.changed", activity, by=by)
    if "level" in values or "entry" in values:
        _give_tickets_if_voting(activity)
    events.changed(activity.pk)


def _give_tickets_if_voting(activity: Activity) -> None:
    by_ticket = rules.is_anonymous(activity) and activity.entry == Activity.Entry.AUDIENCE
    if by_ticket and activity.state == Activity.State.OPEN:
        hand_out_tickets(activity)


def move_activity(activity: Activity, *, frame: Frame, to: int, by: Person) -> None:
    """Put an activity at a place in a chapter of the same programme (0 is first)."""
    _authorise(rules.can_plan(by, activity.programme))
    if frame.programme_id != activity.programme_id:
        raise RefusedError(_("The chapter belongs to another programme."), "frame")
    with transaction.atomic():
        activity.frame = frame
        activity.save(update_fields=["frame"])
        others = Activity.objects.filter(frame=frame).order_by("position", "id")
        _place(list(others), activity, to)
        record_in(activity, "activity.moved", activity, by=by)


def copy_activity(activity: Activity, *, by: Person) -> Activity:
    """Copy an activity with its set-up and audience, never its contributions; the copy is a draft after it."""
    _authorise(rules.can_plan(by, activity.programme))
    with transaction.atomic():
        source = Activity.objects.get(pk=activity.pk)
        copy = Activity.objects.get(pk=activity.pk)
        copy.pk = Activity._meta.pk.get_default()
        copy._state.adding = True
        copy.state, copy.code, copy.contributed = Activity.State.DRAFT, None, False
        copy.opened = copy.closed = copy.published = copy.first_reply_by = None
        copy.title = LangText({lang: str(_copied(text, lang)) for lang, text in source.title.items()})
        copy.position = source.position + 1
        Activity.objects.filter(frame=source.frame_id, position__gt=source.position).update(position=F("position") + 1)
        copy.save(force_insert=True)
        for part in Part.objects.filter(activity=source):
            part.pk = Part._meta.pk.get_default()
            part._state.adding = True
            part.activity = copy
            part.save(force_insert=True)
        kind_of(copy).copied(source, copy, by=by)
        search.refresh("activity", [copy.pk])
        record_in(copy, "activity.copied", copy, by=by)
    return copy


def _copied(text: str, lang: str) -> str:
    return f"{text} ({'kopia' if lang == 'sv' else 'copy'})"


def delete_activity(activity: Activity, *, by: Person) -> None:
    """Delete a draft that nobody has contributed to."""
    _authorise(rules.can_plan(by, activity.programme))
    refusal = kind_of(activity).refusal_to_delete(activity)
    if activity.contributed or activity.state != Activity.State.DRAFT:
        refusal = refusal or _("People have been asked here. Close it instead, and reply to them.")
    if refusal:
        raise RefusedError(refusal)
    with transaction.atomic():
        search.forget("activity", [activity.pk])
        record_in(activity, "activity.deleted", activity, by=by)
        activity.delete()


def _set(row: Any, values: dict[str, Any]) -> None:
    for name, value in values.items():
        setattr(row, name, value)
    row.save(update_fields=list(values))


def _place(rows: list[Any], row: Any, to: int) -> None:
    others = [other for other in rows if other.pk != row.pk]
    others.insert(max(0, min(to, len(others))), row)
    for position, other in enumerate(others):
        if other.position != position:
            other.position = position
            other.save(update_fields=["position"])


# --- the life of an activity ------------------------------------------------------------------------------------


def open_activity(
    activity: Activity, *, by: Person | None, ends: dt.date | None = None, reply_by: dt.date | None = None
) -> None:
    """Open an activity: draw its code, hand out the tickets to vote. `by` is None where its date opens it.

    `ends`, `reply_by`: new days, where those in the plan have passed. A day already promised stays visible.
    """
    _authorise(by is None or rules.can_plan(by, activity.programme))
    _check_opening(activity, ends, reply_by)
    if rules.is_anonymous(activity) and activity.entry == Activity.Entry.AUDIENCE:
        hand_out_tickets(activity)
    with transaction.atomic():
        _hold(activity)
        _check_opening(activity, ends, reply_by)
        if reply_by is not None and reply_by != activity.reply_by and activity.state != Activity.State.DRAFT:
            activity.first_reply_by = activity.first_reply_by or activity.reply_by
        activity.ends, activity.reply_by = ends or activity.ends, reply_by or activity.reply_by
        activity.state = Activity.State.OPEN
        activity.opened = activity.opened or today()
        activity.closed = None
        activity.save(update_fields=["state", "opened", "closed", "ends", "reply_by", "first_reply_by"])
        _draw_code(activity)
        record_in(activity, "activity.opened", activity, by=by)
    events.changed(activity.pk)


def _check_opening(activity: Activity, ends: dt.date | None, reply_by: dt.date | None) -> None:
    if not rules.can_become(activity, "open"):
        raise RefusedError(_("This activity is already open, or has been published."))
    _check_level(activity.kind, activity.level)
    if ends is not None and ends < max(activity.starts, today()):
        raise RefusedError(_("Choose a day that is still to come."), "ends")
    if (reply_by or activity.reply_by) < max(ends or activity.ends, today()):
        raise RefusedError(_("Say when people will hear what came of it: a day after it closes."), "reply_by")


def _hold(activity: Activity) -> None:
    """Keep others from changing an activity's state until the transaction ends, and know it as it is now."""
    if not rows.hold(activity, *_LIFE):
        raise RefusedError(_("This activity has been deleted."))


def _draw_code(activity: Activity) -> None:
    while activity.code is None:
        candidate = codes.draw_code()
        if doors.is_taken(candidate):
            continue
        try:
            with transaction.atomic():
                Activity.objects.filter(pk=activity.pk).update(code=candidate)
        except IntegrityError:
            continue
        activity.code = candidate


def hand_out_tickets(activity: Activity) -> None:
    """One ticket per person in the audience, all before the first vote, so that their order says nothing."""
    people = list(audiences.people_of_activity(activity).values_list("pk", flat=True))
    organisation_id = tenancy.active_id()
    for start in range(0, len(people), _ROWS_AT_ONCE):
        chunk = people[start : start + _ROWS_AT_ONCE]
        rows = [Ticket(organisation_id=organisation_id, activity=activity, person_id=pk) for pk in chunk]
        Ticket.objects.bulk_create(rows, ignore_conflicts=True)


def close_activity(activity: Activity, *, by: Person | None) -> None:
    """Close an activity. The rows of an anonymous one are rewritten so that their order cannot be read back."""
    _authorise(by is None or rules.can_plan(by, activity.programme))
    with transaction.atomic():
        _hold(activity)
        if not rules.can_become(activity, "closed"):
            raise RefusedError(_("Only an open activity can be closed."))
        activity.state, activity.closed = Activity.State.CLOSED, today()
        activity.save(update_fields=["state", "closed"])
        kind_of(activity).closed(activity)
        record_in(activity, "activity.closed", activity, by=by)
    events.changed(activity.pk)
    if rules.leaves_no_trace(activity):
        transaction.on_commit(partial(_forget_order_now_or_tonight, activity))


def _forget_order_now_or_tonight(activity: Activity) -> None:
    try:
        forget_order(activity)
    except OperationalError:  # others are using the file; the daily duty does it again
        logger.warning("an anonymous activity could not be rewritten at close; the daily duty will")


def publish_activity(activity: Activity, reply: OurReply, *, signed_by: Person, by: Person) -> None:
    """Publish the result together with our reply, or add the reply to a result published without one."""
    _authorise(rules.can_organise(by, activity.programme))
    if not reply.heard:
        raise RefusedError(_("Write what you heard."), "heard")
    if not reply.doing and not reply.not_doing:
        raise RefusedError(_("Write what you do, or what you do not do and why."), "doing")
    with transaction.atomic():
        _hold(activity)
        if not rules.may_reply(activity):
            raise RefusedError(_("Close the activity before you publish its result."))
        if Reply.objects.filter(activity_id=activity.pk).exists():
            raise RefusedError(_("There is already a reply to this activity."))
        voices = Item.objects.filter(activity_id=activity.pk).exclude(kind="reply").order_by("id")
        write_reply(
            programme_id=activity.programme_id,
            activity_id=activity.pk,
            level=activity.level,
            heard=reply.heard,
            doing=reply.doing,
            not_doing=reply.not_doing,
            next_date=reply.next_date,
            signed_by=signed_by,
            voice_ids=list(voices.values_list("pk", flat=True)),
            title=activity.title,
            by=by,
        )
        activity.state, activity.published = Activity.State.PUBLISHED, activity.published or today()
        activity.save(update_fields=["state", "published"])
        kind_of(activity).published(activity)
        record_in(activity, "activity.published", activity, by=by)
    events.changed(activity.pk)


def publish_without_reply(activity: Activity, *, reply_by: dt.date | None, by: Person) -> None:
    """Publish the result now and the reply later: only with a new day for the reply, which all see."""
    _authorise(rules.can_organise(by, activity.programme))
    if reply_by is None:
        raise RefusedError(_("Without a reply, give the day on which it will come. Everyone sees it."), "reply_by")
    with transaction.atomic():
        _hold(activity)
        if not rules.can_become(activity, "published"):
            raise RefusedError(_("Close the activity before you publish its result."))
        put_off_reply(activity, reply_by=reply_by, by=by)
        activity.state, activity.published = Activity.State.PUBLISHED, today()
        activity.save(update_fields=["state", "published"])
        kind_of(activity).published(activity)
        record_in(activity, "activity.published_without_reply", activity, by=by)


def put_off_reply(activity: Activity, *, reply_by: dt.date, by: Person) -> None:
    """Move the day on which people hear what came of it. The first day stays visible to all beside the new one."""
    _authorise(rules.can_organise(by, activity.programme))
    if reply_by <= today() or reply_by < activity.ends:
        raise RefusedError(_("Choose a day that is still to come, after the activity closes."), "reply_by")
    if reply_by == activity.reply_by:
        raise RefusedError(_("That is the day already given. Choose another."), "reply_by")
    with transaction.atomic():
        activity.first_reply_by = activity.first_reply_by or activity.reply_by
        activity.reply_by = reply_by
        activity.save(update_fields=["reply_by", "first_reply_by"])
        record_in(activity, "activity.reply_put_off", activity, by=by)
    events.changed(activity.pk)


# --- contributions ----------------------------------------------------------------------------------------------


def note_contribution(activity: Activity) -> None:
    """From the first contribution on, level and entry are fixed. Nothing else is noted."""
    if not activity.contributed:
        Activity.objects.filter(pk=activity.pk, contributed=False).update(contributed=True)
        activity.contributed = True


@contextmanager
def voting(activity: Activity, person: Person | None, key: str) -> Iterator[None]:
    """A vote in an anonymous activity: the block is its transaction. Raises RefusedError where the key may not vote.

    The ticket is spent in a transaction of its own. Until then nobody else votes with it: a person who sends from
    several browsers at once votes once.
    """
    with _first_vote_alone(activity, person, key):
        with transaction.atomic():
            admit_voter(activity, person, key)
            yield
        spend_ticket(activity, person)


@contextmanager
def _first_vote_alone(activity: Activity, person: Person | None, key: str) -> Iterator[None]:
    by_ticket = person is not None and activity.entry == Activity.Entry.AUDIENCE
    if by_ticket and not VoterKey.objects.filter(activity=activity, key=key).exists():
        with locks.alone("ticket", activity.pk, person.pk if person else 0):
            yield
    else:
        yield


def admit_voter(activity: Activity, person: Person | None, key: str) -> None:
    """Let the key vote in an anonymous activity, within the caller's transaction. Raises RefusedError.

    With a given audience a new key needs an unspent ticket. `voting` does this and spends the ticket.
    """
    if VoterKey.objects.filter(activity=activity, key=key).exists():
        return
    if activity.entry == Activity.Entry.AUDIENCE:
        ticket = Ticket.objects.filter(activity=activity, person=person).first() if person else None
        if ticket is None:
            raise NotAllowedError(_("This vote is for those invited."))
        if ticket.spent:
            raise RefusedError(_("You have already voted here from another browser. Use that one to change your vote."))
    VoterKey.objects.bulk_create(
        [VoterKey(organisation_id=tenancy.active_id(), activity=activity, key=key)], ignore_conflicts=True
    )


def spend_ticket(activity: Activity, person: Person | None) -> None:
    """Mark a person's ticket as spent: a flag without a time, in another transaction than the vote."""
    if person is not None and activity.entry == Activity.Entry.AUDIENCE:
        Ticket.objects.filter(activity=activity, person=person, spent=False).update(spent=True)


# --- news -------------------------------------------------------------------------------------------------------


def add_news(programme: Programme, *, title: LangText, text: LangText, by: Person, day: dt.date | None = None) -> News:
    """Put a short, signed notice on the programme page."""
    _authorise(rules.can_organise(by, programme))
    with transaction.atomic():
        news = News.objects.create(
            organisation_id=tenancy.active_id(),
            programme=programme,
            day=day or today(),
            title=title,
            text=text,
            signed_by=by,
        )
        record("news.added", news, by=by)
    return news

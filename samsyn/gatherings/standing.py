"""What a visitor is to a session: what they are to its programme, one who runs it, one who is invited."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import QuerySet

from samsyn.gatherings.models import Block, Host, Session, SessionPart
from samsyn.organisations.models import Person
from samsyn.programmes.audiences import Facts
from samsyn.programmes.models import Activity
from samsyn.programmes.standing import (
    AT_DESK,
    FACILITATOR,
    GUEST,
    HOST,
    LEAD,
    MEMBER,
    MODERATING,
    PARTICIPANT,
    STAFF,
    TAKING_PART,
    Standing,
    Visitor,
)

RUNNING: Standing = MODERATING
READING: Standing = AT_DESK | TAKING_PART
__all__ = ["GUEST", "HOST", "PARTICIPANT", "READING", "RUNNING", "hosted", "in_session", "may_run", "room_reads"]


def in_session(
    visitor: Visitor, session: Session, *, hosts: bool | None = None, parts: Sequence[SessionPart] | None = None
) -> Standing:
    """Everything the visitor is to a session. `hosts`, `parts`: where the caller has read them for many sessions."""
    standing = set(visitor.in_programme(session.programme))
    person = visitor.person
    facts = visitor.own_facts() if person is not None else None
    if person is not None and facts is not None and facts.present:
        if hosts is None:
            hosts = Host.objects.filter(session=session, person=person).exists()
        if hosts:
            standing.add(HOST)
        if _is_invited(facts, session, frozenset(standing), parts):
            standing.add(PARTICIPANT)
    return frozenset(standing)


def _is_invited(facts: Facts, session: Session, standing: Standing, parts: Sequence[SessionPart] | None) -> bool:
    if session.everybody and (STAFF in standing or facts.own):
        return STAFF in standing
    if parts is None:
        parts = SessionPart.objects.filter(session=session).select_related("unit")  # type: ignore[assignment]
    inside = facts.own or bool(standing & {GUEST, MEMBER, LEAD, FACILITATOR})
    return inside and facts.within(parts)  # type: ignore[arg-type]


def room_reads(session: Session, activity: Activity) -> bool:
    """Whether everybody who may be in the room may read the activity: the room shows the same to all of them.

    Who comes in by the session's code is known to nobody: where an activity is for some, a code must lead there too.
    """
    by_code = session.entry == Activity.Entry.CODE and activity.entry != Activity.Entry.CODE
    if activity.everybody:
        return activity.state != Activity.State.DRAFT
    if activity.state == Activity.State.PUBLISHED:
        return not by_code
    return not by_code and not session.everybody and _parts(session) <= _parts(activity)


def _parts(holder: Session | Activity) -> set[tuple[object, ...]]:
    columns = ("unit_id", "level", "team_of_id", "group_id", "person_id")
    return set(holder.parts.values_list(*columns))


def hosted(person: Person | None) -> QuerySet[Block]:
    """The blocks whose activities somebody works in as a host: until the session's minutes have been published."""
    over = [Session.State.PUBLISHED, Session.State.CANCELLED]
    found = Block.objects.filter(session__hosts__person=person, activity__isnull=False)
    return found.exclude(session__state__in=over).order_by()


def may_run(person: Person | None, session: Session) -> bool:
    """Whether somebody may lead the session on the stage."""
    return bool(in_session(Visitor(person), session) & RUNNING)

"""What a visitor is to a programme or an activity: the roles that every rule is written in."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from samsyn.core import clock
from samsyn.organisations.models import Person
from samsyn.programmes import audiences
from samsyn.programmes.models import Activity, Programme, Role

OWNER, LEAD, FACILITATOR, MEMBER, GUEST = "owner", "lead", "facilitator", "member", "guest"
STAFF, MANAGER, PARTICIPANT = "staff", "manager", "participant"

Standing = frozenset[str]
NOBODY: Standing = frozenset()
FACILITATION: Standing = frozenset({LEAD, FACILITATOR})
ORGANISING: Standing = frozenset({OWNER, LEAD, FACILITATOR})
INSIDE: Standing = frozenset({OWNER, LEAD, FACILITATOR, MEMBER, STAFF, MANAGER})
TAKING_PART: Standing = frozenset({PARTICIPANT})
ANYONE_THERE: Standing = INSIDE | TAKING_PART


def _holds(role: Role, today: dt.date) -> bool:
    partner_over = role.partner is not None and role.partner.until < today
    return not partner_over and (role.until is None or role.until >= today)


def roles_of(person: Person, programme: Programme) -> Standing:
    """The roles that a person holds in a programme today by appointment."""
    today = clock.today()
    rows: Iterable[Role] = Role.objects.filter(programme=programme, person=person).select_related("partner")
    return frozenset(role.name for role in rows if _holds(role, today))


def in_programme(person: Person | None, programme: Programme) -> Standing:
    """Everything a person is to a programme: appointed roles, and staff or manager where it is for them."""
    if person is None:
        return NOBODY
    standing = set(roles_of(person, programme))
    if not person.external and audiences.people_of_programme(programme).filter(pk=person.pk).exists():
        standing.add(STAFF)
        if person.level != Person.Level.STAFF:
            standing.add(MANAGER)
    return frozenset(standing)


def in_activity(person: Person | None, activity: Activity, *, entered: bool = False) -> Standing:
    """Everything a visitor is to an activity. `entered`: came in with the code of an activity that allows it.

    A guest is nobody outside the activities that name them.
    """
    standing = set(in_programme(person, activity.programme))
    if person is not None:
        if activity.everybody:
            takes_part = bool(standing & {STAFF})
        else:
            takes_part = audiences.people_of_activity(activity).filter(pk=person.pk).exists()
        if takes_part and (not person.external or standing & {GUEST, MEMBER, LEAD, FACILITATOR}):
            standing.add(PARTICIPANT)
    if entered and activity.entry == Activity.Entry.CODE and activity.state != Activity.State.DRAFT:
        standing.add(PARTICIPANT)
    if standing == {GUEST}:
        return NOBODY
    return frozenset(standing)

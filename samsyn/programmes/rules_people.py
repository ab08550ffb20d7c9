"""Rules about people: who may appoint whom, and when an invitation's link may sign somebody in by itself."""

from __future__ import annotations

from samsyn.accounts.models import User
from samsyn.core import clock
from samsyn.organisations.models import Person
from samsyn.programmes import standing
from samsyn.programmes.models import Activity, Invitation, Programme, Role

APPOINTED: frozenset[str] = frozenset({Role.Name.LEAD, Role.Name.FACILITATOR, Role.Name.MEMBER})


def can_appoint(person: Person | None, programme: Programme) -> bool:
    """Owner and programme lead say who is owner, lead and facilitator, and with which partners."""
    return bool(standing.in_programme(person, programme) & {standing.OWNER, standing.LEAD})


def narrowing_is_fixed(activity: Activity) -> bool:
    """Whether nobody may be taken out of the audience any more."""
    return activity.contributed and activity.state != Activity.State.DRAFT


def still_holds(invitation: Invitation) -> bool:
    """Whether a link leads in today."""
    return not invitation.revoked and invitation.until >= clock.today()


def link_signs_in(invitation: Invitation, user: User) -> bool:
    """Whether the link alone may sign this account in.

    The link is known to those who plan the programme as well. It must open nothing but what it invites to: an
    account that is anything else, here or in another organisation, signs in by its owner's own means.
    """
    if user.is_operator or not user.is_active or not invitation.person.external:
        return False
    if Person.across.filter(user=user).exclude(pk=invitation.person_id).exists():
        return False
    others = Role.objects.filter(person=invitation.person_id)
    return not others.exclude(programme=invitation.programme_id, name=Role.Name.GUEST).exists()

"""Taking a person out of programmes when they are erased; registered with organisations, which lie below."""

from __future__ import annotations

from django.db.models import Q

from samsyn.organisations.models import Person
from samsyn.programmes.kinds import all_kinds
from samsyn.programmes.models import Activity, GroupMember, Invitation, Part, Programme, Role, Ticket
from samsyn.thread.models import Reply


def take_out(person: Person) -> None:
    """Take a person out of every kind, and out of roles, groups, audiences and invitations. Twice does no harm.

    What others have answered and what has been published stays; a ticket says nothing but that somebody voted.
    """
    for kind in all_kinds().values():
        kind.erase(person)
    Role.objects.filter(person=person).delete()
    GroupMember.objects.filter(person=person).delete()
    Invitation.objects.filter(person=person).delete()
    Invitation.objects.filter(invited_by=person).update(invited_by=None)
    Part.objects.filter(Q(person=person) | Q(team_of=person)).delete()
    Ticket.objects.filter(person=person).delete()
    Programme.objects.filter(contact=person).update(contact=None)
    Reply.objects.filter(published_by=person).update(published_by=None)
    Activity.objects.filter(responsible=person).update(responsible=None)

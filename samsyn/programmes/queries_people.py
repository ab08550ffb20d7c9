"""Reads about people: a programme's roles, partners, groups and guests; the units to choose an audience among."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Case, Count, QuerySet, When
from django.utils.translation import gettext as _

from samsyn.accounts.models import User
from samsyn.core.clock import today
from samsyn.core.ids import encode_id
from samsyn.jobs.models import Letter
from samsyn.organisations.models import Person, Unit
from samsyn.organisations.names import sort_name
from samsyn.programmes import audience_choice, rules_people
from samsyn.programmes.audiences import active_people
from samsyn.programmes.models import (
    Activity,
    ErasureRequest,
    FaultReport,
    Group,
    Invitation,
    Part,
    Partner,
    Programme,
    Role,
)
from samsyn.ui.templatetags.ui import day

LETTER = "invitation"  # what a letter of invitation is for, in the send log
MOST_FOUND = 12
_NEVER = dt.date.min


@dataclass(frozen=True)
class RoleRow:
    """A role as it holds: `until` is the earlier of its own last day and the partner's."""

    role: Role
    until: dt.date | None

    @property
    def ended(self) -> bool:
        """Whether its last day has passed."""
        return self.until is not None and self.until < today()


def roles_of(programme: Programme) -> dict[str, list[RoleRow]]:
    """Roles by name, people in order of name; guests have a list of their own (`guests_of`). One query."""
    found: dict[str, list[RoleRow]] = {name: [] for name in Role.Name.values}
    rows = Role.objects.filter(programme=programme).select_related("person__unit", "partner")
    for role in rows.order_by("person__sort_name", "id"):
        ends = [day for day in (role.until, role.partner.until if role.partner else None) if day]
        found[role.name].append(RoleRow(role, min(ends, default=None)))
    return found


def roles_in_words(person: Person) -> str:
    """What somebody is here today, in no matter which programme: "programme lead, guest until 5 May". One query."""
    held: dict[str, dt.date] = {}
    for name, *ends in Role.objects.filter(person=person).values_list("name", "until", "partner__until"):
        until = min(filter(None, ends), default=dt.date.max)
        held[name] = max(until, held.get(name, until))
    words = [_role_until(Role.Name(name), held[name]) for name in Role.Name.values if held.get(name, _NEVER) >= today()]
    if person.administrator:
        words.append(_("administrator"))
    return ", ".join(words or [str(Role.Name.GUEST.label if person.external else person.get_level_display())])


def _role_until(role: Role.Name, until: dt.date) -> str:
    if until == dt.date.max:
        return str(role.label)
    return _("%(role)s until %(day)s") % {"role": role.label, "day": day(until)}


def partners_of(programme: Programme) -> list[Partner]:
    """Partners, those that last longest first."""
    return list(Partner.objects.filter(programme=programme).order_by("-until", "name"))


def groups_of(programme: Programme) -> QuerySet[Group]:
    """Groups with the number of their members (`size`)."""
    return Group.objects.filter(programme=programme).annotate(size=Count("members")).order_by("id")


def members_of(group: Group) -> QuerySet[Person]:
    """Who is in a group, in order of name."""
    return Person.objects.filter(groups__group=group).select_related("unit").order_by("sort_name", "id")


@dataclass(frozen=True)
class Guest:
    """A guest: until when, to what, and how far the invitation has come."""

    person: Person
    until: dt.date
    invitation: Invitation | None = None  # the newest that leads in, or the last one that did; None: by role alone
    activities: list[Activity] = field(default_factory=list)
    joined: dt.date | None = None
    beside: list[Any] = field(default_factory=list)  # what they are asked to that is no activity

    @property
    def state(self) -> str:
        """invited, opened, joined or ended."""
        if self.until < today() or (self.invitation and not rules_people.still_holds(self.invitation)):
            return "ended"
        if self.joined or self.invitation is None:  # one without an invitation was given the role, and is in
            return "joined"
        return "opened" if self.invitation.opened else "invited"


def guests_of(programme: Programme) -> list[Guest]:
    """Guests in order of name. Three queries, and one for what is no activity."""
    invitations: dict[int, list[Invitation]] = defaultdict(list)
    rows = Invitation.objects.filter(programme=programme).select_related("person").order_by("-revoked", "made", "id")
    for invitation in rows:
        invitations[invitation.person_id].append(invitation)
    activities: dict[int, list[Activity]] = defaultdict(list)
    roles = Role.objects.filter(programme=programme, name=Role.Name.GUEST).select_related("person")
    by_role = {role.person_id: role for role in roles}
    people = {*invitations, *by_role}
    parts = Part.objects.filter(activity__programme=programme, person__in=people).select_related("activity")
    for part in parts.order_by("activity__starts", "activity_id"):
        if part.activity is not None and part.person_id:
            activities[part.person_id].append(part.activity)
    beside = audience_choice.beside_activities(programme, people)
    found = [
        Guest(role.person, role.until, activities=activities[pk], beside=beside.get(pk, []))
        for pk, role in by_role.items()
        if role.until and pk not in invitations
    ]
    for pk, links in invitations.items():
        newest = links[-1]
        joined = min((link.accepted for link in links if link.accepted), default=None)
        until = by_role[pk].until if pk in by_role else None
        found.append(Guest(newest.person, until or newest.until, newest, activities[pk], joined, beside.get(pk, [])))
    return sorted(found, key=lambda guest: (guest.person.sort_name, guest.person.pk))


def guest_of(programme: Programme, person_id: int) -> Guest | None:
    """One guest; None where nobody of that id was invited."""
    return next((guest for guest in guests_of(programme) if guest.person.pk == person_id), None)


def activities_of_guest(programme: Programme, person: Person) -> list[Activity]:
    """What a guest is invited to, in order of days."""
    named = Part.objects.filter(activity__programme=programme, person=person).values("activity_id")
    return list(programme.activities.filter(pk__in=named).order_by("starts", "id"))


def silent_guests(programme: Programme) -> list[Invitation]:
    """Invitations that lead in today and were sent as a letter, of guests who have not come in."""
    rows = Invitation.objects.filter(programme=programme, revoked=False, until__gte=today())
    came = Invitation.objects.filter(programme=programme, accepted__isnull=False).values("person_id")
    gone_out = [Letter.State.SENT, Letter.State.UNSURE]
    sent = Letter.objects.filter(purpose=LETTER, state__in=gone_out).values("about_id")
    return list(
        rows.exclude(person_id__in=came)
        .filter(pk__in=sent)
        .select_related("person", "invited_by", "programme")
        .order_by("id")
    )


def account_of(person: Person) -> User | None:
    """The account that a guest comes in with: their own, or the one of their address."""
    return person.user or User.objects.filter(email=person.email.lower()).first()


def erasure_requests() -> QuerySet[ErasureRequest]:
    """Who has asked to be forgotten: those that wait first, then the newest."""
    waits = Case(When(state=ErasureRequest.State.OPEN, then=0), default=1)
    return ErasureRequest.objects.select_related("person__unit").order_by(waits, "-day", "id")


def fault_reports() -> QuerySet[FaultReport]:
    """Faults that have been reported, in the order of their states, then the newest."""
    states = Case(*(When(state=state, then=place) for place, state in enumerate(FaultReport.State.values)))
    return FaultReport.objects.order_by(states, "-day", "id")


def known_faults() -> list[FaultReport]:
    """Faults that an operator has found to be so and has put into words, for the accessibility statement."""
    return list(FaultReport.objects.filter(state=FaultReport.State.KNOWN).order_by("-day", "id"))


# --- to choose an audience among ---------------------------------------------------------------------------------


@dataclass
class Branch:
    """A unit with those below it. `open`: something below it is chosen."""

    unit: Unit
    below: list[Branch] = field(default_factory=list)
    open: bool = False

    @property
    def key(self) -> str:
        """How the unit is called in a form."""
        return f"unit:{encode_id(self.unit.pk)}"


def tree(chosen: set[int]) -> list[Branch]:
    """All units of today as a tree, in order of name. One query."""
    branches = {unit.pk: Branch(unit) for unit in Unit.objects.filter(closed__isnull=True)}
    roots: list[Branch] = []
    for branch in sorted(branches.values(), key=lambda branch: (sort_name(str(branch.unit)), branch.unit.pk)):
        above = branches.get(branch.unit.parent_id or 0)
        (above.below if above else roots).append(branch)
    for pk in chosen & branches.keys():
        above = branches.get(branches[pk].unit.parent_id or 0)
        while above and not above.open:
            above.open = True
            above = branches.get(above.unit.parent_id or 0)
    for root in roots:
        root.open = root.open or len(roots) < MOST_FOUND
    return roots


def find_units(text: str) -> list[Unit]:
    """Units whose name holds every word of the text. Reads all units: only asked where there are too many to show."""
    words = [sort_name(word) for word in text.split()]
    units = sorted(Unit.objects.filter(closed__isnull=True), key=lambda unit: (sort_name(str(unit)), unit.pk))
    found = [unit for unit in units if words and all(word in sort_name(" ".join(unit.name.values())) for word in words)]
    return found[:MOST_FOUND]


def find_people(text: str) -> list[Person]:
    """The organisation's people whose name holds every word of the text."""
    rows = active_people().select_related("unit")
    for word in text.split():
        rows = rows.filter(sort_name__contains=sort_name(word))
    return list(rows.order_by("sort_name", "id")[:MOST_FOUND]) if text.split() else []


def leading(people: list[Person]) -> set[int]:
    """Which of the people somebody reports to."""
    return set(active_people().filter(manager__in=people).values_list("manager_id", flat=True))

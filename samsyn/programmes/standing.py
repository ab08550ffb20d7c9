"""What a visitor is to a programme or an activity: the roles that every rule is written in."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from django.db.models import Q

from samsyn.core import clock
from samsyn.organisations.models import Person
from samsyn.programmes.audiences import Facts
from samsyn.programmes.models import Activity, Part, Programme, Role

OWNER, LEAD, FACILITATOR, MEMBER, GUEST = "owner", "lead", "facilitator", "member", "guest"
STAFF, MANAGER, PARTICIPANT = "staff", "manager", "participant"

Standing = frozenset[str]
NOBODY: Standing = frozenset()
FACILITATION: Standing = frozenset({LEAD, FACILITATOR})
ORGANISING: Standing = frozenset({OWNER, LEAD, FACILITATOR})
INSIDE: Standing = frozenset({OWNER, LEAD, FACILITATOR, MEMBER, STAFF, MANAGER})
TAKING_PART: Standing = frozenset({PARTICIPANT})
ANYONE_THERE: Standing = INSIDE | TAKING_PART


class Visitor:
    """One visitor and what they are to programmes and activities. Reads what it needs once, in few queries.

    `entered`: ids of the activities that this browser came into with a code.
    """

    def __init__(self, person: Person | None, entered: Iterable[int] = ()) -> None:
        self.person = person
        self.entered = frozenset(entered)
        self._facts: Facts | None = None
        self._roles: dict[int, set[str]] | None = None
        self._parts: dict[tuple[str, int], list[Part]] = {}
        self.programmes: dict[int, Programme] = {}  # those met so far, so that nothing is read twice
        self.activities: dict[int, Activity] = {}

    def in_programme(self, programme: Programme) -> Standing:
        """Appointed roles, and staff or manager where the programme is for them. Nothing for who has left."""
        if self.person is None or not self._own_facts().present:
            return NOBODY
        standing = set(self._all_roles().get(programme.pk, set()))
        facts = self._own_facts()
        if facts.own and (programme.everybody or facts.within(self._parts_of(programmes=[programme])[0])):
            standing.add(STAFF)
            if self.person.level != Person.Level.STAFF:
                standing.add(MANAGER)
        return frozenset(standing)

    def in_activity(self, activity: Activity) -> Standing:
        """Everything the visitor is to an activity. A guest is nobody outside the activities that name them."""
        standing = set(self.in_programme(activity.programme))
        if self.person is not None:
            takes_part = activity.everybody and STAFF in standing
            if not takes_part and self._parts_matter(activity):
                takes_part = self._own_facts().within(self._parts_of(activities=[activity])[0])
            if takes_part and (not self.person.external or standing & {GUEST, MEMBER, LEAD, FACILITATOR}):
                standing.add(PARTICIPANT)
        if self._came_by_code(activity):
            standing.add(PARTICIPANT)
        return NOBODY if standing == {GUEST} else frozenset(standing)

    def prepare(self, programmes: Iterable[Programme], activities: Iterable[Activity]) -> None:
        """Meet many programmes and activities at once: their audiences are read in one query."""
        programmes, activities = list(programmes), list(activities)
        self.programmes |= {programme.pk: programme for programme in programmes}
        self.activities |= {activity.pk: activity for activity in activities}
        if self.person is not None:
            self._parts_of([p for p in programmes if not p.everybody], [a for a in activities if self._parts_matter(a)])

    def meet(self, programme_ids: Iterable[int], activity_ids: Iterable[int]) -> None:
        """Read those of the programmes and activities that have not been met: at most three queries."""
        new_programmes = set(programme_ids) - set(self.programmes)
        new_activities = set(activity_ids) - set(self.activities)
        activities = (
            Activity.objects.filter(pk__in=new_activities).select_related("programme") if new_activities else []
        )
        programmes = Programme.objects.filter(pk__in=new_programmes) if new_programmes else []
        self.prepare(programmes, activities)

    def _parts_matter(self, activity: Activity) -> bool:
        """An activity for everybody has parts only for the guests who are invited besides."""
        return not activity.everybody or (self.person is not None and self.person.external)

    def _came_by_code(self, activity: Activity) -> bool:
        by_code = activity.entry == Activity.Entry.CODE and activity.state != Activity.State.DRAFT
        return by_code and activity.pk in self.entered

    def _own_facts(self) -> Facts:
        assert self.person is not None
        if self._facts is None:
            self._facts = Facts(self.person)
        return self._facts

    def _all_roles(self) -> dict[int, set[str]]:
        if self._roles is None:
            today = clock.today()
            self._roles = defaultdict(set)
            holding = Q(until__isnull=True) | Q(until__gte=today)
            for role in Role.objects.filter(holding, person=self.person).select_related("partner"):
                if role.partner is None or role.partner.until >= today:
                    self._roles[role.programme_id].add(role.name)
        return self._roles

    def _parts_of(self, programmes: Iterable[Programme] = (), activities: Iterable[Activity] = ()) -> list[list[Part]]:
        wanted = [("programme", p.pk) for p in programmes] + [("activity", a.pk) for a in activities]
        missing = [key for key in wanted if key not in self._parts]
        if missing:
            self._parts |= {key: [] for key in missing}
            chosen = Q(programme_id__in=[pk for what, pk in missing if what == "programme"])
            chosen |= Q(activity_id__in=[pk for what, pk in missing if what == "activity"])
            for part in Part.objects.filter(chosen).select_related("unit"):
                key = ("programme", part.programme_id) if part.programme_id else ("activity", part.activity_id or 0)
                self._parts[key].append(part)
        return [self._parts[key] for key in wanted]


def in_programme(person: Person | None, programme: Programme) -> Standing:
    """What a person is to a programme."""
    return Visitor(person).in_programme(programme)


def in_activity(person: Person | None, activity: Activity) -> Standing:
    """What a person is to an activity."""
    return Visitor(person).in_activity(activity)

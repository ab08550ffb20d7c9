"""What a visitor is to a programme or an activity: the roles that every rule is written in."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from django.db.models import Q

from samsyn.core import clock
from samsyn.organisations.models import Person
from samsyn.programmes import hosting
from samsyn.programmes.audiences import Facts
from samsyn.programmes.models import Activity, Part, Programme, Role

OWNER, LEAD, FACILITATOR, MEMBER, GUEST = "owner", "lead", "facilitator", "member", "guest"
STAFF, MANAGER, PARTICIPANT = "staff", "manager", "participant"
HOST = "host"  # to an activity alone: whoever runs a session on whose agenda it stands (`hosting`)

Standing = frozenset[str]
NOBODY: Standing = frozenset()
FACILITATION: Standing = frozenset({LEAD, FACILITATOR})
ORGANISING: Standing = frozenset({OWNER, LEAD, FACILITATOR})
INSIDE: Standing = frozenset({OWNER, LEAD, FACILITATOR, MEMBER, STAFF, MANAGER})
TAKING_PART: Standing = frozenset({PARTICIPANT})
MODERATING: Standing = FACILITATION | {HOST}  # within an activity; what is around it is for FACILITATION
AT_DESK: Standing = ORGANISING | {HOST}
ANYONE_THERE: Standing = INSIDE | TAKING_PART | {HOST}


def reads(standing: Standing, activity: Activity) -> bool:
    """Whether somebody who is this to an activity may read what it holds: its pages, items, files and exports.

    Before it opens those who run the programme, or a session on whose agenda it stands; until it is published those
    too who take part in it, guests among them; then everyone in the programme. This is the only place that says so.
    """
    if standing & AT_DESK:
        return True
    if activity.state == Activity.State.PUBLISHED:
        return bool(standing & ANYONE_THERE)
    return activity.state != Activity.State.DRAFT and bool(standing & TAKING_PART)


def everyone_reads(activity: Activity) -> bool:
    """Whether everyone in the programme may read what the activity holds: it is published, or it asks all of them."""
    return activity.state == Activity.State.PUBLISHED or (activity.everybody and activity.state != Activity.State.DRAFT)


def is_told_of(standing: Standing, activity: Activity) -> bool:
    """Whether somebody who is this to an activity may know that it is there: before it opens, who runs it alone."""
    return bool(standing) and (activity.state != Activity.State.DRAFT or bool(standing & AT_DESK))


class Visitor:
    """One visitor and what they are to programmes and activities. Reads what it needs once, in few queries.

    `entered`: ids of the activities that this browser came into with a code; `took_part`: of those in which somebody
    has taken part, as the words of a receipt show. `hosts`: whether to ask in the same query what they host, which
    only activities need to know.
    """

    def __init__(
        self,
        person: Person | None,
        entered: Iterable[int] = (),
        took_part: Iterable[int] = (),
        *,
        hosts: bool = True,
    ) -> None:
        self.person, self._asks_what_is_hosted = person, hosts
        self.entered, self.took_part = frozenset(entered), frozenset(took_part)
        self._facts: Facts | None = None
        self._roles: dict[int, set[str]] | None = None
        self._parts: dict[tuple[str, int], list[Part]] = {}
        self.programmes: dict[int, Programme] = {}  # those met so far, so that nothing is read twice
        self.activities: dict[int, Activity] = {}

    def in_programme(self, programme: Programme) -> Standing:
        """Appointed roles, and staff or manager where the programme is for them. Nothing for who has left."""
        if self.person is None or not self.own_facts().present:
            return NOBODY
        standing = set(self._all_roles().get(programme.pk, set()))
        facts = self.own_facts()
        if facts.own and (programme.everybody or facts.within(self._parts_of(programmes=[programme])[0])):
            standing.add(STAFF)
            if self.person.level != Person.Level.STAFF:
                standing.add(MANAGER)
        return frozenset(standing)

    def in_activity(self, activity: Activity) -> Standing:
        """Everything the visitor is to an activity. A guest is nobody outside the activities that name them."""
        standing = set(self.in_programme(activity.programme))
        if self.hosts(activity):
            standing.add(HOST)
        if self.person is not None:
            takes_part = activity.everybody and STAFF in standing
            if not takes_part and self._parts_matter(activity):
                takes_part = self.own_facts().within(self._parts_of(activities=[activity])[0])
            if takes_part and (not self.person.external or standing & {GUEST, MEMBER, LEAD, FACILITATOR}):
                standing.add(PARTICIPANT)
        if self._came_by_code(activity) or activity.pk in self.took_part:
            standing.add(PARTICIPANT)
        return NOBODY if standing == {GUEST} else frozenset(standing)

    def hosts(self, activity: Activity) -> bool:
        """Whether the visitor runs a session on whose agenda the activity stands."""
        if self.person is None or not self.own_facts().present:
            return False
        return HOST in self._all_roles().get(activity.pk, ())

    def prepare(self, programmes: Iterable[Programme], activities: Iterable[Activity]) -> None:
        """Meet many programmes and activities at once: their audiences are read in one query."""
        programmes, activities = list(programmes), list(activities)
        self.programmes |= {programme.pk: programme for programme in programmes}
        self.activities |= {activity.pk: activity for activity in activities}
        if self.person is not None:
            self._parts_of([p for p in programmes if not p.everybody], [a for a in activities if self._parts_matter(a)])

    def meet(self, programme_ids: Iterable[int], activity_ids: Iterable[int]) -> None:
        """Read those of the programmes and activities that have not been met: at most three queries."""
        new_activities = set(activity_ids) - set(self.activities)
        rows = Activity.objects.filter(pk__in=new_activities).only("programme", "everybody", "entry", "state")
        activities = list(rows) if new_activities else []
        new_programmes = {*programme_ids, *(activity.programme_id for activity in activities)} - set(self.programmes)
        programmes = Programme.objects.filter(pk__in=new_programmes).only("everybody") if new_programmes else []
        self.programmes |= {programme.pk: programme for programme in programmes}
        for activity in activities:
            activity.programme = self.programmes[activity.programme_id]
        self.prepare([self.programmes[pk] for pk in new_programmes if pk in self.programmes], activities)

    def _parts_matter(self, activity: Activity) -> bool:
        """An activity for everybody has parts only for the guests who are invited besides."""
        return not activity.everybody or (self.person is not None and self.person.external)

    def _came_by_code(self, activity: Activity) -> bool:
        by_code = activity.entry == Activity.Entry.CODE and activity.state != Activity.State.DRAFT
        return by_code and activity.pk in self.entered

    def own_facts(self) -> Facts:
        """What audiences ask about the person, read once. There must be one."""
        assert self.person is not None
        if self._facts is None:
            self._facts = Facts(self.person)
        return self._facts

    def _all_roles(self) -> dict[int, set[str]]:
        """By id of the programme; and by id of the activity where the person hosts. Ids are never the same."""
        if self._roles is None:
            today = clock.today()
            self._roles = defaultdict(set)
            rows = Role.objects.filter(person=self.person).order_by()
            roles = rows.values_list("programme_id", "name", "until", "partner__until")
            for place, name, *ends in hosting.with_hosting(roles, self.person) if self._asks_what_is_hosted else roles:
                if all(end is None or end >= today for end in ends):
                    self._roles[place].add(name)
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
    return Visitor(person, hosts=False).in_programme(programme)


def in_activity(person: Person | None, activity: Activity) -> Standing:
    """What a person is to an activity."""
    return Visitor(person).in_activity(activity)

"""Audiences: who an activity or a programme is for, and whether somebody is among them."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property

from django.db.models import Exists, OuterRef, Q, QuerySet

from samsyn.core import clock
from samsyn.organisations.models import Person, TeamCorrection, Unit
from samsyn.programmes.models import Activity, GroupMember, Part, Programme, Role


def active_people() -> QuerySet[Person]:
    """The organisation's own people today: neither guests nor those who have left."""
    return Person.objects.filter(_present(), external=False)


def _present() -> Q:
    return Q(erased=False) & (Q(left__isnull=True) | Q(left__gt=clock.today()))


def _part_filter(part: Part) -> Q:
    if part.unit_id:
        assert part.unit is not None
        return Q(external=False, unit__path__startswith=part.unit.path)
    if part.level:
        return Q(external=False, level=part.level)
    if part.team_of_id:
        corrections = TeamCorrection.objects.filter(manager_id=part.team_of_id, person=OuterRef("pk"))
        derived = Q(pk=part.team_of_id) | (Q(manager_id=part.team_of_id) & ~Exists(corrections.filter(included=False)))
        return derived | Exists(corrections.filter(included=True))
    if part.group_id:
        return Q(Exists(GroupMember.objects.filter(group_id=part.group_id, person=OuterRef("pk"))))
    return Q(pk=part.person_id)


def _filter(parts: Iterable[Part]) -> Q:
    wanted = Q(pk__in=[])
    for part in parts:
        wanted |= _part_filter(part)
    return wanted


def people_of_programme(programme: Programme) -> QuerySet[Person]:
    """Everyone a programme is for: the organisation's own, never guests."""
    if programme.everybody:
        return active_people()
    return active_people().filter(_filter(_parts(programme=programme)))


def people_of_activity(activity: Activity) -> QuerySet[Person]:
    """Everyone an activity is for. Invited guests are among them only where a part names them, and until their day."""
    return people_of_choice(activity.programme, everybody=activity.everybody, parts=_parts(activity=activity))


def people_of_choice(programme: Programme, *, everybody: bool, parts: Iterable[Part]) -> QuerySet[Person]:
    """Everyone that an activity with these parts (saved or not) would be for."""
    parts = list(parts)
    if everybody and not parts:
        return people_of_programme(programme)
    chosen = _filter(parts)
    if everybody:
        chosen = Q(pk__in=people_of_programme(programme).values("pk")) | (Q(external=True) & chosen)
    return Person.objects.filter(_present(), chosen).filter(Q(external=False) | Exists(_appointed(programme)))


def _parts(**owner: Programme | Activity) -> list[Part]:
    return list(Part.objects.filter(**owner).select_related("unit"))


def _appointed(programme: Programme) -> QuerySet[Role]:
    """Roles that hold today, of the person of the outer query."""
    today = clock.today()
    return Role.objects.filter(
        Q(until__isnull=True) | Q(until__gte=today),
        Q(partner__isnull=True) | Q(partner__until__gte=today),
        programme=programme,
        person=OuterRef("pk"),
    ).exclude(name=Role.Name.OWNER)


def describe(activity: Activity) -> list[str]:
    """The parts of an activity's audience in words."""
    owner = Part.objects.filter(activity=activity) if not activity.everybody else None
    if owner is None and not activity.programme.everybody:
        owner = Part.objects.filter(programme=activity.programme)
    if owner is None:
        return []
    return [_describe(part) for part in owner.select_related("unit", "team_of", "group", "person")]


def _describe(part: Part) -> str:
    if part.level:
        return str(Person.Level(part.level).label)
    named: Unit | Person | object = part.unit or part.team_of or part.group or part.person
    return str(named)


class Facts:
    """What audiences ask about one person, read once and only when asked, however many audiences are judged."""

    def __init__(self, person: Person) -> None:
        self.person_id = person.pk
        self.present = not person.erased and (person.left is None or person.left > clock.today())
        self.own = self.present and not person.external  # one of the organisation's own people
        self.level = person.level
        self.manager_id = person.manager_id
        self._person = person

    @cached_property
    def unit_path(self) -> str:
        """The path of the person's unit."""
        return self._person.unit.path if self._person.unit else ""

    @cached_property
    def group_ids(self) -> frozenset[int]:
        """The groups that the person is in."""
        return frozenset(GroupMember.objects.filter(person=self._person).values_list("group_id", flat=True))

    @cached_property
    def team_corrections(self) -> dict[int, bool]:
        """Whether the person has been put into, or left out of, a manager's team by hand."""
        return dict(TeamCorrection.objects.filter(person=self._person).values_list("manager_id", "included"))

    def within(self, parts: Iterable[Part]) -> bool:
        """Whether any of the parts holds this person. Agrees with `people_of_activity`; a test says so."""
        return self.present and any(self._in(part) for part in parts)

    def _in(self, part: Part) -> bool:
        if part.unit_id:
            return self.own and bool(part.unit and self.unit_path.startswith(part.unit.path))
        if part.level:
            return self.own and self.level == part.level
        if part.team_of_id:
            corrected = self.team_corrections.get(part.team_of_id)
            derived = part.team_of_id in {self.person_id, self.manager_id}
            return part.team_of_id == self.person_id or (derived if corrected is None else corrected)
        if part.group_id:
            return part.group_id in self.group_ids
        return part.person_id == self.person_id

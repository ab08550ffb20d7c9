"""Reads of people: who is there, where they have been, who is in whose team."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q, QuerySet

from samsyn.core import clock
from samsyn.organisations.models import Person, Placement, TeamCorrection, Unit
from samsyn.organisations.names import sort_name, spellings

_MOST_LEVELS = 60


def present(people: QuerySet[Person] | None = None) -> QuerySet[Person]:
    """Those who are there today: neither gone nor erased. Guests are among them."""
    found = Person.objects.all() if people is None else people
    return found.filter(Q(left=None) | Q(left__gt=clock.today()), erased=False)


def present_in(unit: Unit) -> QuerySet[Person]:
    """Those who are in a unit itself today."""
    return present().filter(unit=unit)


def find_people(
    text: str = "", *, unit: Unit | None = None, gone: bool = False, external: bool = False
) -> QuerySet[Person]:
    """People by a part of their name or their whole key, in a unit with all below it, in the order of their names.

    `gone`: those who have left instead; `external`: guests instead.
    """
    people = Person.objects.filter(left__lte=clock.today(), erased=False) if gone else present()
    people = people.filter(external=external)
    if unit is not None:
        people = people.filter(unit__path__startswith=unit.path)
    for word in text.split()[:5]:
        people = people.filter(Q(sort_name__contains=sort_name(word)) | Q(key=word))
    return people.order_by("sort_name", "pk")


def find_person(text: str) -> Person | None:
    """The one who is there with this employment number or e-mail address."""
    found = present().filter(Q(key__in=spellings(text)) | Q(email=text.lower()))[:2]
    return found[0] if len(found) == 1 else None


def placements_of(person: Person) -> QuerySet[Placement]:
    """Where somebody is and has been, the latest first."""
    return Placement.objects.filter(person=person).select_related("unit").order_by("-since", "-pk")


def reports_of(manager: Person) -> QuerySet[Person]:
    """Those who report to a manager today."""
    return present().filter(manager=manager).order_by("sort_name", "pk")


def team_of(manager: Person) -> QuerySet[Person]:
    """A management team today: the manager and those who report to them, with the corrections."""
    corrections = TeamCorrection.objects.filter(manager=manager, person=OuterRef("pk"))
    reporting = Q(manager=manager) & ~Exists(corrections.filter(included=False))
    team = Q(pk=manager.pk) | reporting | Exists(corrections.filter(included=True))
    return present().filter(team).order_by("sort_name", "pk")


def team_with_corrections(manager: Person) -> list[tuple[Person, bool | None]]:
    """The team and those left out of it, each with its correction: True put in, False left out, None as derived."""
    corrected = {row.person_id: row.included for row in TeamCorrection.objects.filter(manager=manager)}
    people = present().filter(Q(pk=manager.pk) | Q(manager=manager) | Q(pk__in=list(corrected)))
    return [(person, corrected.get(person.pk)) for person in people.order_by("sort_name", "pk")]


def is_above(person: Person, other: Person) -> bool:
    """Whether `person` is `other`, or stands anywhere above them."""
    at: int | None = other.pk
    for _level in range(_MOST_LEVELS):
        if at is None:
            return False
        if at == person.pk:
            return True
        at = Person.objects.filter(pk=at).values_list("manager_id", flat=True).first()
    return True  # deeper than any organisation: there is a circle already

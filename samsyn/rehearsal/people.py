"""Making a synthetic organisation: units, managers, people, the few who have names and accounts."""

from __future__ import annotations

import datetime as dt
import random
import unicodedata
from typing import Any

from samsyn.accounts.models import User
from samsyn.core import tenancy
from samsyn.core.ids import new_id
from samsyn.core.texts import LangText
from samsyn.organisations.models import Organisation, Person, Placement, Unit, UnitVersion
from samsyn.rehearsal.story import Story, pair

_ROWS_AT_ONCE = 500
_MANAGER = LangText(sv="Gruppchef", en="Team manager")
_STAFF = LangText(sv="Medarbetare", en="Staff member")


def make_organisation(story: Story, slug: str) -> Organisation:
    """The organisation itself, synthetic for ever, standing on the story's day."""
    return Organisation.objects.create(
        slug=slug, name=pair(story.raw["organisation"]["name"]), synthetic=True, simulated_day=story.today
    )


def make_units(story: Story) -> dict[str, Unit]:
    """The tree of units, each with the department that it came from in its history."""
    organisation_id = tenancy.active_id()
    opened = story.start - dt.timedelta(days=125)
    units: dict[str, Unit] = {}
    versions = []
    for row in story.raw["units"]:
        unit = Unit(
            organisation_id=organisation_id,
            key=row["key"],
            name=pair(row["name"]),
            parent=units[row["parent"]] if row["parent"] else None,
            opened=opened,
        )
        unit.path = unit.path_below()
        unit.save()
        units[row["key"]] = unit
        if row.get("former"):
            before = opened - dt.timedelta(days=365 * 6)
            versions.append(_version(unit, pair(row["former"]), None, before, opened, "opened"))
        change = "merged" if row.get("former") else "opened"
        versions.append(_version(unit, unit.name, unit.parent, opened, None, change))
    UnitVersion.objects.bulk_create(versions)
    return units


def _version(
    unit: Unit, name: LangText, parent: Unit | None, since: dt.date, until: dt.date | None, change: str
) -> UnitVersion:
    return UnitVersion(
        organisation_id=unit.organisation_id,
        unit=unit,
        name=name,
        parent=parent,
        since=since,
        until=until,
        change=change,
    )


def make_people(story: Story, units: dict[str, Unit]) -> dict[str, Person]:
    """Everyone: the named by their keys, and as many others as the units have. Returns the named."""
    raw, chance = story.raw, random.Random(story.slug)
    joined = story.start - dt.timedelta(days=900)
    named = {row["key"]: _named_person(row, units, joined) for row in raw["people"]}
    heads = {row["manages"]: named[row["key"]] for row in raw["people"] if row.get("manages")}
    others: list[Person] = []
    names = _names(raw, chance, {person.name for person in named.values()})
    domain = raw["organisation"]["domain"]
    for row in raw["units"]:
        unit = units[row["key"]]
        for number in range(row["people"]):
            leads = number == 0 and row["key"] not in heads
            person = _other_person(next(names), unit, f"{row['key']}-{number + 1}", leads, domain, joined)
            others.append(person)
            if leads:
                heads[row["key"]] = person
    everyone = [*named.values(), *others]
    _set_managers(raw, units, heads, everyone)
    with_manager = [person for person in everyone if person.manager_id]
    managers = {person.pk: person.manager for person in with_manager}
    for person in with_manager:
        person.manager = None
    Person.objects.bulk_create(everyone, batch_size=_ROWS_AT_ONCE)
    for person in with_manager:
        person.manager = managers[person.pk]
    Person.objects.bulk_update(with_manager, ["manager"], batch_size=_ROWS_AT_ONCE)
    Placement.objects.bulk_create(
        [
            Placement(organisation_id=person.organisation_id, person=person, unit=person.unit, since=joined)
            for person in everyone
            if person.unit_id
        ],
        batch_size=_ROWS_AT_ONCE,
    )
    return named


def _named_person(row: dict[str, Any], units: dict[str, Unit], joined: dt.date) -> Person:
    email = row["email"].lower()
    user = User.objects.filter(email=email).first() or User.objects.create_user(email, is_synthetic=True)
    level = Person.Level.STAFF
    if row.get("manages"):
        level = Person.Level.TOP if units[row["manages"]].parent_id is None else Person.Level.MANAGER
        if (
            level == Person.Level.MANAGER
            and units[row["manages"]].parent
            and not units[row["manages"]].parent.parent_id
        ):
            level = Person.Level.SENIOR
    return Person(
        id=new_id(),
        organisation_id=tenancy.active_id(),
        key=row["key"],
        name=row["name"],
        title=pair(row["title"]),
        email=row["email"],
        user=user,
        unit=units[row["unit"]] if row["unit"] else None,
        level=level,
        external=row["unit"] is None,
        administrator=row.get("role") == "lead",
        joined=joined,
    )


def _other_person(name: str, unit: Unit, key: str, leads: bool, domain: str, joined: dt.date) -> Person:
    return Person(
        id=new_id(),
        organisation_id=tenancy.active_id(),
        key=key,
        name=name,
        title=_MANAGER if leads else _STAFF,
        email=f"{_mail_name(name)}@{domain}",
        unit=unit,
        level=Person.Level.MANAGER if leads else Person.Level.STAFF,
        joined=joined,
    )


def _set_managers(
    raw: dict[str, Any], units: dict[str, Unit], heads: dict[str, Person], everyone: list[Person]
) -> None:
    by_unit = {units[key].pk: head for key, head in heads.items()}
    for person in everyone:
        unit = person.unit
        while unit is not None and person.manager is None:
            head = by_unit.get(unit.pk)
            if head is not None and head.pk != person.pk:
                person.manager = head
            unit = unit.parent


def _names(raw: dict[str, Any], chance: random.Random, taken: set[str]) -> Any:
    used = set(taken)
    while True:
        name = f"{chance.choice(raw['first_names'])} {chance.choice(raw['last_names'])}"
        if name not in used:
            used.add(name)
            yield name


def _mail_name(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name.lower())
    return "".join(
        sign if sign.isascii() and sign.isalnum() else "." for sign in plain if not unicodedata.combining(sign)
    )

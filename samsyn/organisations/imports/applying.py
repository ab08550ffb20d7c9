"""A slice of a planned import, made real within the caller's transaction.

Each change says what it expects to find. What is already so is left alone; what somebody has changed in between is
set aside and named, never overwritten.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import Any

from django.db import connection

from samsyn.core import clock, tenancy
from samsyn.core.texts import LangText
from samsyn.organisations.changes import (
    Stay,
    end_people,
    inserts,
    move_unit,
    near_ids,
    open_units,
    rename_unit,
    stay,
    update_rows,
)
from samsyn.organisations.imports import planning
from samsyn.organisations.models import Person, Placement, Unit
from samsyn.organisations.names import sort_name, tidy

Change = dict[str, Any]
Aside = list[list[Any]]  # [row in the file, key, field]
_AT_ONCE = 500
_PLAIN = ("name", "level", "language")
_ATTRIBUTE = "attribute:"


def prepare(part: str, changes: Sequence[Change], language: str) -> Callable[[], Aside]:
    """Get the changes of one part ready, outside a transaction. What is returned makes them, within one.

    Most work is done here, so that others wait as briefly as possible.
    """
    match part:
        case planning.UNITS:
            return partial(_apply_units, changes, language)
        case planning.ADDED:
            return _ready_to_add(changes, language)
        case planning.LEFT:
            return partial(_let_leave, changes)
        case _:
            return partial(_change_people, changes, language)


# --- units ------------------------------------------------------------------------------------------------------


def _apply_units(changes: Sequence[Change], language: str) -> Aside:
    aside: Aside = []
    pending: dict[str, Change] = {}
    for change in changes:
        if not change.get("new"):
            _open(pending, language, aside)
            _change_unit(change, language, aside)
            continue
        if change["parent"][1] in pending:
            _open(pending, language, aside)
        pending[change["key"]] = change
    _open(pending, language, aside)
    return aside


def _open(pending: dict[str, Change], language: str, aside: Aside) -> None:
    parents = {change["parent"][1] for change in pending.values()} - {""}
    known = {unit.key: unit for unit in _units([*parents, *pending])}
    fresh = []
    for key, change in pending.items():
        parent = known.get(change["parent"][1])
        if key in known:
            aside.append([change["row"], key, "unit"])
            continue
        if change["parent"][1] and (parent is None or parent.closed):
            aside.append([change["row"], key, "parent"])
            parent = None
        fresh.append((key, LangText.of(change["name"][1], language), parent))
    open_units(fresh, clock.today())
    pending.clear()


def _change_unit(change: Change, language: str, aside: Aside) -> None:
    keys = [change["key"], change["parent"][1]] if "parent" in change else [change["key"]]
    known = {unit.key: unit for unit in _units(keys)}
    unit = known.get(change["key"])
    if unit is None or unit.closed:
        aside.append([change["row"], change["key"], "unit"])
        return
    if "name" in change:
        old, new = change["name"]
        said = tidy(unit.name.pick(language)[0])
        if said == old:
            rename_unit(unit, LangText.of(new, language), clock.today())
        elif said != new:
            aside.append([change["row"], unit.key, "unit"])
    if "parent" in change:
        _move(unit, known, change, aside)


def _move(unit: Unit, known: dict[str, Unit], change: Change, aside: Aside) -> None:
    old, new = change["parent"]
    said = unit.parent.key if unit.parent else ""
    parent = known.get(new)
    if said == new:
        return
    possible = not new or (parent is not None and not parent.closed and not parent.path.startswith(unit.path))
    if said == old and possible:
        move_unit(unit, parent, clock.today())
    else:
        aside.append([change["row"], unit.key, "parent"])


def _units(keys: Iterable[str]) -> Iterable[Unit]:
    return Unit.objects.filter(key__in=list(keys)).select_related("parent")


# --- people -----------------------------------------------------------------------------------------------------


class _Lookup:
    """Units (id and first day) and managers (id) that the changes name, by key."""

    def __init__(self, changes: Sequence[Change]) -> None:
        said = [change["fields"] for change in changes]
        units = {fields["unit"][1] for fields in said if "unit" in fields} - {""}
        managers = {fields["manager"][1] for fields in said if "manager" in fields} - {""}
        rows = Unit.objects.filter(key__in=units, closed=None).values_list("key", "pk", "opened")
        self.units: dict[str, tuple[int, dt.date]] = {key: (pk, opened) for key, pk, opened in rows}
        self.people: dict[str, int] = dict(
            Person.objects.filter(key__in=managers, erased=False).values_list("key", "pk")
        )


def _ready_to_add(changes: Sequence[Change], language: str) -> Callable[[], Aside]:
    lookup = _Lookup(changes)
    people, placements, aside = _new_people(changes, lookup, language)
    statements = [inserts(people), inserts(placements)]
    keys, units = [person.key for person in people], [pk for pk, _opened in lookup.units.values()]

    def add() -> Aside:
        taken = Person.objects.filter(key__in=keys).exists()
        if taken or Unit.objects.filter(pk__in=units).exclude(closed=None).exists():  # changed a moment ago
            return _add_the_rest(changes, language)
        with connection.cursor() as cursor:
            for statement, rows in statements:
                if rows:
                    cursor.executemany(statement, rows)
        return aside

    return add


def _add_the_rest(changes: Sequence[Change], language: str) -> Aside:
    """Add those whose key nobody has yet."""
    there = set(Person.objects.filter(key__in=[change["key"] for change in changes]).values_list("key", flat=True))
    free = [change for change in changes if change["key"] not in there]
    people, placements, aside = _new_people(free, _Lookup(changes), language)
    Person.objects.bulk_create(people, batch_size=_AT_ONCE)
    Placement.objects.bulk_create(placements, batch_size=_AT_ONCE)
    return aside + [[change["row"], change["key"], "key"] for change in changes if change["key"] in there]


def _new_people(
    changes: Sequence[Change], lookup: _Lookup, language: str
) -> tuple[list[Person], list[Placement], Aside]:
    people: list[Person] = []
    placements: list[Placement] = []
    aside: Aside = []
    person_ids, placement_ids = near_ids(len(changes)), near_ids(len(changes))
    for change, person_id in zip(changes, person_ids, strict=True):
        new = {name: pair[1] for name, pair in change["fields"].items()}
        unit_id, opened = lookup.units.get(new.get("unit", ""), (None, dt.date.min))
        manager_id = lookup.people.get(new.get("manager", ""))
        for name, found in (("unit", unit_id), ("manager", manager_id)):
            if name in new and found is None:
                aside.append([change["row"], change["key"], name])
        person = Person(
            pk=person_id,
            organisation_id=tenancy.active_id(),
            key=change["key"],
            unit_id=unit_id,
            manager_id=manager_id,
            joined=dt.date.fromisoformat(new["joined"]),
            left=_day(new.get("left", "")),
            email=new.get("email", ""),
            title=LangText.of(new.get("title", ""), language),
            attributes=_attributes({}, new),
            **{name: new[name] for name in _PLAIN if name in new},
        )
        people.append(person)
        lookup.people[person.key] = person.pk
        since = max(person.joined, opened)
        if unit_id is not None and (person.left is None or person.left > since):
            placements.append(
                Placement(
                    pk=next(placement_ids),
                    organisation_id=person.organisation_id,
                    person_id=person.pk,
                    unit_id=unit_id,
                    since=since,
                    until=person.left,
                )
            )
    return people, placements, aside


def _change_people(changes: Sequence[Change], language: str) -> Aside:
    aside: Aside = []
    wanted = {change["key"]: change for change in changes}
    found = Person.objects.filter(key__in=list(wanted), erased=False).select_for_update(of=("self",))
    people = {person.key: person for person in found.select_related("unit", "manager")}
    lookup = _Lookup(changes)
    keys = [change["fields"]["key"][1] for change in changes if "key" in change["fields"]]
    taken = set(Person.objects.filter(key__in=keys).values_list("key", flat=True)) if keys else set()
    updates: list[tuple[int, dict[str, Any]]] = []
    stays: list[Stay] = []
    for key, change in wanted.items():
        person = people.get(key)
        if person is None:
            aside.append([change["row"], key, "key"])
            continue
        if change["fields"].get("key", ["", ""])[1] in taken:
            aside.append([change["row"], key, "key"])
            continue
        values = _values(person, change, lookup, language, aside)
        if not values:
            continue
        updates.append((person.pk, values))
        if values.keys() & {"unit_id", "left"}:
            stays.append(_stay(person, values))
    update_rows(Person, updates)
    stay(stays)
    return aside


def _values(person: Person, change: Change, lookup: _Lookup, language: str, aside: Aside) -> dict[str, Any]:
    """The columns to set: only where the row still says what the plan expected."""
    values: dict[str, Any] = {}
    attributes: dict[str, str] = {}
    for name, (old, new) in change["fields"].items():
        said = _said(person, name, language)
        if said == new:
            continue
        if (
            said != old
            or (name == "unit" and new and new not in lookup.units)
            or (name == "manager" and new and new not in lookup.people)
        ):
            aside.append([change["row"], change["key"], name])
        elif name.startswith(_ATTRIBUTE):
            attributes[name] = new
        elif name == "unit":
            values["unit_id"] = lookup.units[new][0] if new else None
        elif name == "manager":
            values["manager_id"] = lookup.people[new] if new else None
        elif name == "title":
            values["title"] = LangText.of(new, language)
        elif name in {"joined", "left"}:
            values[name] = _day(new)
        else:
            values[name] = new
    if attributes:
        values["attributes"] = _attributes(person.attributes, attributes)
    if "name" in values:
        values["sort_name"] = sort_name(values["name"])
    return values


def _said(person: Person, name: str, language: str) -> str:
    """What a person's row says now, spelled as in a plan."""
    if name.startswith(_ATTRIBUTE):
        return str(person.attributes.get(name.removeprefix(_ATTRIBUTE), ""))
    match name:
        case "unit":
            return person.unit.key if person.unit else ""
        case "manager":
            return person.manager.key if person.manager and not person.manager.erased else ""
        case "title":
            return tidy(person.title.pick(language)[0])
        case "email":
            return person.email.lower()
        case "name":
            return tidy(person.name)
        case "joined" | "left":
            day = getattr(person, name)
            return day.isoformat() if day else ""
        case _:
            return getattr(person, name)


def _stay(person: Person, values: dict[str, Any]) -> Stay:
    unit_id, left = values.get("unit_id", person.unit_id), values.get("left", person.left)
    if left is not None and left <= clock.today():
        return Stay(person.pk, None, left)
    return Stay(person.pk, unit_id, max(clock.today(), values.get("joined", person.joined)), left)


def _let_leave(changes: Sequence[Change]) -> Aside:
    keys = [change["key"] for change in changes]
    people = Person.objects.filter(key__in=keys, erased=False, external=False).select_for_update()
    today = clock.today()
    end_people([person for person in people if person.left is None or person.left > today], today)
    return []


def _day(text: str) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None


def _attributes(have: dict[str, Any], new: dict[str, str]) -> dict[str, Any]:
    said = {name.removeprefix(_ATTRIBUTE): value for name, value in new.items() if name.startswith(_ATTRIBUTE)}
    return {name: value for name, value in {**have, **said}.items() if value != ""}

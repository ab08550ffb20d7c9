"""How units and placements change in the tables. Called by actions and by the import, within their transaction.

Nothing here authorises or records; `day` is the first day on which the new state holds.
"""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections, models
from django.db.models import F, Q, Value
from django.db.models.functions import Concat, Substr

from samsyn.core import tenancy
from samsyn.core.ids import BITS
from samsyn.core.texts import LangText
from samsyn.organisations.models import Person, Placement, Unit, UnitVersion

_AT_ONCE = 500


def near_ids(count: int) -> Iterator[int]:
    """Random ids from one random stretch of all ids.

    Rows that are inserted together then lie together in each table and index, and hundreds of them touch few pages
    instead of hundreds. Of the 62 bits, 55 are still drawn for each.
    """
    width = 1 << (BITS - 7)
    start = 1 + secrets.randbelow((1 << BITS) - 1 - width)
    return (start + secrets.randbelow(width) for _number in range(count))


def inserts(rows: Sequence[models.Model]) -> tuple[str, list[list[Any]]]:
    """The statement that inserts rows of one table, and their values: made before a transaction, executed within it."""
    if not rows:
        return "", []
    database = connections[DEFAULT_DB_ALIAS]  # itself: the proxy costs more than the work
    meta, quote = rows[0]._meta, database.ops.quote_name
    fields = meta.concrete_fields
    columns = ", ".join(quote(str(field.column)) for field in fields)
    places = ", ".join(["%s"] * len(fields))
    values = [
        [field.get_db_prep_save(field.pre_save(row, add=True), connection=database) for field in fields] for row in rows
    ]
    return f"INSERT INTO {quote(meta.db_table)} ({columns}) VALUES ({places})", values


def update_rows(model: type[models.Model], changes: Iterable[tuple[int, dict[str, Any]]]) -> None:
    """Set columns of rows, each row's own: {column: value} by id. One statement for each set of columns."""
    alike: dict[tuple[str, ...], list[list[Any]]] = {}
    fields: dict[str, models.Field[Any, Any]] = {}
    database = connections[DEFAULT_DB_ALIAS]
    for pk, values in changes:
        names = tuple(sorted(values))
        for name in names:
            fields.setdefault(name, model._meta.get_field(name))  # type: ignore[arg-type]
        row = [fields[name].get_db_prep_save(values[name], connection=database) for name in names]
        alike.setdefault(names, []).append([*row, pk])
    quote = database.ops.quote_name
    with database.cursor() as cursor:
        for names, rows in alike.items():
            places = ", ".join(f"{quote(str(fields[name].column))} = %s" for name in names)
            cursor.executemany(f"UPDATE {quote(model._meta.db_table)} SET {places} WHERE id = %s", rows)


# --- units ------------------------------------------------------------------------------------------------------


def open_units(units: Sequence[tuple[str, LangText, Unit | None]], day: dt.date) -> list[Unit]:
    """Open units, given as key, name and parent."""
    opened, versions = [], []
    for key, name, parent in units:
        unit = Unit(organisation_id=tenancy.active_id(), key=key, name=name, parent=parent, opened=day)
        unit.path = unit.path_below()
        opened.append(unit)
        versions.append(_version(unit, day, "opened"))
    Unit.objects.bulk_create(opened, batch_size=_AT_ONCE)
    UnitVersion.objects.bulk_create(versions, batch_size=_AT_ONCE)
    return opened


def rename_unit(unit: Unit, name: LangText, day: dt.date) -> None:
    """Give a unit another name."""
    unit.name = name
    unit.save(update_fields=["name"])
    _turn_page(unit, day, "renamed")


def move_unit(unit: Unit, parent: Unit | None, day: dt.date) -> None:
    """Put a unit, with all below it, under another."""
    old_path = unit.path
    unit.parent = parent
    unit.path = unit.path_below()
    unit.save(update_fields=["parent", "path"])
    below = Unit.objects.filter(path__startswith=old_path).exclude(pk=unit.pk)
    below.update(path=Concat(Value(unit.path), Substr(F("path"), len(old_path) + 1)))
    _turn_page(unit, day, "moved")


def close_unit(unit: Unit, day: dt.date, *, into: Unit | None = None) -> None:
    """Close a unit, perhaps since another takes over."""
    unit.closed, unit.merged_into = day, into
    unit.save(update_fields=["closed", "merged_into"])
    UnitVersion.objects.filter(unit=unit, until__isnull=True).update(until=day)
    end = _version(unit, day, "merged" if into else "closed")
    end.until = day  # holds for no day: it only tells of the end
    end.save()


def _version(unit: Unit, day: dt.date, change: str) -> UnitVersion:
    return UnitVersion(
        organisation_id=unit.organisation_id, unit=unit, name=unit.name, parent=unit.parent, since=day, change=change
    )


def _turn_page(unit: Unit, day: dt.date, change: str) -> None:
    """End the current version and begin the next; what changes twice on a day is one version."""
    current = UnitVersion.objects.filter(unit=unit, until__isnull=True).first()
    if current is not None and current.since >= day:
        current.name, current.parent = unit.name, unit.parent
        current.save(update_fields=["name", "parent"])
        return
    UnitVersion.objects.filter(unit=unit, until__isnull=True).update(until=day)
    _version(unit, day, change).save()


# --- people -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Stay:
    """Where somebody is from `day` on, until the day `until` (None: without end). No unit: nowhere."""

    person_id: int
    unit_id: int | None
    day: dt.date
    until: dt.date | None = None

    @property
    def empty(self) -> bool:
        """Whether it is nowhere, or no day long."""
        return self.unit_id is None or (self.until is not None and self.until <= self.day)


def stay(stays: Iterable[Stay]) -> None:
    """Let the placements of people say where they are from a day on; what was before that day stays."""
    by_person = {one.person_id: one for one in stays}
    if not by_person:
        return
    first = min(one.day for one in by_person.values())
    rows = Placement.objects.filter(Q(until__isnull=True) | Q(until__gte=first), person_id__in=list(by_person))
    placements: dict[int, list[Placement]] = {person_id: [] for person_id in by_person}
    for row in rows.order_by("since"):
        placements[row.person_id].append(row)
    changed: list[Placement] = []
    gone: list[int] = []
    new: list[Placement] = []
    for person_id, one in by_person.items():
        _follow(one, placements[person_id], changed, gone, new)
    Placement.objects.filter(pk__in=gone).delete()
    ends: dict[dt.date | None, list[int]] = {}
    for placement in changed:
        ends.setdefault(placement.until, []).append(placement.pk)
    for until, ids in ends.items():
        Placement.objects.filter(pk__in=ids).update(until=until)
    for placement, pk in zip(new, near_ids(len(new)), strict=True):
        placement.pk = pk
    Placement.objects.bulk_create(new, batch_size=_AT_ONCE)


def _follow(one: Stay, rows: list[Placement], changed: list[Placement], gone: list[int], new: list[Placement]) -> None:
    """What happens to one person's placements: kept, cut off, taken away, added."""
    kept = None
    if not one.empty:
        kept = next((row for row in reversed(rows) if row.unit_id == one.unit_id and _touches(row, one.day)), None)
    for row in rows:
        if row is kept or (row.until is not None and row.until <= one.day):
            continue
        if row.since < one.day:
            row.until = one.day
            changed.append(row)
        else:
            gone.append(row.pk)
    if kept is not None and kept.until != one.until:
        kept.until = one.until
        changed.append(kept)
    if kept is None and not one.empty:
        new.append(
            Placement(
                organisation_id=tenancy.active_id(),
                person_id=one.person_id,
                unit_id=one.unit_id,
                since=one.day,
                until=one.until,
            )
        )


def _touches(row: Placement, day: dt.date) -> bool:
    return row.since <= day and (row.until is None or row.until >= day)


def place_people(people: Sequence[Person], unit: Unit | None, day: dt.date) -> None:
    """Put people into a unit, or into none."""
    unit_id = unit.pk if unit else None
    Person.objects.filter(pk__in=[person.pk for person in people]).update(unit=unit)
    stay(Stay(person.pk, unit_id, max(day, person.joined), person.left) for person in people)


def end_people(people: Sequence[Person], day: dt.date) -> None:
    """Let people leave; `day` is their first day away."""
    ids = [person.pk for person in people]
    Person.objects.filter(pk__in=ids).update(left=day)
    for person in people:
        person.left = day
    stay(Stay(person.pk, None, day) for person in people)

"""People and units as a file that the import reads back without a change."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from samsyn.core import tenancy
from samsyn.core.sheets import write_csv
from samsyn.core.texts import LangText
from samsyn.organisations import queries
from samsyn.organisations.imports import columns as c
from samsyn.organisations.models import Organisation, Person, Unit

_FIELDS = [c.KEY, c.NAME, c.EMAIL, c.TITLE, c.UNIT_KEY, c.UNIT, c.PARENT, c.MANAGER, c.LEVEL, c.JOINED, c.LAST_DAY]
_FIELDS.append(c.LANGUAGE)


def people_csv() -> str:
    """Everybody who is there today, guests apart, and the units without people; headings in the reader's language."""
    people = list(queries.find_people().select_related("unit__parent", "manager"))
    attributes = sorted({name for person in people for name in person.attributes})
    header = [*(c.label(field) for field in _FIELDS), *attributes]
    return write_csv(header, [*_units_without_people(people, len(attributes)), *_rows(people, attributes)])


def template_csv() -> str:
    """An empty file with the right headings, in the reader's language."""
    return write_csv(c.template(), [])


def last_day(person: Person) -> dt.date | None:
    """The day before the first day away."""
    return person.left - dt.timedelta(days=1) if person.left else None


def _rows(people: list[Person], attributes: list[str]) -> Iterator[list[str]]:
    language = Organisation.objects.get(pk=tenancy.active_id()).language
    for person in people:
        yield [
            person.key,
            person.name,
            person.email,
            _said(person.title, language),
            *_unit(person.unit, language),
            person.manager.key if person.manager and not person.manager.erased else "",
            person.level,
            person.joined.isoformat(),
            str(last_day(person) or ""),
            person.language,
            *(str(person.attributes.get(name, "")) for name in attributes),
        ]


def _units_without_people(people: list[Person], attributes: int) -> Iterator[list[str]]:
    language = Organisation.objects.get(pk=tenancy.active_id()).language
    peopled = {person.unit_id for person in people}
    for unit in queries.open_units().exclude(pk__in=peopled).select_related("parent").order_by("path"):
        yield ["", "", "", "", *_unit(unit, language), *[""] * (5 + attributes)]


def _unit(unit: Unit | None, language: str) -> list[str]:
    if unit is None:
        return ["", "", ""]
    return [unit.key, _said(unit.name, language), unit.parent.key if unit.parent else ""]


def _said(text: LangText, language: str) -> str:
    return text.pick(language)[0]

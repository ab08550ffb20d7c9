"""From cells to values: one record a row, with None where a cell says nothing that can be used."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator

from samsyn.organisations.imports import columns as c
from samsyn.organisations.imports.columns import Mapping
from samsyn.organisations.imports.faults import Faults
from samsyn.organisations.names import fold, tidy

KEY_LENGTH, NAME_LENGTH, TEXT_LENGTH, UNIT_LENGTH = 60, 120, 200, 120

_LEVELS = {
    "staff": "staff, medarbetare, anställd, employee, ingen chef, -",
    "manager": "manager, chef, enhetschef, gruppchef, sektionschef, första linjens chef, first-line manager, "
    "line manager",
    "senior": "senior, manager of managers, senior manager, chef över chefer, chef för chefer, avdelningschef, "
    "verksamhetschef, områdeschef, mellanchef",
    "top": "top, top management, högsta ledningen, högsta ledning, ledning, ledningsgrupp, direktör, "
    "förvaltningschef, förvaltningsdirektör, kommunchef, kommundirektör, regiondirektör, director",
}
_LEVEL_OF = {fold(word): level for level, words in _LEVELS.items() for word in words.split(",")}
_LANGUAGE_OF = {"sv": "sv", "svenska": "sv", "swedish": "sv", "se": "sv", "en": "en", "engelska": "en", "english": "en"}
_TIME = r"(?:[T ]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?"
_DAYS = [
    re.compile(r"(?P<year>\d{4})(?P<sign>[-/. ])(?P<month>\d{1,2})(?P=sign)(?P<day>\d{1,2})" + _TIME, re.ASCII),
    re.compile(r"(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})", re.ASCII),
    re.compile(r"(?P<day>\d{1,2})\.(?P<month>\d{1,2})\.(?P<year>\d{4})" + _TIME, re.ASCII),
]
_valid_email = EmailValidator()


@dataclass(slots=True)
class Record:
    """A row. "" is an empty cell that says so; None is no column, or a value at fault. Days are year-month-day."""

    row: int
    key: str | None = None
    name: str | None = None
    email: str | None = None
    title: str | None = None
    unit: str | None = None
    unit_key: str | None = None
    parent: str | None = None
    manager: str | None = None
    level: str | None = None
    joined: str | None = None
    left: str | None = None  # the first day away
    language: str | None = None
    attributes: dict[str, str] | None = None
    personal: bool = False  # says something about a person, and not only about a unit


def read_records(rows: Iterable[tuple[int, list[str]]], mapping: Mapping, faults: Faults) -> list[Record]:
    """The records of a table. What a cell gets wrong is noted among the faults and left out."""
    places = {field: place for field in c.FIELDS if (place := mapping.place(field)) is not None}
    attributes = [(at, tidy(name)[:KEY_LENGTH]) for at, name in mapping.attributes]
    return [_record(number, cells, places, attributes, faults) for number, cells in rows]


def _record(
    number: int, cells: list[str], places: dict[str, int], attributes: list[tuple[int, str]], faults: Faults
) -> Record:
    raw = {field: tidy(cells[place]) for field, place in places.items()}
    record = Record(
        number,
        key=raw.get(c.KEY),
        name=_name(number, raw, faults),
        email=_email(number, raw.get(c.EMAIL), faults),
        title=_short(number, c.TITLE, raw.get(c.TITLE), NAME_LENGTH, faults),
        unit=_short(number, c.UNIT, raw.get(c.UNIT), UNIT_LENGTH, faults),
        unit_key=_unit_key(number, raw.get(c.UNIT_KEY), faults),
        parent=raw.get(c.PARENT),
        manager=raw.get(c.MANAGER),
        level=_one_of(number, "unknown_level", raw.get(c.LEVEL), _LEVEL_OF, faults),
        joined=_day(number, c.JOINED, raw.get(c.JOINED), faults),
        left=_day_after(number, raw.get(c.LAST_DAY), faults),
        language=_one_of(number, "unknown_language", raw.get(c.LANGUAGE), _LANGUAGE_OF, faults),
        attributes={name: _short(number, name, tidy(cells[at]), TEXT_LENGTH, faults) or "" for at, name in attributes},
    )
    if raw.get(c.UNIT_KEY) and record.unit_key is None:
        record.unit = None
    record.personal = any(raw.get(field) for field in (c.KEY, c.NAME, c.FIRST, c.LAST, c.EMAIL, c.TITLE, c.MANAGER))
    if record.joined and record.left and record.left <= record.joined:
        faults.add(number, "ends_before_start", raw[c.LAST_DAY], raw[c.JOINED])
        record.left = None
    return record


def _name(number: int, raw: dict[str, str], faults: Faults) -> str | None:
    if not raw.keys() & {c.NAME, c.FIRST, c.LAST}:
        return None
    name = raw.get(c.NAME) or " ".join(filter(None, (raw.get(c.FIRST), raw.get(c.LAST))))
    if len(name) > NAME_LENGTH:
        faults.add(number, "long_name", name)
    return name[:NAME_LENGTH].rstrip()


def _short(number: int, field: str, text: str | None, most: int, faults: Faults) -> str | None:
    if text is not None and len(text) > most:
        faults.add(number, "long_value", text, str(most), field)
        return text[:most].rstrip()
    return text


def _unit_key(number: int, text: str | None, faults: Faults) -> str | None:
    if text and len(text) > KEY_LENGTH:
        faults.add(number, "long_unit_key", text)
        return None
    return text


def is_email(text: str) -> bool:
    """Whether a text can be an e-mail address."""
    try:
        _valid_email(text)
    except ValidationError:
        return False
    return len(text) <= 254


def _email(number: int, text: str | None, faults: Faults) -> str | None:
    if not text:
        return text
    address = text.removeprefix("mailto:").lower()
    if is_email(address):
        return address
    faults.add(number, "bad_email", text)
    return None


def _one_of(number: int, code: str, text: str | None, known: dict[str, str], faults: Faults) -> str | None:
    if not text:
        return None
    value = known.get(fold(text))
    if value is None:
        faults.add(number, code, text)
    return value


def read_day(text: str) -> dt.date | None:
    """The day that a text means: year first, or day.month.year. None where it is none, or nobody can tell."""
    match = next((match for pattern in _DAYS if (match := pattern.fullmatch(text))), None)
    if match is None:
        return None
    try:
        found = dt.date(int(match["year"]), int(match["month"]), int(match["day"]))
    except ValueError:
        return None
    return found if 1900 <= found.year <= 2200 else None


def _day(number: int, field: str, text: str | None, faults: Faults) -> str | None:
    if not text:
        return None
    day = read_day(text)
    if day is None:
        faults.add(number, "bad_date", text, field=field)
        return None
    return day.isoformat()


def _day_after(number: int, text: str | None, faults: Faults) -> str | None:
    if text is None or text == "":
        return text
    if text.startswith(("9999", "2999")):  # what payroll systems write for "until further notice"
        return ""
    last = _day(number, c.LAST_DAY, text, faults)
    return (dt.date.fromisoformat(last) + dt.timedelta(days=1)).isoformat() if last else None


def day_before(day: str) -> str:
    """The last day at work, given the first day away."""
    return (dt.date.fromisoformat(day) - dt.timedelta(days=1)).isoformat()

"""Which column is which, by its heading in Swedish or English, whatever the order, capitals, blanks and signs."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from samsyn.organisations.names import fold

KEY, NAME, FIRST, LAST, EMAIL, TITLE = "key", "name", "first_name", "last_name", "email", "title"
UNIT, UNIT_KEY, PARENT, MANAGER, LEVEL = "unit", "unit_key", "parent", "manager", "level"
JOINED, LAST_DAY, LANGUAGE = "joined", "last_day", "language"
ATTRIBUTE, SKIPPED = "attribute", "skipped"

# The field's name for the reader, then its headings; an earlier heading wins over a later one.
FIELDS: dict[str, tuple[object, str]] = {
    KEY: (
        _("Employment number"),
        "anställningsnummer, anställningsnr, anstnr, anställningsid, anstid, personalnummer, personalid, "
        "employment number, employee number, employee id, employee no, staff number, personnel number, "
        "nyckel, key, id, person id",
    ),
    NAME: (_("Name"), "namn, fullständigt namn, hela namnet, personnamn, name, full name, display name, visningsnamn"),
    FIRST: (_("First name"), "förnamn, tilltalsnamn, first name, given name"),
    LAST: (_("Last name"), "efternamn, last name, surname, family name"),
    EMAIL: (_("E-mail address"), "e-post, e-postadress, epost, mail, mejl, mejladress, email, e-mail, e-mail address"),
    TITLE: (_("Title"), "titel, befattning, yrkestitel, tjänstetitel, tjänst, roll, title, job title, position"),
    UNIT: (
        _("Unit"),
        "enhet, enhetsnamn, enhetens namn, organisatorisk enhet, organisationsenhet, avdelning, "
        "unit, unit name, department, department name, organisational unit, organizational unit",
    ),
    UNIT_KEY: (
        _("Unit code"),
        "enhetskod, enhetsid, enhetsnummer, enhetsnr, organisationskod, orgkod, orgid, kostnadsställe, "
        "unit code, unit id, unit key, unit number, department code, department id",
    ),
    PARENT: (
        _("Parent unit"),
        "överordnad enhetskod, överordnad enhet, överordnad enhet kod, överordnad enhetsid, överordnad, överenhet, "
        "moderenhet, tillhör enhet, parent unit code, parent unit, parent unit id, parent, parent code, parent id",
    ),
    MANAGER: (
        _("Manager"),
        "chefens anställningsnummer, chef anställningsnummer, chef anstnr, chefsnummer, chefsid, chef id, "
        "chefens e-post, chef e-post, chefens e-postadress, chef, närmaste chef, överordnad chef, "
        "manager key, manager id, manager number, manager employee number, manager email, manager e-mail, manager, "
        "reports to, line manager",
    ),
    LEVEL: (_("Level"), "nivå, chefsnivå, ledningsnivå, level, management level"),
    JOINED: (
        _("Employed from"),
        "anställd från, anställd från och med, anställd fr o m, anställningsdatum, startdatum, från och med, "
        "employed from, employed since, hire date, start date, joined",
    ),
    LAST_DAY: (
        _("Last day"),
        "slutdatum, sista dag, sista anställningsdag, anställd till, anställd till och med, anställd t o m, "
        "avgångsdatum, till och med, end date, last day, employed until, employed to",
    ),
    LANGUAGE: (_("Language"), "språk, language"),
}
_PERSONAL = {FIRST, LAST, EMAIL, TITLE, MANAGER, LEVEL, JOINED, LAST_DAY, LANGUAGE}
_NEVER_KEPT = "personnummer, personnr, pnr, samordningsnummer, social security number, personal identity number, ssn"


def _plain(heading: str) -> str:
    return re.sub(r"[\W_]+", "", fold(heading))


_HEADINGS = {
    field: [_plain(heading) for heading in headings.split(",")] for field, (_label, headings) in FIELDS.items()
}
_FIELD_OF = {heading: field for field, headings in _HEADINGS.items() for heading in headings}
_NEVER = {_plain(heading) for heading in _NEVER_KEPT.split(",")}


@dataclass(frozen=True)
class Mapping:
    """For each column of a file: the field that it fills, or that it is an attribute, or skipped."""

    header: tuple[str, ...]
    meanings: tuple[str, ...]

    def place(self, field: str) -> int | None:
        """The column that fills a field."""
        return self.meanings.index(field) if field in self.meanings else None

    def has(self, *fields: str) -> bool:
        """Whether any of the fields has a column."""
        return any(field in self.meanings for field in fields)

    @property
    def attributes(self) -> list[tuple[int, str]]:
        """The columns that are kept under their own names."""
        return [(at, self.header[at]) for at, meaning in enumerate(self.meanings) if meaning == ATTRIBUTE]


def label(meaning: str) -> str:
    """A field's name for the reader."""
    if meaning == ATTRIBUTE:
        return str(_("kept under its own name"))
    if meaning == SKIPPED:
        return str(_("not read"))
    return str(FIELDS[meaning][0])


def recognised(header: Sequence[str]) -> int:
    """How many of the headings are known."""
    return len({_FIELD_OF[plain] for heading in header if (plain := _plain(heading)) in _FIELD_OF})


def is_header(cells: Sequence[str]) -> bool:
    """Whether a row holds headings: the key of a person, or a unit, and one thing more."""
    found = {_FIELD_OF.get(_plain(cell)) for cell in cells}
    return bool(found & {KEY, UNIT, UNIT_KEY}) and len(found - {None}) > 1


def map_header(header: Sequence[str]) -> Mapping:
    """What each column is. Where two columns fit a field, the better heading wins; the other becomes an attribute."""
    plain = [_plain(heading) for heading in header]
    meanings = [ATTRIBUTE if heading else SKIPPED for heading in plain]
    for field, headings in _HEADINGS.items():
        found = next((plain.index(heading) for heading in headings if heading in plain), None)
        if found is not None:
            meanings[found] = field
    seen: set[str] = set()
    for at, heading in enumerate(plain):
        if heading in _NEVER or (meanings[at] == ATTRIBUTE and heading in seen):
            meanings[at] = SKIPPED
        seen.add(heading)
    _as_units(meanings)
    return Mapping(tuple(header), tuple(meanings))


def names_people_without_key(mapping: Mapping) -> bool:
    """Whether a file has names of people and nothing that tells them apart: none of them could be read."""
    return mapping.has(NAME, FIRST, LAST) and not mapping.has(KEY)


def _as_units(meanings: list[str]) -> None:
    """In a file of units alone, "id" is the unit's code and "name" the unit's name."""
    if UNIT in meanings or set(meanings) & _PERSONAL:
        return
    if KEY in meanings and PARENT in meanings and UNIT_KEY not in meanings:
        meanings[meanings.index(KEY)] = UNIT_KEY
    if KEY not in meanings and UNIT_KEY in meanings and NAME in meanings:
        meanings[meanings.index(NAME)] = UNIT


def template() -> list[str]:
    """The headings of an empty file, in the reader's language."""
    fields = [KEY, NAME, EMAIL, TITLE, UNIT_KEY, UNIT, PARENT, MANAGER, LEVEL, JOINED, LAST_DAY, LANGUAGE]
    return [label(field) for field in fields]

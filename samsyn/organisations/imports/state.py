"""What the organisation looks like when an import is planned: plain values, and a fingerprint of them all."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field

from samsyn.core import clock
from samsyn.organisations.models import Person, Unit
from samsyn.organisations.names import fold, tidy


@dataclass(frozen=True, slots=True)
class KnownUnit:
    """A unit that is there."""

    key: str
    name: str
    parent: str  # the parent's key, or ""
    closed: bool = False


@dataclass(frozen=True, slots=True)
class KnownPerson:
    """A person who is there; days as year-month-day, "" for none."""

    key: str
    name: str
    email: str
    title: str
    unit: str
    manager: str
    level: str
    language: str
    attributes: dict[str, str]
    joined: str
    left: str
    external: bool = False


@dataclass(frozen=True)
class State:
    """Units and people by folded key."""

    today: str
    language: str
    units: dict[str, KnownUnit] = field(default_factory=dict)
    people: dict[str, KnownPerson] = field(default_factory=dict)

    def gone(self, person: KnownPerson) -> bool:
        """Whether somebody has left."""
        return bool(person.left) and person.left <= self.today

    def fingerprint(self) -> str:
        """Alike for two states that are alike."""
        digest = hashlib.sha256()
        for rows in (self.units, self.people):
            for key in sorted(rows):
                digest.update(repr(rows[key]).encode())
        return digest.hexdigest()


def make_state(today: str, language: str, units: Iterable[KnownUnit], people: Iterable[KnownPerson]) -> State:
    """A state out of rows. Of keys that differ only in capitals the first counts."""
    state = State(today, language)
    for unit in sorted(units, key=lambda unit: unit.key):
        state.units.setdefault(fold(unit.key), unit)
    for person in sorted(people, key=lambda person: person.key):
        state.people.setdefault(fold(person.key), person)
    return state


def load_state(language: str) -> State:
    """The active organisation as it is now. Reads every unit and every person once."""
    units = {unit.pk: unit for unit in Unit.objects.all()}
    fields = (
        "pk", "key", "name", "email", "title", "unit_id", "manager_id", "level", "language", "attributes",
        "joined", "left", "external",
    )  # fmt: skip
    rows = list(Person.objects.filter(erased=False).values_list(*fields))
    keys = {row[0]: row[1] for row in rows}
    people = (
        KnownPerson(
            key=key,
            name=tidy(name),
            email=email.lower(),
            title=tidy(title.pick(language)[0]),
            unit=units[unit].key if unit else "",
            manager=keys.get(manager, ""),
            level=level,
            language=spoken,
            attributes={str(name): str(value) for name, value in sorted(attributes.items())},
            joined=joined.isoformat(),
            left=left.isoformat() if left else "",
            external=external,
        )
        for _pk, key, name, email, title, unit, manager, level, spoken, attributes, joined, left, external in rows
    )
    known = (
        KnownUnit(
            key=unit.key,
            name=tidy(unit.name.pick(language)[0]),
            parent=units[unit.parent_id].key if unit.parent_id else "",
            closed=unit.closed is not None,
        )
        for unit in units.values()
    )
    return make_state(clock.today().isoformat(), language, known, people)

"""Plans from rows, without a database."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from samsyn.organisations.imports.planning import Plan, make_plan
from samsyn.organisations.imports.reading import Table
from samsyn.organisations.imports.state import KnownPerson, KnownUnit, State, make_state

TODAY = "2026-03-12"


def known(key: str, name: str = "", **values: Any) -> KnownPerson:
    """Somebody who is there."""
    plain = {"email": "", "title": "", "unit": "", "manager": "", "level": "staff", "language": "sv"}
    days = {"attributes": {}, "joined": "2020-01-01", "left": ""}
    return KnownPerson(key=key, name=name or f"Person {key}", **{**plain, **days, **values})


def unit(key: str, name: str = "", parent: str = "", *, closed: bool = False) -> KnownUnit:
    """A unit that is there."""
    return KnownUnit(key, name or f"Enhet {key}", parent, closed)


def plan(
    header: str | Sequence[str],
    *rows: str | Sequence[str],
    people: Sequence[KnownPerson] = (),
    units: Sequence[KnownUnit] = (),
) -> Plan:
    """The plan for rows written with semicolons; the header is row 1."""
    cells = [row.split(";") if isinstance(row, str) else list(row) for row in rows]
    head = header.split(";") if isinstance(header, str) else list(header)
    state: State = make_state(TODAY, "sv", units, people)
    return make_plan(
        Table(head, [(at, [*row, *[""] * len(head)][: len(head)]) for at, row in enumerate(cells, 2)]), state
    )


def faults(made: Plan) -> list[tuple[int, str]]:
    """Row and code of every fault."""
    return [(fault.row, fault.code) for fault in made.faults]


def fields(change: dict[str, Any]) -> dict[str, Any]:
    """What a change sets."""
    return {name: pair[1] for name, pair in change["fields"].items()}

"""The whole plan of an import: header and rows in, what would change out. Nothing is written here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from samsyn.organisations.imports.columns import KEY, map_header
from samsyn.organisations.imports.faults import Fault, Faults
from samsyn.organisations.imports.people_plan import PeoplePlan, plan_people
from samsyn.organisations.imports.reading import Table
from samsyn.organisations.imports.records import read_records
from samsyn.organisations.imports.state import State
from samsyn.organisations.imports.unit_plan import plan_units

UNITS, ADDED, MOVED, CHANGED, REKEYED = "units", "added", "moved", "changed", "rekeyed"
LEFT, FAULTS = "left", "faults"
CHANGES = (UNITS, ADDED, MOVED, CHANGED, REKEYED)  # in the order in which they are made
PARTS = (*CHANGES, LEFT, FAULTS)


@dataclass(frozen=True)
class Plan:
    """What an import would do."""

    units: list[dict[str, Any]]
    people: PeoplePlan
    faults: list[Fault]
    rows: int

    def part(self, name: str) -> list[Any]:
        """The changes of one part, as plain values."""
        if name == UNITS:
            return self.units
        if name == FAULTS:
            return [fault.as_row() for fault in self.faults]
        return getattr(self.people, name)

    @property
    def counts(self) -> dict[str, int]:
        """How many of each."""
        found = {name: len(self.part(name)) for name in PARTS}
        return found | {
            "rows": self.rows,
            "unchanged": self.people.unchanged,
            "faulty_rows": len({fault.row for fault in self.faults}),
            "left_out": len({fault.row for fault in self.faults if fault.whole_row}),
        }

    @property
    def empty(self) -> bool:
        """Whether it would change nothing (leavers apart)."""
        return not any(self.part(name) for name in CHANGES)


def make_plan(table: Table, state: State) -> Plan:
    """Plan the import of a table into an organisation. Raises RefusedError for what cannot be planned at all."""
    mapping = map_header(table.header)
    faults = Faults()
    records = read_records(table.rows, mapping, faults)
    units = plan_units(records, state, faults)
    people = plan_people(records, units, state, faults) if mapping.has(KEY) else PeoplePlan()
    found = sorted(faults.found, key=lambda fault: (fault.row, fault.code, fault.value))
    return Plan(units.changes, people, found, len(records))

"""Which unit each row means, and what changes among the units: opened, renamed, moved. Nothing is closed by a file."""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from samsyn.core.errors import RefusedError
from samsyn.organisations.imports.circles import break_circles, depths
from samsyn.organisations.imports.faults import Faults
from samsyn.organisations.imports.records import KEY_LENGTH, Record
from samsyn.organisations.imports.state import State
from samsyn.organisations.names import fold
from samsyn.organisations.rules import MOST_LEVELS


@dataclass
class _Mentioned:
    """A unit as the rows of the file speak of it."""

    row: int
    keys: Counter[str] = field(default_factory=Counter)
    names: Counter[str] = field(default_factory=Counter)
    parents: Counter[str] = field(default_factory=Counter)


@dataclass
class UnitPlan:
    """What a file means for the units."""

    of_row: dict[int, str | None] = field(default_factory=dict)  # the unit's folded key; "": none; None: not told
    names: dict[str, str] = field(default_factory=dict)  # of every unit by folded key
    keys: dict[str, str] = field(default_factory=dict)  # as they are written
    changes: list[dict[str, Any]] = field(default_factory=list)  # those above come before those below


def plan_units(records: list[Record], state: State, faults: Faults) -> UnitPlan:
    """Read the units out of the rows. Raises RefusedError where they lie too deep."""
    return _Planner(records, state, faults).plan()


def most_said(said: Counter[str]) -> str:
    """What most rows say; of several, the first in the alphabet."""
    return min(said, key=lambda text: (-said[text], text), default="")


def key_from_name(name: str) -> str:
    """The key of a unit that has no code."""
    if len(name) <= KEY_LENGTH:
        return name
    digest = hashlib.sha256(fold(name).encode()).hexdigest()[:8]
    return f"{name[: KEY_LENGTH - 9]}-{digest}"


class _Planner:
    def __init__(self, records: list[Record], state: State, faults: Faults) -> None:
        self.records, self.state, self.faults = records, state, faults
        self.result = UnitPlan()
        self.mentioned: dict[str, _Mentioned] = {}
        self.by_name: dict[str, set[str]] = defaultdict(
            set
        )  # folded name: folded keys, of the file and of what is here
        self.parents_said: dict[str, set[str]] = defaultdict(set)  # folded key: what its parent is called
        self.rows_of: dict[str, list[Record]] = defaultdict(list)

    def plan(self) -> UnitPlan:
        self.result.keys = {key: unit.key for key, unit in self.state.units.items()}
        self.result.names = {key: unit.name for key, unit in self.state.units.items()}
        named = self._identify_by_key()
        self._index()
        for name in sorted(named):
            self._identify_by_name(name, named[name])
        above = {key: fold(unit.parent) for key, unit in self.state.units.items() if not unit.closed}
        before = {key: above.get(key, "") for key in self.mentioned}
        for key, mentioned in self.mentioned.items():
            parent = self._parent(key, mentioned)
            above[key] = before[key] if parent is None else parent
        break_circles(above, before, self._refuse_circle)
        self._write(above, before)
        return self.result

    def _identify_by_key(self) -> dict[str, list[Record]]:
        """Take the rows that give a unit's code; return, by name, those that give only its name."""
        named: dict[str, list[Record]] = defaultdict(list)
        for record in self.records:
            if record.unit_key:
                self._mention(record, fold(record.unit_key), record.unit_key)
            elif record.unit:
                named[fold(record.unit)].append(record)
            else:
                said = record.unit if record.unit is not None else record.unit_key
                self.result.of_row[record.row] = said  # "" where the cell is empty, None where there is no column
        for key, mentioned in self.mentioned.items():
            self._settle_name(key, mentioned)
        return named

    def _index(self) -> None:
        """The names that units will have, and what each lies below as far as the file and the organisation say."""
        for key, name in self.result.names.items():
            known = self.state.units.get(key)
            if known and known.closed:
                continue
            self.by_name[fold(name)].add(key)
            if known and known.parent:
                above = fold(known.parent)
                self.parents_said[key] = {above, fold(self.result.names.get(above, ""))}
        for key, mentioned in self.mentioned.items():
            if mentioned.parents:  # also where the file says that it lies below nothing
                self.parents_said[key] = {fold(text) for text in mentioned.parents if text}

    def _identify_by_name(self, name: str, records: list[Record]) -> None:
        written = most_said(Counter(record.unit or "" for record in records))
        key = fold(key_from_name(written))
        candidates = set(self.by_name.get(name, ()))
        if key in self.state.units or key in self.mentioned:
            candidates = {key}
        parents = {fold(record.parent) for record in records if record.parent}
        for record in records:
            fitting = candidates
            if len(candidates) > 1 or len(parents) > 1:
                fitting = {one for one in candidates if fold(record.parent or "") in self.parents_said[one]}
            if len(fitting) == 1:
                self._mention(record, next(iter(fitting)))
            elif candidates or len(parents) > 1:
                self._leave_out(record, "several_units")
            else:
                self.by_name[name].add(key)
                self.result.keys[key], self.result.names[key] = key_from_name(written), written
                self._mention(record, key)

    def _mention(self, record: Record, key: str, written: str = "") -> None:
        known = self.state.units.get(key)
        if known and known.closed:
            self._leave_out(record, "closed_unit")
            return
        mentioned = self.mentioned.setdefault(key, _Mentioned(record.row))
        mentioned.row = min(mentioned.row, record.row)
        if written:
            mentioned.keys[written] += 1
            if record.unit:
                mentioned.names[record.unit] += 1
        if record.parent is not None:
            mentioned.parents[record.parent] += 1
        self.result.of_row[record.row] = key
        self.rows_of[key].append(record)

    def _leave_out(self, record: Record, code: str) -> None:
        self.result.of_row[record.row] = None
        self.faults.add(record.row, code, record.unit or record.unit_key or "")

    def _settle_name(self, key: str, mentioned: _Mentioned) -> None:
        known = self.state.units.get(key)
        written = known.key if known else most_said(mentioned.keys)
        name = most_said(mentioned.names) or (known.name if known else written)
        self.result.keys[key], self.result.names[key] = written, name
        if len(mentioned.names) > 1:
            for record in self.rows_of[key]:
                if record.unit_key and record.unit and record.unit != name:
                    self.faults.add(record.row, "name_differs", record.unit, name)

    def _parent(self, key: str, mentioned: _Mentioned) -> str | None:
        """The folded key of what lies above; "" for nothing; None where the file does not tell."""
        said = {text: self._resolve(text) for text in mentioned.parents if text}
        fitting: Counter[str] = Counter()
        for text, (parent, code) in said.items():
            if parent == key:
                parent, code = None, "own_parent"
            if parent is None:
                row = min(record.row for record in self.rows_of[key] if record.parent == text)
                self.faults.add(row, code, text)
                said[text] = (None, code)
            else:
                fitting[parent] += mentioned.parents[text]
        if not fitting:
            return None if said or not mentioned.parents else ""
        chosen = most_said(fitting)
        if len(fitting) > 1:
            for record in self.rows_of[key]:
                parent = said[record.parent][0] if record.parent else chosen
                if parent not in {None, chosen}:
                    self.faults.add(record.row, "parent_differs", record.parent or "", self.result.names[chosen])
        return chosen

    def _resolve(self, text: str) -> tuple[str | None, str]:
        name = fold(text)
        if name in self.mentioned:
            return name, ""
        known = self.state.units.get(name)
        if known:
            return (None, "closed_parent") if known.closed else (name, "")
        candidates = self.by_name.get(name, set())
        if len(candidates) == 1:
            only = next(iter(candidates))
            known = self.state.units.get(only)
            return (None, "closed_parent") if known and known.closed else (only, "")
        return None, "several_parents" if candidates else "unknown_parent"

    def _refuse_circle(self, key: str, circle: list[str]) -> None:
        shown = " → ".join(self.result.names[one] for one in [*circle, circle[0]])
        row = min((record.row for record in self.rows_of[key] if record.parent), default=self.mentioned[key].row)
        self.faults.add(row, "unit_cycle", most_said(self.mentioned[key].parents), shown)

    def _write(self, above: dict[str, str], before: dict[str, str]) -> None:
        levels = depths(above)
        if max(levels.values(), default=0) >= MOST_LEVELS:
            raise RefusedError(_("The units lie more than %(most)s levels deep.") % {"most": MOST_LEVELS}, "file")
        for key in sorted(self.mentioned, key=lambda one: (levels[one], one)):
            known = self.state.units.get(key)
            change: dict[str, Any] = {"row": self.mentioned[key].row, "key": self.result.keys[key]}
            name, parent = self.result.names[key], self._written(above[key])
            if known is None:
                self.result.changes.append(change | {"new": True, "name": [None, name], "parent": [None, parent]})
                continue
            if name != known.name:
                change["name"] = [known.name, name]
            if above[key] != before[key]:
                change["parent"] = [self._written(before[key]), parent]
            if len(change) > 2:
                self.result.changes.append(change)

    def _written(self, key: str) -> str:
        return self.result.keys[key] if key else ""

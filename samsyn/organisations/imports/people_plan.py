"""What a file changes among the people: added, changed, moved, left. Pure: values in, values out."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import Any

from samsyn.organisations.imports.circles import break_circles, depths
from samsyn.organisations.imports.faults import Faults
from samsyn.organisations.imports.records import KEY_LENGTH, Record, day_before
from samsyn.organisations.imports.state import KnownPerson, State
from samsyn.organisations.imports.unit_plan import UnitPlan
from samsyn.organisations.names import fold

_RANK = {"staff": 0, "manager": 1, "senior": 2, "top": 3}


@dataclass
class PeoplePlan:
    """What changes. Every change says old and new: {"row", "key", "name", "fields": {field: [old, new]}}."""

    added: list[dict[str, Any]] = field(default_factory=list)  # managers before those who report to them
    changed: list[dict[str, Any]] = field(default_factory=list)
    moved: list[dict[str, Any]] = field(default_factory=list)
    left: list[dict[str, Any]] = field(default_factory=list)
    rekeyed: list[dict[str, Any]] = field(default_factory=list)  # made last: until then everybody has the old key
    unchanged: int = 0


@dataclass(slots=True)
class _Wanted:
    """A person as the file wants them. Keys of unit and manager are folded."""

    record: Record
    known: KnownPerson | None
    email: str
    manager: str
    unit: str


def plan_people(records: list[Record], units: UnitPlan, state: State, faults: Faults) -> PeoplePlan:
    """Compare the rows with the people who are there."""
    return _Planner(records, units, state, faults).plan()


class _Planner:
    def __init__(self, records: list[Record], units: UnitPlan, state: State, faults: Faults) -> None:
        self.records = [record for record in records if record.personal and record.key is not None]
        self.units, self.state, self.faults = units, state, faults
        self.wanted: dict[str, _Wanted] = {}  # by the key that the person has now, or will have
        self.named: set[str] = set()  # every key in the file, of faulty rows too: they have not left
        self.known_as: dict[str, str] = {}  # key in the file: key that the person has now

    def plan(self) -> PeoplePlan:
        once = self._once_each()
        self.addresses_said = Counter(record.email for record in once if record.email)
        self.owners: dict[str, list[KnownPerson]] = defaultdict(list)
        for key, person in self.state.people.items():
            if person.email and key not in self.named and not person.external and not self.state.gone(person):
                self.owners[person.email].append(person)
        for record in once:
            self._accept(record)
        self._settle_emails()
        self._settle_managers()
        return self._compare()

    # --- which rows count ---------------------------------------------------------------------------------------

    def _once_each(self) -> list[Record]:
        rows: dict[str, list[Record]] = defaultdict(list)
        for record in self.records:
            if not record.key:
                self.faults.add(record.row, "missing_key", record.name or "")
            elif len(record.key) > KEY_LENGTH:
                self.faults.add(record.row, "long_key", record.key)
            else:
                rows[fold(record.key)].append(record)
        self.named = set(rows)
        for twice in (same for same in rows.values() if len(same) > 1):
            numbers = ", ".join(str(record.row) for record in twice[:10])
            for record in twice:
                self.faults.add(record.row, "double_key", record.key or "", numbers)
        return [same[0] for same in rows.values() if len(same) == 1]

    def _accept(self, record: Record) -> None:
        key = fold(record.key or "")
        known = self.state.people.get(key) or self._with_a_new_key(record)
        if known:
            self.known_as[key] = key = fold(known.key)
        if known and known.external:
            self.faults.add(record.row, "guest_key", record.key or "")
            return
        if known is None:
            if not record.name:
                self.faults.add(record.row, "missing_name")
                return
            if record.left and record.left <= self.state.today:
                self.faults.add(record.row, "already_left", day_before(record.left))
                return
        elif record.name == "":
            self.faults.add(record.row, "no_new_name")
        if known and record.left and record.left <= (record.joined or known.joined):
            self.faults.add(record.row, "ends_before_start", day_before(record.left), record.joined or known.joined)
            record.left = None
        unit = self.units.of_row.get(record.row)
        self.wanted[key] = _Wanted(
            record,
            known,
            email=record.email if record.email is not None else known.email if known else "",
            manager="",
            unit=unit if unit is not None else fold(known.unit) if known else "",
        )

    def _with_a_new_key(self, record: Record) -> KnownPerson | None:
        """Somebody who is there under a key that the file does not have: known by address, and by name as well.

        A key that is itself the address was only waiting for the employment number.
        """
        address = record.email or ""
        owners = self.owners[address] if address else []
        if len(owners) != 1 or self.addresses_said[address] != 1:
            return None
        person = owners[0]
        same = fold(person.key) == address or fold(person.name) == fold(record.name or "")
        return person if same else None

    def _settle_emails(self) -> None:
        """An address identifies one person. Who would share one with somebody keeps what they had."""
        others = {
            key: person.email
            for key, person in self.state.people.items()
            if person.email and key not in self.wanted and not self.state.gone(person)
        }
        pending = True
        while pending:
            pending = False
            holders: dict[str, list[str]] = defaultdict(list)
            for key, address in others.items():
                holders[address].append(key)
            for key, wanted in self.wanted.items():
                if wanted.email:
                    holders[wanted.email].append(key)
            for address, keys in holders.items():
                if len(keys) > 1:
                    pending = self._share(address, keys) or pending

    def _share(self, address: str, keys: list[str]) -> bool:
        newcomers = [key for key in keys if key in self.wanted and self._had(key) != address]
        for key in newcomers:
            other = min(one for one in keys if one != key)
            self.faults.add(self.wanted[key].record.row, "double_email", address, self._called(other))
            self.wanted[key].email = self._had(key)
        return bool(newcomers)

    def _had(self, key: str) -> str:
        known = self.wanted[key].known
        return known.email if known else ""

    def _called(self, key: str) -> str:
        if key in self.wanted:
            record = self.wanted[key].record
            return f"{record.name or ''} ({record.key})".strip()
        person = self.state.people[key]
        return f"{person.name} ({person.key})"

    # --- managers -----------------------------------------------------------------------------------------------

    def _settle_managers(self) -> None:
        addresses: dict[str, set[str]] = defaultdict(set)
        for key, person in self.state.people.items():
            if key not in self.wanted and person.email and not self.state.gone(person):
                addresses[person.email].add(key)
        for key, wanted in self.wanted.items():
            for address in {wanted.email, wanted.record.email} - {"", None}:
                addresses[str(address)].add(key)
        left_out = {fault.row for fault in self.faults.found if fault.whole_row}
        self.refused = {
            said
            for record in self.records
            if record.row in left_out
            for said in (fold(record.key or ""), record.email)
            if said
        }
        before = {key: fold(wanted.known.manager) if wanted.known else "" for key, wanted in self.wanted.items()}
        above = {
            key: fold(person.manager)
            for key, person in self.state.people.items()
            if key not in self.wanted and not self.state.gone(person)
        }
        for key, wanted in self.wanted.items():
            manager = self._manager(key, wanted.record, addresses)
            above[key] = before[key] if manager is None else manager
        break_circles(above, before, self._refuse_circle)
        for key, wanted in self.wanted.items():
            wanted.manager = above[key]
        self.above = above

    def _manager(self, key: str, record: Record, addresses: dict[str, set[str]]) -> str | None:
        if not record.manager:
            return record.manager
        name = self.known_as.get(fold(record.manager), fold(record.manager))
        known = self.state.people.get(name)
        if name in self.wanted or (known and not self.state.gone(known)):
            found = {name}
        else:
            found = addresses.get(name.removeprefix("mailto:"), set())
        if found == {key}:
            self.faults.add(record.row, "own_manager", record.manager)
            return None
        if len(found) != 1:
            absent = (
                "manager_left_out"
                if fold(record.manager).removeprefix("mailto:") in self.refused
                else "unknown_manager"
            )
            self.faults.add(record.row, "several_managers" if found else absent, record.manager)
            return None
        return next(iter(found))

    def _refuse_circle(self, key: str, circle: list[str]) -> None:
        shown = [self._called(one) for one in [*circle[:6], circle[0]]]
        if len(circle) > 6:
            shown.insert(6, "…")
        record = self.wanted[key].record
        self.faults.add(record.row, "manager_cycle", record.manager or "", " → ".join(shown))

    def _derived_levels(self) -> dict[str, str]:
        """From who reports to whom: the level of everybody to whom anybody reports."""
        reported_to = Counter(manager for manager in self.above.values() if manager)
        over_managers = {self.above[key] for key in reported_to if self.above.get(key)}
        return {key: "senior" if key in over_managers else "manager" for key in reported_to}

    # --- what changes -------------------------------------------------------------------------------------------

    def _compare(self) -> PeoplePlan:
        plan = PeoplePlan()
        derived = self._derived_levels()
        deep = depths(self.above)
        for key in sorted(self.wanted, key=lambda one: (deep[one], one)):
            wanted = self.wanted[key]
            fields = self._fields(wanted, derived.get(key, "staff"))
            change = self._change(wanted, fields)
            if wanted.known is None:
                plan.added.append(change)
            elif "unit" in fields:
                plan.moved.append(change)
            elif fields:
                plan.changed.append(change)
            elif not self._new_key(wanted):
                plan.unchanged += 1
            if self._new_key(wanted):
                keys = {"key": [change["key"], wanted.record.key]}
                plan.rekeyed.append(
                    {"row": change["row"], "key": change["key"], "name": change["name"], "fields": keys}
                )
        if self.wanted:
            plan.left = [self._leaver(key) for key in sorted(self.state.people) if self._has_left(key)]
        return plan

    def _new_key(self, wanted: _Wanted) -> bool:
        return wanted.known is not None and fold(wanted.known.key) != fold(wanted.record.key or "")

    def _fields(self, wanted: _Wanted, derived: str) -> dict[str, list[Any]]:
        record, known = wanted.record, wanted.known
        new: dict[str, Any] = {
            "name": record.name,
            "email": wanted.email,
            "title": record.title,
            "unit": self._unit_key(wanted.unit),
            "manager": self._person_key(wanted.manager),
            "level": record.level or self._level(known, derived),
            "language": record.language,
            "joined": record.joined,
            "left": self._left(known, record),
        }
        given = record.attributes or {}
        if known is None:
            new["language"] = new["language"] or self.state.language
            new["joined"] = new["joined"] or self.state.today
            fields = {name: [None, value] for name, value in new.items() if value}
            return fields | {f"attribute:{name}": [None, value] for name, value in sorted(given.items()) if value}
        fields = {}
        for name, value in new.items():
            old = getattr(known, name)
            if value is not None and value != old and not (name == "name" and not value):
                fields[name] = [old, value]
        for name, value in sorted(given.items()):
            if value != known.attributes.get(name, ""):
                fields[f"attribute:{name}"] = [known.attributes.get(name, ""), value]
        return fields

    def _level(self, known: KnownPerson | None, derived: str) -> str:
        if known and _RANK.get(known.level, 0) >= _RANK[derived]:
            return known.level
        return derived

    def _left(self, known: KnownPerson | None, record: Record) -> str | None:
        """Who stands in the file without a last day is there; who was gone has come back."""
        if record.left is None and known and self.state.gone(known):
            return ""
        return record.left

    def _change(self, wanted: _Wanted, fields: dict[str, list[Any]]) -> dict[str, Any]:
        known, record = wanted.known, wanted.record
        change: dict[str, Any] = {
            "row": record.row,
            "key": known.key if known else record.key,
            "name": record.name or (known.name if known else ""),
            "fields": fields,
        }
        labels = {}
        if "unit" in fields:
            labels["unit"] = [self._unit_name(fold(fields["unit"][0] or "")), self._unit_name(wanted.unit)]
        if "manager" in fields:
            labels["manager"] = [self._person_name(fold(fields["manager"][0] or "")), self._person_name(wanted.manager)]
        return change | ({"labels": labels} if labels else {})

    def _has_left(self, key: str) -> bool:
        person = self.state.people[key]
        return key not in self.named and key not in self.wanted and not person.external and not self.state.gone(person)

    def _leaver(self, key: str) -> dict[str, Any]:
        person = self.state.people[key]
        labels = {"unit": [self._unit_name(fold(person.unit)), ""]}
        return {
            "row": 0,
            "key": person.key,
            "name": person.name,
            "fields": {"left": [person.left, ""]},
            "labels": labels,
        }

    def _unit_key(self, key: str) -> str:
        return self.units.keys.get(key, "") if key else ""

    def _unit_name(self, key: str) -> str:
        return self.units.names.get(key, "") if key else ""

    def _person_key(self, key: str) -> str:
        if not key:
            return ""
        wanted = self.wanted.get(key)
        if wanted and wanted.known is None:
            return wanted.record.key or ""
        person = self.state.people.get(key)
        return person.key if person else ""

    def _person_name(self, key: str) -> str:
        if not key:
            return ""
        wanted = self.wanted.get(key)
        person = self.state.people.get(key)
        return (wanted.record.name if wanted else "") or (person.name if person else "")

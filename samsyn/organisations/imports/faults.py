"""What can be wrong with a row: a code, kept with the plan, and its words in the reader's language."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.utils.functional import Promise as LazyText
from django.utils.translation import gettext_lazy as _

from samsyn.organisations.imports import columns as c

# code: (the field at fault, whether the whole row is left out, the reason)
_KINDS: dict[str, tuple[str, bool, LazyText]] = {
    "missing_key": (c.KEY, True, _("the employment number is missing")),
    "double_key": (
        c.KEY,
        True,
        _("“%(value)s” is on more than one row (%(other)s); each person has one row and a number of their own"),
    ),
    "long_key": (c.KEY, True, _("“%(value)s” is longer than 60 signs")),
    "guest_key": (c.KEY, True, _("“%(value)s” is already used for a guest")),
    "missing_name": (c.NAME, True, _("the name is missing")),
    "no_new_name": (c.NAME, False, _("the name is missing; the one we have stays")),
    "long_name": (c.NAME, False, _("“%(value)s” is longer than 120 signs and is cut off")),
    "already_left": (c.LAST_DAY, True, _("the last day, %(value)s, has passed, and the person is not known here")),
    "bad_email": (c.EMAIL, False, _("“%(value)s” is not an e-mail address")),
    "double_email": (c.EMAIL, False, _("%(value)s also belongs to %(other)s")),
    "bad_date": ("", False, _("“%(value)s” is not a date; write year-month-day, for example 2026-03-01")),
    "ends_before_start": (c.LAST_DAY, False, _("the last day, %(value)s, comes before the first, %(other)s")),
    "unknown_level": (
        c.LEVEL,
        False,
        _("“%(value)s” is not a level; write staff, manager, manager of managers or top management"),
    ),
    "unknown_language": (c.LANGUAGE, False, _("“%(value)s” is not Swedish or English")),
    "long_value": ("", False, _("the text is longer than %(other)s signs and is cut off")),
    "unknown_manager": (c.MANAGER, False, _("“%(value)s” is neither in the file nor here")),
    "manager_left_out": (c.MANAGER, False, _("“%(value)s” stands only on rows that are left out")),
    "several_managers": (c.MANAGER, False, _("“%(value)s” fits several people")),
    "own_manager": (c.MANAGER, False, _("nobody can be their own manager")),
    "manager_cycle": (c.MANAGER, False, _("the managers go round in a circle: %(other)s")),
    "unknown_parent": (
        c.PARENT,
        False,
        _("“%(value)s” is neither in the file nor here; add a row for it with only the columns of the unit filled in"),
    ),
    "several_parents": (c.PARENT, False, _("“%(value)s” fits several units; give the unit code")),
    "own_parent": (c.PARENT, False, _("a unit cannot lie below itself")),
    "unit_cycle": (c.PARENT, False, _("the units go round in a circle: %(other)s")),
    "closed_parent": (c.PARENT, False, _("the unit “%(value)s” has been closed")),
    "parent_differs": (c.PARENT, False, _("“%(value)s” differs from other rows of the same unit; %(other)s is used")),
    "closed_unit": (c.UNIT, False, _("the unit “%(value)s” has been closed")),
    "several_units": (c.UNIT, False, _("“%(value)s” fits several units; give the unit code")),
    "name_differs": (c.UNIT, False, _("“%(value)s” differs from other rows of the same unit; “%(other)s” is used")),
    "long_unit_key": (c.UNIT_KEY, False, _("“%(value)s” is longer than 60 signs")),
}
_SHOWN = 80


@dataclass(frozen=True)
class Fault:
    """Something wrong in one row of the file: its number, the field, what stood there."""

    row: int
    code: str
    value: str = ""
    other: str = ""
    field: str = ""

    @property
    def whole_row(self) -> bool:
        """Whether the row is left out altogether; else only the value is."""
        return _KINDS[self.code][1]

    @property
    def column(self) -> str:
        """The name of the field at fault, for the reader."""
        name = self.field or _KINDS[self.code][0]
        return name if name not in c.FIELDS else c.label(name)

    @property
    def reason(self) -> str:
        """What is wrong, in words."""
        return str(_KINDS[self.code][2]) % {"value": self.value, "other": self.other}

    def as_row(self) -> list[Any]:
        """As plain values, to be kept with the plan."""
        return [self.row, self.code, self.value, self.other, self.field]


def from_row(row: list[Any]) -> Fault:
    """The opposite of `as_row`."""
    return Fault(*row)


@dataclass
class Faults:
    """The faults found so far."""

    found: list[Fault] = field(default_factory=list)

    def add(self, row: int, code: str, value: str = "", other: str = "", field: str = "") -> None:
        """Note a fault; long values are cut."""
        self.found.append(Fault(row, code, _cut(value), _cut(other), field))


def _cut(text: str) -> str:
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"

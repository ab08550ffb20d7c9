"""Writes to people, units and management teams: authorised, in one transaction, recorded."""

from samsyn.organisations.actions.erasing import erase_person, reapply_erasures
from samsyn.organisations.actions.organisations import add_organisation
from samsyn.organisations.actions.people import (
    add_person,
    change_person,
    correct_team,
    end_person,
    move_person,
    set_administrator,
)
from samsyn.organisations.actions.units import close_unit, merge_units, move_unit, open_unit, rename_unit

__all__ = [
    "add_organisation",
    "add_person",
    "change_person",
    "close_unit",
    "correct_team",
    "end_person",
    "erase_person",
    "merge_units",
    "move_person",
    "move_unit",
    "open_unit",
    "reapply_erasures",
    "rename_unit",
    "set_administrator",
]

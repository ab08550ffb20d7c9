"""Reads of people, units, management teams and turnover."""

from samsyn.organisations.queries.people import (
    find_people,
    find_person,
    is_above,
    placements_of,
    present,
    present_in,
    reports_of,
    team_of,
    team_with_corrections,
)
from samsyn.organisations.queries.turnover import Turnover, turnover, turnover_by_year
from samsyn.organisations.queries.units import (
    Node,
    find_unit,
    in_order,
    levels_of,
    name_order,
    open_units,
    people_below,
    tree,
    units_above,
    versions_of,
)

__all__ = [
    "Node",
    "Turnover",
    "find_people",
    "find_person",
    "find_unit",
    "in_order",
    "is_above",
    "levels_of",
    "name_order",
    "open_units",
    "people_below",
    "placements_of",
    "present",
    "present_in",
    "reports_of",
    "team_of",
    "team_with_corrections",
    "tree",
    "turnover",
    "turnover_by_year",
    "units_above",
    "versions_of",
]

"""What holds for any file: the order of rows says nothing, the same file twice changes nothing."""

from __future__ import annotations

import io
from collections import Counter
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from samsyn.organisations.export import people_csv
from samsyn.organisations.imports import actions, planning
from samsyn.organisations.imports.planning import Plan, make_plan
from samsyn.organisations.imports.reading import read
from samsyn.organisations.imports.state import load_state
from samsyn.organisations.models import ImportBlock, Person, Placement, Unit, UnitVersion
from samsyn.organisations.tests.people_files import csv_bytes
from samsyn.organisations.tests.planner import known, plan, unit
from tests.sampling import examples

HEADER = ["Anst.nr", "Namn", "E-post", "Titel", "Enhetskod", "Enhet", "Överordnad", "Chef", "Nivå", "Slutdatum", "Yrke"]
keys = st.sampled_from(["1", "2", "3", "4", "5", "a", "A", ""])
codes = st.sampled_from(["U", "V", "W", "u", ""])
names = st.sampled_from(["Vård", "vård", "Skola", "Stab", ""])
rows = st.tuples(
    keys,
    st.sampled_from(["Anna", "Bo Öberg", "Cecilia", ""]),
    st.sampled_from(["a@x.se", "b@x.se", "A@x.se", "fel", ""]),
    st.sampled_from(["Rektor", ""]),
    codes,
    names,
    st.sampled_from(["U", "V", "W", "Vård", "Skola", "Z", ""]),
    st.sampled_from(["1", "2", "3", "4", "a", "b@x.se", "9", ""]),
    st.sampled_from(["chef", "medarbetare", "kung", ""]),
    st.sampled_from(["2026-12-31", "2026-01-01", "igår", ""]),
    st.sampled_from(["Vård", "=1+1", ""]),
)
files = st.lists(rows, min_size=1, max_size=8)
HERE = {
    "units": [unit("U", "Vård"), unit("V", "Skola", "U"), unit("X", "Gammal", closed=True)],
    "people": [
        known("1", "Anna", email="a@x.se", unit="U", level="manager"),
        known("2", "Bo", unit="V", manager="1", left="2026-01-01"),
        known("3", "Cecilia", manager="2", external=True),
        known("5", "Dag", email="b@x.se", manager="1"),
    ],
}


def essence(made: Plan) -> object:
    def without_row(changes: list[dict]) -> list[dict]:
        return [{name: value for name, value in change.items() if name != "row"} for change in changes]

    parts = {name: without_row(made.part(name)) for name in planning.PARTS if name != planning.FAULTS}
    wrong = Counter((fault.code, fault.value) for fault in made.faults)
    return parts, made.people.unchanged, wrong


@given(files, st.randoms(use_true_random=False))
@settings(max_examples=400, deadline=None)
def test_the_order_of_rows_says_nothing(cells, chance):
    shuffled = list(cells)
    chance.shuffle(shuffled)
    assert essence(plan(HEADER, *cells, **HERE)) == essence(plan(HEADER, *shuffled, **HERE))


def clear() -> None:
    ImportBlock.objects.all().delete()
    Placement.objects.all().delete()
    Person.objects.all().delete()
    UnitVersion.objects.all().delete()
    Unit.objects.update(parent=None)
    Unit.objects.all().delete()


def bring_in(content: bytes, *, leavers: bool = False):
    batch = actions.stage(io.BytesIO(content), "people.csv", by=None)
    assert actions.confirm(batch, leavers=leavers, by=None)
    return batch


@given(files, files)
@pytest.mark.sampled
@settings(max_examples=examples(60), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_same_file_twice_changes_nothing_and_an_export_comes_back_unchanged(organisation, first, second):
    clear()
    for cells in (first, second):
        content = csv_bytes(HEADER, cells, encoding="utf-8")
        batch = bring_in(content)
        assert batch.set_aside == []
        again = make_plan(read(io.BytesIO(content)), load_state("sv"))
        assert again.empty, again
    exported = people_csv().encode()
    back = make_plan(read(io.BytesIO(exported)), load_state("sv"))
    assert back.empty
    assert back.faults == []
    assert back.people.left == []
    assert_whole()


def test_a_unit_that_the_file_takes_away_from_above_no_longer_fits_a_name_below_it(organisation):
    def row(key, code, parent):
        return (key, "Anna", "a@x.se", "Rektor", code, "Vård", parent, "1", "chef", "2026-12-31", "")

    bring_in(csv_bytes(HEADER, [row("1", "U", "W"), row("1", "V", "W"), row("1", "W", "")]))
    again = csv_bytes(HEADER, [row("1", "", "W"), row("2", "U", "")])  # the first row means V: U lies below nothing now
    bring_in(again)
    assert Person.objects.get(key="1").unit.key == "V"
    assert make_plan(read(io.BytesIO(again)), load_state("sv")).empty


def assert_whole() -> None:
    """Paths, histories and placements agree with the rows that they describe."""
    for one in Unit.objects.select_related("parent"):
        assert one.path == one.path_below()
        current = UnitVersion.objects.get(unit=one, until=None)
        assert (current.name, current.parent_id) == (one.name, one.parent_id)
    for person in Person.objects.all():
        stays = list(Placement.objects.filter(person=person).order_by("since"))
        assert all(before.until is not None and before.until <= after.since for before, after in pairwise(stays))
        assert all(stay.until is None or stay.until > stay.since for stay in stays)
        if person.unit_id and (person.left is None or person.left.isoformat() > "2026-03-12"):
            assert (stays[-1].unit_id, stays[-1].until) == (person.unit_id, person.left)


@pytest.mark.parametrize("leavers", [False, True])
def test_leavers_leave_only_where_it_was_ticked(organisation, leavers):
    bring_in(csv_bytes(HEADER[:2], [["1", "Anna"], ["2", "Bo"]]))
    bring_in(csv_bytes(HEADER[:2], [["1", "Anna"]]), leavers=leavers)
    assert (Person.objects.get(key="2").left is not None) is leavers

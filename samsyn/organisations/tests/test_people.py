from __future__ import annotations

import datetime as dt

import pytest

from samsyn.core import clock
from samsyn.core.errors import RefusedError
from samsyn.core.texts import LangText
from samsyn.organisations import actions, queries
from samsyn.organisations.models import Person, Placement, Unit

DAY = dt.date(2026, 3, 12)


def add(key: str, name: str = "", unit: Unit | None = None, **values) -> Person:
    return actions.add_person(key=key, name=name or f"Person {key}", unit=unit, by=None, **values)


def names(people) -> list[str]:
    return [person.name for person in people]


@pytest.fixture
def unit(organisation) -> Unit:
    return actions.open_unit(key="A", name=LangText(sv="Vård"), parent=None, by=None)


@pytest.fixture
def other(organisation) -> Unit:
    return actions.open_unit(key="B", name=LangText(sv="Skola"), parent=None, by=None)


def stays(person: Person) -> list[tuple]:
    rows = Placement.objects.filter(person=person).order_by("since").select_related("unit")
    return [(row.unit.key, (row.since - DAY).days, (row.until - DAY).days if row.until else None) for row in rows]


def on(number: int):
    return clock.simulated(DAY + dt.timedelta(days=number))


def test_names_stand_in_swedish_order_and_are_found_whatever_their_capitals(organisation):
    for key, name in enumerate(["Örjan Ek", "Ängla Åström", "Zara Berg", "Åsa Öberg", "André Ny", "Anders Ek"]):
        add(str(key), name)
    assert names(queries.find_people()) == [
        "Anders Ek", "André Ny", "Zara Berg", "Åsa Öberg", "Ängla Åström", "Örjan Ek",
    ]  # fmt: skip
    assert names(queries.find_people("ÖBERG")) == ["Åsa Öberg"]
    assert names(queries.find_people("ek an")) == ["Anders Ek", "Örjan Ek"]
    assert names(queries.find_people("andre")) == ["André Ny"]
    assert names(queries.find_people("5")) == ["Anders Ek"]


def test_people_move_and_come_back_and_every_stay_is_kept(unit, other):
    person = add("1", unit=unit)
    with on(5):
        actions.move_person(person, unit=other, by=None)
        actions.move_person(person, unit=unit, by=None)
        assert stays(person) == [("A", 0, None)]  # there and back on one day is no move
        actions.move_person(person, unit=other, by=None)
    with on(9):
        with pytest.raises(RefusedError, match="later day"):
            actions.move_person(person, unit=unit, by=None, day=DAY)
        actions.move_person(person, unit=None, by=None, day=DAY + dt.timedelta(days=8))
    assert stays(person) == [("A", 0, 5), ("B", 5, 8)]


def test_somebody_ends_stays_after_all_and_comes_back(unit):
    person = add("1", unit=unit)
    actions.end_person(person, last_day=DAY + dt.timedelta(days=10), by=None)
    assert stays(person) == [("A", 0, 11)]
    actions.end_person(person, last_day=None, by=None)
    assert stays(person) == [("A", 0, None)]
    actions.end_person(person, last_day=DAY + dt.timedelta(days=3), by=None)
    with on(20):
        assert not queries.find_people().exists()
        actions.end_person(person, last_day=DAY + dt.timedelta(days=5), by=None)  # it was two days later
        assert stays(person) == [("A", 0, 6)]
        actions.end_person(person, last_day=None, by=None)
        assert stays(person) == [("A", 0, 6), ("A", 20, None)]
    with pytest.raises(RefusedError, match="before the first"):
        actions.end_person(person, last_day=DAY - dt.timedelta(days=1), by=None)


def test_keys_and_addresses_belong_to_one_person(organisation):
    anna, bo = add("a1", email="Anna@X.se"), add("2")
    with pytest.raises(RefusedError, match="employment number"):
        add("A1")
    with pytest.raises(RefusedError, match="address"):
        actions.change_person(bo, by=None, email="anna@x.se")
    actions.end_person(anna, last_day=DAY - dt.timedelta(days=0), by=None)
    with on(1):
        actions.change_person(bo, by=None, email="anna@x.se")
    with pytest.raises(RefusedError, match="name"):
        actions.change_person(bo, by=None, name="")


def test_nobody_stands_above_themselves(organisation):
    top = add("1")
    middle = add("2", manager=top)
    low = add("3", manager=middle)
    for manager in (top, middle, low):
        with pytest.raises(RefusedError, match="below this person"):
            actions.change_person(top, by=None, manager=manager)


def test_a_new_name_is_found(organisation):
    person = add("1", "Anna Ek")
    actions.change_person(person, by=None, name="Anna Öst")
    assert names(queries.find_people("öst")) == ["Anna Öst"]


def test_a_team_is_derived_and_can_be_corrected(organisation):
    boss = add("1", "Boss")
    one, two, three = add("2", "En", manager=boss), add("3", "Två", manager=boss), add("4", "Tre")
    assert names(queries.team_of(boss)) == ["Boss", "En", "Två"]
    actions.correct_team(boss, two, included=False, by=None)
    actions.correct_team(boss, three, included=True, by=None)
    actions.correct_team(boss, one, included=True, by=None)  # as it is anyway: nothing to keep
    assert names(queries.team_of(boss)) == ["Boss", "En", "Tre"]
    assert [(p.name, how) for p, how in queries.team_with_corrections(boss)] == [
        ("Boss", None), ("En", None), ("Tre", True), ("Två", False),
    ]  # fmt: skip
    actions.correct_team(boss, two, included=None, by=None)
    actions.end_person(one, last_day=DAY - dt.timedelta(days=0), by=None)
    with on(1):
        assert names(queries.team_of(boss)) == ["Boss", "Tre", "Två"]
    with pytest.raises(RefusedError):
        actions.correct_team(boss, boss, included=False, by=None)

from __future__ import annotations

import datetime as dt

import pytest

from samsyn.audit.models import Entry
from samsyn.core import clock
from samsyn.core.errors import NotAllowedError, RefusedError
from samsyn.core.texts import LangText
from samsyn.organisations import actions, queries
from samsyn.organisations.models import Person, Placement, Unit, UnitVersion

DAY = dt.date(2026, 3, 12)


def day(number: int) -> dt.date:
    return DAY + dt.timedelta(days=number)


def on(number: int):
    return clock.simulated(day(number))


def opened(key: str, parent: Unit | None = None) -> Unit:
    return actions.open_unit(key=key, name=LangText(sv=key.capitalize()), parent=parent, by=None)


def person(key: str, unit: Unit | None, **values) -> Person:
    return actions.add_person(key=key, name=f"Person {key}", unit=unit, by=None, **values)


def shape(on: dt.date | None = None) -> list:
    def one(node) -> list:
        return [str(node.name), node.people_below, *map(one, node.children)]

    return [one(node) for node in queries.tree(on)]


@pytest.fixture
def units(organisation) -> dict[str, Unit]:
    top = opened("top")
    vard = opened("vård", top)
    return {"top": top, "vård": vard, "skola": opened("skola", top), "norr": opened("norr", vard)}


def test_the_tree_is_as_it_was_on_any_day(units):
    person("1", units["norr"])
    person("2", units["top"])
    with on(10):
        actions.move_unit(units["norr"], parent=units["skola"], by=None)
        actions.rename_unit(units["skola"], name=LangText(sv="Lärande"), by=None)
    with on(20):
        actions.close_unit(units["vård"], by=None)
        assert shape() == [["Top", 2, ["Lärande", 1, ["Norr", 1]]]]
        assert shape(day(9)) == [["Top", 2, ["Skola", 0], ["Vård", 1, ["Norr", 1]]]]
        assert shape(day(10)) == [["Top", 2, ["Lärande", 1, ["Norr", 1]], ["Vård", 0]]]
        assert shape(day(-1)) == []


def test_moving_a_unit_takes_all_below_along(units):
    below = opened("natt", units["norr"])
    actions.move_unit(units["vård"], parent=units["skola"], by=None)
    below.refresh_from_db()
    assert [str(unit) for unit in queries.units_above(below)] == ["Top", "Skola", "Vård", "Norr"]
    assert below.level == 5
    assert UnitVersion.objects.filter(unit=below).count() == 1


def test_a_unit_never_lies_below_itself(units):
    for parent in ("vård", "norr"):
        with pytest.raises(RefusedError, match="below itself"):
            actions.move_unit(units["vård"], parent=units[parent], by=None)


def test_two_changes_on_one_day_are_one_page_of_history(units):
    actions.rename_unit(units["norr"], name=LangText(sv="Nord"), by=None)
    actions.move_unit(units["norr"], parent=units["skola"], by=None)
    version = UnitVersion.objects.get(unit=units["norr"])
    assert (str(version.name), version.parent, version.change) == ("Nord", units["skola"], "opened")


def test_a_unit_with_people_or_units_in_it_is_not_closed(units):
    with pytest.raises(RefusedError, match="units below"):
        actions.close_unit(units["vård"], by=None)
    somebody = person("1", units["norr"])
    with pytest.raises(RefusedError, match="people in this unit"):
        actions.close_unit(units["norr"], by=None)
    actions.end_person(somebody, last_day=day(-0), by=None)
    with on(1):
        actions.close_unit(units["norr"], by=None)
    with pytest.raises(RefusedError, match="been closed"):
        person("2", Unit.objects.get(key="norr"))


def test_merging_moves_people_and_units_and_keeps_the_history(units):
    people = [person(str(n), units["vård"]) for n in range(3)]
    with on(30):
        actions.merge_units([units["vård"]], into=units["skola"], by=None)
        units["vård"].refresh_from_db()
        units["norr"].refresh_from_db()
        assert (units["vård"].closed, units["vård"].merged_into) == (day(30), units["skola"])
        assert units["norr"].parent == units["skola"]
        assert queries.present_in(units["skola"]).count() == 3
        stays = list(Placement.objects.filter(person=people[0]).order_by("since").values_list("unit", "since", "until"))
        assert stays == [(units["vård"].pk, DAY, day(30)), (units["skola"].pk, day(30), None)]
        assert shape(day(29)) == [["Top", 3, ["Skola", 0], ["Vård", 3, ["Norr", 0]]]]
        assert queries.versions_of(units["vård"])[0].change == "merged"


def test_a_unit_is_not_merged_into_one_below_it(units):
    with pytest.raises(RefusedError, match="lies below"):
        actions.merge_units([units["vård"]], into=units["norr"], by=None)


def test_days_that_would_rewrite_history_are_refused(units):
    with pytest.raises(RefusedError, match="earlier day"):
        actions.rename_unit(units["norr"], name=LangText(sv="N"), by=None, day=day(1))
    with pytest.raises(RefusedError, match="later day"):
        actions.rename_unit(units["norr"], name=LangText(sv="N"), by=None, day=day(-1))


def test_codes_are_used_once_whatever_their_capitals(units):
    with pytest.raises(RefusedError, match="already a unit"):
        opened("NORR")


def test_only_administrators_write_and_each_act_is_recorded(units):
    staff, admin = person("1", None), person("2", None)
    actions.set_administrator(admin, True, by=None)
    with pytest.raises(NotAllowedError):
        actions.rename_unit(units["norr"], name=LangText(sv="N"), by=staff)
    actions.rename_unit(units["norr"], name=LangText(sv="N"), by=admin)
    entry = Entry.objects.get(verb="unit.renamed")
    assert (entry.actor_id, entry.object_id) == (admin.pk, units["norr"].pk)
    actions.end_person(admin, last_day=DAY, by=None)
    with on(1), pytest.raises(NotAllowedError):
        actions.rename_unit(units["norr"], name=LangText(sv="M"), by=admin)


def test_turnover_counts_comings_and_goings_and_not_what_stays_inside(units):
    stays, leaves, within, out = (person(str(n), units["vård"]) for n in range(4))
    outsider = person("5", units["skola"])
    with on(10):
        actions.end_person(leaves, last_day=day(10), by=None)
        actions.move_person(within, unit=units["norr"], by=None)
        actions.move_person(out, unit=units["skola"], by=None)
    with on(20):
        person("6", units["norr"])
        actions.move_person(outsider, unit=units["vård"], by=None)
    with on(40):
        found = queries.turnover(units["vård"], day(-100), day(41))
        assert (found.since, found.until) == (day(1), day(41))
        assert (found.opening, found.closing) == (4, 4)
        assert (found.joined, found.left, found.moved_in, found.moved_out) == (1, 1, 1, 1)
        days = [4] * 9 + [3] * 1 + [2] * 9 + [4] * 21  # day 1…9, 10, 11…19, 20…40
        assert found.mean == pytest.approx(sum(days) / len(days))
        assert found.rate == pytest.approx(100 / found.mean)
        assert "÷" in str(found.formula)
        assert queries.present_in(units["vård"]).filter(pk=stays.pk).exists()


def test_turnover_says_nothing_of_days_before_the_unit_was_opened(units):
    person("1", units["vård"], joined=dt.date(2010, 1, 1))
    assert queries.turnover(units["vård"], dt.date(2025, 1, 1), dt.date(2026, 1, 1)) is None
    with clock.simulated(dt.date(2027, 5, 1)):
        this, last = queries.turnover_by_year(units["vård"])
        assert (this.since, this.until) == (dt.date(2027, 1, 1), dt.date(2027, 5, 2))
        assert (last.since, last.until) == (day(1), dt.date(2027, 1, 1))
        assert (last.opening, last.joined, last.rate) == (1, 0, 0)

from __future__ import annotations

import pytest

from samsyn.core.errors import RefusedError
from samsyn.organisations.tests.planner import faults, fields, known, plan, unit

HEAD = "Anst.nr;Namn;E-post;Enhetskod;Enhet;Överordnad enhet;Chef"


def test_new_people_and_units_come_in_the_order_in_which_they_can_be_made():
    made = plan(
        HEAD,
        "3;Cecilia;c@x.se;B;Skola;A;2",
        "2;Bo;b@x.se;B;Skola;A;a@x.se",
        "1;Anna;A@X.se;A;Kommunen;;",
    )
    assert faults(made) == []
    assert [change["key"] for change in made.units] == ["A", "B"]
    assert [change["key"] for change in made.people.added] == ["1", "2", "3"]
    assert fields(made.people.added[1]) == {
        "name": "Bo", "email": "b@x.se", "unit": "B", "manager": "1", "level": "manager", "language": "sv",
        "joined": "2026-03-12",
    }  # fmt: skip
    assert fields(made.people.added[0])["level"] == "senior"


def test_what_changes_says_old_and_new():
    made = plan(
        "Key;Name;E-mail;Title;Profession",
        "1;Anna Berg;anna@x.se;Rektor;Skola",
        "2;Bo;;;Vård",
        people=[
            known(
                "1", "Anna Ek", email="anna@x.se", title="Lärare", attributes={"Profession": "Vård", "Other": "kept"}
            ),
            known("2", "Bo", attributes={"Profession": "Vård"}),
        ],
    )
    assert made.people.changed[0]["fields"] == {
        "name": ["Anna Ek", "Anna Berg"], "title": ["Lärare", "Rektor"], "attribute:Profession": ["Vård", "Skola"],
    }  # fmt: skip
    assert made.people.unchanged == 1


def test_a_change_of_unit_is_a_move_and_shows_names():
    made = plan(
        "Id;Namn;Enhetskod;Befattning",
        "1;Anna;B;Chef",
        people=[known("1", "Anna", unit="A")],
        units=[unit("A", "Vård"), unit("B", "Skola")],
    )
    assert made.people.moved[0]["labels"]["unit"] == ["Vård", "Skola"]
    assert made.people.moved[0]["fields"] == {"unit": ["A", "B"], "title": ["", "Chef"]}


def test_who_is_not_in_the_file_is_proposed_as_a_leaver_but_not_guests_nor_rows_at_fault():
    made = plan(
        "Id;Namn",
        "1;Anna",
        "2;Bo",
        "2;Bo igen",
        people=[known("1", "Anna"), known("2"), known("3"), known("4", external=True), known("5", left="2026-01-01")],
    )
    assert [change["key"] for change in made.people.left] == ["3"]
    assert faults(made) == [(3, "double_key"), (4, "double_key")]


def test_a_file_of_units_alone_makes_nobody_leave():
    made = plan("Enhetskod;Enhetsnamn;Överordnad", "A;Allt;", "B;Del;A", people=[known("1")])
    assert [change["key"] for change in made.units] == ["A", "B"]
    assert made.people.left == []


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([";Anna;;;;;"], [(2, "missing_key")]),
        (["1;;a@x.se;;;;"], [(2, "missing_name")]),
        (["1;Anna;;;;;", "1;Bo;;;;;"], [(2, "double_key"), (3, "double_key")]),
        (["a1;Anna;;;;;", "A1;Bo;;;;;"], [(2, "double_key"), (3, "double_key")]),
        ([f"{'1' * 61};Anna;;;;;"], [(2, "long_key")]),
        (["1;Anna;anna.x.se;;;;"], [(2, "bad_email")]),
        (["1;Anna;a@x.se;;;;", "2;Bo;A@x.se;;;;"], [(2, "double_email"), (3, "double_email")]),
        (["1;Anna;;;;;9"], [(2, "unknown_manager")]),
        (["1;Anna;;;;;1"], [(2, "own_manager")]),
        (["1;Anna;;;;;2", "2;Bo;;;;;1"], [(2, "manager_cycle"), (3, "manager_cycle")]),
        (["1;Anna;;A;;Z;"], [(2, "unknown_parent")]),
        (["1;Anna;;A;;A;"], [(2, "own_parent")]),
        (["1;Anna;;A;;B;", "2;Bo;;B;;A;"], [(2, "unit_cycle"), (3, "unit_cycle")]),
        (["1;Anna;;A;Vård;;", "2;Bo;;A;Vård;;", "3;C;;A;Vården;;"], [(4, "name_differs")]),
        (["1;Anna;;A;;C;", "2;Bo;;A;;C;", "3;C;;A;;D;", ";;;C;;;", ";;;D;;;"], [(4, "parent_differs")]),
        (["1;Anna;;;Stab;A;", "2;Bo;;;Stab;B;", ";;;A;;;", ";;;B;;;"], [(2, "several_units"), (3, "several_units")]),
    ],
)  # fmt: skip
def test_every_faulty_row_is_named(rows, expected):
    made = plan(HEAD, *rows)
    assert faults(made) == expected
    assert all(fault.reason and fault.column for fault in made.faults)


def test_a_row_with_only_a_units_columns_opens_a_unit():
    made = plan(HEAD, "1;Anna;;B;;A;", ";;;A;Regionen;;")
    assert faults(made) == []
    assert [(change["key"], change["parent"][1]) for change in made.units] == [("A", ""), ("B", "A")]


def test_a_value_at_fault_is_left_out_and_the_rest_is_taken():
    made = plan(HEAD, "1;Anna Ny;inte en adress;;;;", people=[known("1", "Anna", email="anna@x.se")])
    assert made.people.changed[0]["fields"] == {"name": ["Anna", "Anna Ny"]}


def test_a_circle_through_people_who_are_not_in_the_file_is_found():
    made = plan("Id;Namn;Chef", "2;Bo;1", people=[known("1", "Anna", manager="2"), known("2", "Bo")])
    assert faults(made) == [(2, "manager_cycle")]
    assert "Person" not in made.faults[0].reason or "Anna" in made.faults[0].reason


def test_units_without_codes_are_known_by_their_names():
    here = [unit("10", "Vård", "1"), unit("1", "Kommunen")]
    made = plan("Id;Namn;Enhet;Överordnad enhet", "1;Anna;VÅRD;Kommunen", "2;Bo;Skola;Kommunen", units=here)
    assert faults(made) == []
    assert [(change["key"], change["parent"]) for change in made.units] == [("Skola", [None, "1"])]
    assert [fields(change)["unit"] for change in made.people.added] == ["10", "Skola"]


def test_units_of_one_name_are_told_apart_by_what_they_lie_below():
    here = [unit("1", "Vård"), unit("2", "Skola"), unit("11", "Stab", "1"), unit("21", "Stab", "2")]
    made = plan("Id;Namn;Enhet;Överordnad enhet", "1;Anna;Stab;Skola", "2;Bo;Stab;Vård", "3;C;Stab;", units=here)
    assert [fields(change).get("unit") for change in made.people.added] == ["21", "11", None]
    assert faults(made) == [(4, "several_units")]


def test_a_closed_unit_takes_nobody():
    made = plan("Id;Namn;Enhetskod", "1;Anna;A", units=[unit("A", closed=True)])
    assert faults(made) == [(2, "closed_unit")]
    assert "unit" not in fields(made.people.added[0])


def test_a_unit_is_renamed_and_moved_but_not_below_itself():
    here = [unit("A", "Allt"), unit("B", "Vård", "A"), unit("C", "Stab", "B")]
    made = plan("Enhetskod;Enhet;Överordnad", "B;Vård och omsorg;", "C;Stab;A", units=here)
    assert made.units == [
        {"row": 2, "key": "B", "name": ["Vård", "Vård och omsorg"], "parent": ["A", ""]},
        {"row": 3, "key": "C", "parent": ["B", "A"]},
    ]
    made = plan("Enhetskod;Enhet;Överordnad", "A;Allt;C", units=here)
    assert faults(made) == [(2, "unit_cycle")]


def test_units_that_lie_too_deep_are_refused():
    rows = [f"U{n};;{f'U{n - 1}' if n else ''}" for n in range(42)]
    with pytest.raises(RefusedError, match="40 levels"):
        plan("Enhetskod;Enhet;Överordnad", *rows)


def test_days_are_read_as_swedes_write_them_and_the_last_day_is_still_at_work():
    made = plan(
        "Id;Namn;Anställd från;Slutdatum",
        "1;A;2020-01-31;",
        "2;B;20200131;2026-12-31",
        "3;C;31.1.2020;9999-12-31",
        "4;D;2020/01/31;2019-01-01",
        "5;E;31/1/2020;",
        "6;F;;2026-03-11",
    )
    assert [fields(change)["joined"] for change in made.people.added] == ["2020-01-31"] * 4 + ["2026-03-12"]
    assert [fields(change).get("left") for change in made.people.added] == [None, "2027-01-01", None, None, None]
    assert faults(made) == [(5, "ends_before_start"), (6, "bad_date"), (7, "already_left")]


def test_who_was_gone_and_stands_in_the_file_is_back():
    made = plan("Id;Namn", "1;Anna", people=[known("1", "Anna", left="2026-01-01")])
    assert made.people.changed[0]["fields"] == {"left": ["2026-01-01", ""]}


def test_a_coming_last_day_stays_where_the_file_has_no_column_for_it():
    here = [known("1", "Anna", left="2026-12-01")]
    assert plan("Id;Namn", "1;Anna", people=here).people.unchanged == 1
    assert plan("Id;Namn;Slutdatum", "1;Anna;", people=here).people.changed[0]["fields"] == {"left": ["2026-12-01", ""]}


@pytest.mark.parametrize(
    ("words", "level"),
    [("Enhetschef", "manager"), ("Områdeschef", "senior"), ("Förvaltningschef", "top"), ("Kommundirektör", "top")],
)
def test_a_level_may_be_the_word_that_a_municipality_uses(words, level):
    made = plan("Anställningsnr;Namn;Chefsnivå", f"1;Anna;{words}")
    assert faults(made) == []
    assert fields(made.people.added[0])["level"] == level


def test_a_level_is_derived_only_upwards_and_only_where_the_file_is_silent():
    here = [known("1", "Anna", level="top"), known("2", "Bo")]
    made = plan("Id;Namn;Chef", "1;Anna;", "2;Bo;1", "3;C;2", people=here)
    assert made.people.changed[0]["fields"] == {"manager": ["", "1"], "level": ["staff", "manager"]}
    made = plan("Id;Namn;Chef;Nivå", "1;Anna;;medarbetare", "2;Bo;1;Medarbetare", people=here)
    assert [change["fields"].get("level") for change in made.people.changed] == [["top", "staff"], None]


def test_an_address_of_somebody_else_is_not_taken_over():
    here = [known("1", "Anna", email="x@x.se"), known("2", "Bo", email="y@x.se")]
    made = plan("Id;Namn;E-post", "1;Anna;y@x.se", "2;Bo;y@x.se", people=here)
    assert faults(made) == [(2, "double_email")]
    assert made.people.changed == []
    made = plan("Id;Namn;E-post", "1;Anna;y@x.se", "2;Bo;x@x.se", people=here)  # they swap
    assert faults(made) == []
    assert len(made.people.changed) == 2


def test_a_guests_key_is_not_taken_over():
    assert faults(plan("Id;Namn", "1;Anna", people=[known("1", external=True)])) == [(2, "guest_key")]


def test_names_mean_the_units_as_they_will_be_called():
    here = [unit("U", "Vård"), unit("V", "Skola")]
    rows = ("1;Anna;U;Skola;", "2;Bo;V;Vård;", "3;C;W;Ny;Vård")
    made = plan("Id;Namn;Enhetskod;Enhet;Överordnad", *rows, units=here)
    assert [change["parent"] for change in made.units if change["key"] == "W"] == [[None, "V"]]


def test_a_unit_with_a_very_long_name_and_no_code_gets_a_key_that_fits():
    name = "Enheten för " + "samverkan " * 10
    made = plan("Id;Namn;Enhet", f"1;Anna;{name}")
    assert made.units[0]["name"] == [None, name.strip()]
    assert len(made.units[0]["key"]) <= 60
    here = [unit(made.units[0]["key"], name.strip())]
    assert plan("Id;Namn;Enhet", f"1;Anna;{name}", units=here).units == []


def test_a_new_employment_number_of_somebody_known_by_address_and_name_is_no_new_person():
    here = [
        known("ada@x.se", "ada", email="ada@x.se", level="top"),
        known("1", "Bo Ek", email="bo@x.se", manager="ada@x.se"),
        known("2", "Cecilia", email="box@x.se"),
    ]
    made = plan("Id;Namn;E-post;Chef", "71;Ada Min;ada@x.se;", "72;Bo Ek;bo@x.se;71", "73;Dag;box@x.se;72", people=here)
    assert [change["fields"]["key"] for change in made.people.rekeyed] == [["ada@x.se", "71"], ["1", "72"]]
    assert [change["fields"] for change in made.people.changed] == [
        {"name": ["ada", "Ada Min"]}, {"level": ["staff", "manager"]},
    ]  # fmt: skip
    assert [(change["key"], fields(change)["manager"]) for change in made.people.added] == [("73", "1")]
    assert faults(made) == [(4, "double_email")]  # another name at the same address is another person
    assert [change["key"] for change in made.people.left] == ["2"]


def test_a_manager_on_rows_that_are_left_out_is_said_to_stand_there():
    """Such a manager is in the file: to say that they are not would send people looking for nothing."""
    made = plan(
        "anställningsnummer;namn;e-post;chef",
        "10;Ann Ek;ann@x.se;",
        "10;Åke Al;;",
        "11;;bo@x.se;",
        "1;Eva Berg;;10",
        "2;Per Dal;;ann@x.se",
        "3;Ola Fors;;11",
        "4;Siv Gran;;99",
    )
    told = [one for one in faults(made) if "manager" in one[1]]
    assert told == [
        (5, "manager_left_out"),
        (6, "manager_left_out"),
        (7, "manager_left_out"),
        (8, "unknown_manager"),
    ]
    (reason,) = {fault.reason for fault in made.faults if fault.row == 5}
    assert reason == "“10” stands only on rows that are left out"

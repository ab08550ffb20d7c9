"""A released result, read: who stands where, what lies at the ends, and how sure the shares are."""

from __future__ import annotations

from samsyn.algorithms.opinion_map import reading

DATA = {
    "people": 31,
    "names": ["a", "b", "c", "d"],
    "axes": 1,
    "counts": [[20, 0, 10, None], [10, 0, 20, None], None, [15, 1, 14, 6]],
    "groups": [
        {"label": "A", "participants": 16, "firmness": "firm"},
        {"label": "B", "participants": 10, "firmness": "tentative"},
    ],
    "per_group": [[[15, 0, 1], None, None, [8, 0, 8]], [[1, 0, 8], [9, 0, 1], None, None]],
    "representative": [
        {"group": "A", "statement": "a", "direction": "agree"},
        {"group": "B", "statement": "a", "direction": "disagree"},
        {"group": "B", "statement": "d", "direction": "agree"},
    ],
    "circles": [[2.0, 1.0, 9, 0], [1.8, 0.9, 7, 0], [-2.0, -1.0, 10, 1]],
    "model": {"scale": [1.0, 0.5], "statements": [[0.1, 0.9, 0.0], [0.0, -0.8, 0.1], None, [0.0, 0.05, 0.9]]},
}


def test_where_people_stand_and_how_many_do_not():
    assert reading.thirds(DATA) == [[0, 0, 16], [0, 0, 0], [10, 0, 0]]
    assert reading.whereabouts(DATA) == [("A", 2, 0), ("B", 0, 2)]
    assert reading.not_placed(DATA) == 5


def test_where_there_is_one_line_nobody_stands_above_or_below_the_others():
    line = {**DATA, "circles": [[x, 0.0, people, group] for x, _y, people, group in DATA["circles"]]}
    assert reading.thirds(line) == [[0, 0, 0], [10, 0, 16], [0, 0, 0]]
    assert reading.whereabouts(line) == [("A", 2, 1), ("B", 0, 1)]
    assert reading.thirds({**DATA, "circles": [[0.0, 0.0, 31, -1]]}) == [[0, 0, 0], [0, 31, 0], [0, 0, 0]]
    assert reading.thirds({**DATA, "circles": []}) == [[0] * 3] * 3, "without any line nobody is drawn"


def test_what_lies_at_the_ends_of_an_axis_leaves_out_what_hardly_pulls_and_what_is_withheld():
    (end,) = reading.ends(DATA)
    assert (end.low, end.high) == (["b"], ["a"])
    assert reading.ends({**DATA, "axes": 0}) == []
    assert reading.ends({**DATA, "model": None}) == []
    assert reading.ends({**DATA, "model": {"scale": [], "statements": [[0.1]] * 4}}) == []


def test_a_mark_stands_against_everyone_else_and_only_where_its_figures_are_told():
    first, second = reading.groups(DATA)
    (mark,) = first.marks
    assert (mark.own.votes, mark.others.votes) == (16, 14)
    assert (mark.own.share, mark.others.share) == (94, 36)
    assert mark.own.low < 94 < mark.own.high
    assert [one.statement for one in second.marks] == ["a"], "what is withheld of d marks nothing"


def test_an_empty_result_reads_as_nothing():
    data = {"people": 0, "names": []}
    assert reading.thirds(data) == [[0] * 3] * 3
    assert (reading.groups(data), reading.ends(data), reading.whereabouts(data)) == ([], [], [])

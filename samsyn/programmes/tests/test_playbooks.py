"""Playbooks are complete, and one that is not says in which file and at which key."""

from __future__ import annotations

import copy
import datetime as dt

import pytest
import yaml

from samsyn.programmes.kinds import all_kinds
from samsyn.programmes.playbooks import FOLDER, LATER_KINDS, WrongFileError, all_playbooks, find_playbook, read_playbook
from samsyn.programmes.starting import days_of_chapter, days_of_step

MONDAY = dt.date(2026, 3, 2)
PAIR = {"sv": "Namn", "en": "Name"}
STEP = {
    "key": "ask",
    "kind": "questions",
    "name": PAIR,
    "purpose": PAIR,
    "people_do": PAIR,
    "audience": "everybody",
    "level": "anonymous",
    "starts_day": 0,
    "lasts_days": 1,
    "reply_after_days": 3,
    "material": PAIR,
}
SMALL = {
    "slug": "small",
    **dict.fromkeys(("name", "summary", "suits", "from", "to", "ambition", "decided", "open", "not_discussed"), PAIR),
    "length_weeks": 4,
    "frames": [
        {"key": "first", "name": PAIR, "purpose": PAIR, "starts_week": 0, "weeks": 2, "activities": [STEP]},
    ],
}


def _read(tmp_path, change):
    content = copy.deepcopy(SMALL)
    change(content)
    path = tmp_path / "small.yaml"
    path.write_text(yaml.safe_dump(content, allow_unicode=True), "utf-8")
    return read_playbook(path)


def test_every_file_in_the_folder_is_a_playbook():
    assert {playbook.slug for playbook in all_playbooks()} == {path.stem for path in FOLDER.glob("*.yaml")}


@pytest.mark.parametrize("playbook", all_playbooks(), ids=lambda playbook: playbook.slug)
def test_a_shipped_playbook_can_be_carried(playbook):
    assert len(playbook.frames) >= 4
    for step in playbook.steps():
        assert step.kind_today in all_kinds()
        assert step.planned_kind == "" or step.planned_kind in LATER_KINDS
    for chapter in playbook.frames:
        assert chapter.starts_week + chapter.weeks <= playbook.length_weeks
        for step in chapter.activities:
            first, _last = days_of_chapter(chapter, MONDAY)
            starts, ends, reply_by = days_of_step(step, first)
            assert first <= starts <= ends < reply_by
            assert all(day.weekday() < 5 for day in (starts, ends, reply_by))


def test_a_small_playbook_is_read(tmp_path):
    playbook = _read(tmp_path, lambda content: None)
    assert playbook.steps()[0].kind_today == "questions"
    assert playbook.steps()[0].planned_kind == ""


def test_a_step_waits_by_hand_for_a_kind_that_is_not_there_yet(tmp_path):
    def change(content):
        content["frames"][0]["activities"][0].update(kind="steps", later_kind="pulse")

    step = _read(tmp_path, change).steps()[0]
    assert (step.kind_today, step.planned_kind) == ("steps", "pulse")


def _set(content, *path, value):
    for part in path[:-1]:
        content = content[part]
    content[path[-1]] = value


@pytest.mark.parametrize(
    ("path", "value", "words"),
    [
        (("name",), {"sv": "Bara svenska"}, "name: a text in both sv and en"),
        (("name",), {"sv": "Namn", "en": " "}, "name: neither sv nor en may be empty"),
        (("slug",), "other", "slug: must be the name of the file"),
        (("length_weeks",), "four", "length_weeks: a whole number"),
        (("extra",), 1, "extra: is not a key of a playbook"),
        (("frames",), [], "frames: a list with at least one entry"),
        (("frames", 0, "weeks"), 0, "frames[0].weeks: a whole number, at least 1"),
        (("frames", 0, "activities", 0, "kind"), "poll", "frames[0].activities[0].kind: 'poll' is none of"),
        (("frames", 0, "activities", 0, "reply_after_days"), 0, "frames[0].activities[0].reply_after_days"),
        (("frames", 0, "activities", 0, "made_out_of"), ["later"], "ask: made_out_of: 'later' is no earlier step"),
        (("frames", 0, "activities", 0, "settings"), {"dots": [3]}, "settings: names with a word, a number"),
        (("frames", 0, "activities"), [STEP, STEP], "ask: the key occurs twice"),
    ],
)
def test_what_is_wrong_is_named(tmp_path, path, value, words):
    with pytest.raises(WrongFileError) as caught:
        _read(tmp_path, lambda content: _set(content, *path, value=value))
    assert str(caught.value).startswith("small.yaml: ")
    assert words in str(caught.value)


def test_a_key_that_is_missing_is_named(tmp_path):
    with pytest.raises(WrongFileError, match=r"small\.yaml: frames\[0\]\.activities\[0\]\.material: is missing"):
        _read(tmp_path, lambda content: content["frames"][0]["activities"][0].pop("material"))


def test_an_unknown_playbook_is_none():
    assert find_playbook("no-such") is None

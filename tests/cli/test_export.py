"""`samsyn export`: open files that say what is there, and nothing about who wrote what in an anonymous activity."""

from __future__ import annotations

import csv
import json

import pytest

from samsyn.activities.questions import actions as questions
from samsyn.cli.main import main
from samsyn.core.ids import encode_id
from samsyn.core.texts import LangText
from tests.conformance.test_kinds import KINDS, rehearsed
from tests.robustness.test_at_once import key


def rows(path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8-sig") as file:
        text = file.read()
    return list(csv.DictReader(text.splitlines(), delimiter=";" if ";" in text.splitlines()[0] else ","))


@pytest.fixture
def exported(world, tmp_path):
    for kind in KINDS:
        rehearsed(world, kind)
    activity = world.activity(state="open")
    asked = questions.ask(activity, text="=Hemlig?", language="sv", post_key=key(), author=world.person("staff"))
    words, owner = LangText(sv="Vi lovar", en="We promise"), world.person("owner")
    given = questions.Answer("promised", words, due=activity.ends, owner=owner)
    questions.answer(asked, given, answered_by=owner, by=world.person("lead"))
    assert main(["export", world.organisation.slug, str(tmp_path / "out")]) == 0
    return tmp_path / "out"


def test_everything_is_there_and_tied_together(world, exported):
    folder = exported / f"programme-{encode_id(world.programme.pk)}"
    facts = json.loads((folder / "programme.json").read_text())
    assert facts["title"] == {"sv": "Programmet", "en": "The programme"}
    items = {row["id"]: row for row in rows(folder / "items.csv")}
    assert list(items) == sorted(items), "by their random ids"
    for link in rows(folder / "links.csv"):
        assert {link["came_of"], link["id"]} <= set(items)
    (promise,) = (row for row in rows(folder / "promises.csv") if row["text_sv"] == "Vi lovar")
    assert items[promise["item"]]["kind"] == "promise"
    assert promise["text_en"] == "We promise"
    assert len(rows(folder / "activities.csv")) == len(KINDS) + 1
    assert len(rows(exported / "people.csv")) >= 6
    assert list((folder / "activities").glob("*/*.csv"))


def test_no_author_of_an_anonymous_text_leaves(world, exported):
    folder = exported / f"programme-{encode_id(world.programme.pk)}"
    files = [path for path in folder.rglob("*") if path.is_file() and path.name != "programme.json"]
    whole = "\n".join(path.read_text() for path in files)
    assert "=Hemlig?" in whole
    assert world.person("staff").name not in whole


def test_one_programme_leaves_alone(world, exported, tmp_path, capsys):
    slug, pk = world.organisation.slug, encode_id(world.programme.pk)
    assert main(["export", slug, str(tmp_path / "one"), "--programme", pk]) == 0
    assert not (tmp_path / "one/people.csv").exists()
    assert main(["export", slug, str(tmp_path / "one")]) == 1
    assert main(["export", "nobody", str(tmp_path / "two")]) == 1
    assert main(["export", slug, str(tmp_path / "two"), "--programme", "nothing"]) == 1

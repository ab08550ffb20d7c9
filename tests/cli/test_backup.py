"""A backup holds everything but the keys; what comes back is what was there, and whoever was erased stays erased."""

from __future__ import annotations

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection

from samsyn.activities.questions import actions as questions
from samsyn.activities.questions.models import Question
from samsyn.cli.main import main
from samsyn.core import keys
from samsyn.core.texts import LangText
from samsyn.files.actions import attach
from samsyn.files.models import Attachment
from samsyn.organisations import erasure
from samsyn.organisations.actions import erase_person
from samsyn.organisations.models import Person
from samsyn.programmes.models import Programme
from tests.robustness.at_once import there, within
from tests.robustness.test_at_once import key

__all__ = ["there"]
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def folders(tmp_path, settings):
    settings.DATA_DIR, settings.KEY_DIR, settings.MEDIA_ROOT = tmp_path, tmp_path / "keys", tmp_path / "files"
    keys.read_key("receipts")
    return tmp_path


def ask(activity, text: str) -> Question:
    return questions.ask(activity, text=text, language="sv", post_key=key(), author=None)


def test_what_was_there_comes_back_and_whoever_was_erased_does_not(there, folders, capsys):
    with within(there):
        activity = there.activity(state="open")
        ask(activity, "Före?")
        programme = Programme.objects.get()
        picture = SimpleUploadedFile("plan.csv", b"a;b\n1;2\n", "text/csv")
        kept = attach("programmes.activity", activity.pk, picture, alt=LangText(), by=there.person("lead"))
    assert main(["backup", str(folders / "backup")]) == 0
    with within(there):
        ask(activity, "Efter?")
        erase_person(there.person("staff"), by=None)
        kept.path.unlink()
    erasure.list_path().unlink()  # only the database that is replaced still knows
    assert main(["restore", str(folders / "backup")]) == 1
    assert "--replace" in capsys.readouterr().err
    assert main(["restore", str(folders / "backup"), "--replace"]) == 0
    assert "1 people had been erased" in capsys.readouterr().out
    with within(there):
        assert list(Question.objects.values_list("text", flat=True)) == ["Före?"]
        assert Programme.objects.get() == programme
        assert Person.objects.get(pk=there.person("staff").pk).erased
        assert Attachment.objects.get().path.read_bytes() == b"a;b\n1;2\n"
        ask(activity, "Det går att fråga igen")
    assert main(["restore", str(folders / "backup"), "--replace"]) == 0
    with within(there):
        assert Person.objects.get(pk=there.person("staff").pk).erased, "the list outlives any number of restores"


def test_no_key_and_no_session_lies_in_a_backup(there, folders):
    session = there.client("staff").session.session_key.encode()
    assert main(["backup", str(folders / "backup")]) == 0
    secret = keys.key_path("receipts").read_bytes()
    held = [path for path in (folders / "backup").rglob("*") if path.is_file()]
    assert held
    assert not [path for path in held if path.suffix == ".key"]
    assert not [path for path in held if secret in path.read_bytes() or session in path.read_bytes()]
    assert (folders / "backup").stat().st_mode & 0o077 == 0


def test_rows_lie_by_their_ids(there, folders):
    with within(there):
        activity = there.activity(state="open")
        for number in range(12):
            ask(activity, f"Fråga {number}?")
    assert main(["backup", str(folders / "backup")]) == 0
    if connection.vendor == "postgresql":
        rows = (folders / "backup/rows/questions_question.copy").read_text().splitlines()[1:]
        ids = [int(row.split("\t")[0]) for row in rows]
        assert len(ids) == 12
        assert ids == sorted(ids)


@pytest.mark.parametrize("what", ["nothing", "later", "other"])
def test_what_cannot_be_restored_is_refused_and_nothing_is_lost(there, folders, capsys, what):
    with within(there):
        before = Person.objects.count()
    backup = folders / "backup"
    assert main(["backup", str(backup)]) == 0
    assert main(["backup", str(backup)]) == 1
    if what == "nothing":
        (backup / "manifest.json").unlink()
    elif what == "later":
        facts = json.loads((backup / "manifest.json").read_text())
        facts["migrations"].append("thread.0999_later")
        (backup / "manifest.json").write_text(json.dumps(facts))
    elif connection.vendor == "sqlite":
        (backup / "samsyn.sqlite3").unlink()
    else:
        (backup / "samsyn.sqlite3").touch()
    assert main(["restore", str(backup), "--replace"]) == 1
    assert capsys.readouterr().err.strip().endswith(".")
    with within(there):
        assert Person.objects.count() == before

from __future__ import annotations

import pytest

from samsyn.cli import main as cli
from samsyn.organisations.models import ImportBatch, Person
from samsyn.organisations.tests.people_files import HEADER, csv_bytes, municipality

pytestmark = pytest.mark.django_db


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "personal.csv"
    path.write_bytes(csv_bytes(HEADER, [*municipality(40), ["", "Utan", "Nummer"]]))
    return path


def run(*arguments: object) -> int:
    return cli.main(["import-people", *map(str, arguments)])


def test_the_command_shows_the_preview_and_writes_only_when_told(organisation, file, capsys):
    assert run(file, "--organisation", "ankeby") == 0
    said = capsys.readouterr().out
    assert "New people: 40" in said
    assert "the employment number is missing" in said
    assert "Nothing has been written" in said
    assert Person.objects.count() == ImportBatch.objects.count() == 0
    assert run(file, "--organisation", "ankeby", "--yes") == 0
    assert "Done: 41 changes." in capsys.readouterr().out
    assert Person.objects.count() == 40
    assert run(file, "--organisation", "ankeby", "--yes") == 0
    assert "nothing to import" in capsys.readouterr().out


def test_leavers_leave_only_when_told(organisation, file, capsys):
    run(file, "--organisation", "ankeby", "--yes")
    file.write_bytes(csv_bytes(HEADER, municipality(39)))
    run(file, "--organisation", "ankeby", "--yes")
    assert not Person.objects.exclude(left=None).exists()
    run(file, "--organisation", "ankeby", "--yes", "--leavers")
    assert [person.key for person in Person.objects.exclude(left=None)] == ["100039"]


def test_what_is_wrong_is_said_in_a_sentence(organisation, file, tmp_path, capsys):
    assert run(file, "--organisation", "annan") == 1
    assert run(tmp_path / "ingen.csv", "--organisation", "ankeby") == 1
    file.write_bytes(b"%PDF-1.4")
    assert run(file, "--organisation", "ankeby", "--yes") == 1
    said = capsys.readouterr().err.splitlines()
    assert said[0] == "There is no organisation 'annan'."
    assert said[1].startswith("There is no file")
    assert said[2].startswith("This is a PDF")

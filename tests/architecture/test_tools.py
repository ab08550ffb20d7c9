"""`tools/test` itself: tests that did not run are not passed over where nobody reads the lines."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

SCRIPT = Path(__file__).resolve().parents[2] / "tools/test"
PYTHON = """#!/bin/sh
case "$1" in -c) exit {answers} ;; esac
echo "$@" >>ran.txt
case "$@" in *"{fails}"*) exit 1 ;; esac
"""


def run(folder: Path, *, answers: bool, fails: str = "never", **environment: str) -> tuple[int, str, int]:
    """The real script, with a Python that runs nothing: (code, what it says, how often pytest ran)."""
    (folder / "tools").mkdir()
    shutil.copy(SCRIPT, folder / "tools/test")
    python = folder / ".venv/bin/python"
    python.parent.mkdir(parents=True)
    python.write_text(PYTHON.format(answers=0 if answers else 1, fails=fails))
    python.chmod(0o755)
    kept = {name: value for name, value in os.environ.items() if name != "CI" and not name.startswith("SAMSYN_")}
    done = subprocess.run([folder / "tools/test"], env=kept | environment, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout, len((folder / "ran.txt").read_text().splitlines())


@pytest.mark.parametrize(("ci", "code"), [({}, 0), ({"CI": "true"}, 1)])
def test_a_postgresql_that_does_not_answer_fails_where_nobody_looks(tmp_path, ci, code):
    done, said, ran = run(tmp_path, answers=False, **ci)
    assert done == code
    assert "its tests did not run" in said
    assert ("SAMSYN_TEST_POSTGRESQL=none" in said) == bool(code)
    assert ran == 2, "SQLite and the browser"


def test_it_can_be_left_out_by_saying_so(tmp_path):
    done, said, ran = run(tmp_path, answers=True, CI="true", SAMSYN_TEST_POSTGRESQL="none")
    assert done == 0
    assert "left out" in said
    assert ran == 2


def test_one_that_answers_is_tested(tmp_path):
    done, _said, ran = run(tmp_path, answers=True, CI="true")
    assert (done, ran) == (0, 3)


@pytest.mark.parametrize("part", ["tests/journeys", "--create-db", "not browser"])
def test_whichever_part_fails_the_whole_does(tmp_path, part):
    done, said, ran = run(tmp_path, answers=True, fails=part)
    assert (done, ran) == (1, 3)
    assert all(name in said for name in ("SQLite:", "PostgreSQL:", "Dialogues and browser:"))

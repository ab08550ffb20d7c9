"""Every command that reads the database says in a sentence that there are no tables yet."""

import os
import subprocess
import sys

import pytest


@pytest.mark.parametrize(
    "command",
    [
        ["operator", "add", "drift@kommunen.example"],
        ["operator", "organisation", "a", "A", "--administrator", "a@b.example"],
        ["export", "kommunen", "out"],
        ["import-people", "people.csv", "--organisation", "kommunen"],
        ["rehearse"],
        ["backup", "copy"],
        ["worker"],
    ],
    ids=" ".join,
)
def test_a_database_without_tables_is_told_of_in_a_sentence(command, tmp_path):
    environment = {**os.environ, "SAMSYN_DATA_DIR": str(tmp_path / "data"), "DATABASE_URL": ""}
    run = [sys.executable, "-m", "samsyn", *command]
    done = subprocess.run(run, env=environment, capture_output=True, text=True, timeout=60)
    assert done.returncode == 1
    assert done.stderr.strip() == "The database has no tables yet. Run: samsyn migrate"

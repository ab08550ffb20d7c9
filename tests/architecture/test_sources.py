"""What no linter holds: how long files are, where things are written, and who asks the clock of the machine."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "samsyn"
LONGEST, LONGEST_TEMPLATE, LARGEST_TEMPLATE, LARGEST_KIND = 500, 120, 9_000, 1_800  # of a kind: about 1,500

WRITES = frozenset({"save", "create", "update", "delete", "get_or_create", "update_or_create", "create_user"})
# Outside the modules called actions only these write, each for a reason.
WRITERS = {
    "accounts/models.py": "the manager of accounts: Django asks for it there",
    "core/search.py": "the index that is searched, within the transaction of what changes",
    "core/rows.py": "a row that is added once, for the actions",
    "gatherings/board_cards.py": "what the actions of a board put on it, within their transaction",
    "gatherings/erasing.py": "what an erasure takes out of sessions, within its transaction",
    "jobs/duties.py": "the worker's own rows: when a duty last ran",
    "jobs/housekeeping.py": "the worker's own rows: jobs that were left, letters that are old",
    "jobs/mail/delivery.py": "the worker's own rows: how a letter fared",
    "jobs/progress.py": "the worker's own rows: how far a job has come",
    "jobs/running.py": "the worker's own rows: who runs a job",
    "organisations/changes.py": "what several actions do to units and people, within their transaction",
    "organisations/imports/applying.py": "what the import's actions write, in chunks",
    "programmes/audience_choice.py": "what the actions of programmes and sessions keep as an audience",
    "programmes/contributing.py": "the actions that kinds share: texts that people contribute",
    "programmes/erasing.py": "what an erasure takes out of programmes, within its transaction",
    "programmes/figures.py": "what the actions of kinds count, within their transaction",
    "programmes/importing.py": "the actions that kinds share: what is brought in from elsewhere, by steps",
    "programmes/starting.py": "what starting a programme makes, within its transaction",
    "programmes/picks.py": "what the actions of kinds count, within their transaction",
    "programmes/points.py": "what the actions of kinds count, within their transaction",
    "programmes/tallies.py": "what the actions of kinds count, within their transaction",
    "rehearsal/people.py": "synthetic people, for the rehearsal's actions",
}
CLOCKS = frozenset({"datetime.now", "datetime.utcnow", "datetime.today", "date.today", "timezone.now"})


def sources() -> list[Path]:
    """The package's own Python files."""
    found = [path for path in PACKAGE.rglob("*.py") if not {"migrations", "tests"} & set(path.parts)]
    assert len(found) > 200
    return found


def called(tree: ast.AST) -> Iterator[ast.Call]:
    """Every call of a method."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            yield node


def is_write(call: ast.Call) -> bool:
    """Whether a call looks like a write to the database. With bare arguments it is another's `save` or `update`."""
    assert isinstance(call.func, ast.Attribute)
    name = call.func.attr
    if name.startswith("bulk_") or name in {"get_or_create", "update_or_create", "create_user"}:
        return True
    return name in WRITES and not call.args


def test_no_source_is_longer_than_a_reader_can_hold():
    assert not [str(path) for path in sources() if path.read_text("utf-8").count("\n") > LONGEST]


def test_no_template_is_long_or_large():
    for path in PACKAGE.rglob("templates/**/*.html"):
        source = path.read_text("utf-8")
        assert source.count("\n") <= LONGEST_TEMPLATE, path
        assert len(source.encode()) <= LARGEST_TEMPLATE, path


@pytest.mark.parametrize("kind", sorted(path.parent.name for path in PACKAGE.glob("activities/*/kind.py")))
def test_a_kind_stays_small(kind):
    lines = sum(path.read_text("utf-8").count("\n") for path in (PACKAGE / "activities" / kind).glob("*.py"))
    assert lines <= LARGEST_KIND


def test_what_is_written_is_written_by_actions():
    found: dict[str, list[int]] = {}
    for path in sources():
        name = path.relative_to(PACKAGE)
        if any(part.split(".")[0].startswith("actions") for part in name.parts):
            continue
        lines = [call.lineno for call in called(ast.parse(path.read_text("utf-8"))) if is_write(call)]
        if lines:
            found[name.as_posix()] = lines
    assert {name: lines for name, lines in found.items() if name not in WRITERS} == {}
    assert set(WRITERS) <= set(found), "a reason that nothing needs any more"


def test_only_the_clock_asks_the_machine_for_the_time():
    for path in sources():
        if path.relative_to(PACKAGE).as_posix() == "core/clock.py":
            continue
        for call in called(ast.parse(path.read_text("utf-8"))):
            words = ast.unparse(call.func).split(".")
            assert ".".join(words[-2:]) not in CLOCKS, f"{path}:{call.lineno}"


def test_the_tests_of_this_file_see_what_they_look_for():
    write, other = (next(called(ast.parse(code))) for code in ("row.save(update_fields=['a'])", "book.save(out)"))
    assert is_write(write)
    assert not is_write(other)

"""The documents name what there is: every table, kind, setting, command and target; and every link leads somewhere."""

from __future__ import annotations

import inspect
import re
from pathlib import Path

import pytest
from django.apps import apps

from samsyn.cli import main
from samsyn.programmes.kinds import ActivityKind, all_kinds
from tools.pictures import PICTURES

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = sorted(
    [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "samsyn").rglob("README.md")],
    key=lambda path: path.relative_to(ROOT).as_posix(),
)
_READ = re.compile(
    r"""(?:environ(?:\.get|\.setdefault|\.pop)?\s*[(\[]|\benv\.flag\(|\benv\.words\(|\benv\.gigabytes\(|\bflag\(|\bwords\()"""
    r"""\s*["']([A-Z][A-Z0-9_]+)["']"""
)
_TARGET = re.compile(r"(?<!\\)!?\[[^\]]*\]\(([^)\s]+)\)|(?:src|srcset)=\"([^\"]+)\"")
_LONGEST_DECISION = 40


def text(path: str) -> str:
    return (ROOT / path).read_text("utf-8")


def missing(names: set[str], path: str, mark: str = "`{}`") -> list[str]:
    """Those of the names that the document does not mention, written as its words are (in backticks)."""
    words = text(path)
    return sorted(name for name in names if mark.format(name) not in words)


def read_variables(folder: str) -> set[str]:
    """Every variable of the environment that the code in a folder reads."""
    found: set[str] = set()
    for path in (ROOT / folder).rglob("*.py"):
        if "tests" not in path.relative_to(ROOT / folder).parts:
            found |= set(_READ.findall(path.read_text("utf-8")))
    return found


def test_the_glossary_has_every_table():
    models = {model.__name__ for model in apps.get_models() if model.__module__.startswith("samsyn.")}
    assert not missing(models, "docs/glossary.md")


@pytest.mark.parametrize("path", ["docs/glossary.md", "docs/kinds.md"])
def test_every_kind_is_told(path):
    assert not missing(set(all_kinds()), path)


def test_every_kind_has_its_page():
    for slug in all_kinds():
        page = ROOT / "samsyn/activities" / slug / "README.md"
        assert page.exists(), f"{slug} has no README.md"
        words = page.read_text("utf-8")
        for heading in ("**Purpose.**", "**The method and its source.**", "**Data kept.**", "**Retention.**"):
            assert heading in words, f"{slug}: README.md lacks {heading}"


def test_the_interface_of_kinds_is_told_whole():
    named = {name for name in vars(ActivityKind) if not name.startswith("_")} | set(
        inspect.get_annotations(ActivityKind)
    )
    assert not missing(named, "docs/kinds.md")


def test_every_setting_is_listed_and_every_listed_setting_is_read():
    read = read_variables("samsyn")
    assert not missing(read, "docs/run/settings.md")
    listed = set(re.findall(r"^\| `([A-Z][A-Z0-9_]+)` ", text("docs/run/settings.md"), re.MULTILINE))
    assert not listed - read, "the list names what nothing reads"


def test_variables_for_those_who_work_on_it_are_listed():
    read = {name for name in read_variables("tools") | read_variables("tests") if name.startswith("SAMSYN_")}
    for script in ("tools/check", "tools/test", ".ci/run", "Makefile"):
        read |= set(re.findall(r"SAMSYN_[A-Z_]+", text(script)))
    known = text("docs/run/settings.md") + text("CONTRIBUTING.md")
    assert not sorted(name for name in read if f"`{name}`" not in known)


def test_every_command_is_listed():
    assert not missing(set(main._COMMANDS), "docs/run/install.md")


def test_every_target_is_listed():
    targets = set(re.findall(r"^([a-z-]+):", text("Makefile"), re.MULTILINE))
    assert not missing(targets, "CONTRIBUTING.md", "`make {}`")
    assert "make demo" in text("README.md")
    assert "make test" in text("README.md")


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_link_leads_somewhere(path):
    words = re.sub(r"```.*?```", "", path.read_text("utf-8"), flags=re.DOTALL)
    for plain, drawn in _TARGET.findall(words):
        target = (plain or drawn).split("#")[0]
        if target and not re.match(r"[a-z]+:", target):
            assert (path.parent / target).exists(), f"{path.relative_to(ROOT)}: {target} is not there"


def test_every_picture_is_shown_and_taken_by_the_tool():
    """`make pictures` takes them all anew, so that none goes stale alone."""
    words = " ".join(path.read_text("utf-8") for path in DOCUMENTS) + text("publiccode.yml")
    shown = set(re.findall(r"docs/images/([\w-]+\.\w+)|\.\./images/([\w-]+\.\w+)", words))
    kept = {path.name for path in (ROOT / "docs/images").iterdir()}
    taken = [picture.file(lang) for picture in PICTURES for lang in picture.langs]
    assert {one or other for one, other in shown} == kept
    assert sorted(taken) == sorted(kept)


def test_decisions_are_short_and_numbered_once():
    numbers = []
    for path in sorted((ROOT / "docs/decisions").glob("*.md")):
        words = path.read_text("utf-8")
        assert words.count("\n") <= _LONGEST_DECISION, f"{path.name} is too long"
        assert re.match(rf"# 0*{int(path.name[:4])}\b", words), f"{path.name} does not begin with its number"
        for heading in ("Context", "Decision", "Consequences"):
            assert heading in words, f"{path.name} lacks {heading}"
        numbers.append(path.name[:4])
    assert len(numbers) == len(set(numbers))


def test_the_licence_is_whole():
    words = text("LICENSES/EUPL-1.2.txt")
    assert words.startswith("EUROPEAN UNION PUBLIC LICENCE v. 1.2")
    assert "Compatible Licences" in words[words.index("Appendix", words.index("15.Applicable Law")) :]

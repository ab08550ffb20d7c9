"""docs/programmes.md: every step of every playbook, what people do in it, its screen, its kind and its tests."""

from __future__ import annotations

import inspect
from collections.abc import Iterable, Iterator
from pathlib import Path

from django.utils import translation

from samsyn.programmes.kinds import ActivityKind, all_kinds
from samsyn.programmes.playbooks import LATER_KINDS, Chapter, Playbook, Step, all_playbooks

_HEAD = """\
# The programmes

Samsyn carries these programmes from the first day, every step, in Swedish and English. This page is made from the
playbooks (`samsyn/programmes/playbooks/*.yaml`) by `python tools/programmes_doc.py`; continuous integration checks
that it is up to date.

**By hand** marks a step whose own kind does not exist yet. It is carried by the plain kind *step*: purpose, who, when,
material, its outcome in words and a reply, all of it in the thread and in the case study. The kind named beside it will
take its place, and what has been written stays.

A screen's address is given below `/o/<organisation>/`. Every step is also a card on the storyboard,
`p/<programme>/storyboard/`.
"""

_AUDIENCES = {
    "everybody": "everybody",
    "managers": "managers",
    "leadership": "the owner's management team",
    "management-teams": "all management teams",
    "working-group": "the working group",
    "volunteers": "volunteers",
    "guests": "guests",
}
_LEVELS = {"named": "with names", "facilitators": "known to the facilitators", "anonymous": "anonymous"}
_COLUMNS = ("Step", "Steg", "What people do", "Who", "Screen", "Kind", "Test")


def render() -> str:
    """The whole page as Markdown, in English with Swedish names beside."""
    with translation.override("en"):
        return "\n".join(_page()) + "\n"


def _page() -> Iterator[str]:
    yield _HEAD
    yield "| Programme | Program | Chapters | Steps | By hand | Weeks |"
    yield "|---|---|---|---|---|---|"
    for playbook in all_playbooks():
        steps = playbook.steps()
        by_hand = sum(bool(step.planned_kind) for step in steps)
        yield _row(
            [
                f"[{playbook.name['en']}](#{playbook.slug})",
                playbook.name["sv"],
                str(len(playbook.frames)),
                str(len(steps)),
                str(by_hand),
                str(playbook.length_weeks),
            ]
        )
    for playbook in all_playbooks():
        yield from _programme(playbook)


def _programme(playbook: Playbook) -> Iterator[str]:
    yield f'\n<a id="{playbook.slug}"></a>\n\n## {playbook.name["en"]} · {playbook.name["sv"]}\n'
    yield f"`{playbook.slug}`. {playbook.summary['en']}\n"
    yield f"*Choose it:* {playbook.suits['en']}\n"
    yield f"*From* {playbook.from_state['en'].rstrip('.')} *to* {playbook.to_state['en'].rstrip('.')}."
    for number, chapter in enumerate(playbook.frames, 1):
        yield from _chapter(number, chapter)


def _chapter(number: int, chapter: Chapter) -> Iterator[str]:
    weeks = f"weeks {chapter.starts_week + 1}–{chapter.starts_week + chapter.weeks}"
    yield f"\n### {number}. {chapter.name['en']} · {chapter.name['sv']} ({weeks})\n"
    yield f"{chapter.purpose['en']}\n"
    yield _row(_COLUMNS)
    yield "|" + "---|" * len(_COLUMNS)
    for step in chapter.activities:
        yield _row(_cells(step))


def _cells(step: Step) -> list[str]:
    kind = all_kinds()[step.kind_today]
    name = str(kind.name)
    if step.planned_kind:
        name += f"; **by hand**, later *{LATER_KINDS[step.planned_kind]}*"
    return [
        step.name["en"],
        step.name["sv"],
        step.people_do["en"],
        f"{_AUDIENCES[step.audience]}, {_LEVELS[step.level]}",
        f"`a/<activity>/{kind.slug}/`",
        name,
        _tests_of(kind),
    ]


def _tests_of(kind: ActivityKind) -> str:
    """Where the kind is tested: its own folder of tests, else the battery that runs over every kind."""
    folder = Path(inspect.getfile(type(kind))).parent
    if (folder / "tests").is_dir():
        return f"[`{kind.slug}/tests`](../samsyn/activities/{kind.slug}/tests)"
    return "[every kind's](../tests/conformance/test_kinds.py)"


def _row(cells: Iterable[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in cells) + " |"

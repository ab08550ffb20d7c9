"""Playbooks: the programmes that come with the product, read from YAML and checked in every detail."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django.utils.translation import gettext_lazy as _

from samsyn.core.declared import Node, WrongFileError, one_of, pair, read_file, whole, word, words
from samsyn.core.texts import LangText
from samsyn.programmes.kinds import all_kinds

FOLDER = Path(__file__).parent / "playbooks"

KINDS = ("steps", "questions", "dialogue", "polls", "board")
AUDIENCES = ("everybody", "managers", "leadership", "management-teams", "working-group", "volunteers", "guests")
LEVELS = ("named", "facilitators", "anonymous")
LATER_KINDS = {
    "polls": _("poll"),
    "pulse": _("pulse survey"),
    "board": _("board"),
    "proposals": _("proposals"),
    "decisions": _("decision"),
    "actionplans": _("action plans"),
    "lottery": _("draw"),
    "training": _("training"),
    "experiments": _("experiment"),
    "roadmap": _("roadmap"),
    "sponsors": _("network of sponsors"),
    "rollout": _("roll-out"),
    "goals": _("goals"),
    "stories": _("stories"),
}


@dataclass(frozen=True)
class Step:
    """One step: who does what, when (days after the chapter's start) and how soon they hear what came of it.

    `settings`: what its kind is to begin with, as a facilitator would choose it.
    """

    key: str
    kind: str
    later_kind: str
    name: LangText
    purpose: LangText
    people_do: LangText
    audience: str
    level: str
    starts_day: int
    lasts_days: int
    reply_after_days: int
    material: LangText
    made_out_of: tuple[str, ...]
    settings: dict[str, str | int | bool]

    @property
    def kind_today(self) -> str:
        """The kind that carries the step now: its own where that is installed, else the plain one."""
        return self.later_kind if self.later_kind in all_kinds() else self.kind

    @property
    def planned_kind(self) -> str:
        """The kind that will take over a step done by hand; empty where none is awaited."""
        return "" if self.kind_today == self.later_kind else self.later_kind


@dataclass(frozen=True)
class Chapter:
    """One chapter of the storyboard."""

    key: str
    name: LangText
    purpose: LangText
    starts_week: int
    weeks: int
    activities: tuple[Step, ...]


@dataclass(frozen=True)
class Playbook:
    """A whole programme, ready to be dated."""

    slug: str
    name: LangText
    summary: LangText
    suits: LangText
    length_weeks: int
    from_state: LangText
    to_state: LangText
    ambition: LangText
    decided: LangText
    open_matters: LangText
    not_discussed: LangText
    frames: tuple[Chapter, ...]

    def steps(self) -> list[Step]:
        """Every step, in order."""
        return [step for chapter in self.frames for step in chapter.activities]


@cache
def all_playbooks() -> tuple[Playbook, ...]:
    """Every playbook that is shipped, by slug. Read once. Raises WrongFileError."""
    return tuple(read_playbook(path) for path in sorted(FOLDER.glob("*.yaml")))


def find_playbook(slug: str) -> Playbook | None:
    """The playbook with this slug, if there is one."""
    return next((playbook for playbook in all_playbooks() if playbook.slug == slug), None)


def read_playbook(path: Path) -> Playbook:
    """Read and check one file. Raises WrongFileError, which names the file and the key."""
    root = Node(path.name, "", read_file(path), of="a playbook")
    playbook = Playbook(
        slug=root.take("slug", word),
        name=root.take("name", pair),
        summary=root.take("summary", pair),
        suits=root.take("suits", pair),
        length_weeks=root.take("length_weeks", whole(1)),
        from_state=root.take("from", pair),
        to_state=root.take("to", pair),
        ambition=root.take("ambition", pair),
        decided=root.take("decided", pair),
        open_matters=root.take("open", pair),
        not_discussed=root.take("not_discussed", pair),
        frames=tuple(_chapter(node) for node in root.take_list("frames")),
    )
    root.done()
    if playbook.slug != path.stem:
        raise WrongFileError(f"{path.name}: slug: must be the name of the file, {path.stem!r}")
    _check_keys(path.name, playbook)
    return playbook


def _chapter(node: Node) -> Chapter:
    chapter = Chapter(
        key=node.take("key", word),
        name=node.take("name", pair),
        purpose=node.take("purpose", pair),
        starts_week=node.take("starts_week", whole(0)),
        weeks=node.take("weeks", whole(1)),
        activities=tuple(_step(inner) for inner in node.take_list("activities")),
    )
    node.done()
    return chapter


def _step(node: Node) -> Step:
    step = Step(
        key=node.take("key", word),
        kind=node.take("kind", one_of(KINDS)),
        later_kind=node.take("later_kind", one_of(LATER_KINDS), ""),
        name=node.take("name", pair),
        purpose=node.take("purpose", pair),
        people_do=node.take("people_do", pair),
        audience=node.take("audience", one_of(AUDIENCES)),
        level=node.take("level", one_of(LEVELS)),
        starts_day=node.take("starts_day", whole(0)),
        lasts_days=node.take("lasts_days", whole(1)),
        reply_after_days=node.take("reply_after_days", whole(1)),
        material=node.take("material", pair),
        made_out_of=node.take("made_out_of", words, ()),
        settings=node.take("settings", _settings, {}),
    )
    node.done()
    return step


def _check_keys(name: str, playbook: Playbook) -> None:
    chapters = [chapter.key for chapter in playbook.frames]
    if len(set(chapters)) != len(chapters):
        raise WrongFileError(f"{name}: frames: two chapters share a key")
    earlier: set[str] = set()
    for step in playbook.steps():
        if step.key in earlier:
            raise WrongFileError(f"{name}: {step.key}: the key occurs twice")
        for source in step.made_out_of:
            if source not in earlier:
                raise WrongFileError(f"{name}: {step.key}: made_out_of: {source!r} is no earlier step")
        earlier.add(step.key)


def _settings(value: Any) -> dict[str, str | int | bool]:
    if not isinstance(value, dict) or not all(isinstance(one, str | int | bool) for one in value.values()):
        raise ValueError("names with a word, a number or yes or no are expected")
    return {word(name): one for name, one in value.items()}

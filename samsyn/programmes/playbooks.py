"""Playbooks: the programmes that come with the product, read from YAML and checked in every detail."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from django.utils.translation import gettext_lazy as _

from samsyn.core.texts import LANGUAGES, LangText
from samsyn.programmes.kinds import all_kinds

FOLDER = Path(__file__).parent / "playbooks"

KINDS = ("steps", "questions")
AUDIENCES = ("everybody", "managers", "leadership", "management-teams", "working-group", "volunteers", "guests")
LEVELS = ("named", "facilitators", "anonymous")
LATER_KINDS = {
    "polls": _("poll"),
    "dialogue": _("where we stand"),
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


class PlaybookError(ValueError):
    """A playbook is wrong: the message names the file, the key and what is asked for."""


@dataclass(frozen=True)
class Step:
    """One step: who does what, when (days after the chapter's start) and how soon they hear what came of it."""

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
    """Every playbook that is shipped, by slug. Read once. Raises PlaybookError."""
    return tuple(read_playbook(path) for path in sorted(FOLDER.glob("*.yaml")))


def find_playbook(slug: str) -> Playbook | None:
    """The playbook with this slug, if there is one."""
    return next((playbook for playbook in all_playbooks() if playbook.slug == slug), None)


def read_playbook(path: Path) -> Playbook:
    """Read and check one file. Raises PlaybookError, which names the file and the key."""
    try:
        content = yaml.safe_load(path.read_text("utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise PlaybookError(f"{path.name}: {error}") from error
    root = _Node(path.name, "", content)
    playbook = Playbook(
        slug=root.take("slug", _word),
        name=root.take("name", _pair),
        summary=root.take("summary", _pair),
        suits=root.take("suits", _pair),
        length_weeks=root.take("length_weeks", _whole(1)),
        from_state=root.take("from", _pair),
        to_state=root.take("to", _pair),
        ambition=root.take("ambition", _pair),
        decided=root.take("decided", _pair),
        open_matters=root.take("open", _pair),
        not_discussed=root.take("not_discussed", _pair),
        frames=tuple(_chapter(node) for node in root.take_list("frames")),
    )
    root.done()
    if playbook.slug != path.stem:
        raise PlaybookError(f"{path.name}: slug: must be the name of the file, {path.stem!r}")
    _check_keys(path.name, playbook)
    return playbook


def _chapter(node: _Node) -> Chapter:
    chapter = Chapter(
        key=node.take("key", _word),
        name=node.take("name", _pair),
        purpose=node.take("purpose", _pair),
        starts_week=node.take("starts_week", _whole(0)),
        weeks=node.take("weeks", _whole(1)),
        activities=tuple(_step(inner) for inner in node.take_list("activities")),
    )
    node.done()
    return chapter


def _step(node: _Node) -> Step:
    step = Step(
        key=node.take("key", _word),
        kind=node.take("kind", _one_of(KINDS)),
        later_kind=node.take("later_kind", _one_of(LATER_KINDS), ""),
        name=node.take("name", _pair),
        purpose=node.take("purpose", _pair),
        people_do=node.take("people_do", _pair),
        audience=node.take("audience", _one_of(AUDIENCES)),
        level=node.take("level", _one_of(LEVELS)),
        starts_day=node.take("starts_day", _whole(0)),
        lasts_days=node.take("lasts_days", _whole(1)),
        reply_after_days=node.take("reply_after_days", _whole(1)),
        material=node.take("material", _pair),
        made_out_of=node.take("made_out_of", _words, ()),
    )
    node.done()
    return step


def _check_keys(name: str, playbook: Playbook) -> None:
    chapters = [chapter.key for chapter in playbook.frames]
    if len(set(chapters)) != len(chapters):
        raise PlaybookError(f"{name}: frames: two chapters share a key")
    earlier: set[str] = set()
    for step in playbook.steps():
        if step.key in earlier:
            raise PlaybookError(f"{name}: {step.key}: the key occurs twice")
        for source in step.made_out_of:
            if source not in earlier:
                raise PlaybookError(f"{name}: {step.key}: made_out_of: {source!r} is no earlier step")
        earlier.add(step.key)


class _Node:
    """A mapping of the file that knows where it stands, gives each key once and knows which are left over."""

    def __init__(self, file: str, place: str, content: Any) -> None:
        self.file, self.place = file, place
        if not isinstance(content, dict):
            raise self.error("", "keys with values are expected here")
        self.content = dict(content)

    def error(self, key: str, words: str) -> PlaybookError:
        place = ".".join(part for part in (self.place, key) if part)
        return PlaybookError(": ".join(part for part in (self.file, place, words) if part))

    def take(self, key: str, check: Callable[[Any], Any], default: Any = None) -> Any:
        if key not in self.content:
            if default is not None:
                return default
            raise self.error(key, "is missing")
        try:
            return check(self.content.pop(key))
        except ValueError as error:
            raise self.error(key, str(error)) from error

    def take_list(self, key: str) -> list[_Node]:
        rows = self.take(key, lambda value: value)
        if not isinstance(rows, list) or not rows:
            raise self.error(key, "a list with at least one entry is expected")
        return [_Node(self.file, f"{self.place}.{key}[{n}]".lstrip("."), row) for n, row in enumerate(rows)]

    def done(self) -> None:
        for key in self.content:
            raise self.error(str(key), "is not a key of a playbook")


def _pair(value: Any) -> LangText:
    if not isinstance(value, dict) or set(value) != set(LANGUAGES):
        raise ValueError("a text in both sv and en is expected")
    if not all(isinstance(text, str) and text.strip() for text in value.values()):
        raise ValueError("neither sv nor en may be empty")
    return LangText({lang: text.strip() for lang, text in value.items()})


def _word(value: Any) -> str:
    if not isinstance(value, str) or not value or set(value) - set("abcdefghijklmnopqrstuvwxyz0123456789-"):
        raise ValueError("a word in small letters with dashes is expected")
    return value


def _words(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise ValueError("a list of keys is expected")
    return tuple(_word(word) for word in value)


def _whole(least: int) -> Callable[[Any], int]:
    def check(value: Any) -> int:
        if not isinstance(value, int) or isinstance(value, bool) or value < least:
            raise ValueError(f"a whole number, at least {least}, is expected")
        return value

    return check


def _one_of(values: Any) -> Callable[[Any], str]:
    def check(value: Any) -> str:
        if value not in values:
            raise ValueError(f"{value!r} is none of {', '.join(values)}")
        return str(value)

    return check

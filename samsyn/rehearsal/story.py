"""A story: what was written by hand for a rehearsal, read from YAML."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from samsyn.core.texts import LangText

_FOLDER = Path(__file__).parent / "stories"


@dataclass(frozen=True)
class Story:
    """The raw story and the few values that everything else hangs on."""

    slug: str
    playbook: str
    start: dt.date
    today: dt.date
    raw: dict[str, Any]

    def activities(self) -> dict[str, dict[str, Any]]:
        """The script of each activity that has begun, by the playbook's key."""
        return self.raw["activities"]

    def promises(self) -> dict[str, dict[str, Any]]:
        """How each promise went, by the key of its question."""
        return {row["question"]: row for row in self.raw.get("promises", [])}


@cache
def read_story(slug: str) -> Story:
    """Read a story that the product ships."""
    raw = yaml.safe_load((_FOLDER / f"{slug}.yaml").read_text("utf-8"))
    return Story(raw["slug"], raw["playbook"], raw["start"], raw["today"], raw)


def pair(value: Any) -> LangText:
    """A text in both languages; nothing where nothing was written."""
    return LangText(value or {})

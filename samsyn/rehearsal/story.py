"""A story: what was written by hand for a rehearsal, read from YAML."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from samsyn.core.declared import read_file
from samsyn.core.texts import LangText
from samsyn.programmes.playbooks import Playbook, find_playbook
from samsyn.programmes.starting import days_of_chapter, days_of_step

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

    def series(self) -> list[dict[str, Any]]:
        """The series that sessions of the story belong to; none where nothing was written of sessions."""
        return self.raw.get("series", [])

    def sessions(self) -> list[dict[str, Any]]:
        """The script of each session, in the order in which they are planned."""
        return self.raw.get("sessions", [])

    def promises(self) -> dict[str, dict[str, Any]]:
        """How each promise went, by the key of its question."""
        return {row["question"]: row for row in self.raw.get("promises", [])}


@cache
def read_story(slug: str) -> Story:
    """Read a story that the product ships."""
    raw = read_file(_FOLDER / f"{slug}.yaml")
    for path in sorted(_FOLDER.glob(f"{slug}.*.yaml")):  # what was written for one activity, in a file of its own
        raw["activities"][path.name.split(".")[1]] |= read_file(path)
    for path in sorted((_FOLDER / "sessions").glob(f"{slug}.*.yaml")):
        for name, rows in read_file(path).items():
            raw.setdefault(name, []).extend(rows)
    return Story(raw["slug"], raw["playbook"], raw["start"], raw["today"], raw)


def story_for(slug: str) -> Story:
    """The story written for a playbook, or one made from its steps: half-way through, with nothing written by hand.

    Raises LookupError where there is no such playbook.
    """
    if (_FOLDER / f"{slug}.yaml").exists():
        return read_story(slug)
    playbook = find_playbook(slug)
    if playbook is None:
        raise LookupError(slug)
    return _made_up(playbook)


def _made_up(playbook: Playbook) -> Story:
    """The people of the written story walk through another playbook; what was written for theirs is left out."""
    base = read_story("leadership-and-culture")
    today = base.start + dt.timedelta(weeks=playbook.length_weeks // 2)
    owner = next(person["key"] for person in base.raw["people"] if person["role"] == "owner")
    raw = {
        **base.raw,
        "programme": {
            "title": playbook.name,
            "from": playbook.from_state,
            "to": playbook.to_state,
            "ambition": playbook.ambition,
            "decided": playbook.decided,
            "open": playbook.open_matters,
            "not_discussed": playbook.not_discussed,
        },
        "news": [],
        "promises": [],
        "series": [],
        "sessions": [],
        "voice": None,
        "activities": _scripts(playbook, base.start, today, owner),
    }
    return Story(playbook.slug, playbook.slug, base.start, today, raw)


def _scripts(playbook: Playbook, start: dt.date, today: dt.date, owner: str) -> dict[str, dict[str, Any]]:
    scripts: dict[str, dict[str, Any]] = {}
    for chapter in playbook.frames:
        first, _last = days_of_chapter(chapter, start)
        for step in chapter.activities:
            starts, ends, reply_by = days_of_step(step, first)
            if starts > today:
                continue
            state = "open" if ends >= today else "published" if reply_by <= today else "closed"
            scripts[step.key] = {
                "state": state,
                "opened": starts,
                "closed": ends if state != "open" else None,
                "reply_by": reply_by,
                "reply": {**_REPLY, "next_date": None, "by": owner, "day": reply_by} if state == "published" else None,
            }
    return scripts


_REPLY = {
    "heard": {"sv": "Vi har läst allt som skrevs.", "en": "We have read all that was written."},
    "doing": {"sv": "Vi tar med det till nästa steg.", "en": "We take it along to the next step."},
    "not_doing": {},
}


def pair(value: Any) -> LangText:
    """A text in both languages; nothing where nothing was written."""
    return LangText(value or {})

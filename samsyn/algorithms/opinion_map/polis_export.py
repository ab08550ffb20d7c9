"""A dialogue as a Polis export: fresh numbers for everything, the day only, and all five files in a pack."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from samsyn.algorithms.opinion_map.polis_files import Conversation, Statement, write_conversation
from samsyn.algorithms.opinion_map.votes import gather

SUMMARY, HISTORY = "summary.csv", "stats-history.csv"


@dataclass(frozen=True)
class Said:
    """A statement as it may leave; one that is not shown leaves without its words."""

    id: Any
    text: str
    shown: bool
    day: str


@dataclass(frozen=True)
class About:
    """What the conversation was. `origin`: where it came from, if from elsewhere."""

    topic: str
    description: str
    groups: int
    origin: str = ""


def make_conversation(
    said: Sequence[Said], cast: Iterable[tuple[str, Any, int]], random: Any
) -> tuple[Conversation, dict[str, str]]:
    """The conversation, and each statement's day. `cast`: key, statement, vote. `random` shuffles both."""
    statements, votes = list(said), list(cast)
    keys = sorted({key for key, _statement, _vote in votes})
    random.shuffle(statements)
    random.shuffle(keys)
    place, person = {one.id: n for n, one in enumerate(statements)}, {key: n for n, key in enumerate(keys)}
    gathered = gather(
        [person[key] for key, _statement, _vote in votes],
        [place[statement] for _key, statement, _vote in votes],
        [vote for _key, _statement, vote in votes],
        people=len(keys),
        statements=len(statements),
    )
    rows = [
        Statement(str(n), one.text if one.shown else "", 1 if one.shown else -1) for n, one in enumerate(statements)
    ]
    days = {str(n): one.day for n, one in enumerate(statements)}
    return Conversation(tuple(map(str, range(len(keys)))), tuple(rows), gathered, 0, ()), days


def pack_export(conversation: Conversation, days: Mapping[str, str], about: About) -> bytes:
    """All files of an export in one ZIP file."""
    files = {**write_conversation(conversation, days), **write_extras(conversation, about)}
    if about.origin:
        files["ORIGIN.txt"] = f"{about.origin}\n".encode()
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as pack:
        for name, content in files.items():
            pack.writestr(name, content)
    return packed.getvalue()


def write_extras(conversation: Conversation, about: About) -> dict[str, bytes]:
    """The two files that say nothing about anyone. Of the history only both ends: more would tell an order."""
    voters = str(int((conversation.votes.per_person > 0).sum()))
    written = str(sum(not one.removed for one in conversation.statements))
    summary = [
        ["topic", about.topic],
        ["url", ""],
        ["views", ""],
        ["voters", voters],
        ["voters-in-conv", voters],
        ["commenters", ""],
        ["comments", written],
        ["groups", str(about.groups)],
        ["conversation-description", about.description],
    ]
    heading = ["n-votes", "n-comments", "n-visitors", "n-voters", "n-commenters"]
    history = [heading, ["0"] * 5, [str(len(conversation.votes)), written, voters, voters, ""]]
    return {SUMMARY: _written(summary), HISTORY: _written(history)}


def _written(rows: list[list[str]]) -> bytes:
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\n").writerows(rows)
    return out.getvalue().encode()

"""Who takes part when a person is erased, and the list of erasures that outlives a restored backup."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from django.conf import settings

from samsyn.organisations.models import Erasure, Person

Part = Callable[[Person], Any]
_parts: list[Part] = []


class Entry(NamedTuple):
    """One erasure: plain ids and a day."""

    organisation_id: int
    person_id: int
    day: str


def register(part: Part) -> None:
    """Have `part(person)` called, within the transaction, before a person becomes a tombstone.

    It takes the person out of what it stores, and must do no harm when called twice.
    """
    if part not in _parts:
        _parts.append(part)


def parts() -> list[Part]:
    """Those who take part."""
    return list(_parts)


def list_path() -> Path:
    """The file that repeats the list outside the database: ids and days. A restore must leave it as it is."""
    return Path(settings.DATA_DIR) / "erasures.jsonl"


def write_entry(entry: Entry) -> None:
    """Add to the file."""
    path = list_path()
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a") as file:
        file.write(json.dumps(entry) + "\n")


def entries() -> Iterator[Entry]:
    """Every erasure, of all organisations: those in the database and those in the file."""
    seen = set()
    for row in Erasure.across.order_by("day", "pk"):
        entry = Entry(row.organisation_id, row.person_id, row.day.isoformat())
        seen.add(entry[:2])
        yield entry
    if list_path().exists():
        for line in list_path().read_text().splitlines():
            entry = Entry(*json.loads(line))
            if entry[:2] not in seen:
                seen.add(entry[:2])
                yield entry

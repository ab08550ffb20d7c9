"""What the thread asks of the parts above it: who may see an item, and how an item is told."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise as LazyText

from samsyn.core.texts import LangText
from samsyn.thread.models import Item

Words = str | LazyText | LangText


@dataclass(frozen=True)
class Telling:
    """An item as its kind tells it, ready for a page."""

    item: Item
    what: Words  # "question", "promise" …
    text: LangText
    state: Words = ""
    happened: bool = True  # a full mark, or an open one
    by: str = ""
    day: dt.date | None = None
    due: dt.date | None = None  # of a promise that is still open
    first_due: dt.date | None = None  # where that day has been moved
    note: LangText | None = None  # the answer, the note on a promise
    note_by: str = ""
    agreed: int | None = None
    agreed_note: Words = ""  # where that number comes from, if not from here
    voice: bool = False  # somebody's own words: set large
    address: str = ""


Viewing = Callable[[Any, list[Item]], set[int]]
Tell = Callable[[list[Item]], dict[int, Telling]]

_viewing: list[Viewing] = []
_viewing_of: dict[str, Viewing] = {}
_tellers: dict[str, Tell] = {}


def register_viewing(viewing: Viewing, kind: str = "") -> None:
    """`viewing(viewer, items)` gives the ids of the items that the viewer may see.

    There is one for all, and one for each `kind` of items whose part decides by itself.
    """
    if kind:
        _viewing_of[kind] = viewing
    else:
        _viewing[:] = [viewing]


def register_teller(kind: str, tell: Tell) -> None:
    """`tell(items)` tells items whose kind begins with `kind`, in a fixed number of queries."""
    _tellers[kind] = tell


def visible_ids(viewer: Any, items: list[Item]) -> set[int]:
    """Which of the items the viewer may see; none where no rule is registered."""
    others = [item for item in items if _part_of(item) not in _viewing_of]
    seen = _viewing[0](viewer, others) if _viewing and others else set()
    for kind, viewing in _viewing_of.items():
        own = [item for item in items if _part_of(item) == kind]
        seen = seen | viewing(viewer, own) if own else seen
    return seen


def _part_of(item: Item) -> str:
    return item.kind.split(".")[0]


def texts_of(ids: list[int]) -> dict[int, list[str]]:
    """The texts by which items are found: what they say, and what is noted at them. Of what is hidden, none."""
    told = tell(Item.objects.filter(pk__in=ids).exclude(state="hidden"))
    return {pk: [*one.item.title.values(), *(one.note.values() if one.note else ())] for pk, one in told.items()}


def tell(items: Iterable[Item]) -> dict[int, Telling]:
    """Each item as its kind tells it; an item of an unknown kind is told by its title."""
    by_kind: dict[str, list[Item]] = {}
    for item in items:
        by_kind.setdefault(_part_of(item), []).append(item)
    told: dict[int, Telling] = {}
    for kind, of_kind in by_kind.items():
        if kind in _tellers:
            told |= _tellers[kind](of_kind)
        else:
            told |= {item.pk: Telling(item, item.kind, item.title, day=item.day) for item in of_kind}
    return told

"""What the live room asks of the parts above it: which rooms there are, what they show, where sendings go.

Everything here is called in a thread that may use the database, never in the event loop.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from samsyn.live.sendings import Sending, Taken

PHONE, SCREEN, DESK = "phone", "screen", "desk"
VIEWS = (PHONE, SCREEN, DESK)


@dataclass(frozen=True, slots=True)
class Room:
    """A room as the hub keeps it.

    Attributes:
        id: the room's id, in its address too.
        code: the code by which it is joined, "" where it cannot be.
        is_open: whether people may be in it.
        by_code: whether the code alone lets in, without an account and without a passcode.
        epoch: grows when all tickets shall end.
        activities: ids of the activities that it may show; a change in one of them is a change in the room.
        entrance: the address at which somebody without a ticket gets one.
        desk: the address from which it is run, whether it is open or over.
        synthetic: whether it belongs to a rehearsal.
    """

    id: int
    code: str
    is_open: bool
    by_code: bool
    epoch: int
    activities: frozenset[int]
    entrance: str
    desk: str
    synthetic: bool = False


class Source(Protocol):
    """What a part above registers, once."""

    def find(self, code: str) -> Room | None:
        """The room that a cleaned code opens."""
        ...

    def read(self, room_id: int) -> Room | None:
        """The room as it is now; None where it is gone."""
        ...

    def render(self, room_id: int, view: str, language: str, present: int) -> Mapping[str, str]:
        """What the room shows: named parts of the page, as HTML. Only what everybody with that view may see."""
        ...

    def page(self, room_id: int, view: str, language: str, parts: Mapping[str, str]) -> str:
        """The whole page around the parts. The same for everybody."""
        ...

    def note_presence(self, room_id: int, present: int) -> None:
        """Keep how many phones are there now, where there were never more. Called seldom; writes."""
        ...

    def may_be_there(self, room_id: int, person: int) -> bool:
        """Whether a person may still be in the room; asked when a ticket is renewed."""
        ...

    def improvise(self, room_id: int, key: str, chance: random.Random) -> Sending | None:
        """What somebody made up might send in a rehearsal's room now; None where there is nothing to do."""
        ...

    def prepare(self, sending: Sending) -> Sending:
        """Do what takes long and needs no database, such as stretching the words of a receipt."""
        ...

    def admit(self, room_id: int, sendings: Sequence[Sending]) -> None:
        """Let in those who send for the first time. Outside the transaction of `take`: it may have several."""
        ...

    def take(self, room_id: int, sendings: Sequence[Sending]) -> list[Taken]:
        """Take what was sent, in the order given, within the caller's transaction."""
        ...


_source: list[Source] = []


def register(source: Source) -> None:
    """Let rooms be what `source` says. There is one."""
    _source[:] = [source]


def source() -> Source:
    """Raises LookupError where nothing has been registered."""
    if not _source:
        raise LookupError("nobody has registered any rooms")
    return _source[0]

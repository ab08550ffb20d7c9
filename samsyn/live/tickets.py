"""Tickets: who may be in a room, ten minutes at a time. A signed text in a cookie of the room; nothing is stored.

A ticket that has run out is renewed by looking again: whether the room is open, and the person still may be there.
"""

from __future__ import annotations

import hmac
import secrets
from base64 import urlsafe_b64encode
from dataclasses import dataclass, replace
from functools import lru_cache
from hashlib import blake2b

from samsyn.core import keys
from samsyn.core.ids import decode_id, encode_id
from samsyn.live.registry import VIEWS

COOKIE = "ticket"
LASTS = 600  # seconds
KEPT = 12 * 3600  # how long a browser keeps one that has run out, so that a phone can wake up in the same room
_SIGNED = 24


@dataclass(frozen=True, slots=True)
class Ticket:
    """`view` is the most that its holder may see: who may see the desk may see the screen and a phone too.

    `person` is 0 for who came in by code. `mark` is random: rates are counted by it, in memory alone.
    """

    room: int
    view: str
    epoch: int
    expires: int
    person: int = 0
    mark: str = ""

    def sees(self, view: str) -> bool:
        """Whether its holder may see a view."""
        return view in VIEWS and VIEWS.index(view) <= VIEWS.index(self.view)

    def holds(self, now: float) -> bool:
        """Whether it has not run out; `now` in seconds since 1970."""
        return now < self.expires


def issue(room: int, view: str, epoch: int, *, now: float, person: int = 0, mark: str = "") -> Ticket:
    """A new ticket; the same browser keeps its mark when a ticket is renewed."""
    return Ticket(room, view, epoch, int(now) + LASTS, person, mark or secrets.token_hex(8))


def renew(ticket: Ticket, now: float) -> Ticket:
    """The same ticket with a new end. The caller has looked whether it may be."""
    return replace(ticket, expires=int(now) + LASTS)


def write(ticket: Ticket) -> str:
    """The ticket as it stands in the cookie."""
    who = encode_id(ticket.person) if ticket.person else ""
    text = f"{encode_id(ticket.room)}.{ticket.view}.{ticket.epoch}.{ticket.expires}.{who}.{ticket.mark}"
    return f"{text}.{_signature(text)}"


def read(text: str, room: int) -> Ticket | None:
    """The ticket in a cookie, where we wrote it for this room; it may have run out."""
    body, _dot, signature = text.rpartition(".")
    if not body or not hmac.compare_digest(signature.encode(), _signature(body).encode()):
        return None
    try:
        room_text, view, epoch, expires, who, mark = body.split(".")
        ticket = Ticket(decode_id(room_text), view, int(epoch), int(expires), decode_id(who) if who else 0, mark)
    except ValueError:
        return None
    return ticket if ticket.room == room and view in VIEWS else None


def _signature(text: str) -> str:
    return urlsafe_b64encode(blake2b(text.encode(), key=_key(), digest_size=_SIGNED).digest()).decode()


@lru_cache(maxsize=1)
def _key() -> bytes:
    return keys.read_key("live")

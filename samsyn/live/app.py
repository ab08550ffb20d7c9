"""The addresses of the live room, in front of Django: joining by code, the page, its stream, and what is sent."""

from __future__ import annotations

import asyncio
import json
import re
import secrets
import time
from urllib.parse import urlsplit

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from samsyn.core.ids import decode_id, encode_id
from samsyn.live import registry, tickets
from samsyn.live.asgi import (
    GoneError,
    Message,
    Receive,
    Request,
    Send,
    TooLargeError,
    cookie,
    redirect,
    respond,
    start_stream,
)
from samsyn.live.hub import Hub
from samsyn.live.rates import Rates
from samsyn.live.registry import DESK, PHONE
from samsyn.live.rooms import LiveRoom
from samsyn.live.sendings import Sending, Taken
from samsyn.live.streams import Stream, piece
from samsyn.live.tickets import Ticket

_JOIN = re.compile(r"/j/([234679ACDEFGHJKMNPQRTUVWXY]{6})/?")
_ROOM = re.compile(r"/live/r/([23456789a-z]{13})/(stream|state|send|ticket)?")
_KEY = re.compile(r"[0-9a-f]{32}")
_STREAMS_EACH = 6  # of one browser in one room
_JSON = b"application/json"
_DARK, _LIGHT = b' data-theme="dark"', b' data-theme="light"'  # a screen is dark unless its address says otherwise

App = object


class LiveApp:
    """An ASGI application; what is not the live room's goes on to `pages`."""

    def __init__(self, pages: App) -> None:
        self._pages = pages
        self._hub: Hub | None = None
        self._sends = Rates(burst=30, each_second=5)
        self._joins = Rates(burst=20_000, each_second=500)  # a conference room shares one address
        origin = urlsplit(settings.ORIGIN)
        self._origins = frozenset({f"{origin.scheme}://{origin.netloc}"})
        self._secure = origin.scheme == "https"

    @property
    def hub(self) -> Hub:
        """Made at the first request, in the loop that serves it."""
        if self._hub is None:
            self._hub = Hub()
        return self._hub

    def stop(self) -> None:
        """End all streams at once, so that the server can stop."""
        if self._hub is not None:
            self._hub.stop()

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            path = scope["path"]
            if path.startswith("/live/"):
                await self._in_room(Request(scope, receive), send)
                return
            if path.startswith("/j/") and await self._join(Request(scope, receive), send):
                return
        await self._pages(scope, receive, send)  # type: ignore[operator]

    # --- coming in ----------------------------------------------------------------------------------------------

    async def _join(self, request: Request, send: Send) -> bool:
        """Let in who has the code of a room that needs nothing more. False: Django looks at it.

        Who is signed in goes through Django, so that the room knows them where names are known.
        """
        found = _JOIN.fullmatch(request.path)
        if found is None or request.method != "GET" or settings.SESSION_COOKIE_NAME in request.cookies:
            return False
        room = await self.hub.room_of_code(found[1])
        if room is None or not (room.room.is_open and room.room.by_code and room.room.code == found[1]):
            return False
        if not self._joins.allows(request.client, time.monotonic()):
            await respond(send, 429, headers=[(b"retry-after", b"10")])
            return True
        known = self._ticket(request, room)
        ticket = tickets.issue(room.room.id, PHONE, room.room.epoch, now=time.time(), mark=known.mark if known else "")
        await redirect(send, _path(room.room.id), [self._set(ticket)])
        return True

    def _ticket(self, request: Request, room: LiveRoom) -> Ticket | None:
        """The ticket that came with a request, whether it has run out or not; None of an earlier epoch."""
        ticket = tickets.read(request.cookies.get(tickets.COOKIE, ""), room.room.id)
        return ticket if ticket and ticket.epoch == room.room.epoch else None

    async def _renewed(self, ticket: Ticket, room: LiveRoom, now: float) -> Ticket | None:
        """A ticket that holds, where its holder may still be there."""
        if not room.room.is_open:
            return None
        if ticket.person or not room.room.by_code:
            source, person = registry.source(), ticket.person
            if not person or not await self.hub.reads.run(lambda: source.may_be_there(room.room.id, person)):
                return None
        return tickets.renew(ticket, now)

    def _set(self, ticket: Ticket) -> tuple[bytes, bytes]:
        return cookie(
            tickets.COOKIE, tickets.write(ticket), path=_path(ticket.room), seconds=tickets.KEPT, secure=self._secure
        )

    # --- being there --------------------------------------------------------------------------------------------

    async def _in_room(self, request: Request, send: Send) -> None:
        found = _ROOM.fullmatch(request.path)
        room = await self.hub.room(decode_id(found[1])) if found else None
        if found is None or room is None:
            await respond(send, 404)
            return
        now, headers = time.time(), []
        ticket = self._ticket(request, room)
        if ticket is not None and (not ticket.holds(now) or found[2] == "ticket"):
            ticket = await self._renewed(ticket, room, now)
            headers = [self._set(ticket)] if ticket else []
        if ticket is None or not room.room.is_open:
            await self._outside(request, send, room, found[2])
        elif not ticket.sees(view := request.query.get("view", PHONE)):
            await respond(send, 403, headers=headers)
        elif found[2] == "stream":
            await self._stream(request, send, room, ticket, (view, request.language))
        elif found[2] == "state":
            shown = await room.shown((view, request.language))
            data = {"v": shown.version, "all": True, "parts": dict(shown.parts)}
            await respond(send, 200, _json(data), kind=_JSON, headers=headers)
        elif found[2] == "send":
            await self._take(request, send, room, ticket, headers)
        elif found[2] == "ticket":
            await respond(send, 204, headers=headers)
        else:
            page = await room.page((view, request.language), newest="sent" in request.query)
            if request.query.get("theme") == "light":  # a hall in which the lights are on
                page = page.replace(_DARK, _LIGHT, 1)
            await respond(send, 200, page, headers=headers)

    async def _outside(self, request: Request, send: Send, room: LiveRoom, what: str | None) -> None:
        """Somebody without a ticket, or a room that has closed: its entrance tells."""
        if what is None:
            await redirect(send, room.room.entrance)
        else:
            at_desk = request.query.get("view") == DESK  # it stands there when the room is closed, too
            data = {"entrance": room.room.desk if at_desk else room.room.entrance}
            await respond(send, 403, _json(data), kind=_JSON)

    async def _stream(self, request: Request, send: Send, room: LiveRoom, ticket: Ticket, key: tuple[str, str]) -> None:
        full = self.hub.streams >= settings.LIVE_MOST_STREAMS
        if full or room.streams_of(ticket.mark) >= _STREAMS_EACH:
            await respond(send, 503, headers=[(b"retry-after", b"5")])
            return
        await start_stream(send)
        stream = Stream(send, mark=ticket.mark, person=ticket.person, task=asyncio.current_task())
        stream.write(piece(b"retry: %d\n\n" % (500 + hash(ticket.mark) % 2500)))  # not all at once after a restart
        try:
            await room.join(key, stream)
            while (await request.receive())["type"] != "http.disconnect":
                pass
        except asyncio.CancelledError:
            if not stream.ended:
                raise
            await stream.close()
        finally:
            room.leave(key, stream)

    # --- sending ------------------------------------------------------------------------------------------------

    async def _take(
        self, request: Request, send: Send, room: LiveRoom, ticket: Ticket, headers: list[tuple[bytes, bytes]]
    ) -> None:
        if request.method != "POST":
            await respond(send, 405)
            return
        if not request.comes_from(self._origins):
            await respond(send, 403)
            return
        if not self._sends.allows(ticket.mark, time.monotonic()):
            await self._answer(request, send, room, Taken(again=True), 429, headers)
            return
        try:
            values = await request.form()
        except TooLargeError:
            await respond(send, 413)
            return
        except GoneError:  # half a text is none; the browser sends the whole again
            return
        sending = self._sending(request, room, ticket, values)
        if sending is None:
            await respond(send, 400)
            return
        if sending.name == "receipt":
            unprepared = sending
            sending = await self.hub.slow.run(lambda: registry.source().prepare(unprepared))
        taken = await self.hub.intake.take(room.room.id, sending)
        status = 503 if taken.again else 422 if taken.error else 200
        if not request.wants_json and sending.key:
            headers = [*headers, cookie(_voter(values["activity"]), sending.key, path=_path(room.room.id),
                                        seconds=tickets.KEPT, secure=self._secure)]  # fmt: skip
        await self._answer(request, send, room, taken, status, headers)

    def _sending(self, request: Request, room: LiveRoom, ticket: Ticket, values: dict[str, str]) -> Sending | None:
        try:
            activity = decode_id(values.get("activity", ""))
        except ValueError:
            return None
        if activity not in room.room.activities or not values.get("do", "").isidentifier():
            return None
        key = values.get("key") or request.cookies.get(_voter(values["activity"]), "")
        if not _KEY.fullmatch(key):
            key = secrets.token_hex(16)  # a browser without scripts, for the first time
        values.pop("stretched", None)  # ours alone
        if values.get("post_key") == "":
            values["post_key"] = secrets.token_hex(16)  # a page without scripts is the same for everybody
        return Sending(activity, values["do"], values, key, ticket.person, request.language)

    async def _answer(
        self, request: Request, send: Send, room: LiveRoom, taken: Taken, status: int,
        headers: list[tuple[bytes, bytes]],
    ) -> None:  # fmt: skip
        if request.wants_json:
            data = {"error": taken.error, "field": taken.field, "again": taken.again, **taken.data}
            await respond(send, status, _json(data), kind=_JSON, headers=headers)
            return
        if status == 200:
            await redirect(send, f"{_path(room.room.id)}?sent=1", headers)
            return
        with translation.override(request.language):
            words = taken.error or _("It could not be taken just now. Go back and send it again.")
        await respond(send, status, words.encode(), kind=b"text/plain; charset=utf-8", headers=headers)


def _voter(activity: str) -> str:
    return f"voter-{activity}"


def _path(room_id: int) -> str:
    return f"/live/r/{encode_id(room_id)}/"


def _json(data: object) -> bytes:
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"), default=str).encode()

"""One open stream of server-sent events, written to without a task of its own.

Where the server is uvicorn with httptools, the bytes go straight into the socket's transport: what a push costs for
each stream is one call. A stream whose socket is full is left out, and gets the newest when it can take it: so nothing
piles up for somebody who reads slowly, and the others notice nothing.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import Awaitable, Mapping
from dataclasses import dataclass
from typing import Any

from samsyn.live.asgi import Send


@dataclass(frozen=True, slots=True)
class Piece:
    """Bytes for every stream, and the same as a chunk of an HTTP answer, made once."""

    body: bytes
    chunk: bytes


def piece(body: bytes) -> Piece:
    """A piece of a stream."""
    return Piece(body, b"%x\r\n%b\r\n" % (len(body), body))


BEAT = piece(b": \n\n")


@dataclass(frozen=True, slots=True)
class Shown:
    """What a view shows, rendered to bytes once. `delta` suits those who have the version before."""

    version: int
    parts: Mapping[str, str]
    full: Piece
    delta: Piece


def show(parts: Mapping[str, str], before: Shown | None, floor: int = 0) -> Shown:
    """The next version of a view. `floor`: the version before, where that one is no longer at hand."""
    version = (before.version if before else floor) + 1
    full = _event({"v": version, "all": True, "parts": dict(parts)})
    if before is None or list(before.parts) != list(parts):  # other parts: their order is told with all of them
        return Shown(version, parts, full, full)
    changed = {name: html for name, html in parts.items() if before.parts[name] != html}
    return Shown(version, parts, full, _event({"v": version, "parts": changed}))


def _event(data: Mapping[str, Any]) -> Piece:
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return piece(b"event: show\ndata: " + text.encode() + b"\n\n")


class Stream:
    """An open stream. `send`: the server's, after the head of the answer has gone."""

    __slots__ = ("_cycle", "_send", "_task", "busy", "ended", "mark", "newest", "person", "seen")

    def __init__(self, send: Send, *, mark: str = "", person: int = 0, task: asyncio.Task[None] | None = None) -> None:
        self._send, self._task = send, task
        self._cycle = _cycle_of(send)
        self.mark, self.person = mark, person
        self.seen = -1
        self.busy = self.ended = False
        self.newest: Shown | None = None

    def end(self) -> None:
        """Wake the task that keeps the stream open, so that it closes it."""
        if not self.ended:
            self.ended = True
            if self._task is not None:
                self._task.cancel()

    def push(self, shown: Shown) -> None:
        """Write what is shown now, or remember it until the socket can take it."""
        if self.busy:
            self.newest = shown
        elif self.seen != shown.version:
            delta = self.seen == shown.version - 1
            self.seen = shown.version
            self.write(shown.delta if delta else shown.full)

    def write(self, what: Piece) -> None:
        """Write at once. Where the socket is full, this piece still goes, and the stream is busy until it is not."""
        if self.busy or self.ended:
            return
        cycle = self._cycle
        if cycle is None:
            self._wait_for(self._send({"type": "http.response.body", "body": what.body, "more_body": True}))
        elif not cycle.disconnected:
            cycle.transport.write(what.chunk)
            if cycle.flow.write_paused:
                self._wait_for(cycle.flow.drain())

    def _wait_for(self, room: Awaitable[None]) -> None:
        self.busy = True
        task = asyncio.ensure_future(self._go_on(room))
        _going_on.add(task)
        task.add_done_callback(_going_on.discard)

    async def _go_on(self, room: Awaitable[None]) -> None:
        with contextlib.suppress(OSError, RuntimeError):  # closed meanwhile; the server tells the stream's own task
            await room
        self.busy = False
        newest, self.newest = self.newest, None
        if newest is not None:
            self.push(newest)

    async def close(self) -> None:
        """End the answer, so that the browser comes again."""
        if not self.busy:
            with contextlib.suppress(OSError, RuntimeError):
                await self._send({"type": "http.response.body", "body": b"", "more_body": False})


_going_on: set[asyncio.Future[None]] = set()


def _cycle_of(send: Send) -> Any:
    """What the server keeps of this answer, where it is one that can be written to directly."""
    from uvicorn.protocols.http.httptools_impl import RequestResponseCycle

    cycle = getattr(send, "__self__", None)
    return cycle if isinstance(cycle, RequestResponseCycle) and cycle.chunked_encoding else None

"""One open stream of server-sent events, written to without a task of its own.

Where the server is uvicorn with httptools, the bytes go past it: into the socket itself while nothing waits to be sent
before them, so that a push costs little more than one system call for each stream; else into the socket's transport. A
stream whose socket is full is left out, and gets the newest when it can take it: so nothing piles up for somebody who
reads slowly, and the others notice nothing.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
from collections.abc import Awaitable, Iterable, Mapping
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
_NONE = -1  # in place of a socket's number


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

    __slots__ = ("_send", "_task", "busy", "cycle", "ended", "mark", "newest", "person", "seen", "socket")

    def __init__(self, send: Send, *, mark: str = "", person: int = 0, task: asyncio.Task[None] | None = None) -> None:
        self._send, self._task = send, task
        self.cycle = _cycle_of(send)
        self.mark, self.person = mark, person
        self.seen = -1
        self.socket = _NONE  # its number, while nothing waits in the transport and the stream goes on
        self.busy = self.ended = False
        self.newest: Shown | None = None

    def end(self) -> None:
        """Wake the task that keeps the stream open, so that it closes it."""
        if not self.ended:
            self.ended, self.socket = True, _NONE
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
        """Write at once. Where the transport is full, this piece still goes, and the stream is busy until it is not."""
        if self.busy or self.ended:
            return
        cycle = self.cycle
        if cycle is None:
            self._wait_for(self._send({"type": "http.response.body", "body": what.body, "more_body": True}))
        elif not cycle.disconnected:
            if self.socket == _NONE:
                self.socket = _free_socket(cycle)
            sent = _write(self.socket, what.chunk)
            if sent != len(what.chunk):
                self.hand_over(what.chunk[sent:])

    def hand_over(self, rest: bytes) -> None:
        """Let the transport write what the socket did not take, and everything until it has."""
        self.socket = _NONE
        self.cycle.transport.write(rest)
        if self.cycle.flow.write_paused:
            self._wait_for(self.cycle.flow.drain())

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


def push_to_all(streams: Iterable[Stream], shown: Shown) -> None:
    """Push to many streams. Does what `Stream.push` does, without a call for those that are up to date."""
    before, version, chunk, size = shown.version - 1, shown.version, shown.delta.chunk, len(shown.delta.chunk)
    for stream in streams:
        if stream.seen == before and stream.socket != _NONE and not stream.cycle.disconnected:
            stream.seen = version
            sent = _write(stream.socket, chunk)
            if sent != size:
                stream.hand_over(chunk[sent:])
        else:
            stream.push(shown)


def _free_socket(cycle: Any) -> int:
    """The number of the socket under an answer, if what is written to it now comes after all that was written before.

    It stays that of this connection until the server has been told that the connection is lost, which it notes in
    `disconnected` before it lets go of the number.
    """
    if cycle.scope["scheme"] == "https" or cycle.transport.get_write_buffer_size():
        return _NONE
    return int(cycle.transport.get_extra_info("socket").fileno())


def _write(socket: int, chunk: bytes) -> int:
    """How many bytes the socket took; none where it is full or broken, which its transport finds out by itself."""
    if socket == _NONE:
        return 0
    try:
        return os.write(socket, chunk)
    except OSError:
        return 0


def _cycle_of(send: Send) -> Any:
    """What the server keeps of this answer, where it is one that can be written to directly."""
    from uvicorn.protocols.http.httptools_impl import RequestResponseCycle

    cycle = getattr(send, "__self__", None)
    return cycle if isinstance(cycle, RequestResponseCycle) and cycle.chunked_encoding else None

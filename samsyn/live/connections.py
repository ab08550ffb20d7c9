"""Connections of browsers: one on which a request is begun and not finished is closed, so that none can pile up.

A proxy in front does the same; this is for where there is none, or where it waits for longer.
"""

from __future__ import annotations

import asyncio
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

MOST_HEAD = 64 * 1024  # bytes before the body


class Connection(HttpToolsProtocol):
    """Waits `PATIENCE` seconds for the whole head of a request, and so long again for each piece of its body.

    Between two requests the server's own, shorter time holds; while it answers, a stream among them, none.
    """

    PATIENCE = 20.0

    def __init__(self, *args: Any, **values: Any) -> None:
        super().__init__(*args, **values)
        self._in_head, self._head = True, 0
        self._waiting: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._wait()

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop_waiting()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if self._in_head:
            self._head += len(data)
            if self._head > MOST_HEAD:
                self.transport.close()

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._in_head, self._head = True, 0
        self._wait()

    def on_headers_complete(self) -> None:
        self._in_head = False
        self._wait()
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        self._wait()
        super().on_body(body)

    def on_message_complete(self) -> None:
        self._stop_waiting()
        super().on_message_complete()

    def _wait(self) -> None:
        self._stop_waiting()
        self._waiting = self.loop.call_later(self.PATIENCE, self._give_up)

    def _stop_waiting(self) -> None:
        if self._waiting is not None:
            self._waiting.cancel()
            self._waiting = None

    def _give_up(self) -> None:
        if self.flow.read_paused:  # what has come has not been read yet: the delay is ours
            self._wait()
        elif not self.transport.is_closing():
            self.transport.close()

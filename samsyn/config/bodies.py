"""Requests that are too large: thrown away as they come, before Django writes all of them to disk."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from django.template.loader import render_to_string
from django.utils import translation

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Message, Receive, Send], Awaitable[None]]

_LANGUAGE = re.compile(rb"(?:^|;\s*)language=(sv|en)\b")


class Limited:
    """An ASGI application that takes no more than `most` bytes with one request. More is answered with a sentence.

    Files have a smaller limit of their own, with a message in the form (`files.uploads`).
    """

    def __init__(self, app: App, *, most: int) -> None:
        self.app, self.most = app, most

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        body = _Body(receive, self.most)
        if _announced(scope) > self.most:
            body.too_large = True
        else:
            await self.app(scope, body.next, send)
        if body.too_large:
            await body.throw_away()
            await _refuse(scope, send)


class _Body:
    """What comes with a request, counted. Above the limit the application is told that the visitor has gone."""

    def __init__(self, receive: Receive, most: int) -> None:
        self._receive, self._most, self._read = receive, most, 0
        self.too_large = self._over = False

    async def next(self) -> Message:
        message = await self._receive()
        self._read += len(message.get("body", b""))
        self._over = not message.get("more_body", False)
        if self._read > self._most:
            self.too_large = True
            return {"type": "http.disconnect"}
        return message

    async def throw_away(self) -> None:
        """Read on to the end: a browser that cannot send all of it shows no answer."""
        while not self._over:
            message = await self._receive()
            self._over = not message.get("more_body", False)


def _announced(scope: Message) -> int:
    """How many bytes the visitor says will come."""
    length = dict(scope["headers"]).get(b"content-length", b"")
    return int(length) if length.isdigit() else 0


async def _refuse(scope: Message, send: Send) -> None:
    found = _LANGUAGE.search(dict(scope["headers"]).get(b"cookie", b""))
    with translation.override(found[1].decode() if found else "sv"):
        page = render_to_string("413.html").encode()
    headers = [(b"content-type", b"text/html; charset=utf-8"), (b"content-length", str(len(page)).encode())]
    await send({"type": "http.response.start", "status": 413, "headers": headers})
    await send({"type": "http.response.body", "body": page})

"""The little of HTTP that the live room needs, straight on ASGI: no middleware, no session, no database."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass
from functools import cached_property
from http.cookies import CookieError, SimpleCookie
from typing import Any
from urllib.parse import parse_qsl

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

MOST_BYTES = 16 * 1024
POLICY = (
    b"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    b"form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
_EVERY = [
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
    (b"content-security-policy", POLICY),
    (b"permissions-policy", b"camera=(), microphone=(), geolocation=()"),
]


class TooLargeError(Exception):
    """More came than a sending may hold."""


class GoneError(Exception):
    """Whoever sent it was gone before all of it had come."""


@dataclass
class Request:
    """A request as it came."""

    scope: Message
    receive: Receive

    @property
    def method(self) -> str:
        return str(self.scope["method"])

    @property
    def path(self) -> str:
        return str(self.scope["path"])

    @cached_property
    def headers(self) -> dict[bytes, bytes]:
        return dict(self.scope["headers"])

    @cached_property
    def query(self) -> dict[str, str]:
        return dict(parse_qsl(self.scope["query_string"].decode("latin-1")))

    @cached_property
    def cookies(self) -> dict[str, str]:
        found: dict[str, str] = {}
        for part in self.headers.get(b"cookie", b"").decode("latin-1").split(";"):
            name, equals, value = part.strip().partition("=")
            if equals:
                found.setdefault(name, value)
        return found

    @property
    def client(self) -> str:
        """The address that it came from, as the server was told to see it."""
        return str((self.scope.get("client") or ("", 0))[0])

    @property
    def language(self) -> str:
        """Swedish, unless the visitor has chosen English or the browser asks for it first."""
        chosen = self.query.get("lang") or self.cookies.get("language")
        if chosen in {"sv", "en"}:
            return chosen
        for wanted in self.headers.get(b"accept-language", b"").decode("latin-1").lower().split(","):
            if wanted.strip()[:2] in {"sv", "en"}:
                return wanted.strip()[:2]
        return "sv"

    @property
    def wants_json(self) -> bool:
        return b"application/json" in self.headers.get(b"accept", b"")

    def comes_from(self, origins: frozenset[str]) -> bool:
        """Whether one of our own pages sent it: by Origin, else by what the browser says of the site."""
        origin = self.headers.get(b"origin", b"").decode("latin-1")
        if origin and origin != "null":
            host = self.headers.get(b"host", b"").decode("latin-1")
            return origin in origins or origin.split("://", 1)[-1] == host
        return self.headers.get(b"sec-fetch-site", b"") == b"same-origin"

    async def form(self) -> dict[str, str]:
        """The fields of the body. Raises TooLargeError, GoneError."""
        body = b""
        while True:
            message = await self.receive()
            if message["type"] == "http.disconnect":
                raise GoneError
            body += message.get("body", b"")
            if len(body) > MOST_BYTES:
                raise TooLargeError
            if not message.get("more_body"):
                break
        text = body.decode("utf-8", "replace")
        return dict(parse_qsl(text, keep_blank_values=True, max_num_fields=100))


def cookie(
    name: str, value: str, *, path: str, seconds: int, secure: bool, script: bool = False
) -> tuple[bytes, bytes]:
    """A Set-Cookie header. `script`: whether scripts of the page may read it."""
    made: SimpleCookie = SimpleCookie()
    try:
        made[name] = value
    except CookieError as error:
        raise ValueError(name) from error
    one = made[name]
    one["path"], one["max-age"], one["samesite"] = path, seconds, "Lax"
    one["httponly"], one["secure"] = True, secure
    return b"set-cookie", made.output(header="").strip().encode()


async def respond(
    send: Send,
    status: int,
    body: bytes = b"",
    *,
    kind: bytes = b"text/html; charset=utf-8",
    headers: list[tuple[bytes, bytes]] | None = None,
) -> None:
    """Answer with the whole body at once."""
    head = [*_EVERY, (b"content-type", kind), (b"content-length", b"%d" % len(body)), (b"cache-control", b"no-store")]
    await send({"type": "http.response.start", "status": status, "headers": head + (headers or [])})
    await send({"type": "http.response.body", "body": body})


async def redirect(send: Send, to: str, headers: list[tuple[bytes, bytes]] | None = None) -> None:
    """Answer with another address to go to."""
    await respond(send, 303, headers=[(b"location", to.encode("latin-1")), *(headers or [])])


async def start_stream(send: Send) -> None:
    """Begin a stream of server-sent events; proxies are asked not to keep it back."""
    head = [
        *_EVERY,
        (b"content-type", b"text/event-stream; charset=utf-8"),
        (b"cache-control", b"no-store"),
        (b"x-accel-buffering", b"no"),
    ]
    await send({"type": "http.response.start", "status": 200, "headers": head})

"""Connections on which a request is not finished are closed; those on which one is answered are not."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import uvicorn

from samsyn.live.connections import MOST_HEAD, Connection

SHORT = 1.0  # seconds


class Impatient(Connection):
    PATIENCE = SHORT


async def app(scope, receive, send) -> None:
    """Reads what comes; a stream goes on for longer than a connection waits for a request."""
    told = b""
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return
        told += message["body"]
        if not message["more_body"]:
            break
    await send({"type": "http.response.start", "status": 200, "headers": [(b"connection", b"close")]})
    for _piece in range(4 if scope["path"] == "/stream" else 1):
        await send({"type": "http.response.body", "body": b"%d " % len(told), "more_body": True})
        await asyncio.sleep(SHORT / 2 if scope["path"] == "/stream" else 0)
    await send({"type": "http.response.body", "body": b"end"})


Talk = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[bytes]]


def talk(*conversations: Talk) -> list[bytes]:
    """What comes on connections of their own, all at the same time."""

    async def run() -> list[bytes]:
        config = uvicorn.Config(app, port=0, http=Impatient, log_level="critical", lifespan="off", access_log=False)
        server = uvicorn.Server(config)
        server.config.load()
        serving = asyncio.create_task(server.serve())
        while not server.started:
            await asyncio.sleep(0)
        port = server.servers[0].sockets[0].getsockname()[1]

        async def one(conversation: Talk) -> bytes:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            try:
                return await asyncio.wait_for(conversation(reader, writer), 20)
            except ConnectionError:
                return b""
            finally:
                writer.close()

        found = await asyncio.gather(*(one(conversation) for conversation in conversations))
        server.should_exit = True
        await serving
        return found

    return asyncio.run(run())


def sends(*pieces: bytes, pause: float = 0.0) -> Talk:
    """Sends piece by piece, and reads to the end."""

    async def conversation(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bytes:
        for piece in pieces:
            writer.write(piece)
            await writer.drain()
            await asyncio.sleep(pause)
        return await reader.read()

    return conversation


HEAD = b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 8\r\n\r\n"


def test_what_is_not_finished_is_closed_without_an_answer():
    unfinished = talk(
        sends(), sends(b"GET / HTTP/1.1\r\nHost: "), sends(HEAD), sends(HEAD, b"four"),
        sends(b"GET / HTTP/1.1\r\n", *[b"X-More: 1\r\n"] * 8, pause=SHORT / 3),
    )  # fmt: skip
    assert unfinished == [b""] * 5


def test_what_goes_on_is_answered():
    slowly, stream = talk(
        sends(HEAD, *[b"ab"] * 4, pause=SHORT * 0.6), sends(b"GET /stream HTTP/1.1\r\nHost: localhost\r\n\r\n")
    )
    assert b"8 " in slowly
    assert stream.endswith(b"end\r\n0\r\n\r\n")


def test_a_head_without_an_end_is_closed_before_it_fills_the_memory():
    lines = b"X-More: " + b"1" * 8_000 + b"\r\n"

    async def pour(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bytes:
        writer.write(b"GET / HTTP/1.1\r\n")
        for sent in range(10_000):
            writer.write(lines)
            await writer.drain()
            if reader.at_eof():
                return b"%d" % (sent * len(lines))
        return b"never closed"

    (told,) = talk(pour)
    assert told != b"never closed"
    assert int(told or 0) < 100 * MOST_HEAD  # what was on its way, and in the buffers of the system, comes on top

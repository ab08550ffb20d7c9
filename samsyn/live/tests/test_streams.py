"""What is pushed to a stream comes whole, in order, and to nobody else, however the socket is written to."""

from __future__ import annotations

import asyncio
import json
import re
import socket
from collections.abc import Awaitable, Callable

import pytest
import uvicorn
import uvloop

from samsyn.live.asgi import start_stream
from samsyn.live.connections import Connection
from samsyn.live.streams import Shown, Stream, piece, push_to_all, show

GET = b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"
HELLO = piece(b"retry: 500\n\n")
Talk = Callable[[int, list[Stream]], Awaitable[None]]


def serve(talk: Talk, loop: str) -> None:
    """A server whose every request is a stream, and what is done with it: `talk(port, streams)`."""
    streams: list[Stream] = []

    async def app(scope, receive, send) -> None:
        await start_stream(send)
        streams.append(Stream(send))
        streams[-1].write(HELLO)  # while the head is still with the server
        while (await receive())["type"] != "http.disconnect":
            pass

    async def run() -> None:
        config = uvicorn.Config(app, port=0, http=Connection, log_level="critical", lifespan="off")
        server = uvicorn.Server(config)
        serving = asyncio.create_task(server.serve())
        while not server.started:
            await asyncio.sleep(0)
        await asyncio.wait_for(talk(server.servers[0].sockets[0].getsockname()[1], streams), 30)
        server.should_exit = server.force_exit = True
        await serving

    (uvloop if loop == "uvloop" else asyncio).run(run())


async def _open(port: int, streams: list[Stream]) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    known = len(streams)
    reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=1 << 24)
    writer.write(GET)
    while len(streams) == known:
        await asyncio.sleep(0.001)
    assert (await reader.readuntil(b"\r\n\r\n")).startswith(b"HTTP/1.1 200 ")
    assert await reader.readexactly(len(HELLO.chunk)) == HELLO.chunk
    return reader, writer


async def _next(reader: asyncio.StreamReader) -> dict:
    """What the next event tells; fails where a chunk is not one whole event."""
    size = int(await reader.readuntil(b"\r\n"), 16)
    chunk = await reader.readexactly(size + 2)
    assert chunk.startswith(b"event: show\ndata: ")
    assert chunk.endswith(b"\n\n\r\n")
    return json.loads(chunk[18:-4])


def _versions(number: int, size: int = 10) -> list[Shown]:
    made: list[Shown] = []
    for one in range(number):
        made.append(show({"a": f"{one} " + "x" * size, "b": "the same"}, made[-1] if made else None))
    return made


@pytest.mark.parametrize("loop", ["uvloop", "asyncio"])
def test_each_push_comes_once_and_in_order(loop):
    async def talk(port: int, streams: list[Stream]) -> None:
        reader, _writer = await _open(port, streams)
        for number, shown in enumerate(_versions(300)):
            push_to_all(streams, shown)
            if number % 7 == 0:
                await asyncio.sleep(0)
        told = [await _next(reader) for _number in range(300)]
        assert [one["v"] for one in told] == list(range(1, 301))
        assert told[0]["parts"].keys() == {"a", "b"}
        assert told[299]["parts"].keys() == {"a"}

    serve(talk, loop)


@pytest.mark.parametrize("loop", ["uvloop", "asyncio"])
def test_who_reads_late_gets_whole_events_and_the_newest_last(loop):
    async def talk(port: int, streams: list[Stream]) -> None:
        reader, _writer = await _open(port, streams)
        reader._transport.pause_reading()
        for shown in _versions(400, size=100_000):
            push_to_all(streams, shown)
            await asyncio.sleep(0)
        assert streams[0].busy
        reader._transport.resume_reading()
        seen, told = [], {}
        while not seen or seen[-1] < 400:
            event = await _next(reader)
            told = event["parts"] if event.get("all") else told | event["parts"]
            seen.append(event["v"])
        assert seen == sorted(set(seen))
        assert len(seen) < 400
        assert told["a"].startswith("399 ")

    serve(talk, loop)


@pytest.mark.parametrize("loop", ["uvloop", "asyncio"])
def test_nothing_overtakes_what_the_socket_did_not_take(loop):
    async def talk(port: int, streams: list[Stream]) -> None:
        client = socket.create_connection(("127.0.0.1", port))
        client.sendall(GET)
        while not streams:
            await asyncio.sleep(0.001)
        versions = iter(_versions(20_000, size=2_000))
        push_to_all(streams, next(versions))
        while streams[0].socket != -1:
            push_to_all(streams, shown := next(versions))
        assert not streams[0].busy
        read = client.recv(1 << 20)  # there is room now, and the server has had no time to use it
        push_to_all(streams, shown := next(versions))
        client.setblocking(False)
        while b'"v":%d,' % shown.version not in read[-4_000:]:
            read += await asyncio.get_running_loop().sock_recv(client, 1 << 20)
        told = [int(one) for one in re.findall(rb'data: {"v":(\d+),', read)]
        assert told == list(range(1, shown.version + 1))
        client.close()

    serve(talk, loop)


@pytest.mark.parametrize("loop", ["uvloop", "asyncio"])
def test_what_is_pushed_to_somebody_gone_comes_to_nobody(loop):
    async def talk(port: int, streams: list[Stream]) -> None:
        versions = iter(_versions(500))
        gone = []
        for _number in range(20):
            _reader, writer = await _open(port, streams)
            push_to_all(streams, next(versions))
            gone.append(writer)
        old, before = list(streams), streams[-1].seen
        for writer in gone:
            writer.transport.abort()
        others = [await _open(port, streams) for _number in range(40)]  # these take the numbers that became free
        while not all(stream.cycle.disconnected for stream in old):
            push_to_all(old, next(versions))
            await asyncio.sleep(0)
        for _number in range(5):
            push_to_all(old, next(versions))
        mine = show({"a": "mine"}, None, before + 1_000)
        push_to_all(streams[20:], mine)
        for reader, _writer in others:
            assert (await _next(reader))["parts"] == {"a": "mine"}

    serve(talk, loop)

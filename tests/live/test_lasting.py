"""Nothing acknowledged is lost, whatever is killed; who reads slowly holds up nobody; rooms over two processes."""

from __future__ import annotations

import contextlib
import os
import random
import secrets
import socket
import threading
import time
from collections import Counter
from collections.abc import Iterator

import psutil
import pytest
import redis

from tests.live.conftest import REDIS, drop, postgresql
from tests.live.serving import Hall, Phone, hall

ROUNDS = 50 if os.environ.get("SAMSYN_PROVE") else 2
PHONES = 8
EACH = 25  # acknowledged in each round before the kill


class Sender:
    """Somebody who sends on and on, and remembers what was acknowledged; what was not is sent again, the same."""

    def __init__(self, made: Hall, port: int, number: int) -> None:
        self.made, self.port, self.number = made, port, number
        self.phone = Phone(port)
        self.acknowledged: list[str] = []
        self.open: tuple[str, str] | None = None
        self.sent = 0

    def go_on(self, stop: threading.Event) -> None:
        with contextlib.suppress(OSError):
            self.phone.join(self.made.made["code"])
            while not stop.is_set():
                self._send_one()

    def _send_one(self) -> None:
        if self.open is None:
            self.sent += 1
            self.open = (f"Fråga {self.sent} från {self.number}?", secrets.token_hex(16))
        text, key = self.open
        status, _told = self.phone.question(self.made.made["activity"], text, key)
        if status == 200:
            self.acknowledged.append(text)
            self.open = None
        elif status == 429:
            time.sleep(0.2)  # what a browser does, too


def _acknowledged(senders: list[Sender]) -> int:
    return sum(len(sender.acknowledged) for sender in senders)


@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_nothing_acknowledged_is_lost_when_the_server_is_killed(tmp_path, database):
    url = postgresql() if database == "postgresql" else ""
    chance = random.Random(1)
    with hall(tmp_path, database_url=url) as made:
        port = made.start()
        senders = [Sender(made, port, number) for number in range(PHONES)]
        for _round in range(ROUNDS):
            stop = threading.Event()
            threads = [threading.Thread(target=sender.go_on, args=(stop,)) for sender in senders]
            for thread in threads:
                thread.start()
            wanted = _acknowledged(senders) + EACH
            until = time.monotonic() + 60
            while _acknowledged(senders) < wanted and time.monotonic() < until:
                time.sleep(chance.uniform(0.001, 0.05))  # so it is chance in the middle of what the kill hits
            made.kill(port)
            stop.set()
            for thread in threads:
                thread.join()
            made.start(port)
        for sender in senders:
            sender.phone.join(made.made["code"])
            while sender.open is not None:
                sender._send_one()
        stored = Counter(made.prepare("count")["texts"])
    if url:
        drop(url)
    acknowledged = [text for sender in senders for text in sender.acknowledged]
    assert len(acknowledged) >= EACH * ROUNDS
    assert {text: stored[text] for text in acknowledged if stored[text] != 1} == {}
    assert len(stored) == len(acknowledged), "what was sent again was taken once"


def test_a_browser_comes_back_soon_and_not_all_at_once(tmp_path):
    with hall(tmp_path) as made:
        port = made.start()
        told = set()
        for _number in range(8):
            phone = Phone(port)
            phone.join(made.made["code"])
            stream = phone.stream()
            stream.next()
            told.add(int(stream.bytes.partition(b"retry: ")[2].split()[0]))
            stream.close()
        assert len(told) > 1
        assert max(told) <= 3_000  # milliseconds: with the time to connect, less than five seconds


def test_who_reads_slowly_holds_up_nobody_and_costs_no_memory(tmp_path):
    with hall(tmp_path) as made:
        port = made.start()
        server = psutil.Process(made.servers[port].pid)
        writer = Phone(port)
        writer.join(made.made["code"])
        slow = [_unread(made, port) for _number in range(30)]
        fast = [Phone(port) for _number in range(10)]
        for phone in fast:
            phone.join(made.made["code"])
        streams = [phone.stream() for phone in fast]
        for stream in streams:
            stream.next()
        before = server.memory_info().rss
        for number in range(40):
            sender = Phone(port)
            sender.join(made.made["code"])
            sender.question(made.made["activity"], f"{number}: " + "lång fråga " * 45)
            for stream in streams:
                stream.until(f"{number}: ")
        assert server.memory_info().rss - before < 30_000_000
        for one in slow:
            one.close()
        late = writer.stream()
        late.next()
        assert "39: " in "".join(late.parts.values())


def _unread(made: Hall, port: int) -> socket.socket:
    """A stream whose reader does not read."""
    phone = Phone(port)
    phone.join(made.made["code"])
    one = socket.socket()
    one.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
    one.connect(("127.0.0.1", port))
    head = f"GET {phone.room}stream?view=phone&lang=sv HTTP/1.1\r\nHost: localhost:{port}\r\n"
    one.sendall(f"{head}Cookie: ticket={phone.cookies['ticket']}\r\n\r\n".encode())
    return one


@pytest.fixture
def two_processes(tmp_path) -> Iterator[tuple[Hall, int, int]]:
    """A room that two processes serve, through Redis."""
    try:
        redis.Redis.from_url(REDIS, socket_connect_timeout=2).ping()
    except redis.exceptions.ConnectionError:
        pytest.skip("Redis does not answer")
    url = postgresql()
    with hall(tmp_path, database_url=url, redis_url=REDIS) as made:
        yield made, made.start(), made.start()
    drop(url)


def test_rooms_go_on_over_two_processes_when_one_is_killed(two_processes):
    made, first, second = two_processes
    here, there = Phone(first), Phone(second)
    here.join(made.made["code"])
    there.join(made.made["code"])
    stream = there.stream()
    stream.next()
    assert here.question(made.made["activity"], "Hörs jag i den andra processen?")[0] == 200
    stream.until("Hörs jag i den andra processen?")
    screen = here.stream()
    screen.next()
    made.kill(first)
    here.port = second
    assert here.join(made.made["code"]) == 200
    assert here.question(made.made["activity"], "Och nu?")[0] == 200
    stream.until("Och nu?")
    stream.close()
    assert {"Hörs jag i den andra processen?", "Och nu?"} <= set(made.prepare("count")["texts"])

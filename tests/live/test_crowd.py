"""Many at once, and those who do it wrong: who comes in good order notices nothing, and memory stays bounded."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import re
import socket
import threading
import time
from collections import Counter
from collections.abc import Iterator

import psutil
import pytest

from tests.live.serving import PROVE, Hall, Phone, Stream, hall

pytestmark = [pytest.mark.prove] if PROVE else []
MANY = 2_500 if PROVE else 200
SOON = 5.0  # seconds: far more than anybody should wait, so that a busy machine is no fault
MOST_EACH, MOST_BESIDE = 15_000, 30_000_000  # bytes of memory a connection, and for all else


@pytest.fixture(scope="module")
def served(tmp_path_factory) -> Iterator[tuple[Hall, int]]:
    """A room with question time and a poll, and the port on which it is served."""
    settings = {"level": "anonymous", "entry": "code", "people": "2", "kinds": "questions,polls"}
    with hall(tmp_path_factory.mktemp("hall"), **settings) as made:
        yield made, made.start()


@pytest.fixture
def memory(served) -> Iterator[Counter[str]]:
    """Fails where the server has grown by more than its connections may take; a test says how many there are."""
    made, port = served
    server, connections = psutil.Process(made.servers[port].pid), Counter(["number"])
    before = server.memory_info().rss
    yield connections
    assert server.memory_info().rss - before < MOST_BESIDE + connections["number"] * MOST_EACH


def come(served: tuple[Hall, int]) -> Phone:
    made, port = served
    phone = Phone(port)
    assert phone.join(made.made["code"]) == 200
    return phone


class Others:
    """People in good order, who go on voting and watching; `longest` is what one of them has waited for."""

    def __init__(self, served: tuple[Hall, int], number: int = 3) -> None:
        self.made, self.longest, self.answers = served[0], 0.0, Counter[int]()
        self._phones = [come(served) for _number in range(number)]
        self._streams = [phone.stream() for phone in self._phones]
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._go_on)

    def __enter__(self) -> Others:
        for stream in self._streams:
            stream.next()
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._stop.set()
        self._thread.join()
        self._see()
        for stream in self._streams:
            stream.close()
        assert set(self.answers) == {200}
        assert self.longest < SOON

    def _go_on(self) -> None:
        for lap in itertools.count():
            for phone in self._phones:
                begun = time.monotonic()
                status, _told = self._vote(phone, str(lap % 3))
                self.answers[status] += 1
                self.longest = max(self.longest, time.monotonic() - begun)
            if self._stop.wait(0.25):  # no more than a browser may send
                break

    def _vote(self, phone: Phone, choice: str) -> tuple[int, dict]:
        activity, run = self.made.made["activities"]["polls"], self.made.made["targets"]["polls"][0]
        return phone.send("answer", activity, run=run, choice=choice)

    def _see(self) -> None:
        """A question that one of them asks is counted on the streams of all.

        Where there are more than a phone shows, which of them stands on it is for the fair order to say.
        """
        there = len(self.made.prepare("count")["texts"])
        begun = time.monotonic()
        assert self._phones[0].question(self.made.made["activities"]["questions"], f"Ser alla {begun}?")[0] == 200
        for stream in self._streams:
            while _number_of_questions(stream) <= there:
                stream.next()
        self.longest = max(self.longest, time.monotonic() - begun)


def _number_of_questions(stream: Stream) -> int:
    """How many questions a phone tells of: those that it shows, and how many more there are."""
    page = "".join(stream.parts.values())
    more = re.search(r"Och (en|\d+) till\.", page)
    return page.count('data-send="like') + (int(more[1].replace("en", "1")) if more else 0)


# --- coming back ------------------------------------------------------------------------------------------------


def test_a_browser_comes_back_soon_and_not_all_at_once(served):
    told = set()
    for _number in range(8):
        stream = come(served).stream()
        stream.next()
        told.add(int(stream.bytes.partition(b"retry: ")[2].split()[0]))
        stream.close()
    assert len(told) > 1
    assert max(told) <= 3_000  # milliseconds: with the time to connect, less than five seconds


def test_when_all_come_back_at_the_same_moment_all_are_let_in(served, memory):
    made, port = served
    memory["number"] = MANY
    tickets = made.prepare("tickets", str(MANY))["tickets"]

    async def open_one(ticket: str) -> asyncio.StreamWriter:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        head = f"GET /live/r/{made.made['room']}/stream?view=phone&lang=sv HTTP/1.1\r\nHost: localhost:{port}\r\n"
        writer.write(f"{head}Cookie: ticket={ticket}\r\n\r\n".encode())
        assert (await reader.readline()).split()[1] == b"200"
        await reader.readuntil(b"event: show\ndata: ")
        assert b'"all":true' in await reader.readuntil(b"\n\n")
        return writer

    async def come_twice() -> None:
        for _time in range(2):
            begun = time.monotonic()
            writers = await asyncio.gather(*(open_one(ticket) for ticket in tickets))
            assert time.monotonic() - begun < SOON * max(1, MANY / 1_000)
            for writer in writers:
                writer.transport.abort()  # as when the network is gone: no goodbye

    with Others(served):
        asyncio.run(come_twice())


# --- those who do it wrong --------------------------------------------------------------------------------------


def test_who_reads_slowly_holds_up_nobody_and_gets_the_newest_in_the_end(served, memory):
    made, port = served
    slow = [_unread(made, port) for _number in range(30)]
    memory["number"] = len(slow)
    streams = [come(served).stream() for _number in range(10)]
    for stream in streams:
        stream.next()
    for number in range(40):
        come(served).question(made.made["activity"], f"{number}: " + "lång fråga " * 45)
        for stream in streams:
            stream.until(f"{number}: ")
    for one in slow:
        _read_until(one, b"39: ")
        one.close()
    for stream in streams:
        stream.close()


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


def _read_until(one: socket.socket, wanted: bytes) -> None:
    one.settimeout(20)
    tail = b""
    while wanted not in tail:
        part = one.recv(65536)
        assert part, "the stream has ended"
        tail = tail[-len(wanted) :] + part


def test_half_a_request_holds_up_nobody(served, memory):
    made, port = served
    memory["number"] = MANY
    ticket = come(served).cookies["ticket"]
    head = f"POST /live/r/{made.made['room']}/send HTTP/1.1\r\nHost: localhost:{port}\r\n"
    whole = f"{head}Origin: http://localhost:{port}\r\nCookie: ticket={ticket}\r\nContent-Length: 500\r\n\r\n"
    halves = [b"", head.encode(), f"{whole}activity=".encode()]
    with contextlib.ExitStack() as opened, Others(served):
        for number in range(MANY):
            one = opened.enter_context(socket.create_connection(("127.0.0.1", port), timeout=20))
            one.sendall(halves[number % len(halves)])


def test_what_was_cut_off_on_its_way_is_not_taken(served):
    made, port = served
    phone = come(served)
    body = f"activity={made.made['activity']}&do=ask&key={phone.key}&post_key={'a' * 32}&text=Vem+tar+emot+en+halv"
    head = (
        f"POST {phone.room}send HTTP/1.1\r\nHost: localhost:{port}\r\nOrigin: http://localhost:{port}\r\n"
        f"Cookie: ticket={phone.cookies['ticket']}\r\nContent-Length: {len(body) + 20}\r\n\r\n"
    )
    with socket.create_connection(("127.0.0.1", port)) as one:
        one.sendall((head + body).encode())
    with Others(served):  # a question of theirs comes after it, and is there
        pass
    assert "Vem tar emot en halv" not in made.prepare("count")["texts"]


def test_a_flood_from_one_browser_is_held_back_and_the_others_notice_nothing(served, memory):
    made, port = served
    phone, answers = come(served), Counter[int]()

    def pour(number: int) -> None:
        connection = phone.connection()
        headers = {"Host": f"localhost:{port}", "Origin": f"http://localhost:{port}", "Accept": "application/json"}
        headers |= {"Cookie": f"ticket={phone.cookies['ticket']}", "Content-Type": "application/x-www-form-urlencoded"}
        for turn in range(MANY // 8):
            body = f"activity={made.made['activity']}&do=ask&key={phone.key}&post_key={number:02x}{turn:030x}"
            connection.request("POST", f"{phone.room}send", f"{body}&text=Flod+{number}+{turn}", headers)
            answer = connection.getresponse()
            answer.read()
            answers[answer.status] += 1
        connection.close()

    begun = time.monotonic()
    with Others(served):
        threads = [threading.Thread(target=pour, args=(number,)) for number in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    lasted = time.monotonic() - begun
    assert sum(answers.values()) == MANY // 8 * 8
    assert set(answers) == {200, 429}
    assert 30 <= answers[200] <= 31 + 5 * lasted
    stored = [text for text in made.prepare("count")["texts"] if text.startswith("Flod ")]
    assert len(stored) == answers[200]


def test_one_browser_has_no_more_than_six_streams(served):
    phone = come(served)
    streams = [phone.stream() for _number in range(8)]
    assert [stream.status for stream in streams] == [200] * 6 + [503] * 2
    for stream in streams:
        stream.close()

"""Many people in one room: their phones, the streams that they hold, and everything that those have shown."""

from __future__ import annotations

import contextlib
import json
import re
import selectors
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from html import unescape
from typing import Any, TypeVar

from tests.live.serving import Phone, Stream

HANDS = 32  # that send at the same moment
PATIENCE = 60  # seconds until something has to be there
_AT_ONCE = 1 << 20
_TAGS = re.compile(r"<[^>]*>")
T = TypeVar("T")


@dataclass
class Event:
    """Something that a stream showed: to all who read the same view and language it is the same, byte for byte."""

    raw: bytes
    first: float  # when it came to the first of them, by `time.monotonic`

    def parts(self) -> dict[str, str]:
        return dict(json.loads(self.raw)["parts"])

    def words(self) -> str:
        """What a person reads in it."""
        return unescape(_TAGS.sub(" ", " ".join(self.parts().values())))


@dataclass
class Held:
    """One open stream, and which events came over it."""

    stream: Stream
    rest: bytes = b""
    came: list[int] = field(default_factory=list)
    ended: bool = False


class Ears:
    """Holds many streams open and keeps each different event once; one thread reads them all."""

    def __init__(self) -> None:
        self.events: list[Event] = []
        self.held: list[Held] = []
        self._numbers: dict[bytes, int] = {}
        self._selector = selectors.DefaultSelector()
        self._news = threading.Condition()
        self._stop = False
        self._thread = threading.Thread(target=self._listen, daemon=True)
        self._thread.start()

    def hold(self, phones: Iterable[Phone], view: str = "phone") -> None:
        """Open the stream of each phone and keep it."""
        for phone in phones:
            stream = phone.stream(view)
            assert stream.status == 200, stream.status
            stream.socket.setblocking(False)
            held = Held(stream)
            with self._news:
                self.held.append(held)
            self._read(held)  # what came together with the head
            self._selector.register(stream.socket, selectors.EVENT_READ, held)

    def hear(self, *texts: str, since: int = 0) -> None:
        """Until every stream has brought an event, from that number on, which holds one of the texts."""
        wanted = [text.encode() for text in texts]
        fitting: dict[int, bool] = {}

        def fits(number: int) -> bool:
            if number not in fitting:
                fitting[number] = number >= since and any(text in self.events[number].raw for text in wanted)
            return fitting[number]

        with self._news:
            there = self._news.wait_for(lambda: all(any(map(fits, held.came)) for held in self.held), PATIENCE)
        assert there, f"not on every stream within {PATIENCE} s: {texts}"

    def now(self) -> int:
        """The number of the event that comes next."""
        with self._news:
            return len(self.events)

    def showing(self, text: str) -> list[Event]:
        """Every event in which a text stands."""
        return [event for event in list(self.events) if text.encode() in event.raw]

    def close(self) -> None:
        self._stop = True
        self._thread.join()
        for held in self.held:
            held.stream.close()

    def _listen(self) -> None:
        while not self._stop:
            for key, _mask in self._selector.select(0.1):
                self._read(key.data)

    def _read(self, held: Held) -> None:
        found, ended = [], False
        with contextlib.suppress(OSError):
            while (data := held.stream.file.read(_AT_ONCE)) is not None:
                if not data:
                    ended = True
                    break
                *lines, held.rest = (held.rest + data).split(b"\n")
                found += [line[6:] for line in lines if line.startswith(b"data: ")]
        with self._news:
            held.came += [self._number(raw) for raw in found]
            if ended and not held.ended:
                held.ended = True
                with contextlib.suppress(KeyError, ValueError):
                    self._selector.unregister(held.stream.socket)
            if found or ended:
                self._news.notify_all()

    def _number(self, raw: bytes) -> int:
        if raw not in self._numbers:
            self._numbers[raw] = len(self.events)
            self.events.append(Event(raw, time.monotonic()))
        return self._numbers[raw]


class Guest(Phone):
    """Somebody in the room without an account: sends on until it has been taken, and remembers what was."""

    def __init__(self, port: int, language: str = "sv") -> None:
        super().__init__(port, language)
        self.acknowledged: list[tuple[str, str, dict[str, str]]] = []
        self.receipt = ""

    def give(self, do: str, activity: str, *, times: int = 1, **values: str) -> dict[str, Any]:
        """Send until it is taken, as a browser does where the server could not just then; `times`: and once more."""
        until = time.monotonic() + PATIENCE
        for _time in range(times):
            status, told = self.send(do, activity, **values)
            while status in {429, 503} and time.monotonic() < until:
                threading.Event().wait(0.2)
                status, told = self.send(do, activity, **values)
            assert status == 200, (status, told, do, values)
        self.acknowledged.append((do, activity, values))
        self.receipt = told.get("receipt", self.receipt)
        return told


def together(act: Callable[..., T], *rows: Sequence[Any]) -> list[T]:
    """Do it for each row, many at the same moment."""
    with ThreadPoolExecutor(HANDS) as hands:
        return list(hands.map(act, *rows))


def at_once(act: Callable[[Any], T], rows: Sequence[Any]) -> list[T]:
    """Do it for all rows at the very same moment: each has a thread of its own, and waits for all the others."""
    gate = threading.Barrier(len(rows))

    def go(row: Any) -> T:
        gate.wait(PATIENCE)
        return act(row)

    with ThreadPoolExecutor(len(rows)) as hands:
        return list(hands.map(go, rows))

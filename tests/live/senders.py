"""People who send on and on to a room that may be killed, and browsers that come back to it."""

from __future__ import annotations

import contextlib
import itertools
import secrets
import threading
import time
from collections import Counter
from typing import Any

from tests.live.serving import Hall, Phone, Stream

KINDS = ("polls", "dialogue", "like", "questions", "board")
_HELD_BACK = 0.2  # seconds that a browser waits when it is told that it sends too much


class Sender:
    """Somebody who sends of each kind in turn, and remembers what was acknowledged.

    What was not is sent again, the same, before anything else; as a browser does. Who votes changes their mind once, so
    that a vote that is taken twice, or in the wrong order, shows.
    """

    def __init__(self, made: Hall, port: int, number: int, question: str) -> None:
        self.made, self.number, self.question = made, number, question
        self.phone = Phone(port)
        self.texts: dict[str, list[str]] = {"questions": [], "board": []}
        self.said: dict[str, dict[tuple[str, str], str]] = {"polls": {}, "dialogue": {}, "like": {}}
        self.acknowledged = 0
        self._turns = itertools.count()
        self._open: tuple[str, dict[str, str]] | None = None
        self._key = ""

    def join(self) -> None:
        self.phone.join(self.made.made["code"])

    def go_on(self, stop: threading.Event) -> None:
        """Send until told to stop, or until the server is gone."""
        with contextlib.suppress(OSError):
            self.join()
            while not stop.is_set():
                self._send(stop)

    def finish(self) -> None:
        """Come back, and send what has not been acknowledged."""
        self.join()
        while self._open is not None:
            self._send(threading.Event())

    def _send(self, stop: threading.Event) -> None:
        if self._open is None:
            self._open = self._next()
        kind, values = self._open
        activity = self.made.made["activities"]["questions" if kind == "like" else kind]
        status, told = self.phone.send(_DO[kind], activity, **values)
        if status == 200:
            self._note(kind, values)
            self._open = None
        elif status in {429, 503}:
            stop.wait(_HELD_BACK)
        else:
            raise AssertionError((status, told, values))

    def _next(self) -> tuple[str, dict[str, str]]:
        turn = next(self._turns)
        kind, lap = KINDS[turn % len(KINDS)], turn // len(KINDS)
        targets: dict[str, list[str]] = self.made.made["targets"]
        if kind in self.texts:
            text = f"{kind} {lap} av {self.number}"
            more = {"column": targets["board"][0]} if kind == "board" else {}
            return kind, {"text": text, "post_key": secrets.token_hex(16), **more}
        if not lap % 2 and kind == "polls":
            self._key = secrets.token_hex(16)  # the same key says something else in the next lap
        said = str(1 - lap % 2)
        if kind == "polls":
            return kind, {"key": self._key, "run": targets["polls"][0], "choice": said}
        if kind == "dialogue":
            return kind, {"key": self._key, "statement": targets["dialogue"][lap // 2 % 5], "value": said}
        return kind, {"key": self._key, "question": self.question, "on": said}

    def _note(self, kind: str, values: dict[str, str]) -> None:
        self.acknowledged += 1
        if kind in self.texts:
            self.texts[kind].append(values["text"])
            return
        on, said = _WHERE[kind]
        self.said[kind][values[on], values["key"]] = values[said]


_DO = {"polls": "answer", "dialogue": "vote", "like": "like", "questions": "ask", "board": "write"}
_WHERE = {"polls": ("run", "choice"), "dialogue": ("statement", "value"), "like": ("question", "on")}


def missing_or_twice(senders: list[Sender], stored: dict[str, Any]) -> dict[str, Any]:
    """What was acknowledged and is not there once, and what is there and was never acknowledged; nothing is right."""
    wrong: dict[str, Any] = {}
    for kind, name in (("questions", "texts"), ("board", "cards")):
        sent = Counter(text for sender in senders for text in sender.texts[kind])
        found = Counter(stored[name])
        found.subtract(sent)
        wrong |= {f"{kind}: {text}": number for text, number in found.items() if number}
    for kind, name in (("polls", "answers"), ("dialogue", "stands"), ("like", "likes")):
        said = {key: value for sender in senders for key, value in sender.said[kind].items()}
        rows = [((on, key), _as_sent(kind, value)) for on, key, value in stored[name]]
        there = dict(rows)
        if len(there) < len(rows):
            wrong[f"{kind}: twice"] = len(rows) - len(there)
        for key in {*said, *there}:
            if said.get(key) != there.get(key):
                wrong[f"{kind}: {key}"] = said.get(key), there.get(key)
    return wrong


def _as_sent(kind: str, value: Any) -> str:
    return str(int(value).bit_length() - 1) if kind == "polls" else str(int(value))


class Browser:
    """A page that is open: when its stream ends it waits as long as it was told to, and opens it again."""

    def __init__(self, phone: Phone) -> None:
        self._phone = phone
        self._stop = threading.Event()
        self._there = threading.Event()
        self.since = 0.0
        self._thread = threading.Thread(target=self._stay, daemon=True)
        self._thread.start()

    def wait_until_there(self, seconds: float) -> float:
        """When the stream that is open now showed something; in seconds of `time.monotonic`."""
        assert self._there.wait(seconds), "the stream is not back"
        return self.since

    def wait_until_gone(self, seconds: float) -> None:
        until = time.monotonic() + seconds
        while self._there.is_set():
            assert time.monotonic() < until, "the stream has not ended"
            self._stop.wait(0.01)

    def close(self) -> None:
        self._stop.set()

    def _stay(self) -> None:
        retry = 1.0
        while not self._stop.is_set():
            with contextlib.suppress(OSError, EOFError, ValueError, IndexError):
                stream = Stream(self._phone)
                stream.next()
                retry = int(stream.bytes.partition(b"retry: ")[2].split()[0]) / 1000
                self.since = time.monotonic()
                self._there.set()
                stream.read_to_the_end()
            self._there.clear()
            self._stop.wait(retry)

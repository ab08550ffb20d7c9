"""A full room: how long 2,500 people take to come in, and how soon all of them see a vote.

    python benchmarks/live/crowd.py [sqlite|postgresql] [PEOPLE]

The product alone on one core, the people on another (crowd.c). In a poll whose figures are shown as they come, 50 votes
a second: while PEOPLE open the code within ten seconds; then with as many streams open, and a screen and a desk, in an
anonymous poll (where five make a figure move) and in one with names. Loopback only; ends by itself.

How busy the people's program was is printed beside each figure: where it had little time left, or votes left late, the
times are partly its own, and too long.
"""

from __future__ import annotations

import json
import os
import secrets
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from fanout import _cpu

from tests.live.conftest import drop, postgresql
from tests.live.serving import Hall, hall

HERE = Path(__file__).resolve().parent
RATE, BEFORE, COMING, VOTING = 50, 10, 10, 20  # votes a second; seconds
THERE = 250  # people who are in the room already while the others come
MOST_JOINING, MOST_SHOWN = 2_000, 800  # milliseconds
MOST_LATE, MOST_BUSY = 50, 0.7  # of the people's own program
WITHOUT_FIGURES = 1  # the desk


def main() -> int:
    """Print the figures; 1 where a bound does not hold."""
    database = sys.argv[1] if len(sys.argv) > 1 else "sqlite"
    people = int(sys.argv[2]) if len(sys.argv) > 2 else 2_500
    print(f"{database}, {people} people, {RATE} votes a second; milliseconds")
    held = [_run(database, people, level) for level in ("anonymous", "named")]
    print(f"  load of the machine in the last five minutes: {os.getloadavg()[1]:.1f}, on {os.cpu_count()} cores")
    return 0 if all(held) else 1


def _run(database: str, people: int, level: str) -> bool:
    url = postgresql() if database == "postgresql" else ""
    anonymous = level == "anonymous"
    entry, staff = ("code", 6) if anonymous else ("audience", RATE * VOTING)
    try:
        with tempfile.TemporaryDirectory() as folder:
            subprocess.run(["gcc", "-O2", "-o", f"{folder}/crowd", str(HERE / "crowd.c")], check=True)
            settings = {"level": level, "entry": entry, "people": str(staff), "kinds": "polls"}
            with hall(Path(folder), database_url=url, **settings) as made:
                room = Room(made, made.start(), anonymous=anonymous)
                held = True
                if anonymous:
                    told = room.measure(THERE, votes=RATE * (BEFORE + COMING), before=BEFORE, coming=people)
                    held = _tell_coming(told, people)
                told = room.measure(people, votes=RATE * VOTING, before=VOTING)
                return _tell_shown(told, level, five=anonymous) and held
    finally:
        if url:
            drop(url)


class Room:
    """The room, served on one core."""

    def __init__(self, made: Hall, port: int, *, anonymous: bool) -> None:
        self._made, self._port, self._anonymous = made, port, anonymous
        self._pid = made.servers[port].pid
        subprocess.run(["taskset", "-acp", "0", str(self._pid)], check=True, stdout=subprocess.DEVNULL)

    def measure(self, streams: int, *, votes: int, before: int, coming: int = 0) -> dict[str, Any]:
        """What crowd.c tells of so many streams and votes, `coming` people after `before` seconds."""
        folder, made = self._made.folder, self._made
        (folder / "votes").write_text(self._votes(votes))
        (folder / "streams").write_text(self._streams(streams))
        during = votes / RATE - before
        numbers = [str(self._port), str(RATE), str(before), str(during)]
        files = [str(folder / "votes"), str(folder / "streams")]
        command = ["taskset", "-c", "1", str(folder / "crowd"), *numbers, *files, made.made["code"], str(coming)]
        running = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert running.stdout is not None
        if not running.stdout.readline().startswith("ready"):
            raise SystemExit("the streams did not open")
        begun = _cpu(self._pid)
        told: dict[str, Any] = json.loads(running.stdout.read())
        if running.wait():
            raise SystemExit("the people's program failed")
        return {**told, "server": _cpu(self._pid) - begun}

    def _votes(self, number: int) -> str:
        """Everybody's first answer: each has a ticket, and a key or a person, of their own."""
        path, made = f"/live/r/{self._made.made['room']}/send", self._made.made
        tickets = self._made.prepare("tickets", str(number), "" if self._anonymous else "each")["tickets"]
        rows = []
        for place, ticket in enumerate(tickets):
            values = {"activity": made["activity"], "do": "answer", "run": made["targets"]["polls"][0]}
            body = urlencode({**values, "key": secrets.token_hex(16), "choice": str(place % 3)})
            rows.append(
                f"POST {path} HTTP/1.1\r\nHost: localhost:{self._port}\r\nOrigin: http://localhost:{self._port}\r\n"
                f"Cookie: ticket={ticket}\r\nAccept: application/json\r\nConnection: close\r\n"
                f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n\r\n{body}"
            )
        return "\n%%\n".join(rows)

    def _streams(self, number: int) -> str:
        """Phones, one in ten of them in English; the screen; the desk."""
        told = self._made.prepare("tickets", str(number), "" if self._anonymous else str(self._made.made["people"][3]))
        views = [(ticket, "phone", "en" if place % 10 == 9 else "sv") for place, ticket in enumerate(told["tickets"])]
        desk = self._made.prepare("tickets", "2", str(self._made.made["people"][0]), "desk")["tickets"]
        views += [(desk[0], "screen", "sv"), (desk[1], "desk", "sv")]
        path = f"/live/r/{self._made.made['room']}/stream"
        return "\n%%\n".join(
            f"GET {path}?view={view}&lang={language} HTTP/1.1\r\nHost: localhost:{self._port}\r\n"
            f"Cookie: ticket={ticket}\r\n\r\n"
            for ticket, view, language in views
        )


def _tell_coming(told: dict[str, Any], people: int) -> bool:
    joins, before, during = told["joins"], told["before"], told["during"]
    print(f"  {people} open the code within {COMING} s, {THERE} are there, votes go on")
    print(f"    in the room      p50 {joins['p50']:7.1f}  p95 {joins['p95']:7.1f}  most {joins['most']:7.1f}")
    for when, some in (("before", before), ("meanwhile", during)):
        print(f"    a vote {when:9} p50 {some['p50']:7.1f}  p95 {some['p95']:7.1f}  most {some['most']:7.1f}")
    ok = _trust(told) and joins["number"] == people
    ok = _bound("p95 of coming in", joins["p95"], MOST_JOINING) and ok
    return _bound("p99 of the last of those there who sees a vote", told["last_five"]["p99"], MOST_SHOWN) and ok


def _tell_shown(told: dict[str, Any], level: str, *, five: bool) -> bool:
    every, last = told["shown_five" if five else "shown"], told["last_five" if five else "last"]
    which = "a vote that completes five" if five else "a vote"
    print(f"  {level} poll, {told['streams']} streams: from {which} to who sees it")
    print(f"    any of them      p50 {every['p50']:7.1f}  p99 {every['p99']:7.1f}  ({every['number']} sights)")
    print(f"    the last of them p50 {last['p50']:7.1f}  p99 {last['p99']:7.1f}  most {last['most']:7.1f}")
    print(f"    the vote's answer p50 {told['before']['p50']:6.1f}  p95 {told['before']['p95']:7.1f}")
    ok = _trust(told) and last["number"] > 0
    return _bound("p99 of the last who sees it", last["p99"], MOST_SHOWN) and ok


def _trust(told: dict[str, Any]) -> bool:
    """Say how busy both sides were; whether everything was taken and shown.

    Times count from when something was due, so a program that is late makes them longer, never shorter.
    """
    late, busy = told["late"]["p99"], told["busy"]
    behind = told["behind"] - WITHOUT_FIGURES
    print(f"    the people's program: {busy:.0%} of its core, votes left {late:.1f} late (p99); ", end="")
    print(f"refused {told['refused']}, closed {told['closed']}, behind {behind}; server {told['server']:.1f} s CPU")
    if late > MOST_LATE or busy > MOST_BUSY:
        print("    too busy: all times are longer than the server's own; what misses a bound here says little")
    return not (told["refused"] or told["closed"] or behind > 0)


def _bound(what: str, found: float, most: float) -> bool:
    print(f"    {what}: {found:.0f} (at most {most})")
    return found <= most


if __name__ == "__main__":
    raise SystemExit(main())

"""How many are in a room is told to the source: seldom, and only while more come."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

import pytest

from samsyn.live import registry, rooms
from samsyn.live.presence import Presence
from samsyn.live.registry import PHONE, Room
from samsyn.live.rooms import LiveRoom
from samsyn.live.threads import DatabaseThread

pytestmark = pytest.mark.django_db


class Noting:
    """A source that remembers what it was told, and fails as often as it is asked to."""

    def __init__(self, fails: int = 0) -> None:
        self.told: list[int] = []
        self._fails = fails

    def render(self, room_id: int, view: str, language: str, present: int) -> Mapping[str, str]:
        return {"body": f"<p>{present}</p>"}

    def note_presence(self, room_id: int, present: int) -> None:
        if self._fails:
            self._fails -= 1
            raise RuntimeError("busy")
        self.told.append(present)


def come_and_go(source: Noting, numbers: list[int], monkeypatch, *, is_open: bool = True) -> list[int]:
    """Let so many be there, one number after another; what the source was told."""
    monkeypatch.setattr(registry, "_source", [source])
    monkeypatch.setattr(rooms, "_NOTED", 0.02)
    monkeypatch.setattr(rooms, "EVERY", 0.01)

    async def run() -> None:
        reads = DatabaseThread("reads")
        room = LiveRoom(Room(1, "ABCDEF", is_open, True, 0, frozenset(), "/", "/"), reads, reads, Presence())
        for number in numbers:
            room.made_up = number
            room.changed()
            await room.shown((PHONE, "sv"))
            await asyncio.sleep(0.1)
        room.stop()
        reads.stop()

    asyncio.run(run())
    return source.told


def test_only_more_than_ever_is_told(monkeypatch):
    assert come_and_go(Noting(), [0, 5, 5, 3, 8, 2], monkeypatch) == [5, 8]


def test_a_room_that_is_shut_tells_nothing(monkeypatch):
    assert come_and_go(Noting(), [5], monkeypatch, is_open=False) == []


def test_what_could_not_be_noted_is_told_again(monkeypatch):
    assert come_and_go(Noting(fails=1), [5, 5], monkeypatch) == [5]

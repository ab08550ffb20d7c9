"""The hub of a process: its rooms, its intake, and what it hears from elsewhere."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Coroutine
from typing import Any

from samsyn.live import bus, crowd, registry
from samsyn.live.intake import Intake
from samsyn.live.presence import Presence
from samsyn.live.registry import Room
from samsyn.live.rooms import LiveRoom
from samsyn.live.threads import DatabaseThread

_UNUSED = 300.0  # seconds after which a room that nobody looks at is let go
_MISSED = 5.0  # so long a code that opens nothing is remembered
_MOST_MISSED = 10_000


class Hub:
    """Made in the event loop that it lives in."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self.reads = DatabaseThread("reads")
        self.slow = DatabaseThread("slow", nice=10)
        self.intake = Intake()
        self.rooms: dict[int, LiveRoom] = {}
        self._presence = Presence()
        self._codes: dict[str, tuple[float, int]] = {}  # code: until when, and the room's id or 0
        self._loading: dict[int, asyncio.Task[LiveRoom | None]] = {}
        bus.attach(self._hear)
        self._listener = bus.Listener(self._hear)

    @property
    def streams(self) -> int:
        """How many streams are open in all rooms."""
        return sum(room.streams for room in self.rooms.values())

    async def room(self, room_id: int) -> LiveRoom | None:
        """A room by its id; None where there is none."""
        found = self.rooms.get(room_id)
        if found is not None:
            return found
        loading = self._loading.get(room_id)
        if loading is None:
            loading = self._loading[room_id] = asyncio.create_task(self._load(room_id))
            loading.add_done_callback(lambda _done: self._loading.pop(room_id, None))
        return await asyncio.shield(loading)

    async def room_of_code(self, code: str) -> LiveRoom | None:
        """The room that a cleaned code opens; None where it opens none. Remembered for a few seconds."""
        until, room_id = self._codes.get(code, (0.0, 0))
        if time.monotonic() > until:
            room = await self.reads.run(lambda: registry.source().find(code))
            room_id = room.id if room else 0
            if len(self._codes) > _MOST_MISSED:
                self._codes.clear()
            self._codes[code] = (time.monotonic() + _MISSED, room_id)
        return await self.room(room_id) if room_id else None

    async def _load(self, room_id: int) -> LiveRoom | None:
        room = await self.reads.run(lambda: registry.source().read(room_id))
        if room is None:
            return None
        self._let_unused_go()
        made = self.rooms[room_id] = LiveRoom(room, self.reads, self.intake.thread, self._presence)
        return made

    def _let_unused_go(self) -> None:
        now = time.monotonic()
        for room_id, room in list(self.rooms.items()):
            if not room.streams and now - room.last_used > _UNUSED:
                room.stop()
                del self.rooms[room_id]

    # --- what is heard ------------------------------------------------------------------------------------------

    def _hear(self, message: str) -> None:
        """From any thread."""
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._act_on, message)

    def _act_on(self, message: str) -> None:
        kind, number = message[:1], message[1:]
        if message == "all":
            for room in self.rooms.values():
                self._look_again(room)
        elif not number.isdigit():
            return
        elif kind == "a":
            for room in self.rooms.values():
                if int(number) in room.room.activities:
                    room.changed()
        elif kind == "r" and int(number) in self.rooms:
            self._look_again(self.rooms[int(number)])
        elif kind == "c":
            _keep(self._crowd(int(number)))
        elif kind == "p":
            for room in self.rooms.values():
                room.close_streams(int(number))

    def _look_again(self, room: LiveRoom) -> None:
        _keep(self._read_again(room))

    async def _crowd(self, room_id: int) -> None:
        room = await self.room(room_id)
        if room is not None and room.room.synthetic and not room.made_up:
            await crowd.come(room, self.intake.take, self.reads.run)

    async def _read_again(self, room: LiveRoom) -> None:
        before = room.room
        now: Room | None = await self.reads.run(lambda: registry.source().read(before.id))
        if now is None:
            room.close_streams()
            room.stop()
            self.rooms.pop(before.id, None)
            return
        room.room = now
        self._codes.pop(before.code, None)
        room.changed()
        if now.epoch != before.epoch:
            room.close_streams()

    def stop(self) -> None:
        """End all streams and finish what is being written."""
        bus.detach(self._hear)
        self._listener.stop()
        for room in self.rooms.values():
            room.close_streams()
            room.stop()
        self.intake.stop()
        self.reads.stop()
        self.slow.stop()


_tasks: set[asyncio.Task[None]] = set()


def _keep(work: Coroutine[Any, Any, None]) -> None:
    """Do it beside everything else."""
    task = asyncio.create_task(work)
    _tasks.add(task)
    task.add_done_callback(_tasks.discard)

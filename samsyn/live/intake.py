"""Group commit: what queued while the last commit ran goes into the next transaction; the answer leaves after it."""

from __future__ import annotations

import asyncio
import logging
from collections import defaultdict
from collections.abc import Sequence

from django.db import OperationalError, transaction

from samsyn.live import registry
from samsyn.live.sendings import Sending, Taken
from samsyn.live.threads import DatabaseThread

MOST_AT_ONCE = 500  # rows in one transaction: none may last longer than 200 ms
MOST_WAITING = 20_000
BUSY = Taken(again=True)
_TRIES = 3
logger = logging.getLogger(__name__)

_Waiting = tuple[int, Sending, "asyncio.Future[Taken]"]


class Intake:
    """Takes sendings one by one and writes them together."""

    def __init__(self) -> None:
        self.thread = DatabaseThread("writes")
        self._queue: list[_Waiting] = []
        self._task: asyncio.Task[None] | None = None

    async def take(self, room: int, sending: Sending) -> Taken:
        """Give a sending to the next transaction and wait until it has been committed."""
        if len(self._queue) >= MOST_WAITING:
            return BUSY
        answer: asyncio.Future[Taken] = asyncio.get_running_loop().create_future()
        self._queue.append((room, sending, answer))
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._write())
        return await answer

    async def _write(self) -> None:
        """Commit until nothing waits. No deliberate wait: the first one goes at once, alone if it is alone."""
        while self._queue:
            now, self._queue = self._queue[:MOST_AT_ONCE], self._queue[MOST_AT_ONCE:]
            pairs = [(room, sending) for room, sending, _answer in now]
            try:
                taken = await self.thread.run(lambda pairs=pairs: commit(pairs))  # type: ignore[misc]
            except asyncio.CancelledError:  # the server ends; who sent it sends it again to the next
                taken = [BUSY] * len(now)
            except Exception:
                logger.exception("sendings could not be written")
                taken = [BUSY] * len(now)
            for (_room, _sending, answer), one in zip(now, taken, strict=True):
                if not answer.done():
                    answer.set_result(one)

    def stop(self) -> None:
        """Finish the commit that runs."""
        self.thread.stop()


def commit(pairs: Sequence[tuple[int, Sending]]) -> list[Taken]:
    """Take sendings of several rooms in one transaction. Where the database stays busy, none is taken."""
    by_room: dict[int, list[int]] = defaultdict(list)
    for place, (room, _sending) in enumerate(pairs):
        by_room[room].append(place)
    for room, places in by_room.items():
        registry.source().admit(room, [pairs[place][1] for place in places])
    for left in reversed(range(_TRIES)):
        try:
            return _commit_once(pairs, by_room)
        except OperationalError:
            if not left:
                return [BUSY] * len(pairs)
    raise AssertionError


def _commit_once(pairs: Sequence[tuple[int, Sending]], by_room: dict[int, list[int]]) -> list[Taken]:
    taken: list[Taken] = [BUSY] * len(pairs)
    with transaction.atomic():
        for room, places in by_room.items():
            for place, one in zip(places, _take(room, [pairs[place][1] for place in places]), strict=True):
                taken[place] = one
    return taken


def _take(room: int, sendings: list[Sending]) -> list[Taken]:
    """What one room sent. A fault in our own code costs the one sending that it lies in."""
    try:
        with transaction.atomic():
            return registry.source().take(room, sendings)
    except OperationalError:
        raise
    except Exception:
        if len(sendings) == 1:
            logger.exception("a sending could not be taken")
            return [Taken(error="500")]
    middle = len(sendings) // 2
    return _take(room, sendings[:middle]) + _take(room, sendings[middle:])

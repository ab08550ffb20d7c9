"""Made-up people in the room of a rehearsal: they come in at human pace and send what anybody might.

Where one looks alone, the room is full. They exist in this process alone; what they send takes the same way as
everything else, and only the room of a rehearsal has them (the source sees to it).
"""

from __future__ import annotations

import asyncio
import logging
import random
import secrets
from collections.abc import Awaitable, Callable

from samsyn.live import registry
from samsyn.live.rooms import LiveRoom
from samsyn.live.sendings import Sending, Taken

PEOPLE = 60
_COMES_EVERY = (0.2, 1.6)  # seconds
_SENDS_EVERY = (4.0, 25.0)
_STAYS = 15 * 60.0
logger = logging.getLogger(__name__)

Take = Callable[[int, Sending], Awaitable[Taken]]
Run = Callable[[Callable[[], Sending | None]], Awaitable[Sending | None]]


async def come(room: LiveRoom, take: Take, run: Run, people: int = PEOPLE) -> None:
    """Let people come in one by one, and stay for a while."""
    chance = random.Random(room.room.id)
    tasks = []
    try:
        for _number in range(people):
            await asyncio.sleep(chance.uniform(*_COMES_EVERY))
            tasks.append(asyncio.create_task(_stay(room, take, run, random.Random(chance.random()))))
        await asyncio.sleep(_STAYS)
    finally:
        for task in tasks:
            task.cancel()


async def _stay(room: LiveRoom, take: Take, run: Run, chance: random.Random) -> None:
    key = secrets.token_hex(16)
    room.made_up += 1
    room.count_soon()
    try:
        while True:
            await asyncio.sleep(chance.uniform(*_SENDS_EVERY))
            sending = await run(lambda: registry.source().improvise(room.room.id, key, chance))
            if sending is not None:
                await take(room.room.id, sending)
    except Exception:
        logger.exception("somebody made up could not go on")
    finally:
        room.made_up -= 1
        room.count_soon()

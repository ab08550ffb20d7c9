"""The threads of the hub, and what asks them for something when the server stops."""

from __future__ import annotations

import asyncio

import pytest

from samsyn.live.intake import BUSY, Intake
from samsyn.live.sendings import Sending, Taken
from samsyn.live.threads import DatabaseThread


async def _ask_after_stopping() -> list[str]:
    said: list[str] = []
    asyncio.get_running_loop().set_exception_handler(lambda _loop, context: said.append(context["message"]))
    thread = DatabaseThread("test")
    assert await thread.run(lambda: 7) == 7
    thread.stop()
    task = asyncio.create_task(thread.run(lambda: 8))
    await asyncio.wait([task])
    assert task.cancelled()
    del task
    thread.stop()  # twice is the same as once
    return said


@pytest.mark.django_db
def test_what_is_asked_after_the_stop_ends_quietly():
    assert asyncio.run(_ask_after_stopping()) == []


async def _send_after_stopping() -> Taken:
    intake = Intake()
    intake.stop()
    return await intake.take(1, Sending(1, "vote", {}, "k" * 32))


@pytest.mark.django_db
def test_what_is_sent_after_the_stop_is_to_be_sent_again():
    assert asyncio.run(_send_after_stopping()) is BUSY

"""Threads in which the hub uses the database: one that reads, one that writes."""

from __future__ import annotations

import asyncio
import os
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TypeVar

from django.db import close_old_connections, connections

Result = TypeVar("Result")


class DatabaseThread:
    """One thread with a database connection of its own."""

    def __init__(self, name: str, *, nice: int = 0) -> None:
        step_back = partial(_step_back, nice) if nice else None
        self._executor = ThreadPoolExecutor(1, thread_name_prefix=f"live-{name}", initializer=step_back)
        self._stopped = False

    async def run(self, work: Callable[[], Result]) -> Result:
        """Do the work there, and wait for it. After `stop` whoever asks is cancelled: the server ends."""
        if self._stopped:
            raise asyncio.CancelledError
        return await asyncio.get_running_loop().run_in_executor(self._executor, _with_connection, work)

    def stop(self) -> None:
        """Finish what has begun; nothing more is taken. Twice is the same as once."""
        if self._stopped:
            return
        self._stopped = True
        self._executor.submit(connections.close_all)
        self._executor.shutdown(wait=True)


def _step_back(nice: int) -> None:
    """Let the other threads go first, where the system knows threads (Linux)."""
    if sys.platform == "linux":
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), nice)


def _with_connection(work: Callable[[], Result]) -> Result:
    close_old_connections()
    return work()

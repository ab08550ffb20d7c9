"""What the worker process does over and over: a task if one waits, else duties, the reaper, a short rest."""

from __future__ import annotations

import datetime as dt
import logging
import os
import secrets
import signal
import time

from django.db import InterfaceError, OperationalError, close_old_connections, connection
from django_tasks_db.management.commands import db_worker
from django_tasks_db.models import DBTaskResult

from samsyn.jobs import duties, housekeeping
from samsyn.jobs.running import Stop

DUTIES_EVERY = 20.0
_REST_AFTER_TROUBLE = 5.0
logger = logging.getLogger(__name__)


class Loop:
    """One worker."""

    def __init__(
        self, *, parent: int | None, interval: float, stale_after: float, heartbeat_every: float, until_empty: bool
    ) -> None:
        self._parent, self._interval, self._until_empty = parent, interval, until_empty
        self._stale_after = dt.timedelta(seconds=stale_after)
        self._reap_every = stale_after / 4
        self._next: dict[str, float] = {}
        self._name = secrets.token_hex(8)
        Stop.asked, Stop.heartbeat_every = False, heartbeat_every

    def run(self) -> None:
        """Go on until asked to stop."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._stop)
        while not self._over():
            try:
                close_old_connections()
                worked = self._turn()
            except (OperationalError, InterfaceError) as error:
                logger.error("worker: %s", type(error).__name__)
                connection.close()
                time.sleep(min(_REST_AFTER_TROUBLE, self._interval * 10))
                continue
            if not worked and self._until_empty:
                break
            if not worked and not self._over():
                time.sleep(self._interval)
        connection.close()

    def _stop(self, _number: int, _frame: object) -> None:
        Stop.asked = True

    def _over(self) -> bool:
        return Stop.asked or (self._parent is not None and os.getppid() != self._parent)

    def _turn(self) -> bool:
        if self._is_time("reap", self._reap_every):
            housekeeping.reap(stale_after=self._stale_after)
        if self._is_time("duties", DUTIES_EVERY):
            duties.run_due()
        if not DBTaskResult.objects.ready().exists():
            return False
        worker = db_worker.Worker(
            queue_names=["*"],
            interval=0,
            batch=True,
            backend_name="default",
            startup_delay=False,
            max_tasks=1,
            worker_id=self._name,
            excluded_queue_names=[],
        )
        worker.run()
        return True

    def _is_time(self, what: str, every: float) -> bool:
        now = time.monotonic()
        if now < self._next.get(what, 0.0):
            return False
        self._next[what] = now + every
        return True

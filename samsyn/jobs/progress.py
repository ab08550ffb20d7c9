"""How a job tells how far it has come, and hears that it should end."""

from __future__ import annotations

import time
from collections.abc import Callable

from samsyn.core.texts import LangText
from samsyn.jobs.errors import CancelledError, LostError, StoppedError
from samsyn.jobs.models import Job
from samsyn.jobs.registry import real_now
from samsyn.jobs.words import Words, both

WRITE_EVERY = 0.25


class Progress:
    """Given to the function of a job. Call `step` between transactions, never within one.

    A job whose worker was killed starts again from the beginning: its function must be able to do so,
    by skipping what is already there.
    """

    def __init__(
        self,
        job: Job,
        *,
        stopping: Callable[[], bool] = lambda: False,
        every: float = WRITE_EVERY,
        seconds: Callable[[], float] = time.monotonic,
    ) -> None:
        self.job_id, self.run = job.pk, job.run
        self.done, self.total, self.message = job.done, job.total, job.message
        self._stopping, self._every, self._seconds = stopping, every, seconds
        self._written: float | None = None

    def step(self, done: int, total: int, message: Words = "") -> None:
        """Say that `done` of `total` is done. Written at most every 250 ms.

        Raises CancelledError where somebody cancelled the job, StoppedError where the worker closes down and
        LostError where another worker has taken the job over.
        """
        self.done, self.total = done, total
        if message:
            self.message = both(message)
        if self._stopping():
            raise StoppedError
        now = self._seconds()
        if self._written is not None and now - self._written < self._every:
            return
        self._written = now
        self._write()

    def _write(self) -> None:
        mine = Job.across.filter(pk=self.job_id, run=self.run, state=Job.State.RUNNING)
        if mine.filter(cancel_requested=False).update(heartbeat=real_now(), **self.as_columns()):
            return
        raise CancelledError if mine.exists() else LostError

    def as_columns(self) -> dict[str, int | LangText]:
        """What is known of the progress, as it is stored."""
        return {"done": self.done, "total": self.total, "message": self.message}


class Unheard:
    """Progress that nobody follows: for little work, done while one waits."""

    def step(self, done: int, total: int, message: Words = "") -> None:
        """Nothing to tell."""

"""What ends a job before its time.

They are no ordinary errors: a function that catches `Exception` around each of its rows must not swallow them.
"""

from __future__ import annotations

import datetime as dt


class InterruptionError(BaseException):
    """The job must not go on."""


class CancelledError(InterruptionError):
    """Somebody asked for the job to be cancelled."""


class StoppedError(InterruptionError):
    """The worker is closing down; the job waits for the next one."""


class PausedError(InterruptionError):
    """The job has done its share for now and goes on after a while, so that others get their turn."""

    def __init__(self, after: dt.timedelta) -> None:
        super().__init__()
        self.after = after


class LostError(InterruptionError):
    """Another worker has taken the job over, because this one gave no sign of life."""

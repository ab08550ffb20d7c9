"""What ends a job before its time.

They are no ordinary errors: a function that catches `Exception` around each of its rows must not swallow them.
"""

from __future__ import annotations


class InterruptionError(BaseException):
    """The job must not go on."""


class CancelledError(InterruptionError):
    """Somebody asked for the job to be cancelled."""


class StoppedError(InterruptionError):
    """The worker is closing down; the job waits for the next one."""


class LostError(InterruptionError):
    """Another worker has taken the job over, because this one gave no sign of life."""

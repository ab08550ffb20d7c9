"""Functions that the tests have done as jobs."""

from __future__ import annotations

import time

from samsyn.core import clock, tenancy
from samsyn.core.errors import RefusedError
from samsyn.jobs.models import Job
from samsyn.jobs.progress import Progress

seen: list[object] = []


def count(progress: Progress, total: int) -> dict[str, int]:
    """Count to `total`, a step each."""
    for number in range(total):
        progress.step(number + 1, total, "Counting")
    return {"counted": total}


def count_slowly(progress: Progress, total: int, pause_ms: int) -> dict[str, int]:
    """The same, with a pause at each step; catches ordinary errors, as one does around rows."""
    for number in range(total):
        try:
            progress.step(number + 1, total)
            time.sleep(pause_ms / 1000)
        except Exception:
            continue
    return {"counted": total}


def note_surroundings(progress: Progress) -> None:
    """Note where and when the job ran."""
    seen.append((tenancy.active_id(), tenancy.active_slug(), clock.today()))


def cancel_itself(progress: Progress) -> None:
    """As if somebody pressed the button in the middle."""
    progress.step(1, 3)
    Job.across.filter(pk=progress.job_id).update(cancel_requested=True)
    progress._written = None
    progress.step(2, 3)


def refuse(progress: Progress) -> None:
    """Say no in plain words."""
    raise RefusedError("The file is empty.")


def fail(progress: Progress) -> None:
    """Fail with somebody's words in the error."""
    raise ValueError("Kerstin wrote that the boss is asleep")


def say_too_much(progress: Progress) -> dict[str, object]:
    """Return something that is no count."""
    return {"who": "Kerstin"}

"""One job from the queue to its end: claimed, kept alive by a heartbeat, run in its organisation, written down."""

from __future__ import annotations

import datetime as dt
import logging
import secrets
import threading
import traceback
from typing import Any

from django.db import connections
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _
from django_tasks import task

from samsyn.core.errors import RefusedError
from samsyn.core.ids import encode_id
from samsyn.jobs.errors import CancelledError, LostError, PausedError, StoppedError
from samsyn.jobs.models import Job
from samsyn.jobs.progress import Progress
from samsyn.jobs.registry import real_now, within
from samsyn.jobs.words import Words, both

HEARTBEAT_EVERY = 10.0
logger = logging.getLogger(__name__)


class Stop:
    """Whether this worker is closing down."""

    asked = False
    heartbeat_every = HEARTBEAT_EVERY


@task()
def run_job(job_id: int) -> None:
    """The one task in the queue: run this job. It never fails there, since the queue would keep the error's text."""
    execute(job_id)


def enqueue(job: Job, *, after: dt.timedelta | None = None) -> None:
    """Put a waiting job in the queue, within the caller's transaction."""
    at = real_now() + after if after else None
    job.task_id = run_job.using(run_after=at).enqueue(job.pk).id
    job.save(update_fields=["task_id"])


def execute(job_id: int) -> None:
    """Run a waiting job to its end. One that is no longer waiting is left alone."""
    run = secrets.token_hex(16)
    claimed = Job.across.filter(pk=job_id, state=Job.State.WAITING)
    if not claimed.update(state=Job.State.RUNNING, run=run, heartbeat=real_now(), cancel_requested=False):
        return
    job = Job.across.get(pk=job_id)
    progress = Progress(job, stopping=lambda: Stop.asked)
    try:
        with _Heartbeat(job), within(job.organisation_id):
            result = import_string(job.function)(progress, **job.arguments)
            counts = _counts(result)
    except LostError:
        return
    except StoppedError:
        _put_back(job, progress)
    except PausedError as pause:
        _put_back(job, progress, after=pause.after)
    except CancelledError:
        _end(job, Job.State.CANCELLED, progress.as_columns())
    except RefusedError as refusal:
        _end(job, Job.State.FAILED, progress.as_columns(), message=refusal.message)
    except Exception as error:
        _log(job, error)
        words = _("Something went wrong, and the work has stopped. Start it again, or tell whoever runs Samsyn.")
        _end(job, Job.State.FAILED, progress.as_columns(), message=words)
    else:
        _end(job, Job.State.DONE, progress.as_columns(), result=counts)


def run_waiting() -> None:
    """Run the jobs that wait in the active organisation here and now, without a worker: for rehearsals."""
    for pk in Job.objects.filter(state=Job.State.WAITING).order_by("id").values_list("pk", flat=True):
        execute(pk)


def _counts(result: Any) -> dict[str, int]:
    found = dict(result or {})
    if not all(isinstance(name, str) and type(value) is int for name, value in found.items()):
        raise TypeError("the result of a job is counts by name")
    return found


def _end(job: Job, state: str, columns: dict[str, Any], *, message: Words | None = None, **values: Any) -> None:
    if message is not None:
        columns["message"] = both(message)
    mine = Job.across.filter(pk=job.pk, run=job.run, state=Job.State.RUNNING)
    mine.update(state=state, heartbeat=real_now(), **columns, **values)


def _put_back(job: Job, progress: Progress, *, after: dt.timedelta | None = None) -> None:
    """The worker closes down, or the job rests: it waits for its next turn. That is no failure and is not counted.

    One that somebody has asked to be cancelled meanwhile ends here.
    """
    mine = Job.across.filter(pk=job.pk, run=job.run, state=Job.State.RUNNING)
    if mine.filter(cancel_requested=True).update(
        state=Job.State.CANCELLED, heartbeat=real_now(), **progress.as_columns()
    ):
        return
    if mine.update(state=Job.State.WAITING, run="", heartbeat=real_now(), **progress.as_columns()):
        job.refresh_from_db()
        enqueue(job, after=after)


def _log(job: Job, error: Exception) -> None:
    """Where it went wrong, without the error's own words: they may hold what people wrote."""
    places = [f"{frame.filename}:{frame.lineno}" for frame in traceback.extract_tb(error.__traceback__)[-3:]]
    logger.error(
        "job %s (%s): %s at %s", encode_id(job.pk), job.function, type(error).__name__, " < ".join(places[::-1])
    )


class _Heartbeat(threading.Thread):
    """Says every few seconds that the worker is alive, on a connection of its own."""

    def __init__(self, job: Job) -> None:
        super().__init__(daemon=True, name="heartbeat")
        self._mine = Job.across.filter(pk=job.pk, run=job.run, state=Job.State.RUNNING)
        self._over = threading.Event()

    def __enter__(self) -> None:
        self.start()

    def __exit__(self, *_error: object) -> None:
        self._over.set()
        self.join()

    def run(self) -> None:
        try:
            while not self._over.wait(Stop.heartbeat_every):
                try:
                    self._mine.update(heartbeat=real_now())
                except Exception as error:  # the next beat may get through
                    logger.warning("heartbeat: %s", type(error).__name__)
        finally:
            connections.close_all()

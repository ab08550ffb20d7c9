"""Finding jobs whose worker was killed, and taking away what is long over."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils.translation import gettext_lazy as _
from django_tasks_db.models import DBTaskResult

from samsyn.files.actions import forget_organisation as forget_files
from samsyn.jobs.models import Job, Letter, Mailing, OptOut
from samsyn.jobs.registry import real_now
from samsyn.jobs.running import enqueue
from samsyn.jobs.words import both

STALE_AFTER = dt.timedelta(minutes=1)
MOST_RESTARTS = 3
KEEP_TASKS = dt.timedelta(days=7)
KEEP_JOBS = dt.timedelta(days=90)
_ROWS_AT_ONCE = 500


def reap(*, stale_after: dt.timedelta = STALE_AFTER) -> int:
    """Start again every job whose worker has given no sign of life for that long; give up after three times.

    A task that a worker took and never began is put back too. Returns how many jobs were dealt with.
    """
    silent_since = real_now() - stale_after
    taken = DBTaskResult.objects.running().filter(started_at__lt=silent_since).values_list("id", flat=True)
    silent = Job.across.filter(state=Job.State.RUNNING, heartbeat__lt=silent_since)
    never_begun = Job.across.filter(state=Job.State.WAITING, task_id__in=list(taken))
    return sum(_revive(job) for job in [*silent, *never_begun])


def _revive(job: Job) -> bool:
    give_up = job.restarts >= MOST_RESTARTS
    state = Job.State.CANCELLED if job.cancel_requested else Job.State.FAILED if give_up else Job.State.WAITING
    with transaction.atomic():
        as_found = Job.across.filter(pk=job.pk, state=job.state, run=job.run, heartbeat=job.heartbeat)
        if not as_found.update(state=state, run="", heartbeat=real_now(), restarts=F("restarts") + 1):
            return False  # it has given a sign of life, or another worker dealt with it
        DBTaskResult.objects.running().filter(pk__in=[job.task_id]).update(
            status="FAILED", finished_at=real_now(), exception_class_path="samsyn.jobs.errors.LostError"
        )
        job.refresh_from_db()
        if state == Job.State.WAITING:
            enqueue(job)
        elif state == Job.State.FAILED:
            job.message = both(_("The work was cut off several times and has been given up. Start it again."))
            job.save(update_fields=["message"])
    return True


def tidy() -> None:
    """Take away finished tasks after a week, finished jobs after three months, and what discreet mailings left."""
    now = real_now()
    tasks = DBTaskResult.objects.finished().filter(finished_at__lt=now - KEEP_TASKS).order_by()
    jobs = Job.across.filter(
        state__in=[Job.State.DONE, Job.State.FAILED, Job.State.CANCELLED], heartbeat__lt=now - KEEP_JOBS
    )
    ended = [Job.State.DONE, Job.State.FAILED, Job.State.CANCELLED]
    discreet = Mailing.across.filter(discreet=True, job__state__in=ended).order_by()
    _delete(Letter.across.filter(mailing__in=discreet).order_by())
    _delete(discreet.exclude(person_ids=[]))  # cancelled before a letter was written
    _delete(tasks)
    _delete(jobs)


def forget_organisation(organisation_id: int) -> None:
    """Delete the jobs, letters and files of an organisation that is going: their rows have no key that would do it."""
    for model in (Mailing, OptOut, Job):  # letters go with their mailings
        model.across.filter(organisation_id=organisation_id).delete()
    forget_files(organisation_id)


def _delete(rows: QuerySet[Any]) -> None:
    while ids := list(rows.values_list("pk", flat=True)[:_ROWS_AT_ONCE]):
        rows.model._base_manager.filter(pk__in=ids).delete()

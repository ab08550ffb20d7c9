"""Starting and cancelling jobs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from importlib.util import find_spec
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django_tasks_db.models import DBTaskResult

from samsyn.audit.actions import record
from samsyn.core import clock, tenancy
from samsyn.core.errors import NotAllowedError
from samsyn.jobs import rules
from samsyn.jobs.models import Job
from samsyn.jobs.running import enqueue
from samsyn.jobs.words import Words, both


def start_job(
    name: Words,
    function: str,
    arguments: Mapping[str, Any],
    by: Any | None,
    *,
    onward: str = "",
    after: dt.timedelta | None = None,
) -> Job:
    """Have `function(progress, **arguments)` done by the worker, within the active organisation and its clock.

    `function` is a dotted name; it returns counts by name, or nothing. `arguments` hold ids, never content, and no
    persons of an anonymous activity. `by`: the person who started it, None for the system. `onward`: the path to go
    to when it is done. `after`: not sooner than that from now. The caller has authorised.
    Raises TypeError for arguments that are no ids and LookupError for a module that is not there.
    """
    if find_spec(function.rpartition(".")[0]) is None:
        raise LookupError(function)
    with transaction.atomic():
        job: Job = Job.objects.create(
            organisation_id=tenancy.active_id(),
            name=both(name),
            function=function,
            arguments=rules.checked_arguments(arguments),
            started_by=by.pk if by is not None else None,
            onward=onward,
            day=clock.today(),
        )
        enqueue(job, after=after)
        record("job.started", job, by=by)
    return job


def cancel_job(job: Job, *, by: Any) -> None:
    """Cancel a job: a waiting one at once, a running one at its next step. One that has ended stays as it is.

    Raises NotAllowedError for anyone but whoever started it and the administrators.
    """
    if not rules.may_see(job, by):
        raise NotAllowedError(_("You may not cancel this."))
    with transaction.atomic():
        waiting = Job.objects.filter(pk=job.pk, state=Job.State.WAITING).update(state=Job.State.CANCELLED)
        running = Job.objects.filter(pk=job.pk, state=Job.State.RUNNING).update(cancel_requested=True)
        if waiting and job.task_id:
            DBTaskResult.objects.filter(pk=job.task_id, status="READY").delete()
        if waiting or running:
            record("job.cancelled", job, by=by)
    job.refresh_from_db()

"""Long imports into an activity: staged, brought in by a job in short steps, gone on with after a break, given up."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from typing import Any

from django.db import models, transaction
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from samsyn.core import events, rows
from samsyn.core.errors import NotAllowedError, RefusedError
from samsyn.core.texts import LangText
from samsyn.jobs.actions import start_job
from samsyn.jobs.models import Job
from samsyn.jobs.progress import Unheard
from samsyn.organisations.models import OrganisationRow, Person
from samsyn.programmes.models import Activity
from samsyn.programmes.recording import record_in
from samsyn.programmes.rules import can_moderate

ORIGIN = ("source", "licence", "attribution")


class Staged(OrganisationRow):
    """What is on its way in, until all of it is there. `secret`: for keys that are the same when it begins again."""

    activity = models.OneToOneField(Activity, on_delete=models.CASCADE, related_name="%(app_label)s_%(class)s")
    secret = models.CharField(max_length=32)
    job_id = models.BigIntegerField(null=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return "import"


def key_of(staged: Staged, number: int) -> str:
    """The random key of a person of an import: the same one if it begins again, told by nothing afterwards."""
    return hashlib.blake2b(str(number).encode(), key=staged.secret.encode(), digest_size=16).hexdigest()


def is_imported(activity: Activity) -> bool:
    """Whether what is in the activity was brought in from elsewhere, wholly or not yet."""
    return bool(activity.settings.get("imported"))


def origin_of(activity: Activity) -> str:
    """Where it comes from, in one line; empty where it was held here."""
    if not is_imported(activity):
        return ""
    told = activity.settings.get("origin", {})
    return ", ".join(str(part) for part in (_now("imported"), *(told.get(name) for name in ORIGIN)) if part)


def mark(activity: Activity, origin: Mapping[str, Any], *, verb: str, by: Person) -> None:
    """Mark an activity as imported, within the caller's transaction, which holds it: before anything is brought in."""
    activity.settings |= {"imported": True, "origin": dict(origin)}
    activity.save(update_fields=["settings"])
    record_in(activity, verb, activity, by=by)


def unmark(activity: Activity) -> None:
    """The same activity as it was before, or a copy of it."""
    if activity.settings.pop("imported", None):
        activity.settings.pop("origin", None)
        activity.save(update_fields=["settings"])


def tell_origin(activity: Activity, origin: Mapping[str, str], *, by: Person) -> None:
    """Say where what was imported comes from and under which licence."""
    if not can_moderate(by, activity):
        raise NotAllowedError(_("Only those who lead the programme may do this."))
    with transaction.atomic():
        rows.hold(activity, "settings")
        mark(activity, {**activity.settings.get("origin", {}), **origin}, verb="activity.origin_told", by=by)
        events.changed(activity.pk)


def go_on(staged: Any, work: Callable[..., Any], *, small: bool, name: LangText, onward: str, by: Person) -> Any:
    """Bring in what is not there yet: at once where it is little, else by a job, of which there is one at a time.

    `work(progress, staged=id)` must be able to begin again.
    """
    if not can_moderate(by, staged.activity):
        raise NotAllowedError(_("Only those who lead the programme may do this."))
    if small:
        work(Unheard(), staged=staged.pk)
        return staged
    with transaction.atomic():
        rows.hold(staged, "job_id")
        running = Job.objects.filter(pk=staged.job_id).first() if staged.job_id else None
        if running is None or running.ended:
            function = f"{work.__module__}.{work.__qualname__}"
            staged.job_id = start_job(name, function, {"staged": staged.pk}, by, onward=onward).pk
            staged.save(update_fields=["job_id"])
    return staged


def give_up(staged: Any, clear: Callable[[Activity], None], *, verb: str, by: Person) -> None:
    """Give up an import that has not come to its end; `clear` takes away what came in. Raises RefusedError."""
    activity = staged.activity
    if not can_moderate(by, activity):
        raise NotAllowedError(_("Only those who lead the programme may do this."))
    if Job.objects.filter(pk=staged.job_id, state__in=[Job.State.RUNNING, Job.State.WAITING]).exists():
        raise RefusedError(_("It is still under way. Cancel the work first."))
    clear(activity)
    with transaction.atomic():
        rows.hold(activity, "settings")
        unmark(activity)
        staged.delete()
        record_in(activity, verb, activity, by=by)

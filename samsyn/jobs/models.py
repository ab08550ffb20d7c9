"""Jobs and their progress, the last runs of duties, mailings with one letter per person, and who wants no letters."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from samsyn.core.constraints import same_tenant, unique_in_tenant
from samsyn.core.ids import RandomIdField
from samsyn.core.tenancy import TenantRow
from samsyn.core.texts import LangTextField
from samsyn.jobs.registry import real_now


class Job(TenantRow):
    """Long work: what it is, how far it has come, what came of it in numbers. Arguments are ids, never content."""

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        RUNNING = "running", _("under way")
        DONE = "done", _("done")
        FAILED = "failed", _("stopped")
        CANCELLED = "cancelled", _("cancelled")

    name = LangTextField()
    function = models.CharField(max_length=200)
    arguments = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    message = LangTextField()
    result = models.JSONField(default=dict)
    heartbeat = models.DateTimeField(default=real_now)  # the last sign of life, by the real clock
    cancel_requested = models.BooleanField(default=False)
    started_by = models.BigIntegerField(null=True, db_index=True)  # a Person; empty where the system started it
    onward = models.CharField(max_length=300, blank=True)  # where one goes when it is done
    day = models.DateField()
    task_id = models.UUIDField(null=True)  # the queue's own row
    run = models.CharField(max_length=32, blank=True)  # the worker's claim; another claim shuts the first one out
    restarts = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [unique_in_tenant("jobs_job")]
        indexes = [
            models.Index(fields=["state", "heartbeat"], name="jobs_job_alive"),
            models.Index(fields=["organisation_id", "started_by"], name="jobs_job_of_person"),
        ]

    def __str__(self) -> str:
        return str(self.name)

    @property
    def ended(self) -> bool:
        """Whether nothing more will happen."""
        return self.state in {self.State.DONE, self.State.FAILED, self.State.CANCELLED}


class DutyRun(models.Model):
    """The period in which a duty last ran. It belongs to the installation, not to an organisation."""

    id = RandomIdField()
    name = models.CharField(max_length=80, unique=True)
    period = models.BigIntegerField()

    def __str__(self) -> str:
        return self.name


class Mailing(TenantRow):
    """One letter to many: its words, and whom it is for until their letters are written."""

    purpose = models.CharField(max_length=60)
    about_id = models.BigIntegerField()
    subject = LangTextField()
    body = LangTextField()
    person_ids = models.JSONField(default=list)
    reply_to_id = models.BigIntegerField(null=True)  # a Person to whom answers go
    sent_by = models.BigIntegerField(null=True)
    discreet = models.BooleanField(default=False)  # who gets it may not be seen: its letters go when they are sent
    job = models.ForeignKey(Job, on_delete=models.SET_NULL, null=True, related_name="+")
    day = models.DateField()

    class Meta:
        constraints = [unique_in_tenant("jobs_mailing"), *same_tenant("jobs_mailing", "job")]
        indexes = [models.Index(fields=["organisation_id", "purpose", "about_id"], name="jobs_mailing_about")]

    def __str__(self) -> str:
        return str(self.subject)


class Letter(TenantRow):
    """A letter to one person: the send log. The address stands with the person alone and is read when it is sent."""

    class State(models.TextChoices):
        QUEUED = "queued", _("waiting to be sent")
        SENDING = "sending", _("being sent")
        SENT = "sent", pgettext_lazy("letter", "sent")
        FAILED = "failed", _("not sent")
        UNSURE = "unsure", _("may have arrived")  # it was handed over, and the answer never came: not sent again

    mailing = models.ForeignKey(Mailing, on_delete=models.CASCADE, related_name="letters")
    person_id = models.BigIntegerField(db_index=True)
    purpose = models.CharField(max_length=60)
    about_id = models.BigIntegerField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.QUEUED)
    reason = models.CharField(max_length=20, blank=True)  # why it was not sent: a key of mail.preview.REASONS
    attempts = models.PositiveSmallIntegerField(default=0)
    day = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation_id", "purpose", "about_id", "person_id"], name="jobs_letter_once"
            ),
            *same_tenant("jobs_letter", "mailing"),
        ]
        indexes = [models.Index(fields=["mailing", "state"], name="jobs_letter_of_mailing")]

    def __str__(self) -> str:
        return self.purpose


class OptOut(TenantRow):
    """Somebody wants no letters of one purpose, or (purpose empty) none that can be done without."""

    person_id = models.BigIntegerField()
    purpose = models.CharField(max_length=60, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation_id", "person_id", "purpose"], name="jobs_optout_once")
        ]

    def __str__(self) -> str:
        return self.purpose

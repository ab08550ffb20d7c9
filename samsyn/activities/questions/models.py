"""Questions, the likes they get, and how each one ended."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from samsyn.core.constraints import same_tenant
from samsyn.core.texts import LangTextField
from samsyn.organisations.models import OrganisationRow, Person
from samsyn.programmes.contributions import Contribution, rules_of


class Question(Contribution):
    """One question."""

    class End(models.TextChoices):
        LIVE = "live", _("answered in the room")
        WRITTEN = "written", _("answered in writing")
        PROMISED = "promised", _("promised by a date")
        DECLINED = "declined", _("not answered, with a reason")

    starred = models.BooleanField(default=False)
    on_stage = models.BooleanField(default=False)  # it is being answered now, in the room
    likes = models.PositiveIntegerField(default=0)  # the figure shown: programmes/figures.py
    imported_likes = models.PositiveIntegerField(default=0)  # a count from elsewhere, marked as such
    end = models.CharField(max_length=10, choices=End.choices, blank=True)
    answer = LangTextField()
    answered_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    answered = models.DateField(null=True)

    class Meta:
        constraints = [
            *rules_of("questions_question", "answered_by"),
            models.CheckConstraint(
                condition=models.Q(end="") | models.Q(answered__isnull=False), name="questions_question_ended_some_day"
            ),
        ]
        indexes = [models.Index(fields=["activity", "state"], name="questions_question_state")]

    @property
    def lasting_state(self) -> str:
        return self.end or "open"


class Like(OrganisationRow):
    """Somebody agrees with a question. `key` is the voter's random key, or the person's id where names are known.

    `counted`: whether the figure shown already has this like in it.
    """

    question = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="like_rows")
    key = models.CharField(max_length=32)
    on = models.BooleanField(default=True)
    counted = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["question", "key"], name="questions_like_once"),
            *same_tenant("questions_like", "question"),
        ]

    def __str__(self) -> str:
        return "like"

"""Questions, the likes they get, and how each one ended."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from samsyn.core.constraints import same_tenant, unique_in_tenant
from samsyn.core.texts import LangTextField
from samsyn.organisations.models import OrganisationRow, Person
from samsyn.programmes.models import Activity
from samsyn.thread.models import Item


class Question(OrganisationRow):
    """One question. The item carries its day and who may see it; an author only where the level says so.

    `post_key` is drawn with the form: sending the form twice makes one question.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("waits to be let in")
        VISIBLE = "visible", _("visible")
        HIDDEN = "hidden", _("hidden")
        MERGED = "merged", _("joined with another")

    class End(models.TextChoices):
        LIVE = "live", _("answered in the room")
        WRITTEN = "written", _("answered in writing")
        PROMISED = "promised", _("promised by a date")
        DECLINED = "declined", _("not answered, with a reason")

    item = models.OneToOneField(Item, on_delete=models.CASCADE, related_name="question")
    activity = models.ForeignKey(Activity, on_delete=models.CASCADE, related_name="questions")
    author = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    post_key = models.CharField(max_length=32)
    text = models.TextField()
    language = models.CharField(max_length=2, default="sv")
    translation = LangTextField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.VISIBLE)
    reason = LangTextField()  # why hidden; shown in place of the text
    merged_into = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, related_name="merged")
    starred = models.BooleanField(default=False)
    likes = models.PositiveIntegerField(default=0)  # the figure shown: programmes/figures.py
    imported_likes = models.PositiveIntegerField(default=0)  # a count from elsewhere, marked as such
    end = models.CharField(max_length=10, choices=End.choices, blank=True)
    answer = LangTextField()
    answered_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    answered = models.DateField(null=True)

    class Meta:
        constraints = [
            unique_in_tenant("questions_question"),
            models.UniqueConstraint(fields=["activity", "post_key"], name="questions_question_once"),
            models.CheckConstraint(
                condition=models.Q(end="") | models.Q(answered__isnull=False), name="questions_question_ended_some_day"
            ),
            *same_tenant("questions_question", "item", "activity", "author", "merged_into", "answered_by"),
        ]
        indexes = [models.Index(fields=["activity", "state"], name="questions_question_state")]

    def __str__(self) -> str:
        return self.text[:60]


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

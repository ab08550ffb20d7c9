"""Poll questions, their runs with the figures that may be shown, and what people answer."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from samsyn.core.constraints import same_tenant, unique_in_tenant
from samsyn.core.ids import encode_id
from samsyn.core.texts import LangText, LangTextField
from samsyn.organisations.models import OrganisationRow
from samsyn.programmes.contributions import Contribution, rules_of
from samsyn.programmes.distributions import places_of
from samsyn.programmes.models import Activity
from samsyn.programmes.picks import Counted, Pick, rules_of_picks
from samsyn.thread.models import Item


class PollQuestion(OrganisationRow):
    """One question of a poll. It stays as it is from its first answer on.

    `options`: a two-language text for each answer; of a scale one for each step, with words at the ends. `at_once`:
    answers are shown as they come, not first when somebody shows them. `on`: the one that the room shows now. `item`:
    its result in the thread, once published.
    """

    class Form(models.TextChoices):
        SINGLE = "single", _("One answer")
        MANY = "many", _("Several answers")
        SCALE = "scale", _("A scale")
        WORDS = "words", _("Own words")

    activity = models.ForeignKey(Activity, on_delete=models.CASCADE, related_name="poll_questions")
    position = models.PositiveIntegerField()
    form = models.CharField(max_length=10, choices=Form.choices)
    text = LangTextField()
    options = models.JSONField(default=list, blank=True)
    at_once = models.BooleanField(default=False)
    on = models.BooleanField(default=False)
    item = models.OneToOneField(Item, on_delete=models.SET_NULL, null=True, related_name="poll_question")

    class Meta:
        constraints = [unique_in_tenant("polls_pollquestion"), *same_tenant("polls_pollquestion", "activity", "item")]

    def __str__(self) -> str:
        return str(self.text)

    @property
    def rid(self) -> str:
        """The id as addresses have it."""
        return encode_id(self.pk)

    @property
    def labels(self) -> list[LangText]:
        """The answers to choose among, in order."""
        return [LangText(option) for option in self.options]


class Run(Counted, OrganisationRow):
    """One time that a question is asked. Starting again makes a new one and keeps this as a record (`over`).

    `revealed`: whether everyone there sees what came out, figures and texts.
    """

    question = models.ForeignKey(PollQuestion, on_delete=models.CASCADE, related_name="runs")
    number = models.PositiveIntegerField(default=1)
    day = models.DateField()
    over = models.BooleanField(default=False)
    revealed = models.BooleanField(default=False)

    class Meta:
        constraints = [
            unique_in_tenant("polls_run"),
            models.UniqueConstraint(fields=["question", "number"], name="polls_run_number"),
            models.UniqueConstraint(fields=["question"], condition=models.Q(over=False), name="polls_run_one_goes_on"),
            *same_tenant("polls_run", "question"),
        ]

    def __str__(self) -> str:
        return f"{self.number}"

    @property
    def rid(self) -> str:
        """The id as forms have it."""
        return encode_id(self.pk)


_RULES = rules_of_picks("polls_answer", "run")


class Answer(Pick, OrganisationRow):
    """What somebody picked in a run."""

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="answers")

    class Meta:
        constraints = [*_RULES["constraints"], *same_tenant("polls_answer", "run")]
        indexes = _RULES["indexes"]

    def __str__(self) -> str:
        """What was picked, in the reader's language; `run` with its question has been read."""
        question = self.run.question
        scale, labels = question.form == PollQuestion.Form.SCALE, question.labels
        return ", ".join(str(place + 1 if scale else labels[place]) for place in places_of(self.picked))


class OpenAnswer(Contribution):
    """An answer in somebody's own words. It carries no voter's key, and is not tied to what else they answered."""

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="texts")

    class Meta:
        constraints = rules_of("polls_openanswer", "run")
        indexes = [models.Index(fields=["run", "state"], name="polls_openanswer_state")]

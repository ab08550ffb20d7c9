"""What people add to a case study: sentences of their own with their evidence, and which assembled ones are hidden."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from samsyn.core.constraints import same_tenant, unique_in_tenant
from samsyn.core.texts import LangTextField
from samsyn.organisations.models import OrganisationRow, Person
from samsyn.programmes.models import Programme
from samsyn.thread.models import Item


class Heading(models.TextChoices):
    """The five headings, in their order. The values are those of `programmes.kinds.Finding`."""

    CHALLENGE = "challenge", _("The challenge")
    DID = "did", _("What we did")
    HOW = "how", _("How we did it")
    RESULT = "result", _("The result")
    LEARNED = "learned", _("What we learned")


class Sentence(OrganisationRow):
    """A sentence that somebody wrote by hand under one of the headings."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="case_study_sentences")
    heading = models.CharField(max_length=10, choices=Heading.choices)
    position = models.PositiveIntegerField()
    text = LangTextField()
    written_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")

    class Meta:
        constraints = [
            unique_in_tenant("casestudy_sentence"),
            *same_tenant("casestudy_sentence", "programme", "written_by"),
        ]

    def __str__(self) -> str:
        return str(self.text)


class SentenceEvidence(OrganisationRow):
    """A sentence stands on an item of the thread."""

    sentence = models.ForeignKey(Sentence, on_delete=models.CASCADE, related_name="evidence")
    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["sentence", "item"], name="casestudy_sentenceevidence_once"),
            *same_tenant("casestudy_sentenceevidence", "sentence", "item"),
        ]

    def __str__(self) -> str:
        return f"{self.sentence_id} ← {self.item_id}"


class HiddenSentence(OrganisationRow):
    """An assembled sentence, by its stable key, that those who lead the programme leave out."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=80)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["programme", "key"], name="casestudy_hiddensentence_once"),
            *same_tenant("casestudy_hiddensentence", "programme"),
        ]

    def __str__(self) -> str:
        return self.key

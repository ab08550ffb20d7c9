"""What came out of a step that was done by hand."""

from __future__ import annotations

from django.db import models

from samsyn.core.constraints import same_tenant
from samsyn.core.texts import LangTextField
from samsyn.organisations.models import OrganisationRow, Person
from samsyn.programmes.models import Activity
from samsyn.thread.models import Item


class Outcome(OrganisationRow):
    """The outcome of a step, in words. A step may have several: each is an item of its own in the thread."""

    item = models.OneToOneField(Item, on_delete=models.CASCADE, related_name="outcome")
    activity = models.ForeignKey(Activity, on_delete=models.CASCADE, related_name="outcomes")
    text = LangTextField()
    written_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")

    class Meta:
        constraints = [*same_tenant("steps_outcome", "item", "activity", "written_by")]

    def __str__(self) -> str:
        return str(self.text)

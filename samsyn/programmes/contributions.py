"""What a text that somebody contributes is, whatever it is called in its kind: a question, a statement."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from samsyn.core.constraints import same_tenant, unique_in_tenant
from samsyn.core.ids import encode_id
from samsyn.core.texts import LangText, LangTextField
from samsyn.organisations.models import OrganisationRow, Person
from samsyn.programmes.models import Activity
from samsyn.thread.models import Item


class Contribution(OrganisationRow):
    """A contributed text. The item carries its day and who may see it; an author only where the level says so.

    `post_key` is drawn with the form: sending the form twice makes one row.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("waits to be let in")
        VISIBLE = "visible", _("visible")
        HIDDEN = "hidden", _("hidden")
        MERGED = "merged", _("joined with another")

    item = models.OneToOneField(Item, on_delete=models.CASCADE, related_name="%(class)s")
    activity = models.ForeignKey(Activity, on_delete=models.CASCADE, related_name="%(class)ss")
    author = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    post_key = models.CharField(max_length=32)
    text = models.TextField()
    language = models.CharField(max_length=2, default="sv")
    translation = LangTextField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.VISIBLE)
    reason = LangTextField()  # why hidden; shown in place of the text
    merged_into = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, related_name="merged")

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.text[:60]

    @property
    def rid(self) -> str:
        """The id as addresses have it."""
        return encode_id(self.pk)

    @property
    def words(self) -> LangText:
        """The text in its own language, and in the other where somebody has translated it."""
        return LangText({**self.translation, self.language: self.text})

    @property
    def told(self) -> LangText:
        """The words as a result shows them later: where they are no longer to be seen, why."""
        if self.state == self.State.MERGED:
            return LangText(sv="Sammanslaget med ett annat", en="Joined with another")
        if self.state != self.State.VISIBLE:
            hidden = {"sv": "Dolt", "en": "Hidden"}
            return LangText({lang: f"{word}: {self.reason.pick(lang)[0]}" for lang, word in hidden.items()})
        return self.words

    @property
    def shown(self) -> LangText:
        """What others than its author are told of it: the words, or why they are hidden."""
        return LangText(self.reason) if self.state == self.State.HIDDEN else self.words

    @property
    def lasting_state(self) -> str:
        """The state that the item has while the row is visible."""
        return "open"


def rules_of(table: str, *people: str) -> list[models.BaseConstraint]:
    """The constraints that every table of contributions has; `people`: further keys that stay within the tenant."""
    return [
        unique_in_tenant(table),
        models.UniqueConstraint(fields=["activity", "post_key"], name=f"{table}_once"),
        *same_tenant(table, "item", "activity", "author", "merged_into", *people),
    ]

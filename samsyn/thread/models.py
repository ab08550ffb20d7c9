"""Items and links, promises, replies, receipts and what the asker says afterwards."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from samsyn.core.constraints import same_tenant, unique_in_tenant
from samsyn.core.texts import LangText, LangTextField
from samsyn.organisations.models import OrganisationRow, Person


class Visibility(models.TextChoices):
    """Who may see an item, from the fewest to the most."""

    GROUP = "group", _("the group")
    FACILITATORS = "facilitators", _("the facilitators")
    AUDIENCE = "audience", _("those who take part")
    PROGRAMME = "programme", _("everyone in the programme")
    PUBLIC = "public", _("everyone")


UNTRACED = frozenset({"anonymous", "coded"})  # levels at which nothing may tell who contributed, nor when


class Item(OrganisationRow):
    """One voice, theme, proposal, finding, decision, action, promise, reply or effect.

    Written only by the actions of its kind. Programme and activity are plain ids: they live above this part.
    No time finer than the day, no author.
    """

    programme_id = models.BigIntegerField(db_index=True)
    activity_id = models.BigIntegerField(null=True, db_index=True)
    kind = models.CharField(max_length=30)
    state = models.CharField(max_length=30, default="open")
    visibility = models.CharField(max_length=12, choices=Visibility.choices, default=Visibility.AUDIENCE)
    level = models.CharField(max_length=12, default="named")
    language = models.CharField(max_length=2, default="sv")
    title = LangTextField()
    day = models.DateField()
    owner = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, blank=True, related_name="owned_items")
    due = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [unique_in_tenant("thread_item"), *same_tenant("thread_item", "owner")]
        indexes = [
            models.Index(fields=["organisation", "programme_id", "kind", "state"], name="thread_item_of_programme"),
            models.Index(fields=["owner", "kind", "state"], name="thread_item_of_owner"),
        ]

    def __str__(self) -> str:
        return str(self.title)

    @property
    def leaves_no_trace(self) -> bool:
        """Whether it lies in an anonymous or coded activity: what is done with it is noted by its day alone."""
        return self.level in UNTRACED


class Link(OrganisationRow):
    """`target` came of `source`."""

    source = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="led_to")
    target = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="made_out_of")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source", "target"], name="thread_link_once"),
            models.CheckConstraint(condition=~models.Q(source=models.F("target")), name="thread_link_not_itself"),
            *same_tenant("thread_link", "source", "target"),
        ]

    def __str__(self) -> str:
        return f"{self.source_id} → {self.target_id}"


class Promise(OrganisationRow):
    """Something a named person said would be done by a day. Its state, owner and due day stand on the item."""

    item = models.OneToOneField(Item, on_delete=models.CASCADE, related_name="promise")
    text = LangTextField()
    note = LangTextField()  # what came of it, or why not
    settled = models.DateField(null=True, blank=True)
    first_due = models.DateField()  # a moved date never hides the first one

    class Meta:
        constraints = [*same_tenant("thread_promise", "item")]

    def __str__(self) -> str:
        return str(self.text)


class Reply(OrganisationRow):
    """Our reply: what we heard, what we do, what we do not do and why, when you hear more; signed."""

    item = models.OneToOneField(Item, on_delete=models.CASCADE, related_name="reply")
    activity_id = models.BigIntegerField(db_index=True)
    heard = LangTextField()
    doing = LangTextField()
    not_doing = LangTextField()
    next_date = models.DateField(null=True, blank=True)
    signed_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    published_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    day = models.DateField()

    class Meta:
        constraints = [*same_tenant("thread_reply", "item", "signed_by", "published_by")]

    def __str__(self) -> str:
        return str(self.heard)

    @property
    def by_another(self) -> bool:
        """Whether somebody else has published it than who signed it."""
        return self.published_by_id not in {None, self.signed_by_id}


class Receipt(OrganisationRow):
    """A mark by which whoever holds the six words finds this item again. No two marks of one person are alike."""

    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="receipts")
    mark = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["mark"], name="thread_receipt_mark"),
            *same_tenant("thread_receipt", "item"),
        ]

    def __str__(self) -> str:
        return "receipt"


class FollowUp(OrganisationRow):
    """What the one who asked says about the answer, by receipt or signed in: answered or not, and in words."""

    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="follow_ups")
    answered = models.BooleanField()
    text = models.TextField(blank=True)
    language = models.CharField(max_length=2, default="sv")
    translation = LangTextField()
    day = models.DateField()

    class Meta:
        constraints = [*same_tenant("thread_followup", "item")]

    def __str__(self) -> str:
        return self.text

    @property
    def words(self) -> LangText:
        """The text in its own language, and in the other where somebody has translated it."""
        return LangText({**self.translation, self.language: self.text})

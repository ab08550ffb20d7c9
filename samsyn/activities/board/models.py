"""A board: its columns, the cards that people write, the groups they are put into, and the dots they get."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from samsyn.core.constraints import same_tenant, unique_in_tenant
from samsyn.core.texts import LangTextField
from samsyn.organisations.models import OrganisationRow
from samsyn.programmes.contributions import Contribution, rules_of
from samsyn.programmes.models import Activity
from samsyn.thread.models import Item


class Board(OrganisationRow):
    """Where a board stands. `voters`: how many have placed dots, as it may be shown (`programmes/figures.py`).

    `change`: the promise about the one thing we change.
    """

    class Phase(models.TextChoices):
        WRITE = "write", _("write on your own")
        READ = "read", _("read")
        GROUP = "group", pgettext_lazy("phase", "group")
        VOTE = "vote", _("vote with dots")
        TAKE_ON = "take-on", _("take it further")

    activity = models.OneToOneField(Activity, on_delete=models.CASCADE, related_name="board")
    phase = models.CharField(max_length=10, choices=Phase.choices, default=Phase.WRITE)
    voters = models.PositiveIntegerField(default=0)
    change = models.OneToOneField(Item, on_delete=models.SET_NULL, null=True, related_name="+")

    class Meta:
        constraints = same_tenant("board_board", "activity", "change")


class Column(OrganisationRow):
    """A column. `tries`: a card in it is a way of working that is tried, and kept or dropped."""

    activity = models.ForeignKey(Activity, on_delete=models.CASCADE, related_name="columns")
    position = models.PositiveIntegerField()
    name = LangTextField()
    hint = LangTextField()
    tries = models.BooleanField(default=False)

    class Meta:
        constraints = [unique_in_tenant("board_column"), *same_tenant("board_column", "activity")]

    def __str__(self) -> str:
        return str(self.name)


class CardGroup(OrganisationRow):
    """Cards about the same thing. `dots` is the figure shown."""

    item = models.OneToOneField(Item, on_delete=models.CASCADE, related_name="cardgroup")
    activity = models.ForeignKey(Activity, on_delete=models.CASCADE, related_name="cardgroups")
    column = models.ForeignKey(Column, on_delete=models.RESTRICT, related_name="groups")
    name = LangTextField()
    dots = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            unique_in_tenant("board_cardgroup"),
            *same_tenant("board_cardgroup", "item", "activity", "column"),
        ]


class Card(Contribution):
    """One card. While it waits nobody has seen it: its item does not hold its words either.

    `typed`: written down by those who facilitate, from a flipchart. `table`: so many people stand behind it, where one
    device wrote for a table. `dots` is the figure shown; `verdict` says how the trial of a way of working ended.
    """

    class Verdict(models.TextChoices):
        KEPT = "kept", _("kept")
        DROPPED = "dropped", _("dropped")

    column = models.ForeignKey(Column, on_delete=models.RESTRICT, related_name="cards")
    group = models.ForeignKey(CardGroup, on_delete=models.SET_NULL, null=True, related_name="cards")
    typed = models.BooleanField(default=False)
    table = models.PositiveSmallIntegerField(default=0)
    dots = models.PositiveIntegerField(default=0)
    verdict = models.CharField(max_length=10, choices=Verdict.choices, blank=True)
    verdict_reason = LangTextField()
    verdict_day = models.DateField(null=True)

    class Meta:
        constraints = [
            *rules_of("board_card", "column", "group"),
            models.CheckConstraint(
                condition=models.Q(verdict="") | models.Q(verdict_day__isnull=False), name="board_card_verdict_some_day"
            ),
        ]
        indexes = [models.Index(fields=["activity", "state"], name="board_card_state")]

    @property
    def lasting_state(self) -> str:
        return self.verdict or "open"


class DotVote(OrganisationRow):
    """Dots that somebody has placed on a card or a group: on its item (`programmes/points.py`)."""

    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="dot_votes")
    key = models.CharField(max_length=32)
    points = models.PositiveSmallIntegerField()
    counted = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["item", "key"], name="board_dotvote_once"),
            *same_tenant("board_dotvote", "item"),
        ]
        indexes = [models.Index(fields=["key", "item"], name="board_dotvote_key")]

"""Statements, the votes on them, how often each was shown, and what came out."""

from __future__ import annotations

from django.db import models

from samsyn.core.constraints import same_tenant, unique_in_tenant
from samsyn.organisations.models import OrganisationRow
from samsyn.programmes.contributions import Contribution, rules_of
from samsyn.programmes.importing import Staged
from samsyn.programmes.models import Activity
from samsyn.programmes.tallies import Stand, Tallied


class Statement(Tallied, Contribution):
    """One short statement. `seeded`: from those who run the dialogue. `foreign_id`: its id in the file it came from."""

    seeded = models.BooleanField(default=False)
    foreign_id = models.CharField(max_length=40, blank=True)

    class Meta:
        constraints = rules_of("dialogue_statement")
        indexes = [models.Index(fields=["activity", "state"], name="dialogue_statement_state")]


class Vote(Stand, OrganisationRow):
    """Somebody's stand on a statement. `key` is the voter's random key, or the person's id where names are known."""

    statement = models.ForeignKey(Statement, on_delete=models.CASCADE, related_name="votes")
    key = models.CharField(max_length=32)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["statement", "key"], name="dialogue_vote_once"),
            models.CheckConstraint(condition=models.Q(value__range=(-1, 1)), name="dialogue_vote_is_one_of_three"),
            *same_tenant("dialogue_vote", "statement"),
        ]
        indexes = [
            models.Index(fields=["key", "statement"], name="dialogue_vote_key"),
            models.Index(fields=["statement"], condition=models.Q(counted=False), name="dialogue_vote_uncounted"),
        ]

    def __str__(self) -> str:
        return "vote"


class Import(Staged):
    """An export on its way in. `statements`: id, text and why it is not shown of each. `votes`: packed."""

    language = models.CharField(max_length=2)
    statements = models.JSONField(default=list)
    votes = models.BinaryField()

    class Meta:
        constraints = [unique_in_tenant("dialogue_import"), *same_tenant("dialogue_import", "activity")]


class Showing(OrganisationRow):
    """How often a statement was chosen as the next one on a day, and how far from chance that was.

    `ahead`, `spread`: sums over the choices of what `opinion_map/routing.py` says of each.
    """

    statement = models.ForeignKey(Statement, on_delete=models.CASCADE, related_name="showings")
    day = models.DateField()
    shown = models.PositiveIntegerField(default=0)
    ahead = models.FloatField(default=0.0)
    spread = models.FloatField(default=0.0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["statement", "day"], name="dialogue_showing_once"),
            *same_tenant("dialogue_showing", "statement"),
        ]

    def __str__(self) -> str:
        return "showing"


class Result(OrganisationRow):
    """What came out of a dialogue: figures and positions of at least five people, nobody's votes. See `results.py`."""

    activity = models.OneToOneField(Activity, on_delete=models.CASCADE, related_name="dialogue_result")
    day = models.DateField()
    data = models.JSONField(default=dict)

    class Meta:
        constraints = [unique_in_tenant("dialogue_result"), *same_tenant("dialogue_result", "activity")]

    def __str__(self) -> str:
        return "result"

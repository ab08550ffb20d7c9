"""What people pick among given answers, under a key of their own, and the figures of it that may be shown.

Exact where names are known. In an anonymous activity all figures of one question move together, only when at least five
answers differ from those in the figures shown last; who changes to and fro has changed nothing. A device that answers
for several people counts for them, but as one towards the five: how many sit there is a claim.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import models
from django.db.models import Count, F, QuerySet

from samsyn.core import tenancy
from samsyn.programmes.distributions import count
from samsyn.programmes.figures import FEWEST

MOST_AT_A_TABLE = 20


class Pick(models.Model):
    """What somebody picked: bit n for answer n, for how many people. A subclass says of what (`of`).

    `key` is the voter's random key, or the person's own where names are known. `was_picked`, `was_people`: as the
    figures shown have it, noughts where they have it not.
    """

    key = models.CharField(max_length=32)
    picked = models.PositiveIntegerField()
    people = models.PositiveSmallIntegerField(default=1)
    was_picked = models.PositiveIntegerField(default=0)
    was_people = models.PositiveSmallIntegerField(default=0)

    class Meta:
        abstract = True


class Counted(models.Model):
    """That of which people pick. `shown`: the figures (`distributions.count`), nothing before there are any.

    `waits_for`: how many answers must differ before they move.
    """

    shown = models.JSONField(default=dict, blank=True)
    waits_for = models.PositiveSmallIntegerField(default=FEWEST)

    class Meta:
        abstract = True


CHANGED = ~models.Q(picked=F("was_picked"), people=F("was_people"))


def rules_of_picks(table: str, of: str) -> dict[str, list[Any]]:
    """The constraints and indexes of a table of picks."""
    people = models.Q(people__range=(1, MOST_AT_A_TABLE))
    return {
        "constraints": [
            models.UniqueConstraint(fields=[of, "key"], name=f"{table}_once"),
            models.CheckConstraint(condition=people, name=f"{table}_one_to_twenty"),
        ],
        "indexes": [
            models.Index(fields=["key"], name=f"{table}_key"),
            models.Index(fields=[of], condition=CHANGED, name=f"{table}_changed"),
        ],
    }


def keep(model: type[Any], of: str, wanted: Mapping[tuple[int, str], tuple[int, int]], *, exact: bool) -> None:
    """Write what is new or otherwise than before, and nothing else: who sends the same again has changed nothing.

    Args:
        wanted: (id of what it is of, key) → (picked, people). exact: the figures have it at once.
    """
    ids, keys = {pk for pk, _key in wanted}, {key for _pk, key in wanted}
    there = model.objects.filter(**{f"{of}__in": ids}, key__in=keys).order_by()
    known = {(pk, key): said for pk, key, *said in there.values_list(f"{of}_id", "key", "picked", "people")}
    organisation_id = tenancy.active_id()
    fresh = []
    for (pk, key), (picked, people) in wanted.items():
        if known.get((pk, key)) != [picked, people]:
            was = {"was_picked": picked, "was_people": people} if exact else {}
            said = {f"{of}_id": pk, "key": key, "picked": picked, "people": people}
            fresh.append(model(organisation_id=organisation_id, **said, **was))
    columns = ["picked", "people", *(["was_picked", "was_people"] if exact else [])]
    model.objects.bulk_create(fresh, update_conflicts=True, unique_fields=[of, "key"], update_fields=columns)


def recount(counted: Any, picks: QuerySet[Any], options: int, *, exact: bool) -> None:
    """Count anew where the figures may move: all of them together, or none."""
    picks = picks.order_by()
    if not exact and picks.filter(CHANGED)[: counted.waits_for].count() < counted.waits_for:
        return
    numbers = picks.values_list("picked", "people").annotate(devices=Count("id"))
    counted.shown, counted.waits_for = count(numbers, options), FEWEST
    counted.save(update_fields=["shown", "waits_for"])
    if not exact:
        picks.filter(CHANGED).update(was_picked=F("picked"), was_people=F("people"))


def settle(counted: Any, picks: QuerySet[Any]) -> None:
    """Let all picks look alike, whether the figures have them or not: else one saw who came last.

    Those that they have not must still not count twice towards the next move, should it be opened again.
    """
    changed = picks.filter(CHANGED)
    pending = changed.count()
    if pending:
        changed.update(was_picked=F("picked"), was_people=F("people"))
        type(counted)._default_manager.filter(pk=counted.pk).update(waits_for=F("waits_for") + pending)

"""Rows of figures (so many agree, pass, disagree), kept up with each vote, and shown under the rule of five.

A vote costs the same however many there are: nothing is counted anew but where many votes move at once. Whoever calls
holds the row that is voted on.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import models
from django.db.models import Count, F, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from samsyn.programmes.figures import FEWEST, next_row

SIDES = {"agree": 1, "neither": 0, "disagree": -1}
SHOWN = (*SIDES, "important")
COUNTS = (*SHOWN, *(f"now_{name}" for name in SHOWN), "changed", "waits_for")
_AT_ONCE = 500
Stance = tuple[int | None, bool]


class Tallied(models.Model):
    """What can be voted on; its votes are `votes`.

    The first four figures are those that may be shown. `now_…` are the votes as they are: nobody sees them. `changed`:
    how many votes the figures shown do not have as they are; they move when it reaches `waits_for`.
    """

    agree = models.PositiveIntegerField(default=0)
    neither = models.PositiveIntegerField(default=0)
    disagree = models.PositiveIntegerField(default=0)
    important = models.PositiveIntegerField(default=0)
    now_agree = models.PositiveIntegerField(default=0)
    now_neither = models.PositiveIntegerField(default=0)
    now_disagree = models.PositiveIntegerField(default=0)
    now_important = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    waits_for = models.PositiveIntegerField(default=FEWEST)

    class Meta:
        abstract = True


class Stand(models.Model):
    """Somebody's vote. `value` None: taken back.

    `shown`, `shown_important`: the vote as the figures shown have it (None: not at all); `counted`: whether they have
    it as it is.
    """

    class Value(models.IntegerChoices):
        AGREE = 1, _("agree")
        PASS = 0, _("pass")
        DISAGREE = -1, _("disagree")

    value = models.SmallIntegerField(choices=Value.choices, null=True)
    important = models.BooleanField(default=False)
    shown = models.SmallIntegerField(choices=Value.choices, null=True)
    shown_important = models.BooleanField(default=False)
    counted = models.BooleanField(default=False)

    class Meta:
        abstract = True


def change(one: Any, vote: Any, value: int | None, important: bool, *, anonymous: bool) -> None:
    """Let a vote, or one that has not been stored yet, be this (None: none), and the counts of `one` follow."""
    if not _recount(one, vote, value, important):
        return
    if value is None and vote.shown is None:
        vote.delete()
    else:
        vote.save()
    move(one, anonymous=anonymous)
    one.save(update_fields=COUNTS)


def change_many(held: Mapping[int, Any], wanted: Mapping[tuple[int, str], Stance], *, anonymous: bool) -> None:
    """Let many votes be these, for the live room: a fixed number of queries, and two for each row whose figures move.

    Args:
        held: what is voted on by id, all of one kind, under lock.
        wanted: (id, voter's key) → (value, None to take it back; whether it matters).
    """
    if not wanted:
        return
    some = held[next(iter(wanted))[0]]
    field = some.votes.field
    votes, on = field.model._default_manager, field.attname
    there = votes.filter(**{f"{on}__in": {pk for pk, _key in wanted}}, key__in={key for _pk, key in wanted})
    known = {(getattr(vote, on), vote.key): vote for vote in there}
    fresh, changed = [], []
    for (pk, key), (value, important) in sorted(wanted.items()):
        vote = known.get((pk, key))
        if vote is None:
            vote = field.model(**{on: pk}, organisation_id=held[pk].organisation_id, key=key, value=None, counted=True)
            if _recount(held[pk], vote, value, important):
                fresh.append(vote)
        elif _recount(held[pk], vote, value, important):
            changed.append(vote)
    votes.bulk_create(fresh, batch_size=_AT_ONCE)
    votes.bulk_update(changed, ["value", "important", "counted"], batch_size=_AT_ONCE)
    gone = [vote.pk for vote in changed if vote.value is None and vote.shown is None]
    if gone:
        votes.filter(pk__in=gone).delete()
    moved = [held[pk] for pk in sorted({getattr(vote, on) for vote in (*fresh, *changed)})]
    for one in moved:
        move(one, anonymous=anonymous)
    type(some)._default_manager.bulk_update(moved, COUNTS)


def _recount(one: Any, vote: Any, value: int | None, important: bool) -> bool:
    """Let the vote be this, and the counts of `one` follow, neither stored yet. Whether anything changed."""
    if (vote.value, vote.important) == (value, important):
        return False
    for name, side in SIDES.items():
        number = getattr(one, f"now_{name}") + (value == side) - (vote.value == side)
        setattr(one, f"now_{name}", number)
    one.now_important += important - vote.important
    counted = (value, important) == (vote.shown, vote.shown_important)
    one.changed += vote.counted - counted
    vote.value, vote.important, vote.counted = value, important, counted
    return True


def add_votes(model: type[Any], votes: Iterable[Any], key: str) -> None:
    """Store new votes of one voter and count them; the figures shown follow with the next single vote, or at close."""
    fresh = list(votes)
    model.votes.field.model._default_manager.bulk_create(fresh, batch_size=_AT_ONCE)
    for name, side in SIDES.items():
        more = [getattr(vote, key) for vote in fresh if vote.value == side]
        count = {f"now_{name}": F(f"now_{name}") + 1, "changed": F("changed") + 1}
        model._default_manager.filter(pk__in=more).update(**count)
    matters = [getattr(vote, key) for vote in fresh if vote.important]
    model._default_manager.filter(pk__in=matters).update(now_important=F("now_important") + 1)


def move(one: Any, *, anonymous: bool) -> None:
    """Let the figures shown move where the rule of five allows it. The caller saves the row."""
    people = one.now_agree + one.now_neither + one.now_disagree
    found = next_row(people, one.changed, one.waits_for, anonymous=anonymous)
    if found is None:
        return
    one.waits_for = found.waits_for
    if not found.shown:
        one.agree = one.neither = one.disagree = one.important = 0
        return
    for name in SHOWN:
        setattr(one, name, getattr(one, f"now_{name}"))
    waiting = one.votes.filter(counted=False)
    waiting.filter(value=None).delete()
    waiting.update(shown=F("value"), shown_important=F("important"), counted=True)
    one.changed = 0


def count_anew(one: Any) -> None:
    """Count every vote: only where many have moved at once."""
    which = {"changed": Q(counted=False), "important": Q(shown_important=True), "now_important": Q(important=True)}
    for name, side in SIDES.items():
        which |= {name: Q(shown=side), f"now_{name}": Q(value=side)}
    withheld = one.waits_for > FEWEST
    counted = one.votes.aggregate(**{f"of_{name}": Count("id", filter=wanted) for name, wanted in which.items()})
    for name in which:
        setattr(one, name, 0 if withheld and name in SHOWN else counted[f"of_{name}"])
    one.save(update_fields=COUNTS)


def join(one: Any, into: Any, *, anonymous: bool, over: bool) -> None:
    """Move the votes on `one` to another. Who voted on both keeps the vote there.

    What the figures of `one` show goes into those of `into`, where that is the answers of five people or more who had
    not voted on it; everything else waits, as any vote does. Once all is `over` there is nothing to wait for: fewer
    than five then stay where they are.
    """
    known = set(into.votes.values_list("key", flat=True))
    fresh = [vote for vote in one.votes.all() if vote.key not in known]
    in_figures = sum(vote.shown is not None for vote in fresh)
    enough = not anonymous or (in_figures >= FEWEST and into.waits_for == FEWEST)
    if over and not enough:
        return
    field = one.votes.field.name
    for vote in fresh:
        if not enough:
            vote.shown, vote.shown_important = None, False
        vote.counted = (vote.value, vote.important) == (vote.shown, vote.shown_important)
        setattr(vote, field, into)
    one.votes.all().delete()
    kept = [vote for vote in fresh if vote.value is not None or vote.shown is not None]
    one.votes.model._default_manager.bulk_create(kept, batch_size=_AT_ONCE)
    for row in (one, into):
        count_anew(row)


def settle(rows: QuerySet[Any], votes: QuerySet[Any], on: str, *, anonymous: bool) -> None:
    """All is over: let the figures of `rows` move for the last time, and no vote tell any more that it came late.

    Changes that the rule of five keeps out of the figures are let go: kept, they would say who came last; counted, how
    they voted. `on`: the votes' own name for what they are on.
    """
    for one in rows.filter(changed__gt=0).select_for_update():
        move(one, anonymous=anonymous)
        one.save(update_fields=COUNTS)
    if anonymous:
        votes.filter(Q(counted=False, shown=None) | Q(**{f"{on}__waits_for__gt": FEWEST})).delete()
        votes.filter(counted=False).update(value=F("shown"), important=F("shown_important"), counted=True)
        now: Mapping[str, Any] = {f"now_{name}": F(name) for name in SHOWN}
        rows.update(**now, changed=0, waits_for=FEWEST)


def forget(rows: Iterable[Any], key: str, *, keep: bool) -> int:
    """Delete one voter's votes on these rows: how many. `keep`: figures that have been released stay."""
    gone = 0
    for one in rows:
        shown = {name: getattr(one, name) for name in SHOWN}
        gone += one.votes.filter(key=key).delete()[0]
        count_anew(one)
        if keep:
            type(one)._default_manager.filter(pk=one.pk).update(**shown)
    return gone

"""Writes that forget: what ties an activity to people when it has been kept long enough, and the order of writing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from samsyn.audit.models import Entry
from samsyn.core import search, storage
from samsyn.core.clock import start_of, today
from samsyn.programmes import rules
from samsyn.programmes.actions_letters import forget_letters
from samsyn.programmes.kinds import kind_of
from samsyn.programmes.models import Activity, Ticket, VoterKey
from samsyn.programmes.recording import record_in
from samsyn.thread.models import FollowUp, Item, Link, Receipt

_RECORDED_LATELY = dt.timedelta(days=7)


def dispose_of(activity: Activity) -> None:
    """Delete what ties an activity to people, once the time for keeping it is over (gallring). Twice is as once.

    Tickets, voter keys, receipts, letters, what askers said afterwards, and what the kind itself keeps of people go.
    Questions, answers, figures and our reply stay: they are the programme's record.
    """
    if not rules.is_due_for_disposal(activity):
        return
    with transaction.atomic():
        Ticket.objects.filter(activity=activity).delete()
        VoterKey.objects.filter(activity=activity).delete()
        Receipt.objects.filter(item__activity_id=activity.pk).delete()
        FollowUp.objects.filter(item__activity_id=activity.pk).delete()
        kind_of(activity).let_go(activity)
        forget_letters(activity)
        activity.disposed = today()
        activity.save(update_fields=["disposed"])
        record_in(activity, "activity.disposed", activity, by=None)


def forget_order(activity: Activity) -> None:
    """Rewrite the rows of an anonymous or coded activity so that nobody can read back who wrote after whom."""
    forget_orders([activity])


def forget_orders(activities: Iterable[Activity]) -> None:
    """The same for several activities at once, and for the record of what was done in such. Not in a transaction."""
    rows = [queryset for activity in activities for queryset in _rows_without_order(activity)]
    recorded = Entry.objects.filter(day_only=True, at__gte=start_of(today() - _RECORDED_LATELY))
    if rows or recorded.exists():
        rows.append(recorded)
        storage.shuffle(rows)


def _rows_without_order(activity: Activity) -> list[QuerySet[Any]]:
    items = Item.objects.filter(activity_id=activity.pk)
    return [
        items,
        search.rows_of("item", items.values("pk")),
        Link.objects.filter(source__activity_id=activity.pk),
        Receipt.objects.filter(item__activity_id=activity.pk),
        FollowUp.objects.filter(item__activity_id=activity.pk),
        Ticket.objects.filter(activity=activity),
        VoterKey.objects.filter(activity=activity),
        *kind_of(activity).anonymous_rows(activity),
    ]

"""Reads of steps."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from samsyn.activities.steps.models import Outcome
from samsyn.programmes.models import Activity
from samsyn.thread.models import Item, Link
from samsyn.thread.registry import Telling, tell


def outcomes(activity: Activity) -> QuerySet[Outcome]:
    """What came out of a step, first written first."""
    return outcomes_of([activity])


def outcomes_of(activities: Iterable[Activity]) -> QuerySet[Outcome]:
    """What came out of several steps, in one query."""
    rows = Outcome.objects.filter(activity__in=activities)
    return rows.select_related("item", "written_by").order_by("item__day", "id")


def latest_items(programme_id: int) -> QuerySet[Item]:
    """Items of the programme that a new outcome can have come of, newest first."""
    items = Item.objects.filter(programme_id=programme_id).exclude(visibility="facilitators")
    return items.exclude(kind="reply").order_by("-day", "id")


def sources(outcome: Outcome) -> list[Telling]:
    """What an outcome came of."""
    ids = Link.objects.filter(target=outcome.item).values_list("source_id", flat=True)
    told = tell(Item.objects.filter(pk__in=list(ids)))
    return sorted(told.values(), key=lambda telling: (telling.item.day, telling.item.pk))


def tell_outcomes(items: list[Item]) -> dict[int, Telling]:
    """Outcomes as the thread tells them."""
    rows = Outcome.objects.filter(item__in=items).select_related("item", "activity", "written_by")
    return {
        row.item_id: Telling(
            item=row.item,
            what=_("step"),
            text=row.activity.title,
            state=_("done by hand"),
            by=row.written_by.name if row.written_by else "",
            day=row.item.day,
            note=row.text,
        )
        for row in rows
    }

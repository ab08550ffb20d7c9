"""Reads of steps."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from samsyn.activities.steps.models import Outcome
from samsyn.programmes.models import Activity
from samsyn.thread.models import Item, Link
from samsyn.thread.registry import Telling, tell

CHOICES = 12  # so many to choose among at a time; the others are found by a word


def outcomes(activity: Activity) -> QuerySet[Outcome]:
    """What came out of a step, first written first."""
    return outcomes_of([activity])


def outcomes_of(activities: Iterable[Activity]) -> QuerySet[Outcome]:
    """What came out of several steps, in one query."""
    rows = Outcome.objects.filter(activity__in=activities)
    return rows.select_related("item", "written_by").order_by("item__day", "id")


def possible_sources(programme_id: int, *, find: str = "", chosen: Iterable[int] = ()) -> QuerySet[Item]:
    """Items that an outcome can have come of: those chosen already, and the newest whose words hold `find`."""
    rows = Item.objects.filter(programme_id=programme_id).exclude(visibility="facilitators").exclude(kind="reply")
    rows = rows.order_by("-day", "id")
    chosen = list(chosen)
    fitting = rows.exclude(pk__in=chosen)
    if find:
        fitting = fitting.filter(Q(title__sv__icontains=find) | Q(title__en__icontains=find))
    return rows.filter(pk__in=[*chosen, *fitting.values_list("pk", flat=True)[:CHOICES]])


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

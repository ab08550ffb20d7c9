"""Reads of steps."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from samsyn.activities.steps.models import Outcome
from samsyn.core import search
from samsyn.organisations.models import Person
from samsyn.programmes.models import Activity
from samsyn.programmes.standing import Visitor
from samsyn.thread.models import Item, Link, Visibility
from samsyn.thread.registry import Telling, tell, visible_ids

CHOICES = 12  # so many to choose among at a time; the others are found by a word
_LOOKED_AT = 200  # so many of the newest, to find those that one may see


def outcomes(activity: Activity) -> QuerySet[Outcome]:
    """What came out of a step, first written first."""
    return outcomes_of([activity])


def outcomes_of(activities: Iterable[Activity]) -> QuerySet[Outcome]:
    """What came out of several steps, in one query."""
    rows = Outcome.objects.filter(activity__in=activities).select_related("item", "written_by")
    return rows.only("activity", "text", "item__day", *Person.named("written_by")).order_by("item__day", "id")


def possible_sources(
    programme_id: int, visitor: Visitor, *, find: str = "", chosen: Iterable[int] = ()
) -> QuerySet[Item]:
    """Items that an outcome can have come of: those chosen already, and the newest whose words hold `find`.

    Only what the visitor may see, and nothing that waits or is hidden.
    """
    rows = Item.objects.filter(programme_id=programme_id).exclude(visibility=Visibility.FACILITATORS)
    rows = rows.exclude(kind="reply").order_by("-day", "id")
    first = list(rows.filter(pk__in=list(chosen)))
    fitting = rows.exclude(pk__in=[item.pk for item in first])
    if find:
        fitting = fitting.filter(search.holding("item", find))
    latest = list(fitting[:_LOOKED_AT])
    seen = visible_ids(visitor, [*first, *latest])
    shown = [item.pk for item in first if item.pk in seen]
    return rows.filter(pk__in=[*shown, *[item.pk for item in latest if item.pk in seen][:CHOICES]])


@dataclass
class Sources:
    """What an outcome came of, and how many of these things the visitor may not see."""

    told: list[Telling] = field(default_factory=list)
    unseen: int = 0


def sources_of(outcomes: Iterable[Outcome], visitor: Visitor) -> dict[int, Sources]:
    """What each of several outcomes came of, by the outcome's item. A fixed number of queries."""
    found = {outcome.item_id: Sources() for outcome in outcomes}
    links = list(Link.objects.filter(target_id__in=found).values_list("source_id", "target_id"))
    items = list(Item.objects.filter(pk__in={source for source, _target in links}).order_by("day", "id"))
    seen = visible_ids(visitor, items)
    told = tell([item for item in items if item.pk in seen])
    targets = defaultdict(list)
    for source, target in links:
        targets[source].append(target)
    for item in items:
        for target in targets[item.pk]:
            if item.pk in told:
                found[target].told.append(told[item.pk])
            else:
                found[target].unseen += 1
    return found


def tell_outcomes(items: list[Item]) -> dict[int, Telling]:
    """Outcomes as the thread tells them."""
    known = {item.pk: item for item in items}
    rows = Outcome.objects.filter(item_id__in=known).select_related("activity", "written_by")
    rows = rows.only("item", "text", "activity__title", *Person.named("written_by"))
    what, state = _("step"), _("done by hand")
    return {
        row.item_id: Telling(
            item=known[row.item_id],
            what=what,
            text=row.activity.title,
            state=state,
            by=row.written_by.name if row.written_by else "",
            day=known[row.item_id].day,
            note=row.text,
        )
        for row in rows
    }

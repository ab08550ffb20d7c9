"""Search within the organisation: items through the thread's visibility, activities and programmes by standing."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Min, Q

from samsyn.core import search
from samsyn.programmes.kinds_contributions import state_to_tell
from samsyn.programmes.models import Activity, Programme
from samsyn.programmes.queries import LISTED
from samsyn.programmes.standing import GUEST, MANAGER, ORGANISING, PARTICIPANT, STAFF, Visitor
from samsyn.programmes.starting import is_told
from samsyn.thread.models import Item
from samsyn.thread.registry import Telling, tell, visible_ids

A_PAGE = 20
_LOOKED_AT = 200


@dataclass
class Found:
    """What a search finds that the visitor may see. Nothing else is counted either."""

    programmes: list[Programme] = field(default_factory=list)
    activities: list[Activity] = field(default_factory=list)
    page: Page[Item] | None = None
    tellings: list[Telling] = field(default_factory=list)

    @property
    def number(self) -> int:
        """How many there are in all."""
        return len(self.programmes) + len(self.activities) + (self.page.paginator.count if self.page else 0)


def find(text: str, visitor: Visitor, number: str | None = None) -> Found:
    """Everything that holds each word of a text, or its beginning. A fixed number of queries."""
    found = Found()
    if not search.words_of(text):
        return found
    programmes = Programme.objects.filter(search.holding("programme", text)).annotate(told=is_told())
    wanted = list(programmes.only("title", "everybody").order_by("-starts", "id")[:_LOOKED_AT])
    activities = Activity.objects.filter(search.holding("activity", text)).select_related("programme")
    there = list(
        activities.only(*LISTED, "programme__title", "programme__everybody").order_by("-starts", "id")[:_LOOKED_AT]
    )
    visitor.prepare({row.pk: row for row in [*wanted, *(one.programme for one in there)]}.values(), there)
    found.programmes = [row for row in wanted if _knows(visitor, row)]
    found.activities = [row for row in there if _is_there(visitor, row)]
    rows = Item.objects.filter(search.holding("item", text))
    found.page = Paginator(rows.filter(_seen(rows, visitor)).order_by("-day", "id"), A_PAGE).get_page(number)
    items = list(found.page.object_list)
    seen = visible_ids(visitor, items)
    told = tell([item for item in items if item.pk in seen])
    shown = [told[item.pk] for item in items if item.pk in told]
    found.tellings = [replace(telling, state=state_to_tell(telling)) for telling in shown]
    return found


def _knows(visitor: Visitor, programme: Programme) -> bool:
    """Staff know of a programme once people have been told of it."""
    standing = visitor.in_programme(programme) - {GUEST}
    return bool(standing if programme.told else standing - {STAFF, MANAGER})


def _is_there(visitor: Visitor, activity: Activity) -> bool:
    needed = ORGANISING if activity.state == Activity.State.DRAFT else ORGANISING | {PARTICIPANT}
    return bool(visitor.in_activity(activity) & needed)


def _seen(rows: Any, visitor: Visitor) -> Q:
    """Which of the items the visitor may see: asked once for each place and visibility, not for each item."""
    places = rows.order_by().values_list("programme_id", "activity_id", "visibility").annotate(one=Min("id"))
    samples = [
        Item(pk=pk, programme_id=programme, activity_id=activity, visibility=visibility)
        for programme, activity, visibility, pk in places
    ]
    seen = visible_ids(visitor, samples)
    wanted = Q(pk__in=[])
    for visibility in {sample.visibility for sample in samples if sample.pk in seen}:
        of_it = [sample for sample in samples if sample.pk in seen and sample.visibility == visibility]
        inside = Q(activity_id__in=[one.activity_id for one in of_it if one.activity_id])
        alone = Q(activity_id=None, programme_id__in=[one.programme_id for one in of_it if not one.activity_id])
        wanted |= Q(visibility=visibility) & (inside | alone)
    return wanted | Q(kind="promise", owner=visitor.person)  # one's own, wherever it was made

"""Who may see an item of the thread: registered with `thread/`, which lies below programmes."""

from __future__ import annotations

from samsyn.programmes.models import Activity
from samsyn.programmes.standing import (
    AT_DESK,
    INSIDE,
    MEMBER,
    MODERATING,
    NOBODY,
    PARTICIPANT,
    Standing,
    Visitor,
    everyone_reads,
    reads,
)
from samsyn.thread.models import Item, Visibility


def visible_ids(visitor: Visitor, items: list[Item]) -> set[int]:
    """The items that the visitor may see. A fixed number of queries, whatever the number of items."""
    visitor.meet({item.programme_id for item in items}, {item.activity_id for item in items if item.activity_id})
    standings = {
        place: _standing(visitor, *place) for place in {(item.programme_id, item.activity_id) for item in items}
    }
    return {
        item.pk
        for item in items
        if _answers_for(visitor, item)
        or _sees(standings[item.programme_id, item.activity_id], item, visitor.activities.get(item.activity_id or 0))
    }


def _standing(visitor: Visitor, programme_id: int, activity_id: int | None) -> Standing:
    programme = visitor.programmes.get(programme_id)
    if programme is None:
        return NOBODY
    activity = visitor.activities.get(activity_id or 0)
    return visitor.in_activity(activity) if activity else visitor.in_programme(programme)


def _answers_for(visitor: Visitor, item: Item) -> bool:
    """Who has made a promise sees it, though it was made where they do not take part: nothing of what it came of."""
    return item.kind == "promise" and visitor.person is not None and item.owner_id == visitor.person.pk


def _sees(standing: Standing, item: Item, activity: Activity | None) -> bool:
    """What an activity holds is seen by nobody who may not read the activity, whatever the item says."""
    if item.visibility == Visibility.PUBLIC or standing & MODERATING:
        return True
    if activity is not None and not reads(standing, activity):
        return False
    if item.visibility == Visibility.PROGRAMME:
        return bool(standing & (INSIDE | {PARTICIPANT}))
    if item.visibility == Visibility.AUDIENCE:
        return bool(standing & (AT_DESK | {PARTICIPANT}))
    if item.visibility == Visibility.GROUP:
        return MEMBER in standing and (activity is None or PARTICIPANT in standing)
    return False


def everyone_sees(item: Item, activity: Activity | None) -> bool:
    """Whether everyone in the programme may see an item; `activity` is the one that it belongs to, if any."""
    if item.visibility == Visibility.PUBLIC:
        return True
    if item.visibility == Visibility.PROGRAMME:
        return activity is None or everyone_reads(activity)
    asks_all = activity is not None and activity.everybody and everyone_reads(activity)
    return item.visibility == Visibility.AUDIENCE and asks_all

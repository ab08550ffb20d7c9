"""Who may see an item of the thread: registered with `thread/`, which lies below programmes."""

from __future__ import annotations

from samsyn.programmes.standing import FACILITATION, INSIDE, MEMBER, ORGANISING, PARTICIPANT, Visitor
from samsyn.thread.models import Item, Visibility


def visible_ids(visitor: Visitor, items: list[Item]) -> set[int]:
    """The items that the visitor may see. A fixed number of queries, whatever the number of items."""
    visitor.meet({item.programme_id for item in items}, {item.activity_id for item in items if item.activity_id})
    return {item.pk for item in items if _sees(visitor, item)}


def _sees(visitor: Visitor, item: Item) -> bool:
    if item.visibility == Visibility.PUBLIC:
        return True
    programme = visitor.programmes.get(item.programme_id)
    if programme is None:
        return False
    activity = visitor.activities.get(item.activity_id or 0)
    standing = visitor.in_activity(activity) if activity else visitor.in_programme(programme)
    if standing & FACILITATION:
        return True
    if item.visibility == Visibility.PROGRAMME:
        return bool(standing & (INSIDE | {PARTICIPANT}))
    if item.visibility == Visibility.AUDIENCE:
        return bool(standing & (ORGANISING | {PARTICIPANT}))
    if item.visibility == Visibility.GROUP:
        return bool(standing & {MEMBER})
    return False

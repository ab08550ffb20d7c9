"""Handing an item over: what can be made of it, and where, asked of the kinds through the registry.

What is made carries the item's words. So nothing can be made of what waits, is hidden, or is for some only: its words
would go to people who may not read them where they stand.
"""

from __future__ import annotations

from dataclasses import dataclass

from samsyn.programmes.contributions import Contribution
from samsyn.programmes.kinds import Receiver, all_kinds
from samsyn.programmes.models import Activity, Programme
from samsyn.programmes.standing import ORGANISING, Visitor
from samsyn.programmes.viewing import everyone_sees
from samsyn.thread.models import Item

_HELD_BACK = {Contribution.State.WAITING, Contribution.State.HIDDEN}


@dataclass(frozen=True)
class Offer:
    """One thing that can be made of an item, in one activity. `key` names it in a form."""

    key: str
    activity: Activity
    receiver: Receiver


def may_leave(item: Item) -> bool:
    """Whether an item's words may be taken elsewhere: everyone in the programme may read them. One query."""
    activity = Activity.objects.filter(pk=item.activity_id).only("state", "everybody").first()
    return item.state not in _HELD_BACK and everyone_sees(item, activity)


def offers(item: Item) -> list[Offer]:
    """Everything that can be made of an item in its programme, in the order of the storyboard: two queries."""
    receivers = [
        (slug, number, receiver)
        for slug, kind in all_kinds().items()
        for number, receiver in enumerate(kind.receives())
        if item.kind in receiver.kinds
    ]
    if not receivers or not may_leave(item):
        return []
    activities = Activity.objects.filter(
        programme_id=item.programme_id, kind__in={slug for slug, _number, _receiver in receivers}
    ).exclude(pk=item.activity_id)
    return [
        Offer(f"{activity.pk}-{number}", activity, receiver)
        for activity in activities.select_related("programme").order_by("-starts", "id")
        for slug, number, receiver in receivers
        if activity.kind == slug and activity.state in receiver.states
    ]


def offers_to(visitor: Visitor, item: Item) -> list[Offer]:
    """What somebody can make of an item: who runs the programme all of it, a host what their own session receives."""
    return [
        offer
        for offer in offers(item)
        if visitor.in_programme(offer.activity.programme) & ORGANISING or visitor.hosts(offer.activity)
    ]


def may_hand_over(visitor: Visitor, programme: Programme, item: Item) -> bool:
    """Whether somebody makes something of an item: who runs the programme, and a host of where it was said."""
    activity = visitor.activities.get(item.activity_id or 0)
    return bool(visitor.in_programme(programme) & ORGANISING) or (activity is not None and visitor.hosts(activity))

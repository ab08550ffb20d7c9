"""Handing an item over: what can be made of it, and where, asked of the kinds through the registry."""

from __future__ import annotations

from dataclasses import dataclass

from samsyn.programmes.kinds import Receiver, all_kinds
from samsyn.programmes.models import Activity
from samsyn.thread.models import Item

_RECEIVING = (Activity.State.OPEN, Activity.State.CLOSED)


@dataclass(frozen=True)
class Offer:
    """One thing that can be made of an item, in one activity. `key` names it in a form."""

    key: str
    activity: Activity
    receiver: Receiver


def offers(item: Item) -> list[Offer]:
    """Everything that can be made of an item in its programme, in the order of the storyboard: one query."""
    receivers = [
        (slug, number, receiver)
        for slug, kind in all_kinds().items()
        for number, receiver in enumerate(kind.receives())
        if item.kind in receiver.kinds
    ]
    if not receivers:
        return []
    activities = Activity.objects.filter(
        programme_id=item.programme_id, kind__in={slug for slug, _number, _receiver in receivers}, state__in=_RECEIVING
    ).exclude(pk=item.activity_id)
    return [
        Offer(f"{activity.pk}-{number}", activity, receiver)
        for activity in activities.select_related("programme").order_by("-starts", "id")
        for slug, number, receiver in receivers
        if activity.kind == slug
    ]

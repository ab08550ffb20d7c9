"""Promises and replies as pages tell them."""

from __future__ import annotations

from django.utils.translation import gettext as _

from samsyn.thread.models import Item, Promise, Reply
from samsyn.thread.queries import is_late
from samsyn.thread.registry import Telling


def promise_state(promise: Promise) -> str:
    """Kept, withdrawn, late or open, in words."""
    if promise.item.state == "kept":
        return _("kept")
    if promise.item.state == "withdrawn":
        return _("withdrawn")
    return _("late") if is_late(promise) else _("not done yet")


def tell_promises(items: list[Item]) -> dict[int, Telling]:
    """Promises with owner, state and what came of them."""
    rows = Promise.objects.filter(item__in=items).select_related("item", "item__owner")
    return {
        row.item_id: Telling(
            item=row.item,
            what=_("promise"),
            text=row.item.title,
            state=promise_state(row),
            happened=row.item.state != "open",
            by=row.item.owner.name if row.item.owner else "",
            day=row.settled or row.item.day,
            note=row.note or row.text or None,
            note_by=row.item.owner.name if row.item.owner else "",
        )
        for row in rows
    }


def tell_replies(items: list[Item]) -> dict[int, Telling]:
    """Our replies, signed."""
    rows = Reply.objects.filter(item__in=items).select_related("item", "signed_by")
    return {
        row.item_id: Telling(
            item=row.item,
            what=_("our reply"),
            text=row.item.title,
            happened=True,
            by=row.signed_by.name,
            day=row.day,
            note=row.doing or row.not_doing or row.heard,
            note_by=row.signed_by.name,
        )
        for row in rows
    }

"""Promises and replies as pages tell them."""

from __future__ import annotations

from django.utils.translation import gettext as _

from samsyn.organisations.models import Person
from samsyn.thread.models import Item, Promise, Reply
from samsyn.thread.queries import PROMISE, is_late
from samsyn.thread.registry import Telling

_SAID = ("item", "heard", "doing", "not_doing", "day")


def promise_state(promise: Promise) -> str:
    """Kept, withdrawn, late or open, in words."""
    if promise.item.state == "kept":
        return _("kept")
    if promise.item.state == "withdrawn":
        return _("withdrawn")
    return _("late") if is_late(promise) else _("not done yet")


def tell_promise(promise: Promise, item: Item) -> Telling:
    """A promise with owner, state and what came of it; `item` is its own."""
    owner = promise.item.owner.name if promise.item.owner else ""
    due = promise.item.due if promise.item.state == "open" else None
    return Telling(
        item=item,
        what=_("promise"),
        text=promise.item.title,
        state=promise_state(promise),
        happened=promise.item.state != "open",
        by=owner,
        day=promise.settled or item.day,
        due=due,
        first_due=promise.first_due if due and promise.first_due != due else None,
        note=promise.note or promise.text or None,
        note_by=owner,
    )


def tell_promises(items: list[Item]) -> dict[int, Telling]:
    """Promises with owner, state and what came of them."""
    known = {item.pk: item for item in items}
    rows = Promise.objects.filter(item_id__in=known).select_related("item", "item__owner").only(*PROMISE)
    return {row.item_id: tell_promise(row, known[row.item_id]) for row in rows}


def tell_reply(reply: Reply, item: Item) -> Telling:
    """Our reply, signed; `item` is its own."""
    return Telling(
        item=item,
        what=_("our reply"),
        text=item.title,
        happened=True,
        by=reply.signed_by.name,
        day=reply.day,
        note=reply.doing or reply.not_doing or reply.heard,
        note_by=reply.signed_by.name,
    )


def tell_replies(items: list[Item]) -> dict[int, Telling]:
    """Our replies, signed."""
    known = {item.pk: item for item in items}
    rows = Reply.objects.filter(item_id__in=known).select_related("signed_by")
    return {row.item_id: tell_reply(row, known[row.item_id]) for row in rows.only(*_SAID, *Person.named("signed_by"))}

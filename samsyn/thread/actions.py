"""Writes to the thread: items, links, promises, replies, receipts and what the asker says afterwards."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from samsyn.audit.actions import record
from samsyn.core import clock, rows, search, tenancy
from samsyn.core.errors import RefusedError
from samsyn.core.texts import LangText
from samsyn.organisations.models import Person
from samsyn.thread import secrets
from samsyn.thread.models import FollowUp, Item, Link, Promise, Receipt, Reply

_MARKS_AT_ONCE = 16
_LINKS_AT_ONCE = 500


def add_item(**values: Any) -> Item:
    """Add an item for a kind's action, within its transaction. The day is today's unless given."""
    values.setdefault("day", clock.today())
    item: Item = Item.objects.create(organisation_id=tenancy.active_id(), **values)
    search.add("item", item.pk, item.title.values())
    return item


def words_changed(*items: Item) -> None:
    """Let items be found by what they say now, within the caller's transaction."""
    search.refresh("item", [item.pk for item in items])


def link(source: Item, target: Item) -> None:
    """Note that `target` came of `source`; twice is the same as once."""
    link_many([source.pk], target)


def link_many(source_ids: Iterable[int], target: Item) -> None:
    """Note that `target` came of each of the sources."""
    organisation_id = tenancy.active_id()
    links = [Link(organisation_id=organisation_id, source_id=pk, target=target) for pk in source_ids if pk != target.pk]
    Link.objects.bulk_create(links, batch_size=_LINKS_AT_ONCE, ignore_conflicts=True)


def unlink(source_ids: Iterable[int], target: Item) -> None:
    """Take back that `target` came of the sources: they were put together by mistake, or only for a while."""
    Link.objects.filter(source_id__in=list(source_ids), target=target).delete()


def make_promise(
    source: Item, *, title: LangText, text: LangText, owner: Person, due: dt.date, visibility: str, by: Person
) -> Item:
    """Promise something by a day, out of an item. Raises RefusedError for a day that has passed."""
    if due < clock.today():
        raise RefusedError(_("The day has already passed. Choose a later one."), "due")
    with transaction.atomic():
        item = add_item(
            programme_id=source.programme_id,
            activity_id=source.activity_id,
            kind="promise",
            state="open",
            visibility=visibility,
            level=source.level,
            language=source.language,
            title=title,
            owner=owner,
            due=due,
        )
        promise = Promise(organisation_id=tenancy.active_id(), item=item, text=text, first_due=due)
        promise.save()
        words_changed(item)
        link(source, item)
        record("promise.made", promise, by=by, day_only=item.leaves_no_trace)
    return item


def settle_promise(promise: Promise, *, state: str, note: LangText, by: Person) -> None:
    """Say that a promise was kept, or that it is withdrawn; either way with words. The caller has authorised."""
    if state not in {"kept", "withdrawn"}:
        raise ValueError(state)
    if not note:
        raise RefusedError(_("Write what came of it, so that those who asked can see it."), "note")
    with transaction.atomic():
        _hold_open(promise)
        promise.item.state = state
        promise.item.save(update_fields=["state"])
        promise.note, promise.settled = note, clock.today()
        promise.save(update_fields=["note", "settled"])
        words_changed(promise.item)
        record(f"promise.{state}", promise, by=by, day_only=promise.item.leaves_no_trace)


def move_promise(promise: Promise, *, due: dt.date, note: LangText, by: Person) -> None:
    """Give a promise a new day, with the reason. The first day stays visible."""
    if due <= clock.today():
        raise RefusedError(_("Choose a day after today."), "due")
    if not note:
        raise RefusedError(_("Write why it takes longer."), "note")
    with transaction.atomic():
        _hold_open(promise)
        promise.item.due = due
        promise.item.save(update_fields=["due"])
        promise.note = note
        promise.save(update_fields=["note"])
        words_changed(promise.item)
        record("promise.moved", promise, by=by, day_only=promise.item.leaves_no_trace)


def _hold_open(promise: Promise) -> None:
    """Keep others from settling a promise until the transaction ends. Raises RefusedError where somebody has."""
    if not rows.hold(promise.item, "state") or promise.item.state != "open":
        raise RefusedError(_("This promise has already been settled."))


def write_reply(
    *,
    programme_id: int,
    activity_id: int,
    level: str,
    heard: LangText,
    doing: LangText,
    not_doing: LangText,
    next_date: dt.date | None,
    signed_by: Person,
    voice_ids: Iterable[int],
    title: LangText,
    by: Person,
) -> Reply:
    """Write our reply to an activity and link every voice to it, within the caller's transaction."""
    item = add_item(
        programme_id=programme_id,
        activity_id=activity_id,
        kind="reply",
        state="published",
        visibility="programme",
        level=level,
        title=title,
        owner=signed_by,
        due=next_date,
    )
    reply = Reply(
        organisation_id=tenancy.active_id(),
        item=item,
        activity_id=activity_id,
        heard=heard,
        doing=doing,
        not_doing=not_doing,
        next_date=next_date,
        signed_by=signed_by,
        published_by=by,
        day=item.day,
    )
    reply.save()
    words_changed(item)
    link_many(voice_ids, item)
    record("reply.written", reply, by=by, day_only=item.leaves_no_trace)
    return reply


def attach_receipt(item: Item, words: str) -> None:
    """Let the holder of the words find this item again, within the caller's transaction. `words` are cleaned."""
    attach_stretched(item, secrets.stretch(words))


def attach_stretched(item: Item, stretched: bytes) -> None:
    """The same with words that have been stretched before, outside of the transaction.

    Takes the first number that is not yet used in the activity; two tabs at once take two.
    """
    activity_id = item.activity_id or 0
    start = 0
    while True:
        marks = [secrets.mark(stretched, activity_id, number) for number in range(start, start + _MARKS_AT_ONCE)]
        taken = dict(Receipt.objects.filter(mark__in=marks).values_list("mark", "item_id"))
        if item.pk in taken.values():
            return
        free = (mark for mark in marks if mark not in taken)
        organisation_id = tenancy.active_id()
        if any(rows.add_once(Receipt(organisation_id=organisation_id, item=item, mark=mark)) for mark in free):
            return
        start += _MARKS_AT_ONCE


def follow_up(item: Item, *, answered: bool, text: str, language: str, translation: LangText | None = None) -> FollowUp:
    """What the one who asked says about the answer. Leaves no audit row: the asker may be anonymous.

    One per item: a second one takes the place of the first.
    """
    if len(text) > 2000:
        raise RefusedError(_("Write at most 2,000 characters."), "text")
    with transaction.atomic():
        rows.hold(item, "id")  # two at once: one after the other
        FollowUp.objects.filter(item=item).delete()
        return FollowUp.objects.create(
            organisation_id=tenancy.active_id(),
            item=item,
            answered=answered,
            text=text.strip(),
            language=language,
            day=clock.today(),
        )

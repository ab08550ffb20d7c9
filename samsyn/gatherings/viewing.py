"""Minutes and lessons in the thread: who sees them, and how they are told."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from samsyn.gatherings.models import Correction, Lesson, Minutes, Session
from samsyn.gatherings.queries import standings
from samsyn.gatherings.standing import READING, RUNNING
from samsyn.programmes.standing import INSIDE, Standing, Visitor
from samsyn.thread.models import Item
from samsyn.thread.registry import Telling


def reads_minutes(standing: Standing, session: Session) -> bool:
    """Whether somebody who is this to a session may read its minutes: before they are published, who runs it alone."""
    if standing & RUNNING:
        return True
    if session.state != Session.State.PUBLISHED:
        return False
    return bool(standing & (READING | (INSIDE if session.everybody else frozenset())))


def visible_ids(visitor: Visitor, items: list[Item]) -> set[int]:
    """The minutes and lessons that the visitor may see. A fixed number of queries."""
    of_item = _sessions_of(items)
    sessions = {session.pk: session for session in of_item.values()}
    visitor.meet({session.programme_id for session in sessions.values()}, ())
    for session in sessions.values():
        session.programme = visitor.programmes[session.programme_id]
    known = standings(visitor, list(sessions.values()))
    return {pk for pk, session in of_item.items() if reads_minutes(known[session.pk], session)}


def tell(items: list[Item]) -> dict[int, Telling]:
    """Minutes and lessons as the thread tells them; minutes that have been put right with the latest reason."""
    minutes = [item.pk for item in items if item.kind == "gatherings.minutes"]
    rows = Correction.objects.filter(minutes__item__in=minutes).select_related("minutes", "corrected_by")
    corrected = {row.minutes.item_id: row for row in rows.order_by("number")} if minutes else {}
    return {
        item.pk: Telling(
            item=item,
            what=_("minutes") if item.kind == "gatherings.minutes" else _("lesson"),
            text=item.title,
            day=item.day,
            **_note(corrected.get(item.pk)),
        )
        for item in items
    }


def _note(row: Correction | None) -> dict[str, Any]:
    if row is None:
        return {}
    by = row.corrected_by.name if row.corrected_by is not None else ""
    return {"state": pgettext("minutes", "corrected"), "note": row.reason, "note_by": by}


def _sessions_of(items: list[Item]) -> dict[int, Session]:
    ids = [item.pk for item in items]
    found = {row.item_id: row.session for row in Minutes.objects.filter(item_id__in=ids).select_related("session")}
    lessons = Lesson.objects.filter(item_id__in=ids).select_related("session")
    return found | {row.item_id: row.session for row in lessons}

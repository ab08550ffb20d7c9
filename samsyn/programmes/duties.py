"""What comes back by itself: activities that open and close on their days, and anonymous rows that lose their order."""

from __future__ import annotations

import datetime as dt
import logging

from django.db import OperationalError
from django.db.models import Q

from samsyn.core import clock
from samsyn.core.errors import RefusedError
from samsyn.jobs.duties import in_each_organisation
from samsyn.jobs.registry import Surroundings
from samsyn.programmes import rules
from samsyn.programmes.actions import close_activity, open_activity
from samsyn.programmes.actions_forgetting import dispose_of, forget_orders
from samsyn.programmes.models import Activity
from samsyn.thread.models import FollowUp

_LATELY = dt.timedelta(days=3)
_TRIES = 5
logger = logging.getLogger(__name__)


def open_and_close_due() -> None:
    """Close what is past its last day, open what is to open by itself, and let anonymous rows forget their order.

    Safe to run again and again. Rehearsals are left alone: they are played by their own script.
    """
    in_each_organisation(_in_organisation)


def _in_organisation(_surroundings: Surroundings) -> None:
    close_due()
    open_due()
    dispose_of_due()
    forget_orders_due()


def _without_order() -> list[Activity]:
    """Anonymous and coded activities that somebody may have written to since they were last rewritten.

    They are open, or have been closed lately and the rewriting at close may be missing, or somebody who asked there
    has lately said, by receipt, what they think of the answer.
    """
    day = clock.today() - _LATELY
    spoken = FollowUp.objects.filter(day__gte=day).values("item__activity_id")
    written = Q(state=Activity.State.OPEN) | Q(closed__gte=day) | Q(pk__in=spoken)
    rows = Activity.objects.filter(written).select_related("programme").order_by("id")
    return [activity for activity in rows if rules.leaves_no_trace(activity)]


def forget_orders_due() -> None:
    """Let anonymous rows forget their order; where others are in the way, try again."""
    for left in reversed(range(_TRIES)):
        try:
            forget_orders(_without_order())
            break
        except OperationalError:
            if not left:
                raise


def _open_ones() -> list[Activity]:
    rows = Activity.objects.filter(state=Activity.State.OPEN)
    return list(rows.select_related("programme").order_by("id"))


def close_due() -> int:
    """Close the organisation's open activities whose last day has passed. Returns how many."""
    due = [activity for activity in _open_ones() if activity.ends < clock.today()]
    for activity in due:
        close_activity(activity, by=None)
    return len(due)


def open_due() -> int:
    """Open the drafts whose first day has come, where somebody has said that they open by themselves.

    One whose last day has passed, or whose reply would already be late, waits for a person. Returns how many opened.
    """
    today = clock.today()
    drafts = Activity.objects.filter(state=Activity.State.DRAFT, starts__lte=today, ends__gte=today)
    opened = 0
    for activity in drafts.select_related("programme").order_by("id"):
        if not activity.settings.get("by_itself"):
            continue
        try:
            open_activity(activity, by=None)
            opened += 1
        except RefusedError:
            logger.warning("an activity could not open by itself; somebody has to give its reply another day")
    return opened


def dispose_of_due() -> int:
    """Dispose of what has been kept for as long as was said. Returns how many activities."""
    published = Activity.objects.filter(published__isnull=False, disposed__isnull=True).order_by("id")
    due = [activity for activity in published if rules.is_due_for_disposal(activity)]
    for activity in due:
        dispose_of(activity)
    return len(due)

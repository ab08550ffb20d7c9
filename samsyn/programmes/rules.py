"""Rules of the storyboard: states and what follows what, when level and entry are fixed, who may do what."""

from __future__ import annotations

import datetime as dt

from samsyn.core.clock import today
from samsyn.organisations.models import Person
from samsyn.programmes import standing
from samsyn.programmes.models import Activity, Programme
from samsyn.thread.models import UNTRACED

_NEXT: dict[str, frozenset[str]] = {
    "draft": frozenset({"open"}),
    "open": frozenset({"closed"}),
    "closed": frozenset({"open", "published"}),
    "published": frozenset(),
}


def can_become(activity: Activity, state: str) -> bool:
    """Whether the activity may go from its state to this one."""
    return state in _NEXT[activity.state]


def may_reply(activity: Activity) -> bool:
    """Whether our reply may be written: at publishing, or after a publishing without one."""
    return activity.state in {Activity.State.CLOSED, Activity.State.PUBLISHED}


def is_due_for_disposal(activity: Activity) -> bool:
    """Whether the days for which it is kept after publishing are over, and nothing has been disposed of yet."""
    if activity.published is None or activity.disposed is not None:
        return False
    return activity.published + dt.timedelta(days=activity.retention_days) < today()


def is_anonymous(activity: Activity) -> bool:
    """Whether the author of a contribution is never stored."""
    return activity.level == Activity.Level.ANONYMOUS


def leaves_no_trace(activity: Activity) -> bool:
    """Whether contributions leave no audit row, and their order must not be readable."""
    return activity.level in UNTRACED


def can_plan(person: Person | None, programme: Programme) -> bool:
    """Programme lead and facilitators plan."""
    return bool(standing.in_programme(person, programme) & standing.FACILITATION)


def can_organise(person: Person | None, programme: Programme) -> bool:
    """Owner, programme lead and facilitators run the programme; they publish replies and settle promises."""
    return bool(standing.in_programme(person, programme) & standing.ORGANISING)


def can_moderate(person: Person | None, activity: Activity) -> bool:
    """Programme lead, facilitators and whoever hosts its session work in an activity: let in, hide, sort, set up."""
    visitor = standing.Visitor(person)
    return bool(visitor.in_programme(activity.programme) & standing.FACILITATION) or visitor.hosts(activity)


def can_lead(person: Person | None, activity: Activity) -> bool:
    """The same with the owner: answer, promise and write down what came out of an activity."""
    visitor = standing.Visitor(person)
    return bool(visitor.in_programme(activity.programme) & standing.ORGANISING) or visitor.hosts(activity)

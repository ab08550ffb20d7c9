"""Files on activities: whoever reads the activity reads them, those who organise the programme add and remove them."""

from __future__ import annotations

from typing import Any

from samsyn.core.addresses import address
from samsyn.organisations.models import Person
from samsyn.programmes.access import visitor_of
from samsyn.programmes.models import Activity
from samsyn.programmes.standing import AT_DESK, NOBODY, Standing, reads

OWNER = "activity"


def _standing(request: Any, activity_id: int) -> Standing:
    activity = Activity.objects.select_related("programme").filter(pk=activity_id).first()
    if activity is None:
        return NOBODY
    standing = visitor_of(request).in_activity(activity)
    return standing if reads(standing, activity) else NOBODY


def may_see(request: Any, activity_id: int) -> bool:
    """Whether the visitor may see the activity's files."""
    return bool(_standing(request, activity_id))


def changer(request: Any, activity_id: int) -> Person | None:
    """The person who may add and remove files, if that is who asks."""
    return visitor_of(request).person if _standing(request, activity_id) & AT_DESK else None


def page_of(activity_id: int) -> str:
    """The activity's own page."""
    return address("programmes:activity", activity=activity_id)

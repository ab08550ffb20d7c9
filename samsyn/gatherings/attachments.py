"""Files of a session: whoever sees the session sees them, those who run it add and remove them."""

from __future__ import annotations

from typing import Any

from samsyn.core.addresses import address
from samsyn.core.rows import one
from samsyn.gatherings.models import Session
from samsyn.gatherings.standing import READING, RUNNING, in_session
from samsyn.organisations.models import Person
from samsyn.programmes.access import visitor_of
from samsyn.programmes.standing import NOBODY, Standing

OWNER = "session"


def _standing(request: Any, session_id: int) -> Standing:
    session = one(Session.objects.select_related("programme", "unit").filter(pk=session_id))
    return in_session(visitor_of(request), session) if session is not None else NOBODY


def may_see(request: Any, session_id: int) -> bool:
    """Whether the visitor may see the session's files."""
    return bool(_standing(request, session_id) & READING)


def changer(request: Any, session_id: int) -> Person | None:
    """The person who may add and remove files, if that is who asks."""
    return visitor_of(request).person if _standing(request, session_id) & RUNNING else None


def page_of(session_id: int) -> str:
    """The session's own page."""
    return address("gatherings:session", session=session_id)

"""Sessions for tests."""

from __future__ import annotations

import datetime as dt

from samsyn.core import clock
from samsyn.core.texts import LangText
from samsyn.gatherings import actions, actions_running
from samsyn.gatherings.models import Session, SessionPart
from tests.fixtures import DAY, World

DAY_AFTER = DAY + dt.timedelta(days=8)


def make_session(world: World, *, minutes: tuple[int, ...] = (10, 20, 30), state: str = "planned", **values) -> Session:
    """A session of three blocks at nine o'clock, in a state; for those in `only` alone, where that is given."""
    only = values.pop("only", ())
    values = {
        "title": LangText(sv="Träffen", en="The session"),
        "starts": clock.start_of(DAY_AFTER, 9),
        "everybody": not only,
        **values,
    }
    lead = world.person("lead")
    session = actions.add_session(world.frame, by=lead, **values)
    for name in only:
        SessionPart.objects.create(organisation=world.organisation, session=session, person=world.person(name))
    for number, length in enumerate(minutes, start=1):
        actions.add_block(session, by=lead, title=LangText(sv=f"Del {number}", en=f"Part {number}"), minutes=length)
    bring_to(session, state, world)
    return session


def bring_to(session: Session, state: str, world: World) -> None:
    """Let the session come to a state by its own actions."""
    from samsyn.gatherings import actions_minutes

    lead = world.person("lead")
    if state == "cancelled":
        actions.cancel(session, by=lead)
    if state in {"running", "ended", "published"}:
        actions_running.command(session, "start", by=lead)
    if state in {"ended", "published"}:
        actions_running.command(session, "end", by=lead)
    if state == "published":
        actions_minutes.publish(session, by=lead)

"""A session as a calendar entry (iCalendar, RFC 5545 and 5546): asked, changed, called off."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.conf import settings

from samsyn.core import clock
from samsyn.core.addresses import absolute, address
from samsyn.core.ids import encode_id
from samsyn.gatherings import rules
from samsyn.gatherings.models import Block, Session
from samsyn.jobs.registry import Addressee

if TYPE_CHECKING:
    from icalendar import Event

REQUEST, CANCEL, PUBLISH = "REQUEST", "CANCEL", "PUBLISH"
MEDIA_TYPE = "text/calendar"
_NO_AGENDA = dt.timedelta(hours=1)  # how long a session is taken to be before it has an agenda


def write(session: Session, blocks: Sequence[Block], *, to: Addressee | None = None) -> tuple[str, str]:
    """(method, text) of the entry in the reader's language; for one who is invited, or to be fetched by anybody."""
    from icalendar import Calendar

    cancelled = session.state == Session.State.CANCELLED
    method = CANCEL if cancelled and to else REQUEST if to else PUBLISH
    calendar = Calendar()
    calendar.add("prodid", "-//Samsyn//Samsyn//SV")
    calendar.add("version", "2.0")
    calendar.add("method", method)
    calendar.add_component(_event(session, blocks, to, cancelled=cancelled))
    # The zone as it is around the day: calendars need no rule from 1970.
    day = session.starts.date()
    calendar.add_missing_timezones(first_date=dt.date(day.year - 1, 1, 1), last_date=dt.date(day.year + 2, 1, 1))
    return method, calendar.to_ical().decode()


def uid(session: Session) -> str:
    """What a calendar knows the session by: the same for all its days."""
    return f"session-{encode_id(session.pk)}@samsyn"


def span(session: Session, blocks: Sequence[Block]) -> tuple[dt.datetime, dt.datetime]:
    """First and last moment, in the organisation's own time zone."""
    zone = ZoneInfo(session.organisation.time_zone)
    ends = rules.ends(session, blocks) if blocks else session.starts + _NO_AGENDA
    return session.starts.astimezone(zone), ends.astimezone(zone)


def _event(session: Session, blocks: Sequence[Block], to: Addressee | None, *, cancelled: bool) -> Event:
    from icalendar import Event, vCalAddress, vText

    event = Event()
    starts, ends = span(session, blocks)
    page = absolute(address("gatherings:session", session=session.pk))
    event.add("uid", uid(session))
    event.add("sequence", session.sequence)
    event.add("dtstamp", clock.now().replace(microsecond=0))
    event.add("dtstart", starts)
    event.add("dtend", ends)
    event.add("summary", str(session.title))
    event.add("status", "CANCELLED" if cancelled else "CONFIRMED")
    event.add("url", page)
    event.add("description", "\n\n".join(part for part in (str(session.purpose), session.link, page) if part))
    where = ", ".join(part for part in (session.place, session.link) if part)
    if where:
        event.add("location", where)
    if to is not None:
        organizer = vCalAddress(f"mailto:{settings.DEFAULT_FROM_EMAIL}")
        organizer.params["CN"] = vText(str(session.organisation.name))
        event.add("organizer", organizer)
        # Answers are given on the page: a calendar's own answer would reach nobody.
        attendee = vCalAddress(f"mailto:{to.email}")
        attendee.params.update({"CN": vText(to.name), "ROLE": vText("REQ-PARTICIPANT"), "RSVP": vText("FALSE")})
        event.add("attendee", attendee)
    return event

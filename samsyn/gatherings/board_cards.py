"""Sessions on the storyboard: a card for each, or one for a series that is held in many units."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass

from django.utils.translation import gettext as _

from samsyn.core import clock
from samsyn.core.addresses import address
from samsyn.core.texts import LangText
from samsyn.gatherings import queries
from samsyn.gatherings.models import Block, Session
from samsyn.gatherings.standing import READING, RUNNING
from samsyn.organisations.models import Person
from samsyn.programmes.beside import Beside
from samsyn.programmes.models import Frame, Programme
from samsyn.programmes.standing import FACILITATION, Standing, Visitor
from samsyn.programmes.words import days
from samsyn.ui.templatetags.ui import moment

State = Session.State
_CARD = "gatherings/_card.html"
_WHEN = {State.PLANNED: "later", State.RUNNING: "now", State.ENDED: "done", State.PUBLISHED: "done"}


@dataclass(frozen=True)
class SessionCard:
    """What a card says."""

    title: LangText
    when: str
    said: str
    address: str  # empty where the visitor has no page to go to
    cancelled: bool = False
    run: str = ""  # where whoever runs it goes, on its day


class SessionCards:
    """What `programmes.beside.Source` asks for."""

    def beside(self, programme: Programme, visitor: Visitor) -> list[Beside]:
        sessions = list(queries.sessions_of(programme))
        for session in sessions:
            session.programme = programme
        known = queries.standings(visitor, sessions)
        inner: dict[int, list[int]] = defaultdict(list)
        rows = Block.objects.filter(session__programme=programme, activity__isnull=False).order_by("position", "id")
        for session_id, activity_id in rows.values_list("session_id", "activity_id"):
            inner[session_id].append(activity_id)
        singles = [session for session in sessions if not (session.series_id and session.unit_id)]
        cards = [_single(session, inner[session.pk], known[session.pk]) for session in singles]
        by_series: dict[tuple[int, int], list[Session]] = defaultdict(list)
        for session in sessions:
            if session.series_id and session.unit_id:
                by_series[session.series_id, session.frame_id].append(session)
        plans = bool(visitor.in_programme(programme) & FACILITATION)
        return cards + [_many(some, inner, plans=plans) for some in by_series.values()]

    def held(self, programme: Programme) -> set[int]:
        rows = Block.objects.filter(session__programme=programme, activity__isnull=False)
        return set(rows.order_by().values_list("activity_id", flat=True))

    def refusal_to_delete(self, frame: Frame) -> object:
        if Session.objects.filter(frame=frame).exists():
            return _("Move or delete the sessions of this chapter first.")
        return None

    def move(self, programme: Programme, days: dt.timedelta, *, by: Person) -> None:
        """Planned sessions that nobody has been told of follow; the day of the others is known to people."""
        rows = Session.objects.filter(programme=programme, state=State.PLANNED, code=None)
        for session in rows.exclude(invitees__sent__isnull=False):
            local = session.starts.astimezone(clock.start_of(clock.today()).tzinfo)
            session.starts = local + days
            session.save(update_fields=["starts"])


def _single(session: Session, inner: list[int], standing: Standing) -> Beside:
    day = clock.day_of(session.starts)
    on = session.state in {State.PLANNED, State.RUNNING} and day <= clock.today()
    card = SessionCard(
        title=session.title,
        when=moment(session.when),
        said=str(session.get_state_display()),
        address=address("gatherings:session", session=session.pk) if standing & READING else "",
        cancelled=session.state == State.CANCELLED,
        run=address("gatherings:console", session=session.pk) if on and standing & RUNNING else "",
    )
    when = _WHEN.get(State(session.state), "done")
    return Beside(session.pk, session.frame_id, day, when, tuple(dict.fromkeys(inner)), _CARD, card, session.title)


def _many(sessions: list[Session], inner: dict[int, list[int]], *, plans: bool) -> Beside:
    """One card for a day that is held in many units: how many have held it. Its activities stand on its own page."""
    first = sessions[0]
    assert first.series is not None
    held = sum(session.state in {State.ENDED, State.PUBLISHED} for session in sessions)
    begins, ends = clock.day_of(sessions[0].starts), clock.day_of(sessions[-1].starts)
    when = "done" if held == len(sessions) else "now" if held or begins <= clock.today() else "later"
    card = SessionCard(
        title=first.series.title,
        when=days(begins, ends),
        said=_("%(held)d of %(all)d units have held it") % {"held": held, "all": len(sessions)},
        address=address("gatherings:series", programme=first.programme_id, series=first.series_id) if plans else "",
    )
    ids = tuple({pk for session in sessions for pk in inner[session.pk]})
    return Beside(first.pk, first.frame_id, begins, when, ids, "gatherings/_series_card.html", card, card.title)

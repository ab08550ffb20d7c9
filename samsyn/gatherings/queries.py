"""Reads of sessions: their lists, what a page shows of one, what comes next, what waits for those who run them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from samsyn.core import clock
from samsyn.core.addresses import address
from samsyn.gatherings import rules
from samsyn.gatherings.models import Block, Correction, Host, Invitee, Lesson, Minutes, Series, Session, SessionPart
from samsyn.gatherings.rules import Slot
from samsyn.gatherings.standing import HOST, PARTICIPANT, in_session
from samsyn.organisations.models import Person
from samsyn.programmes.kinds import Waiting, lacking
from samsyn.programmes.models import Activity, Programme
from samsyn.programmes.rules import can_plan
from samsyn.programmes.standing import FACILITATION, ORGANISING, Standing, Visitor
from samsyn.thread.models import Item, Link, Reply
from samsyn.thread.registry import Telling, tell, visible_ids

State = Session.State
SOON = dt.timedelta(days=21)
TELL_BEFORE = dt.timedelta(days=14)  # a session this near should have its invitations out
ANSWERS_WAIT = dt.timedelta(days=30)  # so long after the minutes somebody is asked to send the letter with them
_MOST_CARRIED = 20
_MOST_WAITING, _MOST_COMING = 100, 200


def sessions_of(programme: Programme) -> QuerySet[Session]:
    """A programme's sessions, by day."""
    rows = Session.objects.filter(programme=programme).select_related("programme", "unit", "series")
    return rows.order_by("starts", "id")


def blocks_of(session: Session) -> list[Block]:
    """The agenda, in order, with its activities."""
    rows = Block.objects.filter(session=session).select_related("activity__programme")
    return list(rows.order_by("position", "id"))


def activities_of(blocks: Iterable[Block]) -> list[Activity]:
    """The activities on an agenda, each once, in its order."""
    return list({block.activity_id: block.activity for block in blocks if block.activity}.values())


def agenda(session: Session) -> list[Slot]:
    """The agenda with its times."""
    return rules.time_blocks(session, blocks_of(session), clock.now())


def with_lacks(session: Session, slots: Sequence[Slot]) -> Sequence[Slot]:
    """The slots, those with drafts that lack something with what it is. A query for each kind among them.

    As they are, where the session is not to be held any more.
    """
    if session.state not in {State.PLANNED, State.RUNNING}:
        return slots
    drafts = {one.block.activity_id: one.block.activity for one in slots}
    found = lacking(row for row in drafts.values() if row is not None and row.state == Activity.State.DRAFT)
    return [replace(slot, lack=found.get(slot.block.activity_id or 0)) for slot in slots]


def still_open(session: Session, blocks: Sequence[Block] | None = None) -> tuple[list[Activity], list[Activity]]:
    """What of its agenda people can take part in though it has ended: what ended with it, and what is to run on.

    `blocks`: where the caller has read them.
    """
    if session.state not in {State.ENDED, State.PUBLISHED}:
        return [], []
    found = activities_of(blocks_of(session) if blocks is None else blocks)
    rest = [activity for activity in found if activity.state == Activity.State.OPEN]
    on = [activity for activity in rest if rules.runs_on(session, activity.ends)]
    return [activity for activity in rest if activity not in on], on


def awaiting_reply(blocks: Iterable[Block]) -> list[Activity]:
    """What of an agenda is closed, or published, and has no reply yet, in its order."""
    ended = [one for one in activities_of(blocks) if one.state in {Activity.State.CLOSED, Activity.State.PUBLISHED}]
    replied = set(Reply.objects.filter(activity_id__in=[one.pk for one in ended]).values_list("activity_id", flat=True))
    return [one for one in ended if one.pk not in replied]


def hosts_of(session: Session) -> list[Person]:
    """Those who run this session and no other."""
    return list(Person.objects.filter(pk__in=Host.objects.filter(session=session).values("person_id")).order_by("pk"))


# --- what is a person to many sessions ----------------------------------------------------------------------------


def standings(visitor: Visitor, sessions: Sequence[Session]) -> dict[int, Standing]:
    """What a visitor is to each of the sessions: as `standing.in_session`, in at most two queries for all of them."""
    person = visitor.person
    ids = [session.pk for session in sessions]
    hosting: set[int] = set()
    parts: dict[int, list[SessionPart]] = {}
    if person is not None and ids:
        hosting = set(Host.objects.filter(session_id__in=ids, person=person).values_list("session_id", flat=True))
        some = [session.pk for session in sessions if not session.everybody or person.external]
        for part in SessionPart.objects.filter(session_id__in=some).select_related("unit") if some else ():
            parts.setdefault(part.session_id, []).append(part)
    return {
        session.pk: in_session(visitor, session, hosts=session.pk in hosting, parts=parts.get(session.pk, []))
        for session in sessions
    }


def coming(
    visitor: Visitor, programmes: Iterable[Programme], *, most: int = 3, organised: bool = False
) -> list[Session]:
    """The next sessions of a person, from today, within three weeks: those they are asked to, or run.

    `organised`: those of programmes that they lead, too, though others run them.
    """
    wanted = {PARTICIPANT, HOST} | (ORGANISING if organised else set())
    today = clock.start_of(clock.today())
    rows = Session.objects.filter(
        programme__in=[programme.pk for programme in programmes],
        state__in=[State.PLANNED, State.RUNNING],
        starts__gte=today,
        starts__lt=today + SOON,
    )
    sessions = list(rows.select_related("programme", "unit").order_by("starts", "id")[:_MOST_COMING])
    known = standings(visitor, sessions)
    return [session for session in sessions if known[session.pk] & wanted][:most]


def waits_for(visitor: Visitor) -> list[Waiting]:
    """What waits for those who run sessions: invitations, running it today, what is left over, minutes, the answers.

    In the programmes that the visitor has met. One query, and no row for who runs nothing.
    """
    person = visitor.person
    if person is None or not visitor.own_facts().present:
        return []
    now = clock.now()
    planned = [pk for pk, programme in visitor.programmes.items() if visitor.in_programme(programme) & FACILITATION]
    mine = Q(programme_id__in=planned) | Exists(Host.objects.filter(session=OuterRef("pk"), person=person))
    told = Invitee.objects.filter(session=OuterRef("pk"), sent__isnull=False)
    rows = Session.objects.annotate(told=Exists(told)).select_related("programme", "unit")
    near = Q(state=State.PLANNED, starts__lte=now + TELL_BEFORE)
    unsent = Q(answers_sent__isnull=True, minutes__published__gte=clock.today() - ANSWERS_WAIT)
    after = Q(state__in=[State.RUNNING, State.ENDED]) | Q(state=State.PUBLISHED) & unsent
    recent = now - dt.timedelta(days=60)
    sessions = rows.filter(mine, near | after, starts__gte=recent).order_by("starts", "id")[:_MOST_WAITING]
    found = [_waiting(session) for session in sessions]
    return [waiting for waiting in found if waiting is not None]


def opens_in_a_session() -> Exists:
    """Of activities: those that open in the room of a session that is still to come, when it gets to them."""
    to_come = [State.PLANNED, State.RUNNING]
    return Exists(Block.objects.filter(activity=OuterRef("pk"), session__state__in=to_come))


def _waiting(session: Session) -> Waiting | None:
    day, today = clock.day_of(session.starts), clock.today()
    if session.state in {State.PLANNED, State.RUNNING} and day <= today:
        return _one(session, "gatherings:console", _("Run it"), day, _("Your session"))
    if session.state == State.PLANNED:
        told: bool = session.told  # type: ignore[attr-defined]
        return None if told else _one(session, "gatherings:invite", _("Invite"), day, _("Nobody has been invited yet"))
    if session.state == State.ENDED:
        return _one(session, "gatherings:leftovers", _("Write the minutes"), day, _("The session is over"))
    if session.state == State.PUBLISHED and session.answers_sent is None:
        return _one(session, "gatherings:answers", _("Send the answers"), day, _("Those whom it was for wait to hear"))
    return None


def _one(session: Session, name: str, verb: str, due: dt.date, note: str) -> Waiting:
    return Waiting(session.title, address(name, session=session.pk), verb, due, note)


# --- what a session takes over from the last one ------------------------------------------------------------------


@dataclass(frozen=True)
class Carried:
    """What comes first: of the last session of the series, its open promises, its steps, its lessons."""

    session: Session | None = None
    promises: list[Telling] = field(default_factory=list)
    steps: list[Telling] = field(default_factory=list)
    lessons: list[Item] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.promises or self.steps or self.lessons)


def last_one(session: Session) -> Session | None:
    """The session before this one in its series: of the same unit where it is a unit's."""
    if session.series_id is None:
        return None
    rows = Session.objects.filter(
        series=session.series_id, unit=session.unit_id, starts__lt=session.starts, state__in=["ended", "published"]
    )
    return rows.order_by("-starts", "id").first()


def carried_over(session: Session, visitor: Visitor) -> Carried:
    """What the last session leaves to this one, as far as the visitor may see it."""
    last = last_one(session)
    if last is None:
        return Carried()
    activities = activity_ids([last])
    promises = list(Item.objects.filter(activity_id__in=activities, kind="promise", state="open").order_by("due", "id"))
    steps = list(handed_off(activities))
    lessons = lessons_of(last)
    seen = visible_ids(visitor, [*promises, *steps, *lessons])
    told = tell([item for item in (*promises, *steps) if item.pk in seen])
    return Carried(
        last,
        [told[item.pk] for item in promises if item.pk in told][:_MOST_CARRIED],
        [told[item.pk] for item in steps if item.pk in told][:_MOST_CARRIED],
        [item for item in lessons if item.pk in seen],
    )


def activity_ids(sessions: Iterable[Session]) -> list[int]:
    """Ids of the activities on the agendas of these sessions."""
    rows = Block.objects.filter(session__in=[session.pk for session in sessions], activity__isnull=False)
    return list(rows.order_by().values_list("activity_id", flat=True).distinct())


def handed_off(activities: Iterable[int]) -> QuerySet[Item]:
    """What was made elsewhere out of what was said in these activities."""
    activities = list(activities)
    targets = Link.objects.filter(source__activity_id__in=activities).values("target_id")
    rows = Item.objects.filter(pk__in=targets).exclude(activity_id__in=activities).exclude(activity_id=None)
    return rows.exclude(kind="reply").order_by("day", "id")


def lessons_of(session: Session) -> list[Item]:
    """What will be done differently next time."""
    rows = Item.objects.filter(pk__in=Lesson.objects.filter(session=session).values("item_id"))
    return list(rows.order_by("day", "id"))


def corrections_of(minutes: Minutes) -> dict[str, list[Correction]]:
    """What has been put right since the minutes were published, by section, the latest first."""
    if minutes.published is None:
        return {}
    found: dict[str, list[Correction]] = {}
    for row in Correction.objects.filter(minutes=minutes).select_related("corrected_by").order_by("-number"):
        found.setdefault(row.key, []).append(row)
    return found


# --- series -------------------------------------------------------------------------------------------------------


def series_of(programme: Programme) -> list[Series]:
    """A programme's series, by title."""
    return sorted(Series.objects.filter(programme=programme), key=lambda series: str(series.title).casefold())


def activities_for(session: Session, by: Person) -> QuerySet[Activity]:
    """What somebody who runs a session may choose among for its blocks."""
    found = Activity.objects.filter(programme=session.programme_id)
    if can_plan(by, session.programme):
        return found
    on_it = Block.objects.filter(session=session, activity__isnull=False)
    return found.filter(pk__in=on_it.values("activity_id"))

"""What waits for a person, what is asked of them, what is new: gathered over all programmes in few queries."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.core.paginator import Page, Paginator
from django.db.models import Exists, OuterRef, Q

from samsyn.core import clock
from samsyn.core.addresses import address
from samsyn.core.rows import one
from samsyn.gatherings import queries as gatherings
from samsyn.home import changes, waiting
from samsyn.home.waiting import OVER
from samsyn.organisations.models import Person
from samsyn.programmes.contributions import Contribution
from samsyn.programmes.kinds import Notice, Waiting, all_kinds
from samsyn.programmes.models import Activity, Frame, News, Programme
from samsyn.programmes.queries import LISTED
from samsyn.programmes.standing import (
    FACILITATION,
    GUEST,
    MANAGER,
    ORGANISING,
    PARTICIPANT,
    STAFF,
    Standing,
    Visitor,
)
from samsyn.programmes.starting import is_told, may_start
from samsyn.thread import queries as thread
from samsyn.thread.models import Item, Link, Promise, Reply, Visibility
from samsyn.thread.registry import Telling, tell, visible_ids

RESULT_DAYS = 56  # a result without a reply is told of for so long
_OUTSIDE = frozenset({GUEST})  # a guest has no programme, only what they are invited to
# What pages show of a programme, whom to ask, and of a reply.
_NAMED = ("title", "from_state", "to_state", "starts", "everybody")
_CONTACT = ("name", "title", "email", "erased")
_TITLED = ("activity_id", "day", "item__title", *Person.named("signed_by"), *Person.named("published_by"))
COMING_SHOWN, REPLIES_KEPT, NEWS_KEPT = 3, 30, 20  # of the programme page: what is older is folded, what is more left


@dataclass(frozen=True)
class Asked:
    """Something that is open for this person to take part in."""

    activity: Activity
    address: str


@dataclass(frozen=True)
class Mine:
    """A programme and what the person is to it."""

    programme: Programme
    standing: Standing
    frame: Frame | None

    @property
    def plans(self) -> bool:
        return bool(self.standing & FACILITATION)


@dataclass
class Today:
    """Everything on today's page."""

    waiting: list[Waiting] = field(default_factory=list)
    asked: list[Asked] = field(default_factory=list)
    programmes: list[Mine] = field(default_factory=list)
    changes: list[Notice] = field(default_factory=list)
    organises: bool = False
    may_start: bool = False


def today_of(person: Person, visitor: Visitor) -> Today:
    """What waits for the person, what they may take part in, what has changed, and their programmes."""
    day = clock.today()
    programmes = list(Programme.objects.only(*_NAMED).annotate(told=is_told()).order_by("-starts", "id"))
    activities = list(
        Activity.objects.exclude(state=Activity.State.DRAFT, starts__gt=day)
        .exclude(Q(state=Activity.State.DRAFT) & gatherings.opens_in_a_session())
        .exclude(state=Activity.State.PUBLISHED, published__lt=day - dt.timedelta(days=RESULT_DAYS))
        .annotate(replied=Exists(Reply.objects.filter(activity_id=OuterRef("pk"))))
        .order_by("reply_by", "id")
        .only(*LISTED)
    )
    by_id = {programme.pk: programme for programme in programmes}
    for activity in activities:
        activity.programme = by_id[activity.programme_id]
    visitor.prepare(programmes, activities)
    standings = {programme.pk: visitor.in_programme(programme) for programme in programmes}
    found = Today(may_start=may_start(person))
    frames = _current_frames([pk for pk, standing in standings.items() if standing - {GUEST}], day)
    found.programmes = [
        Mine(programme, standings[programme.pk], frames.get(programme.pk))
        for programme in programmes
        if standings[programme.pk] - (_OUTSIDE if programme.told else _OUTSIDE | {STAFF, MANAGER})
    ]
    replied = {activity.pk for activity in activities if activity.replied}
    found.waiting = waiting.gather(person, activities, standings, replied, day)
    found.waiting += gatherings.waits_for(visitor)
    found.waiting.sort(key=waiting.place)
    found.asked = [
        Asked(activity, address("programmes:activity", activity=activity.pk))
        for activity in activities
        if activity.state == Activity.State.OPEN and PARTICIPANT in visitor.in_activity(activity)
    ]
    seen = {mine.programme.pk for mine in found.programmes}
    found.organises = any(standings[pk] & ORGANISING for pk in seen)
    found.changes = changes.gather(visitor, activities, standings, seen)
    return found


def _current_frames(programme_ids: Iterable[int], day: dt.date) -> dict[int, Frame]:
    frames = Frame.objects.filter(programme_id__in=list(programme_ids), starts__lte=day).only("programme", "name")
    frames = frames.order_by("starts", "position")
    return {frame.programme_id: frame for frame in frames}


# --- the programme page -----------------------------------------------------------------------------------------


@dataclass
class ProgrammePage:
    """What the programme page shows beside the programme's own words."""

    frame: Frame | None
    frames: list[Frame]
    open_now: list[Activity]
    next_up: list[Activity]
    waiting_for_reply: list[Activity]
    replies: list[Reply]
    promises: list[Promise]  # those that are open
    settled: list[Promise]
    news: list[News]


def programme_page(programme: Programme, visitor: Visitor) -> ProgrammePage:
    """Gather the programme page; only activities that the visitor takes part in or organises."""
    day = clock.today()
    if programme.contact_id:
        programme.contact = one(Person.objects.filter(pk=programme.contact_id).only(*_CONTACT))
    frames = list(Frame.objects.filter(programme=programme).order_by("position", "id"))
    replies = list(thread.replies_of(programme.pk).only(*_TITLED))
    replied = {reply.activity_id for reply in replies}
    activities = list(
        Activity.objects.filter(programme=programme)
        .exclude(state__in=OVER, pk__in=replied)
        .exclude(Q(state=Activity.State.DRAFT) & gatherings.opens_in_a_session())  # told by the session
        .order_by("starts", "id")
        .only(*LISTED)
    )
    for activity in activities:
        activity.programme = programme
    visitor.prepare([programme], activities)
    seen = [activity for activity in activities if visitor.in_activity(activity) & (ORGANISING | {PARTICIPANT})]
    started = [frame for frame in frames if frame.starts <= day]
    made = list(thread.promises_of(programme.pk).defer("text", "note"))
    readable = visible_ids(visitor, [promise.item for promise in made])
    promises = [promise for promise in made if promise.item_id in readable]
    return ProgrammePage(
        frame=started[-1] if started else None,
        frames=frames,
        open_now=[activity for activity in seen if activity.state == Activity.State.OPEN],
        next_up=[activity for activity in seen if activity.state == Activity.State.DRAFT and activity.starts >= day][
            :COMING_SHOWN
        ],
        waiting_for_reply=sorted(
            (activity for activity in seen if activity.state in OVER),
            key=lambda activity: (activity.reply_by, activity.pk),
        ),
        replies=replies[:REPLIES_KEPT],
        promises=[promise for promise in promises if promise.item.state == "open"],
        settled=[promise for promise in reversed(promises) if promise.item.state != "open"],
        news=list(
            News.objects.filter(programme=programme)
            .select_related("signed_by")
            .only("day", "title", "text", *Person.named("signed_by"))
            .order_by("-day", "id")[:NEWS_KEPT]
        ),
    )


# --- You said – we did ------------------------------------------------------------------------------------------


@dataclass
class SaidAndDone:
    """One activity: what was said, our reply, and what came of it."""

    activity: Activity
    reply: Reply
    voices: list[Telling]
    more_voices: int
    done: list[Telling]

    @property
    def has_happened(self) -> bool:
        """Whether something has been done, or all of it is still to come."""
        return any(telling.happened for telling in self.done)


VOICES_SHOWN = 3
REPLIES_ON_A_PAGE = 10


def said_and_done(
    programme: Programme, visitor: Visitor, number: str | None = None
) -> tuple[list[SaidAndDone], Page[Reply]]:
    """You said – we did: a page of replies, each with the voices it answers and what they led to.

    A step done by hand has no voices: its reply stands on the programme page. A fixed number of queries.
    """
    asking = [slug for slug, kind in all_kinds().items() if not kind.by_hand]
    rows = Activity.objects.filter(programme=programme, kind__in=asking, state__in=OVER).only(*LISTED)
    activities = {activity.pk: activity for activity in rows}
    for activity in activities.values():
        activity.programme = programme
    visitor.prepare([programme], activities.values())
    replies = thread.replies_of(programme.pk).filter(activity_id__in=activities)
    page = Paginator(replies, REPLIES_ON_A_PAGE).get_page(number)
    return _said_and_done(list(page.object_list), activities, visitor), page


def _said_and_done(replies: list[Reply], activities: Mapping[int, Activity], visitor: Visitor) -> list[SaidAndDone]:
    links = list(
        Link.objects.filter(target_id__in=[reply.item_id for reply in replies]).values_list("source_id", "target_id")
    )
    voice_ids = {source for source, _target in links}
    led = list(
        Link.objects.filter(source_id__in=voice_ids)
        .exclude(target__kind__in=["reply", "questions.question", "gatherings.minutes"])
        .values_list("source_id", "target_id")
    )
    shown = Item.objects.exclude(visibility__in=[Visibility.GROUP, Visibility.FACILITATORS])  # the same for everyone
    items = list(shown.filter(pk__in=voice_ids | {target for _source, target in led}))
    seen = visible_ids(visitor, items)
    told = tell([item for item in items if item.pk in seen])
    found = []
    for reply in replies:
        sources = [source for source, target in links if target == reply.item_id and source in told]
        said = {pk: told[pk] for pk in sources if told[pk].voice}
        # The words of what was joined with another live with that one, and joining is nothing that was done.
        own = [telling for telling in said.values() if telling.item.state != Contribution.State.MERGED]
        voices = sorted(own, key=lambda t: (-(t.agreed or 0), t.item.pk))
        effects = {target for source, target in led if source in set(sources) and target in told} - said.keys()
        effects |= {pk for pk in sources if told[pk].item.kind == "promise"}
        if not voices:
            continue  # nobody said anything that this visitor may see
        found.append(
            SaidAndDone(
                activity=activities[reply.activity_id],
                reply=reply,
                voices=voices[:VOICES_SHOWN],
                more_voices=max(0, len(voices) - VOICES_SHOWN),
                done=sorted((told[pk] for pk in effects), key=lambda t: (t.item.day, t.item.pk)),
            )
        )
    return found

"""What waits for a person, what is asked of them, what is new: gathered over all programmes in few queries."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from samsyn.core import clock
from samsyn.core.addresses import address
from samsyn.organisations.models import Person
from samsyn.programmes.kinds import Waiting, all_kinds
from samsyn.programmes.models import Activity, Frame, News, Programme
from samsyn.programmes.standing import FACILITATION, GUEST, ORGANISING, PARTICIPANT, Standing, Visitor
from samsyn.programmes.starting import may_start
from samsyn.thread import queries as thread
from samsyn.thread.models import FollowUp, Item, Link, Promise, Reply
from samsyn.thread.registry import Telling, tell, visible_ids

NEWS_DAYS = 14
_OVER = {Activity.State.CLOSED, Activity.State.PUBLISHED}
COMING_SHOWN, REPLIES_KEPT, NEWS_KEPT = 3, 30, 20  # of the programme page: what is older is folded, what is more left
# What lists show of an activity: the rest is long text.
_LISTED = (
    *(
        "organisation_id",
        "programme_id",
        "frame_id",
        "kind",
        "title",
        "purpose",
        "state",
        "level",
        "entry",
        "everybody",
    ),
    *("starts", "ends", "reply_by", "first_reply_by", "opened", "closed", "published", "contributed"),
)


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
    replies: list[Reply] = field(default_factory=list)
    may_start: bool = False


def today_of(person: Person, visitor: Visitor) -> Today:
    """What waits for the person, what they may take part in, their programmes and the newest replies."""
    day = clock.today()
    programmes = list(Programme.objects.order_by("-starts", "id"))
    activities = list(
        Activity.objects.exclude(state=Activity.State.DRAFT, starts__gt=day)
        .filter(programme__in=programmes)
        .exclude(state=Activity.State.PUBLISHED, published__lt=day - dt.timedelta(days=NEWS_DAYS * 4))
        .order_by("reply_by", "id")
        .only(*_LISTED)
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
        if standings[programme.pk] - {GUEST}
    ]
    replied = set(
        Reply.objects.filter(activity_id__in=[activity.pk for activity in activities]).values_list(
            "activity_id", flat=True
        )
    )
    found.waiting += _promises(person, day)
    found.waiting += _replies_due(activities, standings, replied, day)
    found.waiting += _to_open(activities, standings, day)
    for kind in all_kinds().values():
        found.waiting += kind.waits_for(person)
    found.waiting.sort(key=lambda waiting: (waiting.due or dt.date.max, str(waiting.title)))
    found.asked = [
        Asked(activity, address("programmes:activity", activity=activity.pk))
        for activity in activities
        if activity.state == Activity.State.OPEN and PARTICIPANT in visitor.in_activity(activity)
    ]
    found.replies = list(
        Reply.objects.filter(
            item__programme_id__in=[mine.programme.pk for mine in found.programmes],
            day__gte=day - dt.timedelta(days=NEWS_DAYS),
        )
        .select_related("item", "signed_by")
        .order_by("-day", "id")[:5]
    )
    return found


def _current_frames(programme_ids: Iterable[int], day: dt.date) -> dict[int, Frame]:
    frames = Frame.objects.filter(programme_id__in=list(programme_ids), starts__lte=day).order_by("starts", "position")
    return {frame.programme_id: frame for frame in frames}


def _promises(person: Person, day: dt.date) -> list[Waiting]:
    return [
        Waiting(
            title=promise.item.title,
            address=address("home:settle", item=promise.item_id),
            verb=_("Say how it went"),
            due=promise.item.due,
            note=_("Your promise"),
        )
        for promise in thread.open_promises(person)
    ]


def _replies_due(
    activities: list[Activity], standings: dict[int, Standing], replied: set[int], day: dt.date
) -> list[Waiting]:
    return [
        Waiting(
            title=activity.title,
            address=address("programmes:publish", activity=activity.pk),
            verb=_("Reply"),
            due=activity.reply_by,
            note=_("People wait for your reply"),
        )
        for activity in activities
        if activity.state in {Activity.State.CLOSED, Activity.State.PUBLISHED}
        and activity.pk not in replied
        and standings[activity.programme_id] & ORGANISING
    ]


def _to_open(activities: list[Activity], standings: dict[int, Standing], day: dt.date) -> list[Waiting]:
    return [
        Waiting(
            title=activity.title,
            address=address("programmes:activity", activity=activity.pk),
            verb=_("Look and open"),
            due=activity.starts,
            note=_("Planned to open"),
        )
        for activity in activities
        if activity.state == Activity.State.DRAFT and standings[activity.programme_id] & FACILITATION
    ]


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
    frames = list(Frame.objects.filter(programme=programme).order_by("position", "id"))
    activities = list(Activity.objects.filter(programme=programme).order_by("starts", "id").only(*_LISTED))
    for activity in activities:
        activity.programme = programme
    visitor.prepare([programme], activities)
    seen = [activity for activity in activities if visitor.in_activity(activity) & (ORGANISING | {PARTICIPANT})]
    replies = list(thread.replies_of(programme.pk))
    replied = {reply.activity_id for reply in replies}
    started = [frame for frame in frames if frame.starts <= day]
    promises = list(thread.promises_of(programme.pk).filter(item__visibility__in=["programme", "public"]))
    return ProgrammePage(
        frame=started[-1] if started else None,
        frames=frames,
        open_now=[activity for activity in seen if activity.state == Activity.State.OPEN],
        next_up=[activity for activity in seen if activity.state == Activity.State.DRAFT and activity.starts >= day][
            :COMING_SHOWN
        ],
        waiting_for_reply=sorted(
            (activity for activity in seen if activity.state in _OVER and activity.pk not in replied),
            key=lambda activity: (activity.reply_by, activity.pk),
        ),
        replies=replies[:REPLIES_KEPT],
        promises=[promise for promise in promises if promise.item.state == "open"],
        settled=[promise for promise in reversed(promises) if promise.item.state != "open"],
        news=list(
            News.objects.filter(programme=programme).select_related("signed_by").order_by("-day", "id")[:NEWS_KEPT]
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


VOICES_SHOWN = 3


def said_and_done(programme: Programme, visitor: Visitor) -> list[SaidAndDone]:
    """You said – we did: each reply with the voices it answers and what they led to. A fixed number of queries."""
    replies = list(thread.replies_of(programme.pk))
    activities = {
        activity.pk: activity
        for activity in Activity.objects.filter(pk__in=[reply.activity_id for reply in replies]).select_related(
            "programme"
        )
    }
    links = list(
        Link.objects.filter(target_id__in=[reply.item_id for reply in replies]).values_list("source_id", "target_id")
    )
    voice_ids = {source for source, _target in links}
    led = list(
        Link.objects.filter(source_id__in=voice_ids)
        .exclude(target__kind__in=["reply", "questions.question"])
        .values_list("source_id", "target_id")
    )
    items = list(Item.objects.filter(pk__in=voice_ids | {target for _source, target in led}))
    seen = visible_ids(visitor, items)
    told = tell([item for item in items if item.pk in seen])
    found = []
    for reply in replies:
        sources = [source for source, target in links if target == reply.item_id and source in told]
        voices = sorted((told[pk] for pk in sources if told[pk].voice), key=lambda t: (-(t.agreed or 0), t.item.pk))
        effects = {target for source, target in led if source in set(sources) and target in told}
        effects |= {pk for pk in sources if told[pk].item.kind == "promise"}
        if not voices:
            continue  # a step done by hand: its reply stands on the programme page
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


# --- receipts ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Fate:
    """One's own contribution, where it stands and what came of it."""

    telling: Telling
    after: list[Telling]
    follow_up: FollowUp | None


def fates(words: str, visitor: Visitor) -> list[Fate]:
    """The fate of everything that the holder of these words contributed.

    The holder took part, so what those who take part may see is shown, whether or not they are signed in.
    """
    items = thread.items_of_words(words)
    own = Visitor(visitor.person, visitor.entered | {item.activity_id for item in items if item.activity_id})
    told = tell(items)
    said = thread.follow_ups(item.pk for item in items)
    links = list(
        Link.objects.filter(source_id__in=[item.pk for item in items])
        .order_by("id")
        .values_list("source_id", "target_id")
    )
    after = {item.pk: item for item in Item.objects.filter(pk__in=[target for _source, target in links])}
    seen = visible_ids(own, list(after.values())) | {
        pk for pk, item in after.items() if item.visibility in {"audience", "programme", "public"}
    }
    after_told = tell([item for pk, item in after.items() if pk in seen])
    return [
        Fate(
            telling=told[item.pk],
            after=[after_told[target] for source, target in links if source == item.pk and target in after_told],
            follow_up=said.get(item.pk),
        )
        for item in items
        if item.pk in told
    ]

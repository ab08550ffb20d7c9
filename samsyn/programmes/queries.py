"""Reads of the storyboard: chapters with their cards, where we are now, what comes next."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db.models import Q, QuerySet
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from samsyn.core import clock
from samsyn.core.addresses import address
from samsyn.core.ids import encode_id
from samsyn.core.rows import one
from samsyn.organisations.models import Person
from samsyn.programmes import audiences, beside
from samsyn.programmes.beside import Beside
from samsyn.programmes.kinds import ActivityKind, Progress, Words, all_kinds
from samsyn.programmes.models import Activity, Frame, Programme, Role
from samsyn.programmes.playbooks import LATER_KINDS
from samsyn.programmes.standing import ORGANISING, Visitor, reads
from samsyn.programmes.words import ReplyWords, days, reply_words, state_words
from samsyn.thread.models import Reply
from samsyn.thread.queries import replies_of
from samsyn.ui.templatetags.ui import number as in_digits

NOW, DONE, LATER = "now", "done", "later"
_JULY = 7
# What lists show of an activity: the rest is long text.
LISTED = (
    *("organisation", "programme", "frame", "kind", "title", "purpose", "state", "level", "entry", "everybody"),
    *("starts", "ends", "reply_by", "first_reply_by", "opened", "closed", "published", "contributed", "settings"),
)


@dataclass
class Card:
    """An activity as the storyboard shows it.

    `when`: now, done or later; `next_up`: the draft to open next; `unanswered`: published without our reply.
    """

    activity: Activity
    kind: ActivityKind
    when: str
    days: str
    state: str
    progress: Progress
    reply: ReplyWords | None = None
    by_hand: Words = ""  # the kind that will do this later
    outside: bool = False  # its days lie outside the chapter's
    next_up: bool = False
    unanswered: bool = False
    place: int = 0  # in its chapter, those within other cards counted
    first: bool = False  # of those in its chapter that can be moved
    last: bool = False
    before: Column | None = field(default=None, repr=False, compare=False)  # the chapters beside its own
    after: Column | None = field(default=None, repr=False, compare=False)

    @property
    def anchor(self) -> str:
        """Where on the page the card stands."""
        return f"a-{encode_id(self.activity.pk)}"

    @property
    def due(self) -> bool:
        """A draft whose first day has come."""
        return self.activity.state == Activity.State.DRAFT and self.activity.starts <= clock.today()

    @property
    def in_july(self) -> bool:
        """A draft that begins when many are on leave."""
        return self.activity.state == Activity.State.DRAFT and self.activity.starts.month == _JULY

    @property
    def told(self) -> str:
        """How far it has come: 12 of 14 questions have an answer. Nothing where it counts nothing."""
        done, total, of = self.progress.done, self.progress.total, str(self.progress.of)
        if total > 1:
            return _("%(done)s of %(total)s %(of)s") % {"done": in_digits(done), "total": in_digits(total), "of": of}
        return of if done else ""

    @cached_property
    def path(self) -> str:
        """The address below which everything of the activity lies."""
        return address("programmes:activity", activity=self.activity.pk)


@dataclass
class Other:
    """A card that is no activity (`beside`), with the cards of the activities that stand within it."""

    beside: Beside
    inner: list[Card]

    @property
    def day(self) -> dt.date:
        """When it is: it stands before the activities that begin later."""
        return self.beside.day


@dataclass
class Column:
    """A chapter with its cards."""

    frame: Frame
    when: str
    days: str
    cards: list[Card | Other] = field(default_factory=list)

    @property
    def mark(self) -> str:
        """The sign of the chapter: full, half or open circles."""
        return {DONE: "full", NOW: "half", LATER: "open"}[self.when]

    @property
    def id(self) -> str:
        """The chapter's id as addresses write it."""
        return encode_id(self.frame.pk)

    @cached_property
    def path(self) -> str:
        """The address below which everything of the chapter lies."""
        edit = address("programmes:frame_edit", programme=self.frame.programme_id, frame=self.frame.pk)
        return edit.removesuffix("edit/")


def storyboard(programme: Programme, visitor: Visitor) -> list[Column]:
    """The chapters with their cards, in order. A fixed number of queries beside one or two per kind.

    Everyone sees that an activity is there; how far it has come is told to those who may read it.
    """
    frames = list(Frame.objects.filter(programme=programme).order_by("position", "id"))
    activities = list(activities_of(programme))
    for activity in activities:
        activity.programme = programme
    visitor.prepare([programme], activities)
    replied = set(
        Reply.objects.filter(activity_id__in=[a.pk for a in activities]).values_list("activity_id", flat=True)
    )
    progress = _progress([activity for activity in activities if reads(visitor.in_activity(activity), activity)])
    others = beside.cards_of(programme, visitor)
    held = beside.held_by(others)
    next_up = _next_up([activity for activity in activities if activity.pk not in held], frames)
    cards: dict[int, Card] = {}
    of_frame = {frame.pk: frame for frame in frames}
    places: dict[int, int] = defaultdict(int)
    for activity in activities:
        card = _card(activity, of_frame[activity.frame_id], progress, replied, next_up=activity.pk == next_up)
        card.place = places[activity.frame_id]
        places[activity.frame_id] += 1
        cards[activity.pk] = card
    columns: dict[int, list[Card | Other]] = defaultdict(list)
    for activity in activities:
        if activity.pk not in held:
            columns[activity.frame_id].append(cards[activity.pk])
    for other in others:
        inner = [cards[pk] for pk in other.activity_ids if pk in cards]
        _put_by_day(columns[other.frame_id], Other(other, inner))
    today = clock.today()
    board = [Column(frame, _when(frame, today), days(frame.starts, frame.ends), columns[frame.pk]) for frame in frames]
    for before, column, after in zip([None, *board], board, [*board[1:], None], strict=False):
        own = [card for card in column.cards if isinstance(card, Card)]
        for card in own:
            card.first, card.last, card.before, card.after = card is own[0], card is own[-1], before, after
    return board


def in_july(columns: Sequence[Column]) -> int:
    """How many activities of a storyboard are planned to begin when many are on leave."""
    cards = [card for column in columns for card in column.cards]
    inner = [one for card in cards if isinstance(card, Other) for one in card.inner]
    return sum(card.in_july for card in [*cards, *inner] if isinstance(card, Card))


def _put_by_day(column: list[Card | Other], other: Other) -> None:
    """Before the first activity that begins after it; activities keep the order that people have given them."""
    later = (n for n, card in enumerate(column) if isinstance(card, Card) and card.activity.starts > other.day)
    column.insert(next(later, len(column)), other)


def activities_of(programme: Programme) -> QuerySet[Activity]:
    """A programme's activities in the order of each chapter."""
    rows = Activity.objects.filter(programme=programme).only(*LISTED, "position", "planned_kind")
    return rows.order_by("frame__position", "position", "id")


def reply_to(activity: Activity) -> Reply | None:
    """Our reply to an activity; there is none before it is published."""
    if activity.state != Activity.State.PUBLISHED:
        return None
    return one(replies_of(activity.programme_id).filter(activity_id=activity.pk))


def _progress(activities: list[Activity]) -> dict[int, Progress]:
    by_kind: dict[str, list[Activity]] = defaultdict(list)
    for activity in activities:
        if activity.state != Activity.State.DRAFT:
            by_kind[activity.kind].append(activity)
    found: dict[int, Progress] = {}
    for slug, of_kind in by_kind.items():
        found |= all_kinds()[slug].progress_of(of_kind)
    return found


def _next_up(activities: list[Activity], frames: list[Frame]) -> int | None:
    """The draft to open next: the one with the earliest day."""
    place = {frame.pk: frame.position for frame in frames}
    waiting = [a for a in activities if a.state == Activity.State.DRAFT]
    waiting.sort(key=lambda a: (a.starts, place[a.frame_id], a.position))
    return waiting[0].pk if waiting else None


def _card(activity: Activity, frame: Frame, progress: dict[int, Progress], replied: set[int], *, next_up: bool) -> Card:
    when = {Activity.State.DRAFT: LATER, Activity.State.OPEN: NOW}.get(Activity.State(activity.state), DONE)
    has_reply = activity.pk in replied
    return Card(
        activity=activity,
        kind=all_kinds()[activity.kind],
        when=when,
        days=days(activity.starts, activity.ends),
        state=state_words(activity),
        progress=progress.get(activity.pk, Progress()),
        reply=None if has_reply or activity.state == Activity.State.DRAFT else reply_words(activity, replied=False),
        by_hand=LATER_KINDS.get(activity.planned_kind, ""),
        outside=not (frame.starts <= activity.starts and activity.ends <= frame.ends),
        next_up=next_up,
        unanswered=activity.state == Activity.State.PUBLISHED and not has_reply,
    )


def _when(frame: Frame, today: dt.date) -> str:
    if today > frame.ends:
        return DONE
    return NOW if frame.starts <= today else LATER


def place_beside(activity: Activity, *, earlier: bool) -> int | None:
    """Where in its chapter the activity stands after one move; None where it is the first, or the last, already."""
    rows = Activity.objects.filter(frame=activity.frame_id).order_by("position", "id").values_list("pk", flat=True)
    in_frame, held = list(rows), beside.held(activity.programme)
    seen = [pk for pk in in_frame if pk not in held or pk == activity.pk]
    there = seen.index(activity.pk) + (-1 if earlier else 1)
    if 0 <= there < len(seen):
        return in_frame.index(seen[there])
    return None


def frame_beside(activity: Activity, *, earlier: bool) -> Frame | None:
    """The chapter before the activity's own, or after it."""
    frames = list(Frame.objects.filter(programme=activity.programme_id).order_by("position", "id"))
    at = next(n for n, frame in enumerate(frames) if frame.pk == activity.frame_id) + (-1 if earlier else 1)
    return frames[at] if 0 <= at < len(frames) else None


def organisers(programme: Programme) -> QuerySet[Person]:
    """Owner, leads and facilitators, by name: those who may sign a reply."""
    today = clock.today()
    roles = Role.objects.filter(programme=programme, name__in=ORGANISING)
    roles = roles.exclude(until__lt=today).exclude(partner__until__lt=today)
    rows = Person.objects.filter(pk__in=roles.values("person_id"), erased=False)
    return rows.exclude(left__lte=today).order_by("sort_name", "id")


def owners(programme: Programme) -> list[Person]:
    """The owners of a programme."""
    owning = Role.objects.filter(programme=programme, name=Role.Name.OWNER)
    return list(organisers(programme).filter(pk__in=owning.values("person_id")))


def lead_of(programme: Programme) -> Person:
    """The programme's lead (the first where there are several)."""
    role = Role.objects.filter(programme=programme, name=Role.Name.LEAD).select_related("person").order_by("id").first()
    assert role is not None, "a programme always has a lead"
    return role.person


def may_answer(programme: Programme) -> QuerySet[Person]:
    """Those who may stand for an answer or a promise: the organisation's managers, and those who organise."""
    managers = audiences.active_people().exclude(level=Person.Level.STAFF).values("pk")
    rows = Person.objects.filter(Q(pk__in=managers) | Q(pk__in=organisers(programme).values("pk")))
    return rows.order_by("sort_name", "id")


# --- what is searched -------------------------------------------------------------------------------------------


def texts_of_programmes(ids: list[int]) -> dict[int, list[str]]:
    """The texts by which programmes are found."""
    rows = Programme.objects.filter(pk__in=ids).only("title", "from_state", "to_state")
    return {row.pk: [*row.title.values(), *row.from_state.values(), *row.to_state.values()] for row in rows}


def texts_of_activities(ids: list[int]) -> dict[int, list[str]]:
    """The texts by which activities are found."""
    rows = Activity.objects.filter(pk__in=ids).only("title", "purpose")
    return {row.pk: [*row.title.values(), *row.purpose.values()] for row in rows}

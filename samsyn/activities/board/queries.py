"""Reads of a board."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from samsyn.activities.board import rules
from samsyn.activities.board.models import Board, Card, CardGroup, Column, DotVote
from samsyn.activities.board.rules import Settings
from samsyn.core.rows import one
from samsyn.core.texts import LangText
from samsyn.organisations.models import Person
from samsyn.programmes import series
from samsyn.programmes.models import Activity
from samsyn.thread.models import Item, Link, Promise
from samsyn.thread.queries import PROMISE
from samsyn.thread.registry import Telling
from samsyn.ui.templatetags.ui import number as in_digits

State = Card.State
_WORDS = ("item", "activity", "text", "language", "translation", "state", "reason")
_MARKS = ("column", "group", "typed", "table", "dots", "verdict", "verdict_reason", "verdict_day")
_SHOWN = (*_WORDS, *_MARKS, "item__visibility", "item__day")


def board_of(activity: Activity) -> Board:
    """The board of an activity, which knows it."""
    board = Board.objects.get(activity=activity)
    board.activity = activity
    return board


def columns(activity: Activity) -> QuerySet[Column]:
    """The columns from left to right."""
    return Column.objects.filter(activity=activity).order_by("position", "id")


def shown_cards(activity: Activity, *states: str) -> QuerySet[Card]:
    """Revealed cards in random order (the ids are random): those that everybody sees, or those in other states."""
    rows = Card.objects.filter(activity=activity, state__in=states or [State.VISIBLE])
    return rows.select_related("item", "author").only(*_SHOWN, *Person.named("author")).order_by("id")


@dataclass
class Bunch:
    """A group with its cards."""

    group: CardGroup
    cards: list[Card] = field(default_factory=list)


@dataclass
class Lane:
    """A column with its groups and the cards that are in none."""

    column: Column
    bunches: list[Bunch] = field(default_factory=list)
    cards: list[Card] = field(default_factory=list)

    @property
    def number(self) -> int:
        """How many cards stand in it."""
        return len(self.cards) + sum(len(bunch.cards) for bunch in self.bunches)


def lanes(activity: Activity, mine: Mapping[int, int] | None = None) -> list[Lane]:
    """The board as everybody sees it, those with most dots first: three queries. `mine`: somebody's dots, by item."""
    found = {column.pk: Lane(column) for column in columns(activity)}
    bunches: dict[int | None, Bunch] = {}
    for group in CardGroup.objects.filter(activity=activity).select_related("item").order_by("-dots", "id"):
        group.mine = (mine or {}).get(group.item_id, 0)
        bunches[group.pk] = Bunch(group)
        found[group.column_id].bunches.append(bunches[group.pk])
    for card in sorted(shown_cards(activity), key=lambda card: (-card.dots, card.pk)):
        card.mine = (mine or {}).get(card.item_id, 0)
        (bunches[card.group_id] if card.group_id in bunches else found[card.column_id]).cards.append(card)
    return list(found.values())


def counts_of(activities: Iterable[Activity]) -> dict[int, tuple[int, int]]:
    """By activity: how many cards are written by now, and how many of them have not been shown. One query."""
    rows = Card.objects.filter(activity__in=list(activities)).order_by().values_list("activity_id")
    waiting = Count("id", filter=Q(state=State.WAITING))
    numbers = rows.annotate(written=waiting + Count("id", filter=Q(state=State.VISIBLE)), waiting=waiting)
    return {pk: (written, unseen) for pk, written, unseen in numbers}


def counts(activity: Activity) -> dict[str, int]:
    """How many cards are written, wait and are shown."""
    written, waiting = counts_of([activity]).get(activity.pk, (0, 0))
    return {"written": written, "waiting": waiting, "shown": written - waiting}


def led_on(activity: Activity) -> set[int]:
    """Ids of the items of which something has come elsewhere, or a promise."""
    links = (
        Link.objects.filter(source__activity_id=activity.pk)
        .exclude(target__kind__startswith="board.")
        .exclude(target__kind="reply")
    )
    return set(links.values_list("source_id", flat=True))


def written_by(activity: Activity, author: Person | None) -> QuerySet[Card]:
    """What somebody has written that nobody has seen yet, where names are kept."""
    rows = Card.objects.filter(activity=activity, author=author, author__isnull=False, state=State.WAITING)
    return rows.select_related("column").order_by("column__position", "text")


# --- dots -------------------------------------------------------------------------------------------------------


def targets(activity: Activity) -> dict[int, int]:
    """What dots can be placed on: id of a group, or of a card in none → id of its item. Two queries."""
    seen = Card.objects.filter(activity=activity, state=State.VISIBLE)
    alone = dict(seen.filter(group=None).values_list("pk", "item_id"))
    together = seen.exclude(group=None).values("group_id")
    return alone | dict(CardGroup.objects.filter(pk__in=together).values_list("pk", "item_id"))


def dots_on(activity: Activity) -> QuerySet[DotVote]:
    """Every dot on a board."""
    return DotVote.objects.filter(item__activity_id=activity.pk)


def my_dots(activity: Activity, key: str) -> dict[int, int]:
    """Where somebody has placed dots: id of the item → how many."""
    return dict(dots_on(activity).filter(key=key).values_list("item_id", "points")) if key else {}


# --- what came before, and what came of it ----------------------------------------------------------------------


def carried_over(activity: Activity) -> list[Telling]:
    """What the board before in the series left open: promises, and whatever else somebody is to do by a day."""
    return series.left_open(activity, Settings.of(activity).before)


def change_of(board: Board) -> Promise | None:
    """The promise about the one thing we change."""
    if board.change_id is None:
        return None
    return one(Promise.objects.filter(item_id=board.change_id).select_related("item", "item__owner").only(*PROMISE))


def cards_by_activity(activities: Iterable[Activity]) -> dict[int, list[Card]]:
    """The visible cards of several with their groups, those with most dots first: one query."""
    found: dict[int, list[Card]] = {activity.pk: [] for activity in activities}
    rows = Card.objects.filter(activity_id__in=found, state=State.VISIBLE).select_related("group")
    for card in rows.only(*_WORDS, *_MARKS, "group__name", "group__dots", "group__item").order_by("-dots", "id"):
        found[card.activity_id].append(card)
    return found


def boards_by_activity(activities: Iterable[Activity]) -> dict[int, Board]:
    """The boards of several: one query."""
    return {board.activity_id: board for board in Board.objects.filter(activity__in=list(activities))}


# --- telling ----------------------------------------------------------------------------------------------------


def group_names(activities: Iterable[Activity]) -> dict[int, list[LangText]]:
    """What the groups of each board are called. One query."""
    found: dict[int, list[LangText]] = {activity.pk: [] for activity in activities}
    for group in CardGroup.objects.filter(activity_id__in=found).only("activity", "name").order_by("id"):
        if group.name:
            found[group.activity_id].append(group.name)
    return found


def tell(items: list[Item]) -> dict[int, Telling]:
    """Cards and groups as the thread tells them. A card that has not been revealed says no word of its own."""
    known = {item.pk: item for item in items}
    told = {}
    cards = Card.objects.filter(item_id__in=known).select_related("author", "column")
    for card in cards.only(*_WORDS, *_MARKS, "column__name", *Person.named("author")):
        told[card.item_id] = _tell_card(card, known[card.item_id])
    for group in CardGroup.objects.filter(item_id__in=known).annotate(number=Count("cards")):
        item = known[group.item_id]
        told[group.item_id] = Telling(
            item,
            _("group of cards"),
            group.name,
            _("%(number)s cards") % {"number": in_digits(group.number)},
            day=item.day,
        )
    return told


def _tell_card(card: Card, item: Item) -> Telling:
    unseen, shown = card.state == State.WAITING, card.state in {State.VISIBLE, State.MERGED}
    state = _("not shown yet") if unseen else str(State(card.state).label)
    if card.state == State.VISIBLE:
        state = str(card.get_verdict_display() if card.verdict else card.column.name)
    return Telling(
        item=item,
        what=_("card"),
        text=rules.UNSEEN if unseen else card.words if shown else card.reason,
        state=state,
        happened=not unseen,
        by=card.author.name if card.author and item.level == "named" and not unseen else "",
        day=item.day,
        note=card.verdict_reason or None,
        voice=shown and not card.typed,
    )

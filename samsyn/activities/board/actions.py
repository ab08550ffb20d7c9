"""Writes of a board. Cards and dots leave no audit row in an anonymous one."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from functools import partial
from statistics import mode
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from samsyn.activities.board import queries, rules
from samsyn.activities.board.models import Board, Card, CardGroup, Column, DotVote
from samsyn.activities.board.rules import Phase, Settings
from samsyn.core import events, rows, tenancy
from samsyn.core.clock import today
from samsyn.core.errors import NotAllowedError, RefusedError
from samsyn.core.texts import LangText
from samsyn.live.sendings import Sending, Taken
from samsyn.organisations.models import Person
from samsyn.programmes import contributing, figures, points
from samsyn.programmes.actions import note_contribution
from samsyn.programmes.browsers import draw_key
from samsyn.programmes.contributing import Sent, SentAtOnceError
from samsyn.programmes.models import Activity
from samsyn.programmes.recording import record_in
from samsyn.programmes.rules import can_lead, can_moderate, leaves_no_trace
from samsyn.thread.actions import add_item, link, link_many, make_promise, unlink, words_changed
from samsyn.thread.models import Item, Visibility

_ROWS_AT_ONCE = 250
State = Card.State
Mark = Card | CardGroup


def _authorise(activity: Activity, by: Person | None, may: Callable[..., bool] = can_moderate) -> None:
    if not may(by, activity):
        raise NotAllowedError(_("Only those who lead the programme may do this."))


def _hold(activity: Activity) -> Board:
    """The board as it is now, kept from others until the transaction ends: whoever writes or moves waits in line."""
    activity.refresh_from_db(fields=["state"])
    board = queries.board_of(activity)
    rows.hold(board, "phase", "voters", "change_id")
    return board


@contextmanager
def _changing(activity: Activity, by: Person, verb: str, *, may: Callable[..., bool] = can_moderate) -> Iterator[Board]:
    """The transaction in which those who lead change something; nothing changes once the result has been published."""
    _authorise(activity, by, may)
    with transaction.atomic():
        board = _hold(activity)
        if activity.state == Activity.State.PUBLISHED:
            raise RefusedError(_("The result has been published. The board stays as it is."))
        yield board
        record_in(activity, verb, activity, by=by)
        events.changed(activity.pk)


# --- the board itself -------------------------------------------------------------------------------------------


def set_up(activity: Activity, *, like: Activity | None = None) -> None:
    """Give a new activity its board, with the columns that it begins from or those of another."""
    Board.objects.create(organisation_id=tenancy.active_id(), activity=activity)
    named = queries.columns(like).values("name", "hint", "tries") if like else rules.columns_of(activity.settings)
    _add_columns(activity, named)


def _add_columns(activity: Activity, named: Iterable[Mapping[str, Any]]) -> None:
    for position, values in enumerate(named):
        Column.objects.create(organisation_id=tenancy.active_id(), activity=activity, position=position, **values)


def choose_layout(activity: Activity, key: str, *, by: Person) -> None:
    """Begin from another board: its columns take the place of those there are, while nothing stands in them."""
    with _changing(activity, by, "board.laid_out"):
        if Card.objects.filter(activity=activity).exists():
            raise RefusedError(_("There are cards on the board. Change the columns one by one."), "layout")
        activity.settings["layout"] = key
        activity.save(update_fields=["settings"])
        Column.objects.filter(activity=activity).delete()
        _add_columns(activity, rules.columns_of(activity.settings))


def arrange_columns(activity: Activity, wanted: Sequence[tuple[int | None, Mapping[str, Any]]], *, by: Person) -> None:
    """Let these be the columns, from left to right: (id of one that is there, else None; what it says).

    Those left out are removed. Raises RefusedError where something stands in one of them.
    """
    if not 1 <= len(wanted) <= rules.MOST_COLUMNS:
        raise RefusedError(_("A board has one to %(most)d columns.") % {"most": rules.MOST_COLUMNS})
    with _changing(activity, by, "board.columns"):
        there = {column.pk: column for column in queries.columns(activity)}
        gone = Column.objects.filter(pk__in=set(there) - {pk for pk, _values in wanted})
        if Card.objects.filter(column__in=gone).exists() or CardGroup.objects.filter(column__in=gone).exists():
            raise RefusedError(_("There are cards in a column that you remove, shown or not. Move them first."))
        gone.delete()
        for position, (pk, values) in enumerate(wanted):
            if not values["name"]:
                raise RefusedError(_("Give each column a name."))
            row = there.get(pk or 0) or Column(organisation_id=tenancy.active_id(), activity=activity)
            row.position = position
            for name, value in values.items():
                setattr(row, name, value)
            row.save()


# --- writing ----------------------------------------------------------------------------------------------------


def write(column: Column, sent: Sent, *, table: Any = 0) -> Card:
    """Write a card, which nobody sees before it is revealed. `table`: how many wrote it. Raises RefusedError."""
    activity = column.activity

    def check(text: str) -> None:
        if not rules.takes_cards(_hold(activity)):
            words = _("Cards are no longer written here. Your text is still here: copy it if you want to keep it.")
            raise RefusedError(words, "text")
        rules.check_text(text)
        _check_column(column)

    values = {"title": rules.UNSEEN, "column": column, "table": rules.table_size(activity, table)}
    sent = replace(sent, text=" ".join(sent.text.split()))
    return contributing.contribute(Card, activity, sent, waiting=lambda: True, check=check, **values)


def _check_column(column: Column) -> None:
    if not rows.hold(column, "id"):
        raise RefusedError(_("Choose a column."), "column")


def write_many(activity: Activity, sendings: Sequence[Sending]) -> list[Taken]:
    """Take cards from the room, within the caller's transaction; a faulty one costs the others nothing."""
    columns = {str(column.pk): column for column in queries.columns(activity)}

    def take(sending: Sending, author: Person | None) -> Card:
        values = sending.values
        if values.get("column") not in columns:
            raise RefusedError(_("Choose a column."), "column")
        sent = Sent(values.get("text", ""), sending.language, values["post_key"], author)
        return write(columns[values["column"]], sent, table=values.get("table"))

    return contributing.take_texts(activity, sendings, take)


def type_cards(column: Column, lines: Iterable[str], *, language: str, by: Person) -> int:
    """Write down what stands on paper: marked as written by those who facilitate. How many were added.

    The same line twice in a column is one card. They wait with the others, where others are still writing.
    """
    activity, added = column.activity, 0
    texts = list(lines)
    for text in texts:
        rules.check_text(text)
    with _changing(activity, by, "board.typed") as board:
        _check_column(column)
        waiting = board.phase == Phase.WRITE
        for text in texts:
            key = "typed-" + hashlib.sha256(f"{column.pk}|{text}".encode()).hexdigest()[:26]
            with suppress(SentAtOnceError), transaction.atomic():
                _add_typed(activity, column, text, language, key, waiting=waiting)
                added += 1
    return added


def _add_typed(activity: Activity, column: Column, text: str, language: str, key: str, *, waiting: bool) -> Card:
    title = rules.UNSEEN if waiting else None
    return contributing.add(
        Card, activity, text, language, key, waiting=waiting, title=title, column=column, typed=True
    )


def receive(activity: Activity, item: Item, *, by: Person) -> Item:
    """Make a card out of an item from elsewhere, in the first column."""
    if item.visibility in {Visibility.FACILITATORS, Visibility.GROUP}:
        raise RefusedError(_("Those who take part here may not see this. It cannot become a card."))
    words, language = item.title.pick(item.language)
    with _changing(activity, by, "board.received") as board:
        text = " ".join(words.split())[: rules.LONGEST]
        column = queries.columns(activity)[0]
        card = _add_typed(activity, column, text, language, draw_key(), waiting=board.phase == Phase.WRITE)
        link(item, card.item)
    return card.item


# --- phases -----------------------------------------------------------------------------------------------------


def set_phase(activity: Activity, phase: str, *, by: Person) -> None:
    """Go to a phase. Leaving the writing reveals the cards; leaving the vote counts the dots. Raises RefusedError."""
    with _changing(activity, by, f"board.{phase}") as board:
        if activity.state == Activity.State.DRAFT:
            raise RefusedError(_("Open the board first."))
        if phase not in rules.phases_of(activity):
            raise RefusedError(_("There is no such phase here."))
        if activity.state == Activity.State.CLOSED and phase in {Phase.WRITE, Phase.VOTE} and phase != board.phase:
            raise RefusedError(_("The board is closed. Open it again first."))
        if board.phase == Phase.VOTE and phase != Phase.VOTE:
            _count(board)
        board.phase = phase
        board.save(update_fields=["phase"])
    if phase != Phase.WRITE:
        contributing.reveal(Card, activity)


# --- arranging --------------------------------------------------------------------------------------------------


@contextmanager
def _arranging(activity: Activity, by: Person, verb: str) -> Iterator[Board]:
    with _changing(activity, by, verb) as board:
        if not rules.can_be_arranged(board):
            raise RefusedError(_("Cards are moved after they have been revealed and before the vote."))
        yield board


def arrange(
    activity: Activity, cards: Iterable[Card], *, to: Column | CardGroup | LangText, by: Person
) -> CardGroup | None:
    """Move cards to a column, out of their groups; into a group; or into a new group with this name, which is given.

    A new group stands where most of its cards do. One that has become empty, and led to nothing, is taken away.
    """
    wanted = [card.pk for card in cards]
    with _arranging(activity, by, "board.arranged"):
        found = Card.objects.filter(pk__in=wanted, activity=activity, state=State.VISIBLE)
        moved = list(found.select_for_update(of=("self",)).select_related("group__item", "column").order_by("id"))
        if not moved or len(moved) != len(set(wanted)):
            raise RefusedError(_("Choose cards that are still here."), "cards")
        if not isinstance(to, LangText) and not rows.hold(to, "id"):
            raise RefusedError(_("Choose where the cards go."), "to")
        columns = sorted((card.column for card in moved), key=lambda column: column.position)
        group = _new_group(activity, mode(columns), to) if isinstance(to, LangText) else to
        group = group if isinstance(group, CardGroup) else None
        column_id = group.column_id if group else to.pk  # type: ignore[union-attr]
        left = {card.group for card in moved if card.group_id and card.group != group}
        for old in left:
            unlink([card.item_id for card in moved if card.group == old], old.item)
        Card.objects.filter(pk__in=wanted).update(group=group, column_id=column_id)
        if group is not None:
            link_many([card.item_id for card in moved], group.item)
        _take_away_empty(activity, left)
    return group


def _new_group(activity: Activity, column: Column, name: LangText) -> CardGroup:
    if not name:
        raise RefusedError(_("Give the group a name."), "name")
    item = add_item(
        programme_id=activity.programme_id,
        activity_id=activity.pk,
        kind="board.group",
        visibility=contributing.seen_by(activity),
        level=activity.level,
        language=name.pick()[1],
        title=name,
    )
    return CardGroup.objects.create(
        organisation_id=tenancy.active_id(), item=item, activity=activity, column=column, name=name
    )


def _take_away_empty(activity: Activity, groups: Iterable[CardGroup] = ()) -> None:
    """Take away groups that nothing is in and nothing came of; dots on what is gone go back to who placed them."""
    for group in groups:
        if not group.cards.filter(state=State.VISIBLE).exists() and not group.item.led_to.exists():
            group.item.delete()
    queries.dots_on(activity).exclude(item__in=queries.targets(activity).values()).delete()


def rename(group: CardGroup, name: LangText, *, by: Person) -> None:
    """Give a group another name."""
    with _changing(group.activity, by, "cardgroup.renamed"):
        if not name:
            raise RefusedError(_("Give the group a name."), "name")
        group.name = group.item.title = name
        group.save(update_fields=["name"])
        group.item.save(update_fields=["title"])
        words_changed(group.item)


def merge(card: Card, *, into: Card, by: Person) -> None:
    """Join a card with another that says the same. It leaves its group."""

    def move() -> None:
        if card.group is not None:
            unlink([card.item_id], card.group.item)
            Card.objects.filter(pk=card.pk).update(group=None)

    with _arranging(card.activity, by, "board.arranged"):
        contributing.join(card, into, by=by, move=move)
        _take_away_empty(card.activity, [card.group] if card.group else [])


def hide(card: Card, *, reason: LangText, by: Person) -> None:
    """Hide a card with a reason."""
    with _changing(card.activity, by, "board.moderated"):
        contributing.hide(card, reason=reason, by=by)
        _take_away_empty(card.activity)


# --- dots -------------------------------------------------------------------------------------------------------


def place_dots(activity: Activity, ballot: points.Ballot, *, key: str, person: Person | None) -> None:
    """Place dots: id of a card or group → how many. What is not named stays as it is. Raises RefusedError."""
    with contributing.taking_part(activity, person, key, lambda: None):
        refusal = _place(activity, [(key, ballot)])[0]
        if refusal is not None:
            raise refusal


def place_many(activity: Activity, sendings: Sequence[Sending]) -> list[Taken]:
    """Take dots from the room, within the caller's transaction; a faulty ballot costs the others nothing."""
    return points.take_many(sendings, "dots", partial(_place, activity))


def _place(activity: Activity, ballots: Sequence[tuple[str, points.Ballot]]) -> list[RefusedError | None]:
    board = _hold(activity)
    if not rules.takes_dots(board):
        return [RefusedError(_("Voting has ended."))] * len(ballots)
    votes = queries.dots_on(activity)
    refusals = points.place(votes, queries.targets(activity), ballots, Settings.of(activity).dots)
    note_contribution(activity)
    shown = figures.next_number(board.voters, points.voters(votes), anonymous=leaves_no_trace(activity))
    if shown != board.voters:
        board.voters = shown
        board.save(update_fields=["voters"])
    events.changed(activity.pk)
    return refusals


def _count(board: Board) -> None:
    """Count the dots, where the rule of five lets a figure move; within the caller's transaction."""
    found = points.count(queries.dots_on(board.activity), anonymous=leaves_no_trace(board.activity))
    for model in (Card, CardGroup):
        shown = list(model._default_manager.filter(item__in=found))
        for row in shown:
            row.dots = found[row.item_id]
        model._default_manager.bulk_update(shown, ["dots"], batch_size=_ROWS_AT_ONCE)


# --- what comes of it -------------------------------------------------------------------------------------------


def judge(card: Card, *, verdict: str, reason: LangText, day: dt.date, by: Person) -> None:
    """Say that a way of working is kept or dropped, why, and since when; "" takes it back. Raises RefusedError."""
    _authorise(card.activity, by, can_lead)
    if card.state != State.VISIBLE or not card.column.tries:
        raise RefusedError(_("Only a way of working that is tried can be kept or dropped."))
    if verdict and not reason:
        raise RefusedError(_("Give the reason."), "reason")
    if verdict and day > today():
        raise RefusedError(_("That day is still to come."), "day")
    values = {"verdict": verdict, "verdict_reason": reason if verdict else LangText()}
    contributing.change(card, "judged", by, **values, verdict_day=day if verdict else None, state=State.VISIBLE)


def promise(mark: Mark, *, text: LangText, owner: Person, due: dt.date, the_one: bool, by: Person) -> Item:
    """Promise something out of a card or a group. `the_one`: it is the one thing we change, and there is one."""
    activity = mark.activity
    _authorise(activity, by, can_lead)
    with transaction.atomic():
        board = _hold(activity)
        if isinstance(mark, Card) and mark.state != State.VISIBLE:
            raise RefusedError(_("This card is hidden, or joined with another."))
        if the_one and board.change is not None and board.change.state == "open":
            words = _("There is one thing already, and it is not done: say first what came of it.")
            raise RefusedError(words, "the_one")
        item = make_promise(
            mark.item, title=text, text=text, owner=owner, due=due, visibility=mark.item.visibility, by=by
        )
        if the_one:
            board.change = item
            board.save(update_fields=["change"])
        events.changed(activity.pk)
    return item


# --- the life of a board ----------------------------------------------------------------------------------------


def close(activity: Activity) -> None:
    """End a vote that is going on, and forget who placed dots last; within the caller's transaction."""
    board = _hold(activity)
    if board.phase == Phase.VOTE:
        _count(board)
        board.phase = Phase.TAKE_ON
        board.save(update_fields=["phase"])
    if leaves_no_trace(activity):
        points.forget_which_came_last(queries.dots_on(activity))


def publish(activity: Activity) -> None:
    """What everybody there sees becomes visible in the whole programme, within the caller's transaction.

    Raises RefusedError while cards have not been shown: nobody has looked at them.
    """
    if Card.objects.filter(activity=activity, state=State.WAITING).exists():
        raise RefusedError(_("There are cards that have not been revealed. Reveal them first, and look at them."))
    Board.objects.filter(activity=activity).update(phase=Phase.TAKE_ON)
    contributing.show_to_programme(activity)


def let_go(activity: Activity) -> None:
    """Delete who placed dots where and who wrote what, within the caller's transaction. Cards and figures stay."""
    queries.dots_on(activity).delete()
    Card.objects.filter(activity=activity, author__isnull=False).update(author=None)


def forget(person: Person, key: str) -> int:
    """Take a person's dots and name out of boards in which names are known."""
    gone, _by_model = DotVote.objects.filter(key=key).delete()
    return gone + contributing.forget_author(Card, person)

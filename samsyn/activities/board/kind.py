"""Board: people write cards on their own, see them together, group them, vote with dots and take them further."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from functools import partial
from random import Random
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext, pgettext_lazy

from samsyn.activities.board import actions, queries, rehearse, rules
from samsyn.activities.board.forms import SettingsForm
from samsyn.activities.board.models import Board as Row
from samsyn.activities.board.models import Card, CardGroup, Column, DotVote
from samsyn.activities.board.rules import Phase
from samsyn.core.addresses import address
from samsyn.core.texts import LangText, within_quotes
from samsyn.live.sendings import Batch
from samsyn.organisations.models import Person
from samsyn.programmes import contributing, kinds, series
from samsyn.programmes.browsers import key_of
from samsyn.programmes.distributions import in_both
from samsyn.programmes.models import Activity
from samsyn.programmes.queries_contributions import notice_of, own_texts, taken_part
from samsyn.programmes.rules import leaves_no_trace
from samsyn.thread.models import Item
from samsyn.thread.registry import Telling
from samsyn.ui.words import count_in_words_lazy

_MOST_DOTS = {"sv": "”{}” fick flest prickar, {}.", "en": "“{}” got most dots, {}."}
_ENDED = {
    "kept": {"sv": "Vi behöll arbetssättet ”{}”.", "en": "We kept the way of working “{}”."},
    "dropped": {"sv": "Vi lade ner arbetssättet ”{}”.", "en": "We dropped the way of working “{}”."},
}


class Board(kinds.ActivityKind):
    slug = "board"
    name = _("board")
    purpose = _("People write cards on their own, see them together, group them, vote with dots and take them further.")
    icon = "board"
    urlconf = "samsyn.activities.board.urls"
    desk = _("Lead the board")
    settings_form = SettingsForm

    def created(self, activity: Activity, *, by: Person | None) -> None:
        actions.set_up(activity)

    def copied(self, source: Activity, target: Activity, *, by: Person | None) -> None:
        actions.set_up(target, like=source)

    def refusal_to_delete(self, activity: Activity) -> Any:
        return _("There are cards here.") if Card.objects.filter(activity=activity).exists() else None

    def lacking_of(self, activities: Sequence[Activity]) -> dict[int, kinds.Lack]:
        drawn = set(Column.objects.filter(activity__in=activities).values_list("activity_id", flat=True))
        empty = [one.pk for one in activities if one.pk not in drawn]
        words = _("The board has no columns to write in.")
        return {pk: kinds.Lack(words, address("board:columns", activity=pk)) for pk in empty}

    def progress(self, activity: Activity) -> kinds.Progress:
        return self.progress_of([activity])[activity.pk]

    def progress_of(self, activities: Sequence[Activity]) -> dict[int, kinds.Progress]:
        boards = queries.boards_by_activity(activities)
        return {a.pk: _progress(a, boards[a.pk]) for a in activities if a.pk in boards}

    def summary(self, activity: Activity) -> kinds.Summary:
        return self.summary_of([activity])[activity.pk]

    def summary_of(self, activities: Sequence[Activity]) -> dict[int, kinds.Summary]:
        boards = queries.boards_by_activity(activities)
        cards, written = queries.cards_by_activity(activities), queries.counts_of(activities)
        return {a.pk: _summary(boards.get(a.pk), written.get(a.pk, (0, 0)), cards[a.pk]) for a in activities}

    def themes_of(self, activities: Sequence[Activity]) -> dict[int, list[LangText]]:
        return queries.group_names(activities)

    def tables(self, activity: Activity) -> list[kinds.Table]:
        columns = [_now("Column"), _now("Group"), _now("Card"), _now("Dots on the card"), _now("Dots on the group")]
        columns += [_now("How it was written"), _now("Kept or dropped"), _now("Reason"), _now("Day")]
        lanes = queries.lanes(activity)
        lines = [_line(lane, bunch, card) for lane in lanes for bunch in lane.bunches for card in bunch.cards]
        lines += [_line(lane, None, card) for lane in lanes for card in lane.cards]
        return [kinds.Table(_now("cards"), columns, lines)]

    def snapshot(self, activity: Activity) -> kinds.Scene:
        if activity.state == Activity.State.DRAFT:
            return kinds.Scene()
        board, settings = queries.board_of(activity), rules.Settings.of(activity)
        told = series.for_everybody_there(activity, settings.before, queries.carried_over(activity))
        over = board.phase in {Phase.WRITE, Phase.VOTE} and activity.state != Activity.State.OPEN
        phase = Phase.READ if over else Phase(board.phase)
        context = {
            "activity": activity,
            "phase": phase,
            "settings": settings,
            "counts": queries.counts(activity),
            "columns": list(queries.columns(activity)) if phase == Phase.WRITE else [],
            "lanes": queries.lanes(activity) if phase != Phase.WRITE else [],
            "choices": range(settings.dots + 1),
            "voters": board.voters,
            "change": queries.change_of(board),
            "before": told,
            "named": activity.level == Activity.Level.NAMED,
            "receipts": leaves_no_trace(activity),
        }
        wall = "write" if phase == Phase.WRITE else "cards"
        phone = "vote" if phase == Phase.VOTE else wall
        above = {"before": "board/room/before.html"} if told else {}
        below = {"next": "board/room/before.html"} if told and phase == Phase.WRITE else {}
        screen = {"now": f"board/room/wall_{wall}.html", **below}
        return kinds.Scene({**above, phone: f"board/room/{phone}.html"}, screen, context)

    def intake(self) -> dict[str, Batch]:
        receipts = partial(contributing.take_receipts, Card)
        return {"write": actions.write_many, "vote": actions.place_many, "receipt": receipts}

    def cues(self, activity: Activity) -> list[kinds.Cue]:
        if activity.state not in {Activity.State.OPEN, Activity.State.CLOSED}:
            return []
        board = queries.board_of(activity)
        onward, back = rules.phase_after(board), rules.phase_after(board, steps=-1)
        first = activity.state == Activity.State.OPEN
        reveal = ("reveal", _("Reveal the cards"), "r") if board.phase == Phase.WRITE else None
        found = [kinds.Cue(*(reveal or ("onward", onward.label, "f")), first=first)] if onward else []
        return found + ([kinds.Cue("back", back.label, "g")] if back else [])

    def give_cue(self, activity: Activity, name: str, *, by: Person) -> None:
        if phase := rules.phase_after(queries.board_of(activity), steps=-1 if name == "back" else 1):
            actions.set_phase(activity, phase, by=by)

    def receives(self) -> list[kinds.Receiver]:
        taken = frozenset({"questions.question", "dialogue.statement", "steps.outcome"})
        return [kinds.Receiver(_("Make it a card"), taken, actions.receive, frozenset({"draft", "open"}))]

    def improvise(self, activity: Activity, key: str, chance: Random) -> tuple[str, dict[str, str]] | None:
        return rehearse.improvise(activity, chance)

    def news(self, person: Person, since: dt.date) -> list[kinds.Notice]:
        return [notice_of(row) for row in own_texts(Card, person, since).filter(done__isnull=False)]

    def taken_part(self, activity: Activity) -> set[int] | None:
        if leaves_no_trace(activity) and not rules.Settings.of(activity).dots:
            return None  # writing spends no ticket; placing dots does
        return taken_part(Card, activity, queries.dots_on(activity))

    def own_items(self, person: Person) -> QuerySet[Any]:
        return Card.objects.filter(author=person).values("item_id")

    def personal_data(self, person: Person) -> list[kinds.PersonalData]:
        card, dots = pgettext("own data", "card"), pgettext("own data", "dots")
        votes = DotVote.objects.filter(key=key_of(person.pk), points__gt=0).select_related("item")
        rows: list[dict[str, Any]] = [{card: row.text, dots: ""} for row in Card.objects.filter(author=person)]
        rows += [{card: str(row.item.title), dots: row.points} for row in votes]
        return [kinds.PersonalData(_("cards and dots"), rows)] if rows else []

    def erase(self, person: Person) -> kinds.Removal:
        return kinds.Removal(actions.forget(person, key_of(person.pk)))

    def let_go(self, activity: Activity) -> None:
        actions.let_go(activity)

    def closed(self, activity: Activity) -> None:
        actions.close(activity)

    def published(self, activity: Activity) -> None:
        actions.publish(activity)

    def anonymous_rows(self, activity: Activity) -> list[QuerySet[Any]]:
        return [Card.objects.filter(activity=activity), queries.dots_on(activity)]

    def tell(self, items: list[Item]) -> dict[int, Telling]:
        return queries.tell(items)

    def item_address(self, item: Item) -> str | None:
        return address("board:page", activity=item.activity_id)

    def rehearse(self, activity: Activity, crowd: kinds.Crowd) -> None:
        rehearse.rehearse(activity, crowd)


def _progress(activity: Activity, board: Row) -> kinds.Progress:
    phases = rules.phases_of(activity)
    done = phases.index(Phase(board.phase)) if board.phase in phases else 0
    return kinds.Progress(done, len(phases) - 1, _("phases done"))


def _line(lane: queries.Lane, bunch: queries.Bunch | None, card: Card) -> list[Any]:
    how = _now("written down by those who facilitate") if card.typed else ""
    how = _now("by a table of %(number)d") % {"number": card.table} if card.table else how
    group, dots = (str(bunch.group.name), bunch.group.dots or "") if bunch else ("", "")
    judged = [str(card.get_verdict_display()), str(card.verdict_reason), card.verdict_day or ""]
    return [str(lane.column.name), group, str(card.words), card.dots or "", dots, how, *judged]


def _groups(cards: list[Card]) -> list[CardGroup]:
    """The groups that the cards are in, those with most dots first."""
    return sorted({card.group for card in cards if card.group}, key=lambda group: (-group.dots, group.pk))


def _summary(board: Row | None, counts: tuple[int, int], cards: list[Card]) -> kinds.Summary:
    written, groups = counts[0], _groups(cards)
    voters = board.voters if board is not None else 0
    told = _written(written)
    figures = [kinds.Figure(pgettext_lazy("number of", "cards"), written, sentence=told, one=_("card"))]
    if groups:
        told = count_in_words_lazy("They form one group.", "They form %(number)s groups.", len(groups))
        figures.append(kinds.Figure(pgettext_lazy("number of", "groups"), len(groups), "", told, _("group")))
    if voters:
        told = count_in_words_lazy("One person placed dots.", "%(number)s people placed dots.", voters)
        figures.append(kinds.Figure(_("have placed dots"), voters, sentence=told, one=_("has placed dots")))
    return kinds.Summary(tuple(figures), tuple(_findings(cards, groups)) if cards else ())


def _findings(cards: list[Card], groups: list[CardGroup]) -> list[kinds.Finding]:
    """What was written, what got most dots, and which ways of working were kept: each cites what it stands on."""
    found = [kinds.Finding("did", in_both(lambda: str(_written(len(cards)))), tuple(card.item_id for card in cards))]
    marks = [(group.dots, group.name, group.item_id) for group in groups]
    marks += [(card.dots, card.words, card.item_id) for card in cards if card.group_id is None]
    dots, name, item_id = max(marks, key=lambda mark: mark[0])
    if dots:
        found.append(_quoted(_MOST_DOTS, name, item_id, dots))
    return found + [_quoted(_ENDED[card.verdict], card.words, card.item_id) for card in cards if card.verdict]


def _written(cards: int) -> kinds.Words:
    return count_in_words_lazy("One card was written.", "%(number)s cards were written.", cards)


def _quoted(said: dict[str, str], words: LangText, item_id: int, *more: Any) -> kinds.Finding:
    texts = {lang: form.format(within_quotes(words.pick(lang)[0], lang), *more) for lang, form in said.items()}
    return kinds.Finding("result", LangText(texts), (item_id,))


kind = Board()

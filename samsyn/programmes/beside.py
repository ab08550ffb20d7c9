"""What stands on the storyboard beside activities: a part above registers it, since it lies above this one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from samsyn.core.texts import LangText
from samsyn.organisations.models import Person
from samsyn.programmes.models import Frame, Programme
from samsyn.programmes.standing import Visitor


@dataclass(frozen=True)
class Beside:
    """A card that is no activity, with the activities that stand within it and so not by themselves.

    `template` draws it, with the card as `card`, the activities as `card.inner` and `plans`.
    """

    id: int
    frame_id: int
    day: dt.date
    when: str  # now, done or later
    activity_ids: tuple[int, ...]
    template: str
    row: object
    title: LangText


class Source(Protocol):
    """What this part asks of the one above."""

    def beside(self, programme: Programme, visitor: Visitor) -> list[Beside]:
        """The cards of a programme, by day. A fixed number of queries."""
        ...

    def held(self, programme: Programme) -> set[int]:
        """Ids of the activities that stand within such a card."""
        ...

    def refusal_to_delete(self, frame: Frame) -> object:
        """Why a chapter may not be deleted; nothing where it may."""
        ...

    def move(self, programme: Programme, days: dt.timedelta, *, by: Person) -> None:
        """The programme begins so many days later, within the caller's transaction."""
        ...


_sources: list[Source] = []


def register(source: Source) -> None:
    """Ask `source` too."""
    _sources.append(source)


def cards_of(programme: Programme, visitor: Visitor) -> list[Beside]:
    """Every card beside the activities, by day."""
    found = [card for source in _sources for card in source.beside(programme, visitor)]
    return sorted(found, key=lambda card: (card.day, card.id))


def held(programme: Programme) -> set[int]:
    """Ids of the activities that stand within another card."""
    return {pk for source in _sources for pk in source.held(programme)}


def refusal_to_delete(frame: Frame) -> object:
    """Why a chapter may not be deleted; nothing where it may."""
    return next((words for source in _sources if (words := source.refusal_to_delete(frame))), None)


def move(programme: Programme, days: dt.timedelta, *, by: Person) -> None:
    """Let everything beside the activities follow a programme that begins on another day."""
    for source in _sources:
        source.move(programme, days, by=by)


def titles(programme: Programme, visitor: Visitor) -> dict[int, LangText]:
    """What activities stand within, by their ids: the title of the first such card."""
    return {pk: card.title for card in reversed(cards_of(programme, visitor)) for pk in card.activity_ids}


def held_by(cards: Iterable[Beside]) -> set[int]:
    """Ids of the activities that stand within these cards."""
    return {pk for card in cards for pk in card.activity_ids}

"""Boards for tests: cards on them, in a phase, with or without names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from samsyn.activities.board import actions, queries
from samsyn.activities.board.models import Card, CardGroup, Column
from samsyn.activities.board.rules import Phase
from samsyn.core.ids import encode_id
from samsyn.core.texts import LangText
from samsyn.programmes.browsers import draw_key
from samsyn.programmes.contributing import Sent
from samsyn.programmes.models import Activity
from tests.fixtures import World

NAME = LangText(sv="Gruppen", en="The group")


@dataclass
class Made:
    """A board and what stands on it."""

    world: World
    activity: Activity
    columns: list[Column]
    cards: list[Card] = field(default_factory=list)

    @property
    def lead(self) -> Any:
        return self.world.person("lead")

    def write(self, text: str, *, column: int = 0, author: str | None = "staff", key: str = "", table: int = 0) -> Card:
        who = self.world.person(author) if author else None
        card = actions.write(self.columns[column], Sent(text, "sv", key or draw_key(), who), table=table)
        self.cards.append(card)
        return card

    def go(self, phase: str) -> None:
        actions.set_phase(self.activity, phase, by=self.lead)
        for card in self.cards:
            card.refresh_from_db()

    def group(self, cards: Sequence[Card], name: LangText = NAME) -> CardGroup:
        group = actions.arrange(self.activity, cards, to=name, by=self.lead)
        assert group is not None
        for card in self.cards:
            card.refresh_from_db()
        return group

    def vote(self, ballot: dict[int, int], who: str = "", key: str = "") -> None:
        person = self.world.person(who) if who else None
        key = key or (f"p{encode_id(person.pk)}" if person else draw_key())
        actions.place_dots(self.activity, ballot, key=key, person=person)

    def standing(self) -> set[tuple[int, int | None, str]]:
        """(card, group, state) of every card there is."""
        return set(Card.objects.filter(activity=self.activity).values_list("pk", "group_id", "state"))


def board(world: World, *texts: str, phase: str = Phase.WRITE, level: str = "named", **values: Any) -> Made:
    """An open board with three columns, cards in the first, in a phase."""
    settings = {"layout": "today", **values.pop("settings", {})}
    values.setdefault("entry", "code" if level == "anonymous" else "audience")
    activity = world.activity(kind="board", state="open", level=level, settings=settings, **values)
    made = Made(world, activity, list(queries.columns(activity)))
    for text in texts:
        made.write(text)
    if phase != Phase.WRITE:
        made.go(phase)
    return made

"""Moving cards: whatever is moved where and in which order, no card is lost and each stands in one place."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from samsyn.activities.board import actions, queries, rules
from samsyn.activities.board.models import Card, CardGroup, DotVote
from samsyn.activities.board.rules import Phase
from samsyn.activities.board.tests.boards import NAME, board
from samsyn.core import clock, tenancy
from samsyn.core.errors import RefusedError
from samsyn.core.texts import LangText
from samsyn.thread.actions import add_item, link
from samsyn.thread.models import Item, Link
from tests.fixtures import DAY, make_world
from tests.sampling import examples

KINDS = ["group", "into", "column", "merge", "hide", "restore"]
CHOSEN = st.sets(st.integers(0, 7), min_size=1)
MOVES = st.lists(st.tuples(st.sampled_from(KINDS), CHOSEN, st.integers(0, 7)), max_size=12)


def whole(made) -> None:
    """What holds after every move."""
    rows = list(Card.objects.filter(activity=made.activity).select_related("group", "column"))
    assert {card.text for card in rows} == {card.text for card in made.cards}
    for card in rows:
        assert card.group is None or card.group.column_id == card.column_id
        groups = Link.objects.filter(source=card.item_id, target__kind="board.group")
        linked = set(groups.values_list("target_id", flat=True))
        assert linked == ({card.group.item_id} if card.group else set())
    shown = [card.pk for lane in queries.lanes(made.activity) for card in lane.cards]
    shown += [card.pk for lane in queries.lanes(made.activity) for bunch in lane.bunches for card in bunch.cards]
    assert sorted(shown) == sorted(card.pk for card in rows if card.state == "visible")


class Moves(TestCase):
    @pytest.mark.sampled
    @settings(max_examples=examples(40), deadline=None)
    @given(MOVES)
    def test_no_card_is_ever_lost(self, moves):
        world = make_world("ankeby")
        with tenancy.scope(world.organisation.pk, "ankeby"), clock.simulated(DAY):
            made = board(world, *(f"Kort {number}." for number in range(8)), phase=Phase.GROUP)
            for move, chosen, target in moves:
                self._move(made, move, [made.cards[number] for number in sorted(chosen)], target)
                whole(made)

    def _move(self, made, move, cards, target):
        for card in made.cards:
            card.refresh_from_db()
        groups = list(CardGroup.objects.filter(activity=made.activity).order_by("id"))
        try:
            if move == "hide":
                actions.hide(cards[0], reason=NAME, by=made.lead)
            elif move == "restore":
                actions.contributing.let_in(cards[0], by=made.lead)
            elif move == "merge":
                actions.merge(cards[0], into=made.cards[target], by=made.lead)
            else:
                to = {
                    "group": NAME,
                    "into": groups[target % len(groups)] if groups else NAME,
                    "column": made.columns[target % 3],
                }
                actions.arrange(made.activity, cards, to=to[move], by=made.lead)
        except RefusedError:
            pass


def test_a_group_is_linked_from_its_cards_and_told(world):
    made = board(world, "Ett.", "Två.", phase=Phase.GROUP)
    group = made.group(made.cards, LangText(sv="Samma sak"))
    assert set(Link.objects.filter(target=group.item).values_list("source", flat=True)) == {
        card.item_id for card in made.cards
    }
    assert (group.item.kind, str(group.item.title)) == ("board.group", "Samma sak")
    assert str(queries.tell([group.item])[group.item_id].state) == "2 kort"
    actions.rename(group, LangText(sv="Annat namn"), by=made.lead)
    assert str(Item.objects.get(pk=group.item_id).title) == "Annat namn"


def test_a_new_group_stands_where_most_of_its_cards_do(world):
    made = board(world)
    for number, column in enumerate((2, 1, 2)):
        made.write(f"Kort {number}.", column=column)
    made.go(Phase.GROUP)
    assert made.group(made.cards).column == made.columns[2]


def test_an_empty_group_goes_and_one_that_led_to_something_stays(world):
    made = board(world, "Ett.", "Två.", phase=Phase.GROUP)
    first, second = made.group(made.cards[:1]), made.group(made.cards[1:])
    made_of_it = add_item(programme_id=world.programme.pk, activity_id=made.activity.pk, kind="promise", title=NAME)
    link(second.item, made_of_it)
    for card in made.cards:
        actions.arrange(made.activity, [card], to=made.columns[0], by=made.lead)
    assert list(CardGroup.objects.all()) == [second]
    assert not Item.objects.filter(pk=first.item_id).exists()


@pytest.mark.parametrize("phase", [Phase.WRITE, Phase.VOTE, Phase.TAKE_ON])
def test_cards_are_moved_after_the_reveal_and_before_the_vote(world, phase):
    made = board(world, "Ett.", phase=Phase.READ)
    made.go(phase)
    with pytest.raises(RefusedError, match="innan ni röstar"):
        actions.arrange(made.activity, made.cards, to=NAME, by=made.lead)


def test_without_a_vote_they_are_moved_to_the_end(world):
    made = board(world, "Ett.", phase=Phase.READ, settings={"dots": 0})
    made.go(Phase.TAKE_ON)
    assert made.group(made.cards)
    assert Phase.VOTE not in rules.phases_of(made.activity)


def test_what_is_gone_or_elsewhere_is_refused(world):
    made, other = board(world, "Ett.", phase=Phase.GROUP), board(world, "Två.", phase=Phase.GROUP)
    group = made.group(made.cards)
    with pytest.raises(RefusedError, match="finns kvar"):
        actions.arrange(made.activity, other.cards, to=NAME, by=made.lead)
    with pytest.raises(RefusedError, match="ett namn"):
        actions.arrange(made.activity, made.cards, to=LangText(), by=made.lead)
    actions.arrange(made.activity, made.cards, to=made.columns[1], by=made.lead)
    with pytest.raises(RefusedError, match="vart korten ska"):
        actions.arrange(made.activity, made.cards, to=group, by=made.lead)


def test_dots_come_back_when_what_they_lay_on_is_gone(world):
    made = board(world, "Ett.", "Två.", phase=Phase.VOTE)
    made.vote({made.cards[0].pk: 3}, "staff")
    made.go(Phase.GROUP)
    made.group(made.cards)
    assert not DotVote.objects.exists()
    made.go(Phase.VOTE)
    made.vote({CardGroup.objects.get().pk: 3}, "staff")


def test_the_same_columns_whatever_happens(world):
    made = board(world, "Ett.", phase=Phase.GROUP)
    names = [{"name": column.name, "hint": column.hint, "tries": False} for column in made.columns]
    order = [(made.columns[number].pk, names[number]) for number in (2, 0, 1)]
    actions.arrange_columns(made.activity, [*order, (None, {**names[0], "name": LangText(sv="Ny")})], by=made.lead)
    assert [str(column.name) for column in queries.columns(made.activity)] == [
        "Det här väntar", "Det här fungerar", "Det här tar tid", "Ny",
    ]  # fmt: skip
    with pytest.raises(RefusedError, match="Flytta dem först"):
        actions.arrange_columns(made.activity, [order[0], order[2]], by=made.lead)
    with pytest.raises(RefusedError, match="ett namn"):
        actions.arrange_columns(made.activity, [*order, (None, {**names[0], "name": LangText()})], by=made.lead)
    for wrong in ([], order * 3):
        with pytest.raises(RefusedError, match="en till 8"):
            actions.arrange_columns(made.activity, wrong, by=made.lead)
    assert queries.columns(made.activity).count() == 4

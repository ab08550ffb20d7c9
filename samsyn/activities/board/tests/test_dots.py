"""Dots: so many each, moved until voting ends, and told so that nobody can be made out."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from samsyn.activities.board import queries
from samsyn.activities.board.models import Card, DotVote
from samsyn.activities.board.rules import Phase
from samsyn.activities.board.tests.boards import board
from samsyn.core.errors import NotAllowedError, RefusedError
from samsyn.programmes import actions as programmes
from samsyn.programmes.figures import FEWEST, next_number, next_sum
from samsyn.programmes.points import read_ballot

KEYS = [f"{number:032x}" for number in range(1, 12)]


def figures(made) -> dict[str, int]:
    return dict(Card.objects.filter(activity=made.activity).values_list("text", "dots"))


def test_dots_are_placed_moved_and_never_too_many(world):
    made = board(world, "Ett.", "Två.", phase=Phase.VOTE)
    first, second = (card.pk for card in made.cards)
    made.vote({first: 2, second: 1}, "staff")
    made.vote({first: 2, second: 1}, "staff")
    made.vote({first: 1}, "staff")
    assert queries.my_dots(made.activity, DotVote.objects.values_list("key", flat=True)[0]) == {
        made.cards[0].item_id: 1,
        made.cards[1].item_id: 1,
    }
    with pytest.raises(RefusedError, match="Du har lagt 4 prickar, och det finns 3"):
        made.vote({first: 3}, "staff")
    made.vote({first: 0, second: 3}, "staff")
    made.go(Phase.TAKE_ON)
    assert figures(made) == {"Ett.": 0, "Två.": 3}


@pytest.mark.parametrize("phase", [Phase.WRITE, Phase.READ, Phase.GROUP, Phase.TAKE_ON])
def test_dots_are_taken_while_the_vote_goes_on(world, phase):
    made = board(world, "Ett.", phase=Phase.READ)
    made.go(phase)
    with pytest.raises(RefusedError, match="avslutad"):
        made.vote({made.cards[0].pk: 1}, "staff")


def test_who_has_no_name_has_no_dots_where_names_are_kept(world):
    made = board(world, "Ett.", phase=Phase.VOTE)
    with pytest.raises(NotAllowedError):
        made.vote({made.cards[0].pk: 1})


def test_dots_lie_on_groups_and_on_cards_that_are_in_none(world):
    made = board(world, "Ett.", "Två.", "Tre.", phase=Phase.GROUP)
    group = made.group(made.cards[:2])
    made.go(Phase.VOTE)
    made.vote({group.pk: 2, made.cards[2].pk: 1}, "staff")
    with pytest.raises(RefusedError, match="inte längre"):
        made.vote({made.cards[0].pk: 1}, "staff")
    with pytest.raises(RefusedError, match="inte längre"):
        made.vote({12345: 1}, "staff")


def test_nothing_is_counted_before_the_vote_ends(world):
    made = board(world, "Ett.", phase=Phase.VOTE)
    made.vote({made.cards[0].pk: 3}, "staff")
    assert figures(made) == {"Ett.": 0}
    programmes.close_activity(made.activity, by=made.lead)
    assert figures(made) == {"Ett.": 3}
    assert queries.board_of(made.activity).phase == Phase.TAKE_ON


def test_an_anonymous_figure_stands_on_five(world):
    made = board(world, "Fyra.", "Fem.", level="anonymous", phase=Phase.VOTE)
    four, five = (card.pk for card in made.cards)
    for key in KEYS[:4]:
        made.vote({four: 1, five: 2}, key=key)
    assert queries.board_of(made.activity).voters == 0
    made.vote({five: 1}, key=KEYS[4])
    assert queries.board_of(made.activity).voters == 5
    made.go(Phase.TAKE_ON)
    assert figures(made) == {"Fyra.": 0, "Fem.": 9}


def test_one_who_moves_dots_afterwards_moves_no_figure(world):
    made = board(world, "Ett.", "Två.", level="anonymous", phase=Phase.VOTE)
    first, second = (card.pk for card in made.cards)
    for key in KEYS[:6]:
        made.vote({first: 3}, key=key)
    made.go(Phase.TAKE_ON)
    made.go(Phase.VOTE)
    made.vote({first: 0, second: 3}, key=KEYS[0])
    programmes.close_activity(made.activity, by=made.lead)
    assert figures(made) == {"Ett.": 18, "Två.": 0}
    assert not any(points != counted for points, counted in DotVote.objects.values_list("points", "counted"))


CHANGES = st.lists(st.tuples(st.sampled_from(KEYS), st.integers(0, 3), st.booleans()), max_size=60)


@settings(max_examples=300, deadline=None)
@given(CHANGES)
def test_a_figure_moves_only_when_five_have_moved_it(changes):
    """Whatever people do, and whenever it is counted: `changes` are (who, dots now, counted after that)."""
    cast: dict[str, int] = {}
    counted: dict[str, int] = {}
    shown, moved_since = 0, set()
    for who, dots, count in changes:
        if cast.get(who, 0) != dots:
            moved_since.add(who)
        cast[who] = dots
        if not count:
            continue
        figure = next_sum([(cast[key], counted.get(key, 0)) for key in cast], anonymous=True)
        if figure is None:
            continue
        assert figure == shown or len(moved_since) >= FEWEST
        assert figure == 0 or sum(1 for value in cast.values() if value) >= FEWEST
        shown, moved_since, counted = figure, set(), dict(cast)


@given(st.lists(st.integers(0, 40)))
def test_how_many_have_voted_is_told_in_fives_and_never_less(numbers):
    shown = 0
    for number in numbers:
        before, shown = shown, next_number(shown, number, anonymous=True)
        assert shown % FEWEST == 0
        assert before <= shown
        assert shown == before or shown - before >= FEWEST


def test_with_names_the_figure_is_what_it_is():
    assert next_sum([(3, 3), (1, 0)], anonymous=False) == 4
    assert next_number(7, 2, anonymous=False) == 2


WRONG = [{"dots-1": "x"}, {"dots-1": "-1"}, {"dots-1": "1.5"}, {"dots-x": "1"}, {"dots-1": "9999"}, {"target": ""}]


@pytest.mark.parametrize("values", WRONG)
def test_what_is_no_number_is_refused(values):
    with pytest.raises(RefusedError, match="tal"):
        read_ballot(values, "dots")


def test_a_ballot_names_one_or_several():
    assert read_ballot({"dots-1": "2", "dots-2": "", "other": "x"}, "dots") == {1: 2, 2: 0}
    assert read_ballot({"target": "7", "dots": "3"}, "dots") == {7: 3}

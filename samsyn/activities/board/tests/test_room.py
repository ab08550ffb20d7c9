"""The board in the live room: what is sent there, what everybody is shown, and the keys of the stage."""

from __future__ import annotations

import pytest
from django.db import connection, transaction
from django.template.loader import render_to_string
from django.test.utils import CaptureQueriesContext

from samsyn.activities.board import actions, queries
from samsyn.activities.board.kind import kind
from samsyn.activities.board.models import Card, DotVote
from samsyn.activities.board.rules import Phase
from samsyn.activities.board.tests.boards import board
from samsyn.core.texts import LangText
from samsyn.live.sendings import Sending
from samsyn.programmes import actions as programmes
from samsyn.programmes.browsers import draw_key
from samsyn.thread.models import Receipt
from samsyn.thread.secrets import clean_words, stretch


def sending(made, name: str, *, key: str = "", person: str = "", language: str = "sv", **values: str) -> Sending:
    who = made.world.person(person).pk if person else 0
    return Sending(made.activity.pk, name, values, key or draw_key(), who, language)


def cards(made, texts, **more: str) -> list[Sending]:
    column = str(made.columns[0].pk)
    return [sending(made, "write", text=text, column=column, post_key=draw_key(), **more) for text in texts]


def take(made, sendings):
    with transaction.atomic():
        return kind.intake()[sendings[0].name](made.activity, sendings)


def shown(made, view: str = "phone") -> str:
    scene = kind.snapshot(made.activity)
    room = {"room": {"send": "/live/r/x/send"}}
    return "".join(render_to_string(template, {**scene.context, **room}) for template in getattr(scene, view).values())


def test_three_hundred_write_at_once_and_no_card_is_lost(world):
    made = board(world, level="anonymous")
    sent = cards(made, [f"Kort {number}." for number in range(300)])
    for start in range(0, 300, 100):
        assert not [one for one in take(made, sent[start : start + 100]) if one.error]
    assert all(not one.error for one in take(made, sent)), "the same once more, as after a lost answer"
    assert set(Card.objects.values_list("text", flat=True)) == {f"Kort {number}." for number in range(300)}
    assert Card.objects.count() == 300
    made.go(Phase.READ)
    assert queries.lanes(made.activity)[0].number == 300


def test_a_faulty_card_costs_the_others_nothing(world):
    made = board(world, level="anonymous")
    good, empty, lost, keyless = cards(made, ["Bra.", "", "Var?", "Vem?"])
    lost = sending(made, "write", text="Var?", column="1", post_key=draw_key(), language="en")
    keyless = sending(made, "write", text="Vem?", column=str(made.columns[0].pk), post_key="x")
    taken = take(made, [empty, good, lost, keyless])
    assert [bool(one.error) for one in taken] == [True, False, True, True]
    assert (taken[0].field, taken[2].field) == ("text", "column")
    assert taken[2].error == "Choose a column.", "in the sender's own language"
    assert list(Card.objects.values_list("text", flat=True)) == ["Bra."]


def test_after_the_reveal_the_text_stays_with_the_one_who_wrote_it(world):
    made = board(world, "Ett.", level="anonymous", phase=Phase.READ)
    assert "kopiera den" in take(made, cards(made, ["För sent."]))[0].error


def test_a_card_from_the_room_has_a_receipt_where_there_are_no_names(world):
    made = board(world, level="anonymous")
    [one] = cards(made, ["Ett."])
    words = take(made, [one])[0].data["receipt"]
    again = {"post_key": one.values["post_key"], "stretched": stretch(clean_words(words)).hex()}
    take(made, [sending(made, "receipt", **again)])
    assert Receipt.objects.filter(item=Card.objects.get().item).count() == 1
    named = board(world)
    assert "receipt" not in take(named, cards(named, ["Två."], person="staff"))[0].data
    assert Card.objects.get(text="Två.").author == world.person("staff")


def test_dots_from_the_room_are_one_vote_each(world):
    made = board(world, "Ett.", "Två.", level="anonymous", phase=Phase.VOTE)
    first, second = (f"dots-{card.pk}" for card in made.cards)
    key = "a" * 32
    sent = [
        sending(made, "vote", key=key, **{first: "2", second: "1"}),
        sending(made, "vote", key=key, **{first: "3", second: "1"}),
        sending(made, "vote", key="b" * 32, target=str(made.cards[0].pk), dots="3"),
        sending(made, "vote", key="c" * 32, **{first: "många"}),
        Sending(made.activity.pk, "vote", {first: "1"}, ""),
    ]
    taken = take(made, sent)
    assert [bool(one.error) for one in taken] == [False, True, False, True, True]
    assert take(made, sent[:1])[0].error == ""
    assert sorted(DotVote.objects.values_list("key", "points")) == [(key, 1), (key, 2), ("b" * 32, 3)]


def test_hundreds_of_dots_cost_a_fixed_number_of_queries(world):
    made = board(world, "Ett.", "Två.", level="anonymous", phase=Phase.VOTE)

    def cost(number: int, start: int) -> int:
        ballots = [
            sending(made, "vote", key=f"{start + one:032x}", **{f"dots-{made.cards[one % 2].pk}": "3"})
            for one in range(number)
        ]
        with CaptureQueriesContext(connection) as captured:
            assert not any(one.error for one in take(made, ballots))
        return len(captured)

    few = cost(5, 1)
    assert cost(200, 1000) <= few + 3  # a database takes so many rows at a time
    assert queries.board_of(made.activity).voters == 205


@pytest.mark.parametrize("view", ["phone", "screen"])
def test_the_room_shows_no_word_before_the_reveal(world, view):
    made = board(world, "Hemligt kort.", level="named")
    assert "Hemligt" not in shown(made, view)
    assert "1" in shown(made, "screen")
    made.go(Phase.READ)
    assert "Hemligt kort." in shown(made, view)
    made.go(Phase.WRITE)
    made.write("Nästa hemlighet.")
    assert "Nästa" not in shown(made, view)
    made.go(Phase.READ)
    actions.hide(made.cards[0], reason=LangText(sv="Ett namn"), by=made.lead)
    assert "Hemligt" not in shown(made, view)


@pytest.mark.parametrize(("level", "told"), [("named", True), ("facilitators", False), ("anonymous", False)])
def test_names_stand_beside_cards_only_where_all_may_know(world, level, told):
    made = board(world, "Ett.", level=level, phase=Phase.READ)
    assert (world.person("staff").name in shown(made)) is told


def test_no_figure_moves_while_dots_are_placed(world):
    made = board(world, "Ett.", level="anonymous", phase=Phase.VOTE)
    for number in range(9):
        made.vote({made.cards[0].pk: 1}, key=f"{number:032x}")
        assert "1 prick" not in shown(made, "screen")
    assert "5 har lagt prickar" in shown(made, "screen")
    made.go(Phase.TAKE_ON)
    assert "9 prickar" in shown(made, "screen")


def test_a_phase_costs_a_fixed_number_of_queries(world):
    few, many = (board(world, *(f"Kort {number}." for number in range(size)), phase=Phase.READ) for size in (2, 30))
    for made in (few, many):
        made.group(made.cards[:2])
    costs = []
    for made in (few, many):
        made.activity.refresh_from_db()
        with CaptureQueriesContext(connection) as captured:
            shown(made)
        costs.append(len(captured))
    assert costs[0] == costs[1] <= 12


def test_the_keys_of_the_stage_lead_from_phase_to_phase(world):
    made = board(world, "Ett.")
    walked = []
    for _step in range(4):
        [cue, *_back] = [cue for cue in kind.cues(made.activity) if cue.name != "back"]
        walked.append((cue.name, cue.key))
        kind.give_cue(made.activity, cue.name, by=world.person("facilitator"))
    assert walked == [("reveal", "r"), ("onward", "f"), ("onward", "f"), ("onward", "f")]
    assert [cue.name for cue in kind.cues(made.activity)] == ["back"]
    kind.give_cue(made.activity, "back", by=made.lead)
    assert queries.board_of(made.activity).phase == Phase.VOTE
    assert not {cue.key for cue in kind.cues(made.activity)} & set("nsochube0123456789")


def test_a_closed_board_has_neither_writing_nor_vote(world):
    made = board(world, "Ett.")
    programmes.close_activity(made.activity, by=made.lead)
    assert "Ett." not in shown(made)
    assert [cue.name for cue in kind.cues(made.activity)] == ["reveal"]
    for _step in range(3):
        kind.give_cue(made.activity, "onward", by=made.lead)
    assert queries.board_of(made.activity).phase == Phase.TAKE_ON
    assert not kind.snapshot(world.activity(kind="board", level="named")).phone


def test_only_where_there_are_no_names_a_browser_alone_knows_whose_a_card_is(world):
    words = "vet bara den här webbläsaren"
    anonymous, named = board(world, level="anonymous"), board(world)
    assert words in shown(anonymous)
    assert words not in shown(named)
    assert "visas för alla samtidigt" in shown(named)

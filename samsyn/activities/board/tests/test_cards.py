"""Cards: written once, seen by nobody before they are revealed, hidden and joined afterwards."""

from __future__ import annotations

import pytest

from samsyn.activities.board import actions, queries, rules
from samsyn.activities.board.models import Card
from samsyn.activities.board.rules import Phase
from samsyn.activities.board.tests.boards import NAME, board
from samsyn.audit.models import Entry
from samsyn.core.errors import NotAllowedError, RefusedError
from samsyn.core.texts import LangText
from samsyn.programmes import actions as programmes
from samsyn.programmes import contributing
from samsyn.programmes.browsers import draw_key
from samsyn.thread.models import Item, Link


def test_a_card_waits_and_its_item_says_nothing(world):
    made = board(world, "Vi hinner inte lära oss.")
    item = Item.objects.get(activity_id=made.activity.pk)
    assert (item.state, item.title, item.visibility) == ("waiting", rules.UNSEEN, "facilitators")
    assert queries.tell([item])[item.pk].text == rules.UNSEEN
    assert queries.lanes(made.activity)[0].number == 0
    assert queries.counts(made.activity)["waiting"] == 1


def test_leaving_the_writing_reveals_all_at_once(world):
    made = board(world, "Ett.", "Två.")
    made.go(Phase.READ)
    items = Item.objects.filter(activity_id=made.activity.pk)
    assert {str(item.title) for item in items} == {"Ett.", "Två."}
    assert set(items.values_list("state", "visibility")) == {("open", "audience")}
    assert queries.lanes(made.activity)[0].number == 2


def test_a_second_round_is_written_unseen_too(world):
    made = board(world, "Ett.", phase=Phase.READ)
    made.go(Phase.WRITE)
    made.write("Två.")
    assert (queries.counts(made.activity)["shown"], queries.counts(made.activity)["waiting"]) == (1, 1)
    made.go(Phase.GROUP)
    assert queries.counts(made.activity)["waiting"] == 0


def test_the_same_form_twice_is_one_card_and_with_other_words_another(world):
    made, key = board(world), draw_key()
    for text in ("Ett.", "Ett.", "Något annat.", "Något annat."):
        made.write(text, key=key)
    assert Card.objects.filter(activity=made.activity).count() == 2


@pytest.mark.parametrize("phase", [Phase.READ, Phase.GROUP, Phase.VOTE, Phase.TAKE_ON])
def test_nothing_is_written_in_another_phase(world, phase):
    made = board(world, "Ett.", phase=phase)
    with pytest.raises(RefusedError, match="kopiera den"):
        made.write("För sent.")


@pytest.mark.parametrize(("text", "words"), [("", "Skriv något"), ("  \n ", "Skriv något"), ("x" * 281, "281 tecken")])
def test_an_empty_or_endless_card_is_refused(world, text, words):
    made = board(world)
    with pytest.raises(RefusedError, match=words):
        made.write(text)
    assert not Card.objects.exists()


def test_names_are_kept_only_where_the_level_says_so(world):
    kept = {level: board(world, "Ett.", level=level).cards[0] for level in ("named", "facilitators", "anonymous")}
    assert {level for level, card in kept.items() if card.author_id} == {"named", "facilitators"}
    assert set(Entry.objects.filter(verb="card.sent").values_list("object_id", flat=True)) == {
        kept["named"].pk, kept["facilitators"].pk,
    }  # fmt: skip


def test_a_table_says_how_many_it_is(world):
    made = board(world, settings={"tables": True})
    assert made.write("Ett.", table=6).table == 6
    assert made.write("Två.", table=1).table == 0
    with pytest.raises(RefusedError, match="högst 30"):
        made.write("Tre.", table=31)
    assert board(world).write("Fyra.", table=6).table == 0, "where tables do not write together nobody says so"


def test_what_stands_on_paper_is_marked_and_typed_once(world):
    made = board(world)
    assert actions.type_cards(made.columns[1], ["Ett.", "Två."], language="sv", by=made.lead) == 2
    assert actions.type_cards(made.columns[1], ["Två.", "Tre."], language="sv", by=made.lead) == 1
    assert set(Card.objects.values_list("typed", "state", "author")) == {(True, "waiting", None)}
    made.go(Phase.READ)
    actions.type_cards(made.columns[1], ["Fyra."], language="sv", by=made.lead)
    assert Card.objects.get(text="Fyra.").state == "visible"


def test_a_hidden_card_gives_its_reason_and_comes_back(world):
    made = board(world, "Bengt är flaskhalsen.", phase=Phase.READ)
    card = made.cards[0]
    actions.hide(card, reason=LangText(sv="Ett namn"), by=made.lead)
    assert queries.lanes(made.activity)[0].number == 0
    assert str(queries.tell([card.item])[card.item_id].text) == "Ett namn"
    contributing.let_in(card, by=made.lead)
    assert queries.lanes(made.activity)[0].number == 1


def test_a_joined_card_leaves_its_group_and_leads_to_the_other(world):
    made = board(world, "Ett.", "Ett till.", "Två.", phase=Phase.READ)
    first, second, _third = made.cards
    group = made.group([second])
    actions.merge(second, into=first, by=made.lead)
    second.refresh_from_db()
    assert (second.state, second.group_id, second.merged_into_id) == ("merged", None, first.pk)
    assert not type(group).objects.filter(pk=group.pk).exists(), "nothing is in it"
    assert set(Link.objects.filter(source=second.item).values_list("target", flat=True)) == {first.item_id}


def test_publishing_waits_until_all_has_been_revealed(world):
    made = board(world, "Ett.")
    programmes.close_activity(made.activity, by=made.lead)
    reply = programmes.OurReply(LangText(sv="Vi hörde"), LangText(sv="Vi gör"), LangText(), None)
    owner = world.person("owner")
    with pytest.raises(RefusedError, match="inte har visats"):
        programmes.publish_activity(made.activity, reply, signed_by=owner, by=made.lead)
    made.go(Phase.READ)
    programmes.publish_activity(made.activity, reply, signed_by=owner, by=made.lead)
    assert Item.objects.get(kind="board.card").visibility == "programme"
    assert queries.board_of(made.activity).phase == Phase.TAKE_ON


@pytest.mark.parametrize("who", ["staff", "owner", "member"])
def test_only_those_who_plan_lead_it(world, who):
    made, me = board(world, "Ett.", "Två.", phase=Phase.READ), world.person(who)
    for act in (
        lambda: actions.set_phase(made.activity, Phase.GROUP, by=me),
        lambda: actions.arrange(made.activity, made.cards, to=NAME, by=me),
        lambda: actions.merge(made.cards[0], into=made.cards[1], by=me),
        lambda: actions.hide(made.cards[0], reason=NAME, by=me),
        lambda: actions.type_cards(made.columns[0], ["Tre."], language="sv", by=me),
        lambda: actions.choose_layout(made.activity, "skills", by=me),
    ):
        with pytest.raises(NotAllowedError):
            act()
    assert made.standing() == {(card.pk, None, "visible") for card in made.cards}

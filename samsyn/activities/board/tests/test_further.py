"""What comes of a board: promises and the one thing, what is kept and dropped, what is handed over, what comes next."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils.translation import override

from samsyn.activities.board import actions, queries
from samsyn.activities.board.kind import kind
from samsyn.activities.board.models import Card, DotVote
from samsyn.activities.board.rules import Phase
from samsyn.activities.board.tests.boards import NAME, board
from samsyn.core.errors import RefusedError
from samsyn.core.texts import LangText
from samsyn.programmes import series
from samsyn.programmes.handover import offers
from samsyn.programmes.models import Activity, Part
from samsyn.programmes.queries import LISTED
from samsyn.thread.actions import settle_promise
from samsyn.thread.models import Link, Promise
from tests.fixtures import DAY

LATER = DAY + dt.timedelta(days=30)
WHY = LangText(sv="Vi fick ro.")


def promise(made, mark, *, the_one: bool = True, due=LATER):
    owner = made.world.person("owner")
    return actions.promise(mark, text=NAME, owner=owner, due=due, the_one=the_one, by=made.lead)


def test_the_one_thing_is_one_until_it_is_done(world):
    made = board(world, "Ett.", "Två.", phase=Phase.GROUP)
    group = made.group(made.cards)
    item = promise(made, group)
    assert queries.change_of(queries.board_of(made.activity)).item == item
    assert Link.objects.filter(source=group.item, target=item).exists()
    with pytest.raises(RefusedError, match="redan valt"):
        promise(made, made.cards[0])
    assert promise(made, made.cards[0], the_one=False)
    settle_promise(Promise.objects.get(item=item), state="kept", note=NAME, by=world.person("owner"))
    again = promise(made, made.cards[0])
    assert queries.change_of(queries.board_of(made.activity)).item == again


def test_a_promise_needs_a_day_to_come_and_a_card_that_is_seen(world):
    made = board(world, "Ett.", phase=Phase.READ)
    with pytest.raises(RefusedError):
        promise(made, made.cards[0], due=DAY - dt.timedelta(days=1))
    actions.hide(made.cards[0], reason=WHY, by=made.lead)
    with pytest.raises(RefusedError, match="dolt"):
        promise(made, made.cards[0])
    assert not Promise.objects.exists()


def test_a_way_of_working_is_kept_or_dropped_with_a_reason_and_a_day(world):
    made = board(world, settings={"layout": "methods", "dots": 0})
    card, other = made.write("Inga möten på tisdag.", column=1), made.write("Så gör vi i dag.", column=0)
    made.go(Phase.TAKE_ON)
    with pytest.raises(RefusedError, match="varför"):
        actions.judge(card, verdict="kept", reason=LangText(), day=DAY, by=made.lead)
    with pytest.raises(RefusedError):
        actions.judge(card, verdict="kept", reason=WHY, day=LATER, by=made.lead)
    with pytest.raises(RefusedError, match="prövas"):
        actions.judge(other, verdict="kept", reason=WHY, day=DAY, by=made.lead)
    actions.judge(card, verdict="dropped", reason=WHY, day=DAY, by=world.person("owner"))
    card.refresh_from_db()
    assert (card.verdict, card.item.state, card.verdict_day) == ("dropped", "dropped", DAY)
    assert "lade ner" in str(kind.summary(made.activity).findings[-1].text)
    actions.judge(card, verdict="", reason=WHY, day=DAY, by=made.lead)
    card.refresh_from_db()
    assert (card.verdict, card.verdict_day, card.verdict_reason) == ("", None, {})


def test_cards_and_groups_are_handed_over_to_every_kind_that_takes_them(world):
    made = board(world, "Ett.", "Två.", phase=Phase.GROUP)
    group = made.group(made.cards[:1])
    steps = world.activity(kind="steps", level="named", state="open")
    talk = world.activity(kind="dialogue", level="anonymous", state="open")
    asked = world.activity(kind="questions", state="open")
    for item in (made.cards[1].item, group.item):
        found = {offer.activity.pk: offer for offer in offers(item)}
        assert {steps.pk, talk.pk, asked.pk} <= set(found)
        for offer in found.values():
            came = offer.receiver.make(offer.activity, item, by=made.lead)
            assert Link.objects.filter(source=item, target=came).exists()


def test_an_item_from_elsewhere_becomes_a_card_that_waits_with_the_others(world):
    made, other = board(world), board(world, "Från en annan tavla.", phase=Phase.READ)
    [receiver] = kind.receives()
    item = receiver.make(made.activity, other.cards[0].item, by=made.lead)
    card = Card.objects.get(item=item)
    assert (card.state, card.typed, card.text) == ("waiting", True, "Från en annan tavla.")
    hidden = board(world, "Dold.").cards[0].item
    with pytest.raises(RefusedError, match="får inte se"):
        receiver.make(made.activity, hidden, by=made.lead)


def test_what_the_board_before_left_open_comes_first(world):
    before = board(world, "Ett.", "Två.", phase=Phase.READ)
    late, kept = promise(before, before.cards[0]), promise(before, before.cards[1], the_one=False)
    settle_promise(Promise.objects.get(item=kept), state="kept", note=NAME, by=world.person("owner"))
    made = board(world, settings={"before": [before.activity.pk]})
    assert [telling.item for telling in queries.carried_over(made.activity)] == [late]
    assert queries.carried_over(board(world).activity) == []
    assert "Gruppen" in world.client("staff").get(f"/o/ankeby/a/{made.activity.rid}/board/").content.decode()
    assert kind.snapshot(made.activity).phone["before"]


def test_a_room_tells_of_it_only_to_those_who_were_there(world):
    before = board(world, "Ett.", phase=Phase.READ)
    promise(before, before.cards[0])
    told = queries.carried_over(board(world, settings={"before": [before.activity.pk]}).activity)
    by_code = board(world, level="anonymous", settings={"before": [before.activity.pk]})
    assert series.for_everybody_there(by_code.activity, [before.activity.pk], told) == []
    wider = board(world, settings={"before": [before.activity.pk]})
    Part.objects.create(organisation=world.organisation, activity=wider.activity, person=world.person("guest"))
    assert series.for_everybody_there(wider.activity, [before.activity.pk], told) == []
    told[0].item.visibility = "programme"
    assert series.for_everybody_there(wider.activity, [before.activity.pk], told) == told


def test_a_person_is_told_what_is_stored_and_forgotten(world):
    made = board(world, "Ett.", phase=Phase.VOTE)
    made.vote({made.cards[0].pk: 2}, "staff")
    staff = world.person("staff")
    with override("en"):
        [data] = kind.personal_data(staff)
    assert data.rows == [{"card": "Ett.", "dots": ""}, {"card": "Ett.", "dots": 2}]
    kind.erase(staff)
    assert not kind.personal_data(staff)
    assert Card.objects.get().text == "Ett."


def test_when_the_days_of_keeping_are_over_the_figures_stay(world):
    made = board(world, "Ett.", phase=Phase.VOTE)
    made.vote({made.cards[0].pk: 2}, "staff")
    made.go(Phase.TAKE_ON)
    kind.let_go(made.activity)
    assert not DotVote.objects.exists()
    assert Card.objects.values_list("dots", "author").get() == (2, None)


def test_how_far_many_boards_have_come_takes_as_many_queries_as_one(world, django_assert_num_queries):
    activities = [board(world, "Ett.").activity for _number in range(3)]
    activities = list(Activity.objects.filter(pk__in=[activity.pk for activity in activities]).only(*LISTED))
    with django_assert_num_queries(1):
        assert len(kind.progress_of(activities)) == 3

"""Votes: once each whatever is sent again, changed, taken back, joined; figures under the rule of five."""

from __future__ import annotations

import random

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from samsyn.activities.dialogue import actions, queries
from samsyn.activities.dialogue.models import Showing, Statement, Vote
from samsyn.algorithms.opinion_map import routing
from samsyn.core.addresses import address
from samsyn.core.errors import NotAllowedError, RefusedError
from samsyn.core.texts import LangText
from samsyn.programmes import actions as programmes
from samsyn.programmes import contributing
from samsyn.programmes.browsers import draw_key

TEXTS = ["Vi vet vad vi är till för.", "Vi säger nej i tid.", "Mötena hjälper mig."]


@pytest.fixture
def talk(world):
    """An open anonymous dialogue that one comes into with a code, with three statements."""
    activity = world.activity(kind="dialogue", state="open", level="anonymous", entry="code")
    actions.seed(activity, TEXTS, language="sv", by=world.person("lead"))
    return activity


def statements(activity):
    rows = Statement.objects.select_related("activity__programme", "item", "merged_into")
    return {row.text: row for row in rows.filter(activity=activity)}


def test_a_vote_sent_twice_counts_once_and_a_changed_one_replaces(talk):
    one, key = statements(talk)[TEXTS[0]], draw_key()
    for value in (1, 1, -1):
        actions.vote(one, key=key, person=None, value=value)
    assert list(Vote.objects.values_list("statement_id", "value")) == [(one.pk, -1)]


def test_a_vote_taken_back_is_gone_and_the_statement_comes_again(talk):
    one, key = statements(talk)[TEXTS[0]], draw_key()
    actions.vote(one, key=key, person=None, value=1)
    assert one.pk not in queries.next_turn(talk, key).candidates
    actions.take_back(one, key=key, person=None)
    assert one.pk in queries.next_turn(talk, key).candidates
    assert not Vote.objects.exists()


def test_no_figure_moves_for_fewer_than_five(talk):
    one = statements(talk)[TEXTS[0]]
    shown = []
    for number in range(11):
        actions.vote(one, key=draw_key(), person=None, value=1 if number % 2 else -1)
        one.refresh_from_db()
        shown.append(one.agree + one.neither + one.disagree)
    assert shown == [0, 0, 0, 0, 5, 5, 5, 5, 5, 10, 10]


def test_one_voter_who_changes_again_and_again_moves_no_figure(talk):
    one, key = statements(talk)[TEXTS[0]], draw_key()
    for _ in range(5):
        actions.vote(one, key=draw_key(), person=None, value=1)
    for turn in range(8):
        actions.vote(one, key=key, person=None, value=1 if turn % 2 else -1)
        one.refresh_from_db()
        assert (one.agree, one.disagree) == (5, 0)


def test_joining_keeps_all_votes_straight(world, talk):
    away, stays = statements(talk)[TEXTS[0]], statements(talk)[TEXTS[1]]
    both, only = draw_key(), draw_key()
    actions.vote(away, key=both, person=None, value=1)
    actions.vote(stays, key=both, person=None, value=-1)
    actions.vote(away, key=only, person=None, value=1, important=True)
    actions.merge(away, into=stays, by=world.person("lead"))
    assert dict(Vote.objects.filter(statement=stays).values_list("key", "value")) == {both: -1, only: 1}
    assert Vote.objects.get(statement=stays, key=only).important
    late = draw_key()
    actions.vote(statements(talk)[TEXTS[0]], key=late, person=None, value=0)
    assert Vote.objects.get(key=late).statement_id == stays.pk, "a vote on the way there counts for the one that stays"


def test_a_hidden_statement_and_a_closed_dialogue_take_no_votes(world, talk):
    one, two = statements(talk)[TEXTS[0]], statements(talk)[TEXTS[1]]
    contributing.hide(one, reason=LangText(sv="Ett namn"), by=world.person("lead"))
    with pytest.raises(RefusedError):
        actions.vote(one, key=draw_key(), person=None, value=1)
    programmes.close_activity(talk, by=world.person("lead"))
    with pytest.raises(RefusedError):
        actions.vote(two, key=draw_key(), person=None, value=1)
    assert not Vote.objects.exists()


def test_where_names_are_known_nobody_votes_without_one(world):
    activity = world.activity(kind="dialogue", state="open", level="named")
    actions.seed(activity, TEXTS, language="sv", by=world.person("lead"))
    with pytest.raises(NotAllowedError):
        actions.vote(statements(activity)[TEXTS[0]], key=draw_key(), person=None, value=1)


def test_a_whole_ballot_leaves_what_was_voted_before(talk):
    found, key = statements(talk), draw_key()
    actions.vote(found[TEXTS[0]], key=key, person=None, value=-1)
    actions.cast_ballot(talk, {row.pk: (1, False) for row in found.values()}, key=key, person=None)
    assert sorted(Vote.objects.values_list("value", flat=True)) == [-1, 1, 1]


def test_without_scripts_one_votes_goes_on_and_takes_back(world, talk):
    client = world.client()
    client.get(f"/j/{talk.code}")
    page = address("dialogue:page", activity=talk.pk)
    first = client.get(page).context["turn"].statement
    assert sum(Showing.objects.values_list("shown", flat=True)) == 1, "the first card is counted too"
    sent = client.post(address("dialogue:vote", activity=talk.pk, statement=first.pk), {"value": "1", "important": "1"})
    assert sent.status_code == 302
    shown = client.get(sent["Location"])
    assert "Du höll med." in shown.content.decode()
    assert shown.context["turn"].statement.pk != first.pk
    assert shown.context["turn"].done == 1
    assert sum(Showing.objects.values_list("shown", flat=True)) == 2
    back = client.post(address("dialogue:take_back", activity=talk.pk, statement=first.pk))
    again = client.get(back["Location"])
    assert again.context["turn"].statement.pk == first.pk
    assert not Vote.objects.exists()


def test_in_place_the_next_card_comes_and_is_counted_without_a_person(world, talk):
    client = world.client()
    client.get(f"/j/{talk.code}")
    first = statements(talk)[TEXTS[0]]
    path = address("dialogue:vote", activity=talk.pk, statement=first.pk)
    card = client.post(path, {"value": "0"}, headers={"HX-Request": "true"})
    assert card.status_code == 200
    assert card.content.decode().lstrip().startswith('<div id="card"')
    (counted,) = Showing.objects.all()
    assert counted.statement_id == card.context["turn"].statement.pk != first.pk
    assert counted.shown == 1
    assert {field.name for field in Showing._meta.fields} == {
        *("id", "organisation", "statement", "day", "shown", "ahead", "spread"),
    }


def test_nonsense_is_told_and_nothing_is_lost(world, talk):
    client = world.client()
    client.get(f"/j/{talk.code}")
    first = statements(talk)[TEXTS[0]]
    for value in ("", "2", "x"):
        sent = client.post(address("dialogue:vote", activity=talk.pk, statement=first.pk), {"value": value})
        assert "Välj håller med" in client.get(sent["Location"]).content.decode()
    assert not Vote.objects.exists()


def test_the_next_statement_is_not_just_any(world):
    """Were it left to chance, as it once was elsewhere for sixteen months, this would fail."""
    activity = world.activity(kind="dialogue", state="open", level="anonymous", entry="code")
    actions.seed(activity, [f"Påstående {number}." for number in range(12)], language="sv", by=world.person("lead"))
    rows = list(queries.visible_statements(activity))
    for number, row in enumerate(rows):  # some are settled, some are not
        row.now_agree, row.now_disagree = (40, 0) if number < 8 else (20, 20)
        row.save()
    for _ in range(300):
        actions.note_showing(queries.next_turn(activity, ""))
    assert queries.choices_of(activity) == (300, True)
    assert Showing.objects.count() <= 12, "one row a statement and day, however many were shown"


def test_a_choice_left_to_chance_is_not_said_to_work(world, monkeypatch):
    activity = world.activity(kind="dialogue", state="open", level="anonymous", entry="code")
    actions.seed(activity, [f"Påstående {number}." for number in range(12)], language="sv", by=world.person("lead"))
    for number, row in enumerate(queries.visible_statements(activity)):
        row.now_agree, row.now_disagree = (40, 0) if number < 8 else (20, 20)
        row.save()
    chance = random.Random(1)
    monkeypatch.setattr(routing, "choose_by", lambda likely, _random: chance.randrange(len(likely)))
    for _ in range(300):
        actions.note_showing(queries.next_turn(activity, ""))
    assert queries.choices_of(activity) == (300, False)
    page = world.client("lead").get(address("dialogue:desk", activity=activity.pk)).content.decode()
    assert "Det går inte att se än om de väljs bättre än av slumpen" in page


def test_what_a_vote_costs_does_not_grow_with_the_votes(world, talk):
    client = world.client()
    client.get(f"/j/{talk.code}")
    first = statements(talk)[TEXTS[0]]
    path = address("dialogue:vote", activity=talk.pk, statement=first.pk)

    def cost(value: str) -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.post(path, {"value": value}, headers={"HX-Request": "true"}).status_code == 200
        return len(captured)

    few = max(cost(value) for value in ("1", "0", "-1", "1", "0", "1"))
    organisation = first.organisation_id
    Vote.objects.bulk_create(
        Vote(organisation_id=organisation, statement=row, key=draw_key(), value=1, counted=True)
        for row in statements(talk).values()
        for _ in range(300)
    )
    assert cost("-1") <= few <= 20


def test_no_vote_is_counted_again_for_one_more(world, talk):
    """Neither the vote nor the choice of the next statement reads more than the voter's own votes."""
    client = world.client()
    client.get(f"/j/{talk.code}")
    path = address("dialogue:vote", activity=talk.pk, statement=statements(talk)[TEXTS[0]].pk)
    with CaptureQueriesContext(connection) as captured:
        client.post(path, {"value": "1"}, headers={"HX-Request": "true"})
    asked = [row["sql"] for row in captured if 'FROM "dialogue_vote"' in row["sql"]]
    assert asked
    for sql in asked:
        assert "COUNT(" not in sql
        assert '"key" =' in sql or '"counted"' in sql


def test_without_scripts_an_answer_sent_twice_after_a_lost_reply_is_one_vote(world, talk):
    client = world.client()
    client.get(f"/j/{talk.code}")
    turn = client.get(address("dialogue:page", activity=talk.pk)).context["turn"]
    key = client.cookies["voter"].value
    path = address("dialogue:vote", activity=talk.pk, statement=turn.statement.pk)
    for _ in range(2):
        again = world.client()  # as it was before the answer, whose cookies never arrived
        again.cookies.load({name: client.cookies[name].value for name in ("voter", "entry")})
        assert again.post(path, {"value": "1"}).status_code == 302
    assert list(Vote.objects.values_list("key", flat=True)) == [key]

"""A dialogue in the live room: stands taken many at once, which statement comes next, statements of one's own."""

from __future__ import annotations

import random

import pytest
from django.db import connection
from django.template.loader import render_to_string
from django.test.utils import CaptureQueriesContext

from samsyn.activities.dialogue import actions, queries
from samsyn.activities.dialogue.kind import kind
from samsyn.activities.dialogue.models import Showing, Statement, Vote
from samsyn.audit.models import Entry
from samsyn.core.ids import decode_id
from samsyn.core.texts import LangText
from samsyn.live.sendings import Sending
from samsyn.programmes import actions as programmes
from samsyn.programmes import contributing
from samsyn.programmes.browsers import draw_key, key_of

TEXTS = ["Vi vet vad vi är till för.", "Vi säger nej i tid.", "Mötena hjälper mig.", "Jag kan säga ifrån."]
COUNTS = ("agree", "neither", "disagree", "important", "now_agree", "now_neither", "now_disagree", "changed")


def talk(world, level="anonymous", texts=TEXTS):
    activity = world.activity(kind="dialogue", state="open", level=level, entry="code")
    actions.seed(activity, texts, language="sv", by=world.person("lead"))
    return activity


def statements(activity):
    rows = Statement.objects.select_related("activity__programme", "item", "merged_into")
    return list(rows.filter(activity=activity).order_by("text"))


def stand(statement, value, key, **more):
    return Sending(statement.activity_id, "vote", {"statement": statement.rid, "value": str(value), **more}, key)


@pytest.mark.parametrize("level", ["anonymous", "named"])
def test_many_at_once_come_to_the_same_as_one_by_one(world, level):
    together, apart = talk(world, level), talk(world, level)
    chance = random.Random(4)
    keys = [key_of(number) for number in range(1, 13)] if level == "named" else [f"{n:032x}" for n in range(12)]
    for _round in range(6):
        wanted = {}
        for key in keys:
            wanted[chance.randrange(len(TEXTS)), key] = chance.choice([-1, 0, 1, 1]), chance.random() < 0.3
        there, here = statements(together), statements(apart)
        said = [
            stand(there[n], value, key, **({"important": "1"} if matters else {}))
            for (n, key), (value, matters) in wanted.items()
        ]
        assert not any(one.error for one in actions.take_stands(together, said))
        actions.tallies.change_many(
            {row.pk: row for row in here},
            {(here[n].pk, key): values for (n, key), values in wanted.items()},
            anonymous=level == "anonymous",
        )
    for one, other in zip(statements(together), statements(apart), strict=True):
        assert [getattr(one, name) for name in COUNTS] == [getattr(other, name) for name in COUNTS]
        votes = [set(row.votes.values_list("key", "value", "important", "shown", "counted")) for row in (one, other)]
        assert votes[0] == votes[1]


def test_counts_are_those_of_the_votes_whatever_is_sent(world):
    activity, chance = talk(world), random.Random(1)
    keys = [draw_key() for _ in range(20)]
    for _round in range(10):
        rows = statements(activity)
        chosen = [stand(chance.choice(rows), chance.choice([-1, 0, 1]), chance.choice(keys)) for _ in range(15)]
        actions.take_stands(activity, chosen)
        for row in statements(activity):
            cast = list(row.votes.exclude(value=None).values_list("value", flat=True))
            assert (row.now_agree, row.now_neither, row.now_disagree) == tuple(cast.count(side) for side in (1, 0, -1))
            assert row.changed == row.votes.filter(counted=False).count()
            shown = row.agree + row.neither + row.disagree
            assert shown == 0 or shown >= 5


def test_figures_do_not_move_for_four(world):
    activity = talk(world)
    one = statements(activity)[0]
    actions.take_stands(activity, [stand(one, 1, draw_key()) for _ in range(4)])
    assert statements(activity)[0].agree == 0
    actions.take_stands(activity, [stand(one, 1, draw_key())])
    assert statements(activity)[0].agree == 5


def test_a_faulty_one_costs_no_other_and_nothing_is_taken_once_it_is_closed(world):
    activity = talk(world)
    one, two = statements(activity)[:2]
    contributing.hide(two, reason=LangText(sv="Ett skäl"), by=world.person("lead"))
    key = draw_key()
    sent = [
        stand(one, 1, key),
        stand(one, 7, draw_key()),
        stand(two, 1, draw_key()),
        stand(one, 1, ""),
        Sending(activity.pk, "vote", {}, draw_key(), language="en"),
    ]
    taken = actions.take_stands(activity, sent)
    assert [bool(answer.error) for answer in taken] == [False, True, True, True, True]
    assert taken[4].error == "This is no longer here."
    assert list(Vote.objects.values_list("statement_id", "key")) == [(one.pk, key)]
    programmes.close_activity(activity, by=world.person("lead"))
    (late,) = actions.take_stands(activity, [stand(one, -1, key)])
    assert late.error == "Dialogen är stängd."


def test_on_a_joined_statement_it_counts_for_the_other(world):
    activity = talk(world)
    one, two = statements(activity)[:2]
    actions.merge(one, into=two, by=world.person("lead"))
    assert not actions.take_stands(activity, [stand(one, 1, draw_key())])[0].error
    assert list(Vote.objects.values_list("statement_id", flat=True)) == [two.pk]


def test_each_is_told_what_comes_next_and_that_is_counted_without_persons(world):
    activity, key = talk(world), draw_key()
    rows = {row.pk: row for row in statements(activity)}
    seen, before = [], next(iter(rows))
    for _time in range(len(rows)):
        (left,) = {*rows} - {*seen, before} if len(seen) == len(rows) - 2 else (None,)
        (answer,) = actions.take_stands(activity, [stand(rows[before], 1, key)])
        seen.append(before)
        told = answer.data["next"]
        if not told:
            break
        before = decode_id(told)
        assert before not in seen
        assert left in (None, before)
    assert len(seen) == len(rows)
    assert sum(Showing.objects.values_list("shown", flat=True)) == len(rows) - 1
    assert not any("key" in field.name or "person" in field.name for field in Showing._meta.get_fields())
    (answer,) = actions.take_stands(activity, [stand(rows[seen[0]], 1, draw_key(), then=rows[seen[1]].rid)])
    assert decode_id(answer.data["next"]) not in seen[:2]


def test_it_costs_the_same_queries_however_many_send(world):
    def queries_for(number):
        activity = talk(world)
        one = statements(activity)[0]
        actions.take_stands(activity, [stand(one, 1, draw_key()) for _ in range(6)])
        with CaptureQueriesContext(connection) as captured:
            actions.take_stands(activity, [stand(one, 1, draw_key(), then=one.rid) for _ in range(number)])
        return len([query for query in captured if "showing" not in query["sql"]])

    assert queries_for(100) <= queries_for(10) <= 20


def test_an_anonymous_vote_leaves_no_audit_row(world):
    activity = talk(world)
    before = Entry.objects.count()
    actions.take_stands(activity, [stand(statements(activity)[0], 1, draw_key())])
    assert Entry.objects.count() == before


def test_nearly_the_same_statement_is_asked_about_first(world):
    activity = talk(world)

    def send(text, **more):
        values = {"text": text, "post_key": draw_key(), **more}
        (taken,) = actions.take_texts(activity, [Sending(activity.pk, "add", values, draw_key())])
        return taken

    asked = send("Vi vet vad vi är till för!")
    assert (asked.field, TEXTS[0] in asked.error) == ("sure", True)
    assert len(send("Vi vet vad vi är till för!", sure="1").data["receipt"].split()) == 6
    assert not send("Det borde finnas fler rum att tänka i.").error
    assert Statement.objects.filter(activity=activity, state=Statement.State.WAITING).count() == 2


def test_the_room_shows_the_same_to_all_and_no_count_of_anybody(world):
    activity = talk(world)
    waiting = actions.add_statement(activity, text="Hemligt än.", language="sv", post_key=draw_key(), author=None)
    room = {"room": {"send": "/send"}}

    def shown():
        scene = kind.snapshot(activity)
        parts = {**{f"phone-{name}": path for name, path in scene.phone.items()}, **scene.screen}
        return {name: render_to_string(path, {**scene.context, **room}) for name, path in parts.items()}

    before = shown()
    assert "Hemligt än." not in "".join(before.values())
    actions.take_stands(activity, [stand(statements(activity)[0], 1, draw_key()) for _ in range(4)])
    assert shown() == before, "nothing that is shown moves for four"
    contributing.let_in(waiting, by=world.person("lead"))
    assert "Hemligt än." in shown()["phone-stand"]
    with CaptureQueriesContext(connection) as captured:
        shown()
    assert len(captured) <= 6


def test_somebody_made_up_votes_on_what_they_have_not_voted_on(world):
    activity, key, chance = talk(world), draw_key(), random.Random(0)
    for _time in TEXTS:
        name, values = kind.improvise(activity, key, chance)
        assert name in kind.intake()
        (taken,) = actions.take_stands(activity, [Sending(activity.pk, name, values, key)])
        assert not taken.error
    assert kind.improvise(activity, key, chance) is None
    assert Vote.objects.filter(key=key).count() == len(TEXTS)
    assert queries.next_turn(activity, key).statement is None

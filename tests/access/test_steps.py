"""What a step came of, and who reads what came out of it."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from samsyn.activities.questions import actions as questions
from samsyn.activities.questions.models import Question
from samsyn.activities.steps import actions as steps
from samsyn.core.addresses import address
from samsyn.core.texts import LangText
from samsyn.programmes import contributing
from samsyn.programmes.browsers import draw_key
from samsyn.thread.actions import add_item, link
from samsyn.thread.models import Item, Link, Visibility
from tests.access.test_audience import SECRET, for_managers, publish


def outcome_of(world, *sources, **values):
    """An outcome of an open step that everyone in the programme is asked to, made out of these items."""
    step = world.activity("steps", state="open", **values)
    return steps.write_outcome(step, text=LangText(sv="Vi gör så här"), by=world.person("lead"), made_out_of=sources)


def page(world, outcome, role):
    return world.client(role).get(address("steps:page", activity=outcome.activity_id)).content.decode()


def test_what_an_outcome_came_of_is_told_to_those_who_may_see_it(world):
    _activity, item = for_managers(world)
    outcome = outcome_of(world, item)
    for role in ("manager", "lead", "owner"):
        assert SECRET in page(world, outcome, role), role
    seen = page(world, outcome, "staff")
    assert SECRET not in seen
    assert "Något som du inte får se" in seen
    assert address("home:item", item=item.pk) not in seen


def test_several_that_one_may_not_see_are_one_line(world):
    activity, first = for_managers(world)
    second = questions.ask(activity, text="Och Robin?", language="sv", post_key=draw_key(), author=None).item
    seen = page(world, outcome_of(world, first, second), "staff")
    assert "2 saker som du inte får se" in seen
    assert "Robin" not in seen


def test_what_was_hidden_afterwards_is_no_longer_told(world):
    activity = world.activity(state="open")
    question = questions.ask(activity, text=SECRET, language="sv", post_key=draw_key(), author=None)
    outcome = outcome_of(world, question.item)
    assert SECRET in page(world, outcome, "staff")
    contributing.hide(question, reason=LangText(sv="Ett namn"), by=world.person("lead"))
    seen = page(world, outcome, "staff")
    assert SECRET not in seen
    assert "Ett namn" not in seen
    assert "Något som du inte får se" in seen


def test_an_outcome_is_the_audiences_until_it_is_published(world):
    step, item = for_managers(world, "steps")
    assert item.visibility == Visibility.AUDIENCE
    publish(world, step)
    item.refresh_from_db()
    assert item.visibility == Visibility.PROGRAMME


@pytest.mark.parametrize("role", ["owner", "lead", "facilitator"])
def test_one_chooses_only_among_what_one_may_see(world, role):
    activity = world.activity(state="open", settings={"let_in": True})
    questions.ask(activity, text=SECRET, language="sv", post_key=draw_key(), author=None)
    private = add_item(
        programme_id=world.programme.pk, kind="theme", visibility="group", title=LangText(sv="Gruppens egen sak")
    )
    step = world.activity("steps", state="open")
    path = address("steps:write", activity=step.pk)
    client = world.client(role)
    organiser = role in {"lead", "facilitator"}
    for answer in (client.get(path), client.post(path, {"find": "sak", "search": "1"})):
        assert ("Gruppens egen sak" in answer.content.decode()) is organiser
    forged = {"text_sv": "Så blev det", "day": "2026-03-12", "made_out_of": [private.pk]}
    answer = client.post(path, forged)
    assert Link.objects.filter(source=private).exists() is organiser
    assert answer.status_code == (302 if organiser else 422)
    waiting = Question.objects.get().item
    answer = client.post(path, {"find": "Kim", "search": "1"})
    assert (SECRET in answer.content.decode()) is False, "what waits has not been let in"
    client.post(path, {"text_sv": "Så blev det", "day": "2026-03-12", "made_out_of": [waiting.pk]})
    assert not Link.objects.filter(source=waiting).exists()


def test_a_link_that_one_may_not_see_stays_when_the_words_change(world):
    item = add_item(programme_id=world.programme.pk, kind="theme", visibility="facilitators", title=LangText(sv="Tyst"))
    outcome = outcome_of(world)
    link(item, outcome.item)
    path = address("steps:change", activity=outcome.activity_id, outcome=outcome.pk)
    owner = world.client("owner")
    assert "Tyst" not in owner.get(path).content.decode()
    assert owner.post(path, {"text_sv": "Andra ord", "day": "2026-03-12"}).status_code == 302
    assert Link.objects.filter(source=item, target=outcome.item).exists()


def test_a_page_with_many_outcomes_costs_a_fixed_number_of_queries(world):
    activity = world.activity(state="open")
    step = world.activity("steps", state="open")

    def grow(numbers):
        for number in numbers:
            asked = questions.ask(activity, text=f"Fråga {number}", language="sv", post_key=draw_key(), author=None)
            steps.write_outcome(
                step, text=LangText(sv=f"Utfall {number}"), by=world.person("lead"), made_out_of=[asked.item]
            )

    def count():
        client = world.client("staff")
        with CaptureQueriesContext(connection) as captured:
            client.get(address("steps:page", activity=step.pk))
        return len(captured)

    grow(range(2))
    few = count()
    grow(range(2, 8))
    assert count() == few <= 20
    assert Item.objects.filter(activity_id=step.pk).count() == 8

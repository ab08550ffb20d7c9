"""Making something of an item: its words go no further than they may."""

from __future__ import annotations

import pytest

from samsyn.activities.questions import actions as questions
from samsyn.core.addresses import address
from samsyn.core.texts import LangText
from samsyn.programmes import actions, contributing
from samsyn.programmes.browsers import draw_key
from samsyn.programmes.handover import offers
from samsyn.thread.models import Item, Visibility
from tests.access.test_audience import SECRET, for_managers, publish

ORGANISERS = ("owner", "lead", "facilitator")


def ask(activity, text=SECRET):
    return questions.ask(activity, text=text, language="sv", post_key=draw_key(), author=None)


def hand_over(world, role, item, activity, number=0):
    path = address("home:hand_over", item=item.pk)
    return world.client(role).post(path, {"where": f"{activity.pk}-{number}"})


@pytest.mark.parametrize("how", ["waiting", "hidden"])
@pytest.mark.parametrize("role", ORGANISERS)
def test_what_waits_or_is_hidden_is_not_handed_over(world, how, role):
    activity = world.activity(state="open", settings={"let_in": how == "waiting"})
    question = ask(activity)
    step, talk = world.activity("steps", state="open"), world.activity("dialogue", state="open")
    if how == "hidden":
        contributing.hide(question, reason=LangText(sv="Ett namn"), by=world.person("lead"))
    assert offers(question.item) == []
    for target in (step, talk):
        hand_over(world, role, question.item, target)
    assert not Item.objects.filter(activity_id__in=[step.pk, talk.pk]).exists()
    page = world.client("lead").get(address("home:item", item=question.item_id)).content.decode()
    assert "Det kan inte bli något av den förrän alla i programmet får läsa den" in page


@pytest.mark.parametrize("role", ORGANISERS)
def test_what_is_for_some_is_not_handed_over_before_it_is_published(world, role):
    activity, item = for_managers(world)
    step = world.activity("steps", state="open")
    assert offers(item) == []
    hand_over(world, role, item, step)
    assert not Item.objects.filter(activity_id=step.pk).exists()
    publish(world, activity)
    item.refresh_from_db()
    assert [offer.activity for offer in offers(item)] == [step]
    hand_over(world, role, item, step)
    made = Item.objects.get(activity_id=step.pk)
    assert made.visibility == Visibility.AUDIENCE


def test_what_everyone_is_asked_to_is_handed_over_at_once(world):
    question = ask(world.activity(state="open"))
    step = world.activity("steps", state="open")
    assert [offer.activity for offer in offers(question.item)] == [step]


@pytest.mark.parametrize("visibility", ["group", "facilitators"])
def test_what_few_may_see_is_not_handed_over_whatever_its_state(world, visibility):
    question = ask(world.activity(state="open"))
    world.activity("steps", state="open")
    Item.objects.filter(pk=question.item_id).update(visibility=visibility)
    assert offers(Item.objects.get(pk=question.item_id)) == []


def test_what_is_made_in_an_activity_for_some_is_theirs(world):
    """The words of a question that all have read, in a step for managers: the outcome is the managers'."""
    question = ask(world.activity(state="open"))
    step, _item = for_managers(world, "steps")
    hand_over(world, "lead", question.item, step)
    made = Item.objects.filter(activity_id=step.pk).exclude(pk=_item.pk).get()
    assert world.client("staff").get(address("home:item", item=made.pk)).status_code == 404
    assert world.client("manager").get(address("home:item", item=made.pk)).status_code == 200


def test_a_promise_is_handed_over_as_far_as_it_may_be_seen(world):
    activity, item = for_managers(world)
    given = questions.Answer(
        "promised", LangText(sv="Vi gör det"), due=activity.ends, owner=world.person("owner"), title=LangText(sv="Det")
    )
    questions.answer(item.question, given, answered_by=world.person("owner"), by=world.person("lead"))
    promise = Item.objects.get(kind="promise")
    step = world.activity("steps", state="open")
    assert offers(promise) == []
    actions.close_activity(activity, by=world.person("lead"))
    assert offers(promise) == []
    publish_only(world, activity)
    promise.refresh_from_db()
    assert [offer.activity for offer in offers(promise)] == [step]


def publish_only(world, activity):
    reply = actions.OurReply(LangText(sv="Vi hörde"), LangText(sv="Vi gör"), LangText(), None)
    actions.publish_activity(activity, reply, signed_by=world.person("owner"), by=world.person("lead"))

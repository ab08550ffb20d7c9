"""Agreeing under one's name: it is told among one's own data, and taken out when one is erased."""

from __future__ import annotations

import pytest

from samsyn.activities.questions import actions as questions
from samsyn.activities.questions.models import Like, Question
from samsyn.core.addresses import address
from samsyn.core.texts import LangText
from samsyn.organisations.actions import erase_person
from samsyn.programmes import actions, contributing, own_data
from samsyn.programmes.browsers import draw_key, key_of
from samsyn.programmes.kinds import all_kinds
from samsyn.programmes.models import Activity
from tests.rehearsals import SmallCrowd

REPLY = actions.OurReply(LangText(sv="Vi hörde"), LangText(sv="Vi gör"), LangText(), None)
WORDS = "Får vi vara med?"


@pytest.fixture(params=["named", "facilitators"])
def question(world, request):
    """A question with which three people agree, in their own browsers."""
    activity = world.activity(state="open", level=request.param)
    asked = questions.ask(activity, text=WORDS, language="sv", post_key=draw_key(), author=world.person("other"))
    path = address("questions:like", activity=activity.pk, question=asked.pk)
    for name in ("staff", "member", "manager"):
        assert world.client(name).post(path, {"on": "1"}).status_code == 302
    asked.refresh_from_db()
    assert asked.likes == 3
    return asked


def told(world, name):
    return str(own_data.as_json(world.person(name)))


def test_what_one_agreed_with_is_told_to_oneself(world, question):
    assert WORDS in told(world, "staff")
    assert WORDS not in told(world, "facilitator")
    page = world.client("staff").get(address("programmes:my_data")).content.decode()
    assert WORDS in page


def test_a_question_that_was_hidden_is_told_by_its_reason(world, question):
    contributing.hide(question, reason=LangText(sv="Det pekar ut någon"), by=world.person("lead"))
    found = told(world, "staff")
    assert WORDS not in found
    assert "Det pekar ut någon" in found


@pytest.mark.parametrize("state", ["open", "closed"])
def test_who_is_erased_agrees_with_nothing_and_what_is_not_released_is_counted_anew(world, question, state):
    if state == "closed":
        actions.close_activity(question.activity, by=world.person("lead"))
    erase_person(world.person("staff"), by=world.person("lead"))
    assert Like.objects.filter(question=question).count() == 2
    assert Question.objects.get(pk=question.pk).likes == 2


def test_a_figure_that_has_been_released_stays(world, question):
    actions.close_activity(question.activity, by=world.person("lead"))
    actions.publish_activity(question.activity, REPLY, signed_by=world.person("owner"), by=world.person("lead"))
    erase_person(world.person("staff"), by=world.person("lead"))
    assert Like.objects.filter(question=question).count() == 2
    assert Question.objects.get(pk=question.pk).likes == 3


def test_erasing_twice_does_no_harm(world, question):
    kind = all_kinds()["questions"]
    assert kind.erase(world.person("staff")).rows == 1
    assert kind.erase(world.person("staff")).rows == 0
    assert Question.objects.get(pk=question.pk).likes == 2


def test_a_rehearsed_crowd_agrees_under_the_keys_of_its_people(world):
    activity = world.activity(state="open", level="named")
    kind = all_kinds()["questions"]
    kind.rehearse(activity, SmallCrowd(world))
    keys = set(Like.objects.values_list("key", flat=True))
    assert keys
    assert keys <= {key_of(person.pk) for person in world.people.values()}
    for person in world.people.values():
        kind.erase(person)
    assert not Like.objects.exists()
    assert not Question.objects.exclude(likes=0).exists()
    assert Activity.objects.get(pk=activity.pk).contributed

"""Who has published our reply stands beside who signed it, where it was somebody else."""

from __future__ import annotations

import pytest

from samsyn.activities.questions import actions as questions
from samsyn.core.addresses import address
from samsyn.core.texts import LangText
from samsyn.programmes import actions
from samsyn.programmes.browsers import draw_key
from samsyn.programmes.erasing import take_out
from samsyn.programmes.own_data import data_of
from samsyn.thread.models import Reply

REPLY = actions.OurReply(LangText(sv="Vi hörde ekot."), LangText(sv="Vi gör."), LangText(), None)
TOLD = "publicerat av Facilitator för Owner"


def replied(world, by):
    activity = world.activity(state="open")
    questions.ask(activity, text="När?", language="sv", post_key=draw_key(), author=None)
    actions.close_activity(activity, by=world.person("lead"))
    actions.publish_activity(activity, REPLY, signed_by=world.person("owner"), by=world.person(by))
    return activity


def pages(world, activity):
    paths = [
        address("questions:page", activity=activity.pk),
        address("home:said", programme=world.programme.pk),
        address("home:programme", programme=world.programme.pk),
    ]
    return [world.client("staff").get(path).content.decode() for path in paths]


def test_it_stands_wherever_the_signature_stands(world):
    assert all(TOLD in page for page in pages(world, replied(world, "facilitator")))
    assert Reply.objects.get().published_by == world.person("facilitator")


def test_nothing_is_said_where_it_is_the_same_person(world):
    activity = replied(world, "owner")
    assert not any("publicerat av" in page for page in pages(world, activity))
    assert Reply.objects.get().published_by == world.person("owner")


def test_the_name_goes_when_the_person_is_erased(world):
    activity = replied(world, "facilitator")
    take_out(world.person("facilitator"))
    assert Reply.objects.get().published_by is None
    assert not any("Facilitator" in page for page in pages(world, activity)[:2])


@pytest.mark.parametrize("name", ["owner", "facilitator"])
def test_it_belongs_to_what_is_stored_about_both(world, name):
    replied(world, "facilitator")
    assert "Vi hörde ekot." in str(data_of(world.person(name)))

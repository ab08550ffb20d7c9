"""What has been promised, on the programme page: every promise that the reader may see, and no other."""

from __future__ import annotations

import datetime as dt
import re

from samsyn.activities.questions import actions as questions
from samsyn.core.addresses import address
from samsyn.core.texts import LangText
from samsyn.programmes import actions
from samsyn.programmes.browsers import draw_key
from samsyn.thread.models import Item, Promise
from tests.fixtures import DAY

REPLY = actions.OurReply(LangText(sv="Vi hörde."), LangText(sv="Vi gör."), LangText(), None)


def promised(world, **values):
    activity = world.activity(state="open", **values)
    lead = world.person("lead")
    question = questions.ask(activity, text="När?", language="sv", post_key=draw_key(), author=None)
    given = questions.Answer(
        "promised", LangText(sv="I maj."), LangText(sv="Verktyget i maj"), DAY + dt.timedelta(days=9),
        world.person("manager"),
    )  # fmt: skip
    questions.answer(question, given, answered_by=lead, by=lead)
    return activity


def listed(world, name):
    page = world.client(name).get(address("home:programme", programme=world.programme.pk)).content.decode()
    return "Verktyget i maj" in re.search(r'aria-labelledby="promises">(.*?)</section>', page, re.DOTALL)[1]


def readers(world):
    """Of those who reach the programme page: who has the promise in its list, as may read it."""
    item = Promise.objects.get().item
    names = ("owner", "lead", "facilitator", "manager", "staff", "member", "other")
    found = {name for name in names if listed(world, name)}
    may = {name for name in names if world.client(name).get(address("home:item", item=item.pk)).status_code == 200}
    assert found == may
    return found


def test_one_made_before_the_result_is_published_stands_there_for_all_who_may_read_it(world):
    activity = promised(world)
    assert {"owner", "lead", "facilitator", "staff"} <= readers(world)
    actions.close_activity(activity, by=world.person("lead"))
    assert {"owner", "lead", "facilitator", "staff"} <= readers(world)
    actions.publish_activity(activity, REPLY, signed_by=world.person("lead"), by=world.person("lead"))
    assert {"owner", "lead", "facilitator", "staff"} <= readers(world)


def test_one_made_where_others_take_part_stands_there_for_those_who_run_it_and_who_made_it(world):
    promised(world, everybody=False, entry="audience")
    assert readers(world) == {"owner", "lead", "facilitator", "manager"}
    Item.objects.filter(kind="promise").update(visibility="programme")
    assert readers(world) == {"owner", "lead", "facilitator", "manager"}

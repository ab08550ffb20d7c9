"""Voting under one's name: it is told among one's own data, and taken out when one is erased."""

from __future__ import annotations

import pytest

from samsyn.activities.dialogue import actions, queries
from samsyn.activities.dialogue.models import Result, Statement, Vote
from samsyn.core.addresses import address
from samsyn.core.texts import LangText
from samsyn.jobs.running import run_waiting
from samsyn.organisations.actions import erase_person
from samsyn.programmes import actions as programmes
from samsyn.programmes import contributing, own_data
from samsyn.programmes.browsers import key_of
from samsyn.programmes.kinds import all_kinds
from tests.rehearsals import SmallCrowd

REPLY = programmes.OurReply(LangText(sv="Vi hörde"), LangText(sv="Vi gör"), LangText(), None)
VOTERS = ("staff", "member", "manager", "other", "owner", "lead")


@pytest.fixture(params=["named", "facilitators"])
def statement(world, request):
    """A statement that six people agree with, in their own browsers."""
    activity = world.activity(kind="dialogue", state="open", level=request.param)
    actions.seed(activity, ["Mötena hjälper mig."], language="sv", by=world.person("lead"))
    made = queries.visible_statements(activity).get()
    path = address("dialogue:vote", activity=activity.pk, statement=made.pk)
    for name in VOTERS:
        assert world.client(name).post(path, {"value": "1"}).status_code == 302
    made.refresh_from_db()
    assert made.agree == 6
    return made


def close(world, activity):
    programmes.close_activity(activity, by=world.person("lead"))
    run_waiting()


def test_what_one_voted_is_told_to_oneself(world, statement):
    assert "Mötena hjälper mig." in str(own_data.as_json(world.person("staff")))
    contributing.hide(statement, reason=LangText(sv="Det pekar ut någon"), by=world.person("lead"))
    found = str(own_data.as_json(world.person("staff")))
    assert "Mötena hjälper mig." not in found
    assert "Det pekar ut någon" in found


def test_while_it_is_open_the_figures_follow(world, statement):
    erase_person(world.person("staff"), by=world.person("lead"))
    assert Vote.objects.count() == 5
    assert Statement.objects.get(pk=statement.pk).agree == 5


def test_a_result_that_is_not_released_is_worked_out_anew(world, statement):
    close(world, statement.activity)
    assert Result.objects.get().data["people"] == 6
    erase_person(world.person("staff"), by=world.person("lead"))
    run_waiting()
    assert Statement.objects.get(pk=statement.pk).agree == 5
    assert Result.objects.get().data["people"] == 5


def test_a_result_that_has_been_released_stays(world, statement):
    close(world, statement.activity)
    programmes.publish_activity(statement.activity, REPLY, signed_by=world.person("owner"), by=world.person("lead"))
    erase_person(world.person("staff"), by=world.person("lead"))
    run_waiting()
    assert Vote.objects.count() == 5
    assert Statement.objects.get(pk=statement.pk).agree == 6
    assert Result.objects.get().data["people"] == 6


def test_a_rehearsed_crowd_votes_under_the_keys_of_its_people(world):
    activity = world.activity(kind="dialogue", state="open", level="named")
    kind = all_kinds()["dialogue"]
    kind.rehearse(activity, SmallCrowd(world))
    keys = set(Vote.objects.values_list("key", flat=True))
    assert keys
    assert keys <= {key_of(person.pk) for person in world.people.values()}
    for person in world.people.values():
        kind.erase(person)
    assert not Vote.objects.exists()

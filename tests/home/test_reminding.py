"""Somebody's late promise: the owner of the programme reminds them with one button, once a day."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core import mail

from samsyn.activities.questions import actions
from samsyn.core import clock
from samsyn.core.addresses import address
from samsyn.core.errors import NotAllowedError
from samsyn.core.texts import LangText
from samsyn.jobs.mail.actions import decline
from samsyn.jobs.models import Letter
from samsyn.jobs.running import run_waiting
from samsyn.programmes.actions_letters import remind_of_promise
from samsyn.programmes.browsers import draw_key
from samsyn.thread.models import Promise
from tests.fixtures import DAY

DUE = DAY + dt.timedelta(days=5)
LATE = DUE + dt.timedelta(days=4)


@pytest.fixture
def promise(world):
    """What the manager, who reads English, has promised."""
    manager = world.person("manager")
    manager.language = "en"
    manager.save()
    question = actions.ask(
        world.activity(state="open"), text="När får vi verktyget?", language="sv", post_key=draw_key(), author=None
    )
    title = LangText(sv="Verktyget finns på plats", en="The tool is there")
    given = actions.Answer("promised", LangText(sv="Ja."), due=DUE, owner=manager, title=title)
    actions.answer(question, given, answered_by=world.person("owner"), by=world.person("lead"))
    return Promise.objects.get()


def page(world, name="owner"):
    return world.client(name).get(address("home:today")).content.decode()


def press(world, promise, name="owner"):
    to = address("home:settle", item=promise.item_id)
    return world.client(name).post(to, {"remind": "1"}, follow=True)


def test_one_button_where_it_waits_sends_a_letter_in_the_owners_language(world, promise):
    with clock.simulated(LATE):
        assert 'name="remind"' in page(world)
        told = press(world, promise)
        assert told.redirect_chain[-1][0] == address("home:today")
        assert "En påminnelse till Manager är på väg." in told.content.decode()
        run_waiting()
    (letter,) = mail.outbox
    assert letter.to == ["manager@ankeby.example"]
    assert letter.subject == "Late: The tool is there"
    assert "It was due on 17 March" in letter.body
    assert address("home:settle", item=promise.item_id) in letter.body
    assert letter.reply_to == ["owner@ankeby.example"]
    assert Letter.objects.get().state == "sent"


def test_the_pages_say_when_and_there_is_no_second_one_the_same_day(world, promise):
    with clock.simulated(LATE):
        press(world, promise)
        run_waiting()
        again = page(world)
        assert "påmind den 21 mars" in again
        assert 'name="remind"' not in again
        own = world.client("owner").get(address("home:settle", item=promise.item_id)).content.decode()
        assert "Manager fick en påminnelse den 21 mars." in own
        assert 'name="remind"' not in own
        assert "redan skickats i dag" in press(world, promise, "lead").content.decode()
        run_waiting()
    assert len(mail.outbox) == 1
    with clock.simulated(LATE + dt.timedelta(days=1)):
        assert 'name="remind"' in page(world)
        press(world, promise)
        run_waiting()
        assert "påmind den 22 mars" in page(world)
    assert len(mail.outbox) == 2, "the next day there may be another"


def test_none_before_the_day_has_passed_nor_after_it_is_settled(world, promise):
    with clock.simulated(DUE):
        assert "inte försenat" in press(world, promise).content.decode()
    Promise.objects.get().item.__class__.objects.filter(pk=promise.item_id).update(state="kept")
    with clock.simulated(LATE):
        assert "inte försenat" in press(world, promise).content.decode()
    assert not Letter.objects.exists()


def test_nobody_else_reminds_and_nobody_themselves(world, promise):
    with clock.simulated(LATE):
        assert press(world, promise, "staff").status_code == 403
        assert "på väg" not in press(world, promise, "manager").content.decode()
        for name in ("staff", "manager"):
            with pytest.raises(NotAllowedError):
                remind_of_promise(promise, world.programme, by=world.person(name))
        own = world.client("manager").get(address("home:settle", item=promise.item_id)).content.decode()
        assert 'name="remind"' not in own
    assert not Letter.objects.exists()


def test_whoever_wants_no_such_letters_gets_none_and_the_page_says_so(world, promise):
    decline(world.person("manager").pk, "promise")
    with clock.simulated(LATE):
        assert "Manager vill inte ha" in press(world, promise).content.decode()
    assert not Letter.objects.exists()

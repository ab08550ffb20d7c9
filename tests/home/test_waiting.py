"""What waits for the one who has just signed in: an answer, a reply, a text to let in, somebody's late promise."""

from __future__ import annotations

import datetime as dt
import re

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from samsyn.accounts.models import User
from samsyn.activities.dialogue import actions as dialogue
from samsyn.activities.questions import actions
from samsyn.core import clock, tenancy
from samsyn.core.addresses import address
from samsyn.core.texts import LangText
from samsyn.gatherings import queries as gatherings
from samsyn.gatherings.actions_making import make_activity
from samsyn.gatherings.tests.making import make_session
from samsyn.organisations.models import Organisation, Person
from samsyn.programmes import actions as programmes
from samsyn.programmes import contributing
from samsyn.programmes.browsers import draw_key
from samsyn.programmes.kinds import all_kinds
from samsyn.programmes.models import Role
from samsyn.thread.models import Promise
from tests.fixtures import BACKEND, DAY


def ask(activity, text):
    return actions.ask(activity, text=text, language="sv", post_key=draw_key(), author=None)


def answer(world, question, end="written", **values):
    given = actions.Answer(end, LangText(sv="Ja."), **values)
    actions.answer(question, given, answered_by=world.person("owner"), by=world.person("lead"))


def today(world, name="owner"):
    return world.client(name).get(address("home:today")).content.decode()


def heading(page):
    return re.search(r"<h1>(.*?)</h1>", page)[1]


def test_an_unanswered_question_waits_for_those_who_organise(world):
    activity = world.activity(state="open", title=LangText(sv="Om arbetssätten"))
    first, second, third = (ask(activity, text) for text in ("Får vi säga nej?", "Vem bestämmer?", "När får vi veta?"))
    second.imported_likes = 12
    second.save()
    answer(world, third)
    for role in ("owner", "lead", "facilitator"):
        page = today(world, role)
        assert heading(page) == "En sak väntar på dig", role
        assert "2 frågor väntar på svar" in page, role
        assert "Vem bestämmer?" in page, "the one that most agree with"
        assert "12 håller med" in page
        assert "Om arbetssätten" in page
        assert "Får vi säga nej?" not in page
        assert address("questions:desk", activity=activity.pk) + "?show=unanswered" in page
        assert "senast 2 april" in page, "when people were told they would hear"
    assert "väntar på svar" not in today(world, "staff")
    answer(world, first)
    answer(world, second)
    assert "väntar på svar" not in today(world)


def test_a_question_that_is_not_visible_is_neither_counted_nor_quoted(world):
    lead = world.person("lead")
    activity = world.activity(state="open", settings={"let_in": True})
    waits, shown, hidden = (ask(activity, text) for text in ("Väntar", "Syns", "Dold"))
    contributing.let_in(shown, by=lead)
    contributing.hide(hidden, reason=LangText(sv="Ett namn"), by=lead)
    page = today(world)
    assert "En fråga väntar på svar" in page
    assert "Syns" in page
    assert waits.text not in page
    assert hidden.text not in page


def test_texts_to_let_in_wait_for_those_who_facilitate_and_for_nobody_else(world):
    asked = world.activity(state="open", settings={"let_in": True}, title=LangText(sv="Frågor om lokalerna"))
    stand = world.activity(kind="dialogue", state="open", level="anonymous", title=LangText(sv="Var vi står"))
    for text in ("Ett", "Två"):
        ask(asked, text)
    dialogue.add_statement(stand, text="Tre", language="sv", post_key=draw_key(), author=None)
    with clock.simulated(DAY + dt.timedelta(days=3)):
        for role in ("lead", "facilitator"):
            page = today(world, role)
            assert heading(page) == "2 saker väntar på dig", role
            assert "2 frågor väntar på att släppas fram" in page
            assert "Ett påstående väntar på att släppas fram" in page
            assert "i 3 dagar" in page
            assert page.count("Ingen annan ser den än") == page.count("Ingen annan ser dem än") == 1
            assert address("questions:desk", activity=asked.pk) + "?show=waiting" in page
            assert address("dialogue:desk", activity=stand.pk) + "?show=waiting" in page
        assert "släppas fram" not in today(world, "owner"), "an owner lets nothing in"
        assert "släppas fram" not in today(world, "staff")


def test_nothing_waits_for_whom_the_role_has_ended(world):
    ask(world.activity(state="open"), "Vem bestämmer?")
    Role.objects.filter(person=world.person("facilitator")).update(until=DAY - dt.timedelta(days=1))
    assert "väntar på svar" not in today(world, "facilitator")
    assert "väntar på svar" in today(world, "lead")


def test_others_late_promises_reach_the_owner_with_who_and_how_late(world):
    activity = world.activity(state="open")
    question = ask(activity, "När får vi verktyget?")
    due = DAY + dt.timedelta(days=5)
    title = LangText(sv="Verktyget finns på plats")
    answer(world, question, "promised", due=due, owner=world.person("manager"), title=title)
    with clock.simulated(due):
        assert "Verktyget finns på plats" not in today(world).split("Vad som har hänt")[0], "it is not late yet"
    with clock.simulated(due + dt.timedelta(days=4)):
        page = today(world)
        assert "Verktyget finns på plats" in page
        assert "4 dagar för sent" in page
        assert "Manager har lovat" in page
        promise = Promise.objects.get()
        assert address("home:settle", item=promise.item_id) in page
        assert "Manager har lovat" not in today(world, "manager"), "to whom it belongs it is their own"
        assert "Ditt löfte" in today(world, "manager")
        assert "Verktyget" not in today(world, "staff")


def test_what_is_closed_and_unpublished_waits_with_its_day(world):
    activity = world.activity(state="closed", title=LangText(sv="Om lokalerna"))
    page = today(world)
    assert "Om lokalerna" in page
    assert "Stängd 12 mars och inte publicerad" in page
    assert address("programmes:publish", activity=activity.pk) in page
    with clock.simulated(activity.reply_by + dt.timedelta(days=1)):
        assert "1 dag för sent" in today(world)


def test_each_kind_says_what_waits_in_a_fixed_number_of_queries(world):
    def count(kind):
        with CaptureQueriesContext(connection) as captured:
            kind.waits_for(world.person("lead"))
        return len(captured)

    def fill():
        settings = {"let_in": True, "likes": True, "add": True}
        asked = world.activity(state="open", settings=settings)
        contributing.let_in(ask(asked, "Synlig?"), by=world.person("lead"))
        ask(asked, "Väntar?")
        stand = world.activity(kind="dialogue", state="open", level="anonymous", settings=settings)
        dialogue.add_statement(stand, text="Väntar", language="sv", post_key=draw_key(), author=None)

    fill()
    few = {slug: count(kind) for slug, kind in all_kinds().items()}
    for _time in range(4):
        fill()
    assert {slug: count(kind) for slug, kind in all_kinds().items()} == few
    assert max(few.values()) <= 2
    assert len(all_kinds()["questions"].waits_for(world.person("lead"))) == 10


def test_a_published_reply_waits_no_more_and_open_questions_still_do(world):
    activity = world.activity(state="open")
    ask(activity, "Vem bestämmer?")
    lead = world.person("lead")
    programmes.close_activity(activity, by=lead)
    reply = programmes.OurReply(LangText(sv="Vi hörde"), LangText(sv="Vi gör"), LangText(), None)
    programmes.publish_activity(activity, reply, signed_by=lead, by=lead)
    page = today(world)
    assert heading(page) == "En sak väntar på dig"
    assert "En fråga väntar på svar" in page
    assert "senast 2 april" in page, "the day that people were told"
    assert "när du kan" not in page
    with clock.simulated(activity.reply_by + dt.timedelta(days=8)):
        assert "8 dagar för sent" in today(world)


def test_open_questions_wait_for_the_day_that_people_have_been_told_last(world):
    activity, lead = world.activity(state="open"), world.person("lead")
    ask(activity, "Vem bestämmer?")
    first = activity.reply_by
    programmes.close_activity(activity, by=lead)
    with clock.simulated(first + dt.timedelta(days=3)):
        assert "3 dagar för sent" in today(world)
        later = first + dt.timedelta(days=30)
        programmes.publish_without_reply(activity, reply_by=later, by=lead)
        page = today(world)
        assert "En fråga väntar på svar" in page
        assert "dagar för sent" not in page
    with clock.simulated(later + dt.timedelta(days=3)):
        assert re.search(r"3 dagar för sent.*?En fråga väntar på svar", today(world), re.DOTALL)


def test_what_opens_in_the_room_of_a_session_does_not_wait_beside_it(world):
    session = make_session(world, starts=clock.start_of(DAY, 9))
    block = gatherings.blocks_of(session)[1]
    own = make_activity(block, kind="questions", title=LangText(sv="Ledningen svarar"), by=world.person("lead"))
    alone = world.activity(title=LangText(sv="För sig"), starts=DAY, ends=DAY)
    with clock.simulated(DAY):
        page = today(world, "lead")
    assert str(own.title) not in page
    assert str(alone.title) in page
    assert address("gatherings:console", session=session.pk) in page


def test_an_administrator_who_is_alone_begins_with_the_people(world):
    organisation = Organisation.objects.create(slug="nytorp", name=LangText(sv="Nytorp"))
    with tenancy.scope(organisation.pk, organisation.slug):
        user = User.objects.create_user("ny@nytorp.example")
        mine = {"organisation": organisation, "user": user, "administrator": True, "joined": DAY}
        Person.objects.create(key="1", name="Ny", **mine)
        client = Client(headers={"accept-language": "sv"})
        client.force_login(user, backend=BACKEND)
        page = client.get(address("home:today")).content.decode()
        assert heading(page) == "Börja med personerna"
        assert f'href="{address("organisations:imports")}"' in page
        Person.objects.create(organisation=organisation, key="2", name="Två", joined=DAY)
        assert heading(client.get(address("home:today")).content.decode()) == "Inget väntar på dig"

"""The desk from which a session is run: where it leads, what stands on it before, while and after."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from samsyn.activities.board.tests.boards import board
from samsyn.activities.questions import actions as questions
from samsyn.core.addresses import address
from samsyn.core.texts import LangText
from samsyn.gatherings import actions_agenda, actions_minutes, actions_running, scenes
from samsyn.gatherings.room import SessionRooms
from samsyn.gatherings.tests.making import bring_to, make_session
from samsyn.gatherings.views import running
from samsyn.live import tickets
from samsyn.live.registry import DESK, PHONE, SCREEN
from samsyn.programmes import actions as programmes
from samsyn.programmes.browsers import draw_key
from samsyn.programmes.kinds import all_kinds, kind_of
from tests.polls import asking


def desk(world, session) -> str:
    return world.client("lead").get(address("gatherings:console", session=session.pk)).content.decode()


def test_there_is_a_way_back_from_it(world):
    session = make_session(world)
    page = desk(world, session)
    assert f'href="{address("gatherings:session", session=session.pk)}"' in page
    assert f'href="{address("home:today")}"' in page


def test_a_step_can_be_taken_without_scripts(world):
    """Nothing but what stands in the form is sent then: the sign against forged forms has to be among it."""
    session, browser = make_session(world), Client(enforce_csrf_checks=True)
    browser.cookies = world.client("lead").cookies
    page = browser.get(address("gatherings:console", session=session.pk)).content.decode()
    form = next(one for one in re.findall(r"<form.*?</form>", page, re.S) if 'value="start"' in one)
    values = dict(re.findall(r'name="(\w+)" value="(\w+)"', form))
    answer = browser.post(address("gatherings:command", session=session.pk), values)
    assert (answer.status_code, answer["location"]) == (302, address("gatherings:console", session=session.pk))
    session.refresh_from_db()
    assert session.state == "running"
    assert "csrfmiddlewaretoken" not in scenes.parts(session, DESK, 0)["now"]  # what goes to every desk holds nobody's


def test_no_code_is_shown_before_there_is_one(world):
    session = make_session(world)
    assert 'class="tag"' not in desk(world, session)
    running = make_session(world, state="running")
    assert f'<span class="tag">{running.code[:3]} {running.code[3:]}</span>' in desk(world, running)


def test_made_up_people_are_called_in_a_rehearsal_once_it_has_begun(world):
    session, real = make_session(world, state="running"), make_session(world, state="running")
    assert 'value="crowd"' not in scenes.parts(real, DESK, 0)["now"]
    world.organisation.synthetic = True
    world.organisation.save()
    session.organisation.refresh_from_db()
    assert 'value="crowd"' in scenes.parts(session, DESK, 0)["now"]
    assert desk(world, session).count('value="crowd"') == 1


def test_when_it_is_over_the_desk_leads_on_to_all_that_comes_after(world):
    session = make_session(world, state="ended")
    shown = scenes.parts(session, DESK, 0)["now"]
    for page in ("leftovers", "minutes", "attendance", "lessons"):
        assert f'href="{address(f"gatherings:{page}", session=session.pk)}"' in shown


def test_the_desk_of_a_cancelled_session_says_so_and_leads_nowhere(world):
    session = make_session(world, state="cancelled")
    shown = scenes.parts(session, DESK, 0)["now"]
    assert "inställd" in shown
    assert "href" not in shown


def test_what_of_the_agenda_waits_for_a_reply_stands_with_what_is_left(world):
    activity = world.activity(state="open")
    session = held(world, activity)
    page = address("gatherings:leftovers", session=session.pk)
    publish = address("programmes:publish", activity=activity.pk)
    actions_running.command(session, "end", by=world.person("lead"))
    still_open = world.client("lead").get(page).content.decode()
    assert "Fortsätter efter träffen" in still_open
    assert publish not in still_open
    then = {"command": "close_rest", "then": "leftovers"}
    onward = world.client("lead").post(address("gatherings:command", session=session.pk), then)
    assert onward["location"] == page
    programmes.close_activity(activity, by=world.person("lead"))
    closed = world.client("lead").get(page).content.decode()
    assert "1 aktivitet väntar på vårt svar" in closed
    assert publish in closed


def test_the_poster_offers_to_draw_the_code_until_there_is_one(world):
    session = make_session(world)
    path = address("gatherings:poster", session=session.pk)
    before = world.client("lead").get(path)
    assert (before.context["code"], b'<svg class="qr' in before.content) == ("", False)
    assert "Ta fram koden" in before.content.decode()
    after = world.client("lead").post(path)
    session.refresh_from_db()
    assert f"{session.code[:3]} {session.code[3:]}" in after.content.decode()
    assert "Ta fram koden" not in after.content.decode()


def test_the_desk_says_which_question_is_being_answered(world):
    session, activity = make_session(world, minutes=()), world.activity(state="open")
    lead = world.person("lead")
    actions_agenda.set_activity(
        actions_agenda.add_block(session, by=lead, title=activity.title, minutes=10), activity, by=lead
    )
    questions.ask(activity, text="När byggs bron?", language="sv", post_key=draw_key(), author=None)
    bring_to(session, "running", world)
    assert "När byggs bron?" not in scenes.parts(session, DESK, 0)["now"]
    with CaptureQueriesContext(connection) as waiting:
        scenes.parts(session, DESK, 0)
    actions_running.give_cue(session, "take", by=lead)
    with CaptureQueriesContext(connection) as taken:
        assert "När byggs bron?" in scenes.parts(session, DESK, 0)["now"]
    assert len(taken) <= len(waiting), "what its cues are about is read with them"
    actions_running.give_cue(session, "answered", by=lead)
    assert "När byggs bron?" not in scenes.parts(session, DESK, 0)["now"]


def test_the_desk_says_which_question_of_a_poll_is_on(world):
    session, activity = make_session(world, minutes=()), asking.poll(world)
    asking.ask(world, activity)
    lead = world.person("lead")
    actions_agenda.set_activity(
        actions_agenda.add_block(session, by=lead, title=activity.title, minutes=10), activity, by=lead
    )
    bring_to(session, "running", world)
    assert "Vad tycker du?" in scenes.parts(session, DESK, 0)["now"]


def test_the_desk_says_how_many_have_answered_also_while_the_screen_is_kept_back(world):
    session, activity = make_session(world, minutes=()), asking.poll(world)
    one = asking.ask(world, activity)
    lead = world.person("lead")
    actions_agenda.set_activity(
        actions_agenda.add_block(session, by=lead, title=activity.title, minutes=10), activity, by=lead
    )
    bring_to(session, "running", world)
    assert "har svarat" not in scenes.parts(session, DESK, 0)["next"]
    for _person in range(5):
        asking.answer(one, 0)
    told = "5 personer har svarat"
    assert (told in scenes.parts(session, DESK, 0)["next"], told in scenes.parts(session, SCREEN, 0)["next"]) == (1, 1)
    actions_running.command(session, "hide", by=lead)
    session.refresh_from_db()
    assert told in scenes.parts(session, DESK, 0)["next"]
    assert told not in scenes.parts(session, SCREEN, 0)["next"]


def test_the_code_says_that_the_session_is_over_after_the_minutes_are_published_too(world):
    session = make_session(world, state="ended")
    code, minutes = session.code, address("gatherings:minutes", session=session.pk)
    way_in = reverse("join:enter", kwargs={"code": code})
    assert "Träffen är slut" in Client().get(way_in).content.decode()
    actions_minutes.publish(session, by=world.person("lead"))
    outside, inside = Client().get(way_in), world.client("staff").get(way_in)
    assert (outside.status_code, inside.status_code) == (200, 200)
    assert "Träffen är slut" in outside.content.decode()
    assert (minutes in outside.content.decode(), minutes in inside.content.decode()) == (False, True)
    assert minutes in world.client("staff").get(address("gatherings:enter", session=session.pk)).content.decode()


def test_who_is_signed_in_comes_in_with_the_code_as_the_one_they_are(world):
    session = make_session(world, entry="audience", state="running")
    way_in, room = reverse("join:enter", kwargs={"code": session.code}), running.room_path(session)
    answer = world.client("staff").get(way_in)
    assert (answer.status_code, answer.headers.get("location")) == (302, room)
    ticket = tickets.read(answer.cookies[tickets.COOKIE].value, session.pk)
    assert (ticket.view, ticket.person) == ("phone", world.person("staff").pk)
    assert Client().get(way_in).headers["location"] != room


def test_when_it_is_over_the_phone_leads_on_to_ones_questions(world):
    running_now, over = make_session(world, state="running"), make_session(world, state="ended")
    link = f'href="{address("home:receipts")}"'
    assert link not in scenes.parts(running_now, PHONE, 0)["head"]
    assert link in scenes.parts(over, PHONE, 0)["head"]


def held(world, activity):
    """A session in which the activity is on, open, with one more part to come."""
    session, lead = make_session(world, minutes=()), world.person("lead")
    block = actions_agenda.add_block(session, by=lead, title=activity.title, minutes=10)
    actions_agenda.set_activity(block, activity, by=lead)
    actions_agenda.add_block(session, by=lead, title=activity.title, minutes=10)
    bring_to(session, "running", world)
    return session


def filled(session) -> list[str]:
    """The names of the steps whose buttons are filled."""
    forms = re.findall(r"<form.*?</form>", scenes.parts(session, DESK, 0)["now"], re.S)
    return [re.search(r'name="(?:command|cue)" value="(\w+)"', one)[1] for one in forms if 'class="button "' in one]


def cues_filled(session) -> list[str]:
    """Those of them that are the activity's own."""
    return [cue.name for cue in kind_of(session.block.activity).cues(session.block.activity) if cue.first]


def test_the_screen_says_a_title_once(world):
    activity = asking.poll(world)
    asking.ask(world, activity)
    session = held(world, activity)
    assert str(activity.title) not in scenes.parts(session, SCREEN, 0)["kicker"]
    session.block.title = LangText(sv="Efter rasten")
    session.block.save()
    assert "Efter rasten" in scenes.parts(session, SCREEN, 0)["kicker"]


def test_before_going_on_the_answers_of_a_poll_are_shown(world):
    activity = asking.poll(world)
    asking.ask(world, activity)
    asking.ask(world, activity)
    lead, session = world.person("lead"), held(world, activity)
    assert filled(session) == ["show"]
    actions_running.give_cue(session, "show", by=lead)
    assert cues_filled(session) == ["next"], "the next question, not yet the next part"
    actions_running.give_cue(session, "next", by=lead)
    assert filled(session) == ["show"]
    actions_running.give_cue(session, "show", by=lead)
    assert filled(session) == ["next"]
    assert cues_filled(session) == []


def test_before_going_on_the_cards_of_a_board_are_revealed(world):
    made = board(world, "Ett kort.")
    session = held(world, made.activity)
    assert filled(session) == ["reveal"]
    actions_running.give_cue(session, "reveal", by=made.lead)
    for _step in ("read to group", "group to vote", "vote to take further"):
        assert cues_filled(session) == ["onward"]
        actions_running.give_cue(session, "onward", by=made.lead)
    assert filled(session) == ["next"]


def test_what_is_closed_has_nothing_to_do_before_going_on(world):
    session = held(world, board(world, "Ett kort.").activity)
    actions_running.command(session, "close", by=world.person("lead"))
    session.refresh_from_db()
    assert filled(session) == ["next"]


def test_the_desk_says_in_words_that_an_activity_has_not_been_opened(world):
    now = scenes.parts(held(world, world.activity()), DESK, 0)["now"]
    assert "inte öppnad" in now
    assert "utkast" not in now


@pytest.mark.parametrize("kind", all_kinds().values(), ids=list(all_kinds()))
def test_the_desk_leads_to_where_the_activity_itself_is_led(world, kind):
    activity = world.activity(kind=kind.slug, level=min(kind.levels), state="open")
    session = held(world, activity)
    place = address(f"{kind.slug}:{'desk' if kind.desk else kind.home}", activity=activity.pk)
    assert f'href="{place}"' in scenes.parts(session, DESK, 0)["now"]
    for role in ("lead", "facilitator"):
        assert world.client(role).get(place).status_code == 200


def test_the_desk_of_what_is_over_is_an_ordinary_page_that_one_can_stay_on(world):
    """The room is closed then: a desk that still listened to it was sent away to the entrance after a second."""
    activity = asking.poll(world)
    asking.ask(world, activity)
    session = held(world, activity)
    desk = address("gatherings:console", session=session.pk)
    screen = address("gatherings:screen", session=session.pk)
    before = world.client("lead").get(desk).content.decode()
    assert "data-room" in before
    assert screen in before
    actions_running.command(session, "end", by=world.person("lead"))
    answer = world.client("lead").get(desk)
    assert screen not in answer.content.decode(), "a closed room has no screen"
    assert "data-room" not in answer.content.decode()
    assert "live/live" not in answer.content.decode()
    assert "ticket" not in answer.cookies
    assert SessionRooms().read(session.pk).desk == desk

"""How many came, as the room itself counted them: the most phones at one time, and nothing of anybody."""

from __future__ import annotations

import pytest

from samsyn.core.addresses import address
from samsyn.gatherings import actions_inviting, actions_minutes, actions_running
from samsyn.gatherings.models import Minutes
from samsyn.gatherings.tests.making import make_session


def attendance(session) -> dict[str, str]:
    """What the minutes say of who was there; empty where they say nothing."""
    sections = Minutes.objects.get(session=session).sections
    return next((section["text"] for section in sections if section["key"] == "attendance"), {})


def count(session, *numbers):
    for number in numbers:
        actions_running.note_presence(session.pk, number)
    session.refresh_from_db()


def test_the_highest_number_stays_whoever_tells_it_and_in_whatever_order(world):
    session = make_session(world, state="running")
    count(session, 12, 61, 58, 3)
    assert session.most_present == 61


@pytest.mark.parametrize("state", ["ended", "published", "cancelled"])
def test_nobody_is_counted_in_a_room_that_is_shut(world, state):
    session = make_session(world, state=state)
    count(session, 9)
    assert session.most_present == 0


def test_it_stands_in_the_minutes_in_both_languages_and_stays_when_they_are_published(world):
    session = make_session(world, state="running")
    count(session, 61)
    bring_to_end(world, session)
    actions_minutes.publish(session, by=world.person("lead"))
    assert attendance(session)["sv"] == "Som mest var 61 telefoner med samtidigt."
    assert attendance(session)["en"] == "At most 61 phones were there at the same time."
    page = address("gatherings:minutes", session=session.pk)
    assert "61 telefoner" in world.client("staff").get(page).content.decode()


def test_what_was_written_by_hand_comes_first_and_who_writes_it_sees_what_the_room_counted(world):
    session = make_session(world, state="running")
    count(session, 1)
    bring_to_end(world, session)
    page = world.client("lead").get(address("gatherings:attendance", session=session.pk)).content.decode()
    assert "Som mest var 1 telefon med samtidigt." in page
    actions_inviting.note_number(session, 4, by=world.person("lead"))
    actions_minutes.refresh(session, by=world.person("lead"))
    assert attendance(session)["sv"].splitlines() == ["4 kom.", "Som mest var 1 telefon med samtidigt."]


def test_without_a_room_and_a_number_they_say_nothing_of_it(world):
    session = make_session(world, state="ended")
    actions_minutes.refresh(session, by=world.person("lead"))
    assert attendance(session) == {}


def bring_to_end(world, session):
    actions_running.command(session, "end", by=world.person("lead"))
    session.refresh_from_db()

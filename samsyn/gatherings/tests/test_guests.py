"""Guests who are invited to what is done in sessions: which session it is, and until when."""

from __future__ import annotations

import datetime as dt
import re

from samsyn.core import clock
from samsyn.core.addresses import address
from samsyn.core.ids import encode_id
from samsyn.core.texts import LangText
from samsyn.gatherings import actions_agenda, queries
from samsyn.gatherings.models import SessionPart
from samsyn.gatherings.tests.making import DAY_AFTER, make_session
from samsyn.programmes.models import Invitation, Role
from samsyn.programmes.tests.people_world import guest
from tests.fixtures import DAY

TITLE = LangText(sv="Ledningsdag ett", en="Leadership day one")


def on_agenda(world, **values):
    """A session with an activity on its agenda."""
    session = make_session(world, title=TITLE)
    activity = world.activity("steps", title=LangText(sv="Vårt uppdrag"), **values)
    actions_agenda.set_activity(queries.blocks_of(session)[0], activity, by=world.person("lead"))
    return session, activity


def guests(world) -> str:
    page = world.client("lead").get(address("programmes:guests", programme=world.programme.pk)).content.decode()
    return re.sub(r"<[^>]+>", "", page)


def invite(world, *, to="", **values):
    where = address("programmes:invite", programme=world.programme.pk) + (f"?to={to}" if to else "")
    if not values:
        return world.client("lead").get(where).content.decode()
    values = {"name": "Vera Forskare", "email": "vera@uni.example", "language": "sv", **values}
    return world.client("lead").post(where, values)


def test_the_list_names_the_session_in_which_something_is_done(world):
    _session, activity = on_agenda(world)
    guest(world, activity)
    assert "Vårt uppdrag (Ledningsdag ett)" in guests(world)
    assert "Ledningsdag ett" in invite(world), "and so does the form"


def test_the_list_names_a_session_that_the_guest_is_asked_to_itself(world):
    session, activity = on_agenda(world)
    vera = guest(world, world.activity("steps", title=LangText(sv="Något annat"))).person
    SessionPart.objects.create(organisation=world.organisation, session=session, person=vera)
    assert "Ledningsdag ett, Något annat" in guests(world)
    assert str(activity.title) not in guests(world)


def test_the_last_day_is_that_of_what_the_guest_is_invited_to(world):
    _session, activity = on_agenda(world, ends=DAY_AFTER, reply_by=DAY_AFTER)
    later = world.activity("steps", ends=DAY_AFTER + dt.timedelta(days=9), reply_by=DAY_AFTER + dt.timedelta(days=9))
    assert f'value="{DAY_AFTER.isoformat()}"' in invite(world, to=encode_id(activity.pk))
    chosen = [encode_id(activity.pk), encode_id(later.pk)]
    assert invite(world, activities=chosen, until="").status_code == 302
    assert Invitation.objects.get().until == later.ends
    assert Role.objects.get(person__name="Vera Forskare").until == later.ends


def test_what_has_closed_already_is_open_to_a_guest_today(world):
    _session, activity = on_agenda(world)
    with clock.simulated(clock.start_of(DAY + dt.timedelta(days=300), 9)):
        assert invite(world, activities=[encode_id(activity.pk)], until="").status_code == 302
        assert Invitation.objects.get().until == DAY + dt.timedelta(days=300)

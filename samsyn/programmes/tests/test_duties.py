"""What happens by itself: activities open and close on their days, and anonymous rows lose their order."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection

from samsyn.audit.models import Entry
from samsyn.core import clock
from samsyn.core.texts import LangText
from samsyn.programmes import duties
from samsyn.thread.actions import add_item
from samsyn.thread.models import Item
from tests.fixtures import DAY


def _days(count):
    return DAY + dt.timedelta(days=count)


def _state(activity):
    activity.refresh_from_db()
    return activity.state


def test_only_what_is_said_to_opens_by_itself(world):
    itself = world.activity("questions", settings={"by_itself": True})
    waits = world.activity("questions")
    later = world.activity("questions", settings={"by_itself": True}, starts=_days(1))
    assert duties.open_due() == 1
    assert [_state(activity) for activity in (itself, waits, later)] == ["open", "draft", "draft"]
    assert itself.code
    assert Entry.objects.get(verb="activity.opened").actor_id is None


def test_what_is_past_its_days_waits_for_a_person(world):
    over = world.activity("questions", settings={"by_itself": True})
    unanswered = world.activity("questions", settings={"by_itself": True}, ends=_days(40), reply_by=_days(30))
    with clock.simulated(_days(35)):
        assert duties.open_due() == 0
    assert [_state(over), _state(unanswered)] == ["draft", "draft"]


def test_what_is_past_its_last_day_closes(world):
    activity = world.activity("steps", state="open")
    with clock.simulated(_days(7)):
        assert duties.close_due() == 0
    with clock.simulated(_days(8)):
        assert duties.close_due() == 1
    assert _state(activity) == "closed"
    assert activity.closed == _days(8)


def _real_world(world):
    """The organisations' own clock is the real one, so the days are taken from it."""
    with clock.simulated(None):
        return clock.today()


@pytest.mark.django_db(transaction=True)
def test_it_runs_in_every_organisation_but_not_in_rehearsals(world, elsewhere):
    today = _real_world(world)
    days = {"starts": today, "ends": today + dt.timedelta(days=3), "reply_by": today + dt.timedelta(days=9)}
    activity = world.activity("questions", settings={"by_itself": True}, **days)
    elsewhere.organisation.synthetic = True
    elsewhere.organisation.save()
    from samsyn.core import tenancy

    with tenancy.scope(elsewhere.organisation.pk, elsewhere.organisation.slug):
        rehearsed = elsewhere.activity("questions", settings={"by_itself": True}, **days)
    duties.open_and_close_due()
    assert _state(activity) == "open"
    with tenancy.scope(elsewhere.organisation.pk, elsewhere.organisation.slug):
        assert _state(rehearsed) == "draft"
    duties.open_and_close_due()
    assert _state(activity) == "open"


@pytest.mark.django_db(transaction=True)
def test_rows_of_open_anonymous_activities_forget_their_order(world):
    today = _real_world(world)
    days = {"starts": today, "ends": today + dt.timedelta(days=3), "reply_by": today + dt.timedelta(days=9)}
    activity = world.activity("questions", state="open", entry="code", **days)
    for number in range(40):
        add_item(
            programme_id=activity.programme_id,
            activity_id=activity.pk,
            kind="questions.question",
            level="anonymous",
            title=LangText(sv=f"fråga {number}"),
        )
    duties.open_and_close_due()
    assert Item.objects.filter(activity_id=activity.pk).count() == 40
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(DISTINCT xmin::text) FROM thread_item WHERE activity_id = %s", [activity.pk])
            assert cursor.fetchone() == (1,)
            cursor.execute("SELECT id FROM thread_item WHERE activity_id = %s ORDER BY ctid", [activity.pk])
            ids = [row[0] for row in cursor.fetchall()]
        assert ids == sorted(ids)

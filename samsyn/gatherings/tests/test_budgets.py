"""What a page of a session may cost."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from samsyn.core import clock
from samsyn.core.addresses import address
from samsyn.core.texts import LangText
from samsyn.gatherings import actions_making, library
from samsyn.gatherings.actions_making import Occasion
from samsyn.gatherings.tests.making import DAY_AFTER, bring_to

PAGES = ("session", "agenda", "invite", "minutes", "edit")
MOST_QUERIES = 20


@pytest.fixture
def many(world):
    """Twelve sessions of a series, the last of them planned."""
    starts = [clock.start_of(DAY_AFTER, 9) + dt.timedelta(weeks=n) for n in range(12)]
    series = actions_making.make_series(
        world.frame,
        library.find("question-time"),
        [Occasion(one) for one in starts],
        title=LangText(sv="Frågestund"),
        by=world.person("lead"),
    )
    sessions = list(series.sessions.order_by("starts"))
    for session in sessions[:6]:
        bring_to(session, "ended", world)
    return series, sessions


def cost(client, path) -> int:
    client.get(path)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(path).status_code == 200
    return len(captured)


@pytest.mark.parametrize("role", ["lead", "staff"])
@pytest.mark.parametrize("name", ["home:today", "home:programme", "programmes:storyboard", "gatherings:sessions"])
def test_many_sessions_cost_no_more_than_few(world, many, name, role):
    parts = {} if name == "home:today" else {"programme": world.programme.pk}
    assert cost(world.client(role), address(name, **parts)) <= MOST_QUERIES


@pytest.mark.parametrize("page", PAGES)
def test_a_page_of_a_session_keeps_to_its_queries(world, many, page):
    _series, sessions = many
    session = sessions[0] if page == "minutes" else sessions[-1]
    assert cost(world.client("lead"), address(f"gatherings:{page}", session=session.pk)) <= MOST_QUERIES


def test_a_series_keeps_to_its_queries(world, many):
    series, _sessions = many
    path = address("gatherings:series", programme=world.programme.pk, series=series.pk)
    assert cost(world.client("lead"), path) <= MOST_QUERIES

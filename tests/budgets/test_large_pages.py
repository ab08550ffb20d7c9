"""Every page of a large organisation keeps to its queries and its bytes."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from samsyn.core.addresses import address
from tests.budgets.large import Large, furnish

MOST_QUERIES = 20
MORE_OF_TODAY = 2  # Today asks every kind, and sessions, what waits
MOST_BYTES = 100_000

Path = Callable[[Large], str]


def at(name: str) -> Path:
    """A page of the organisation."""
    return lambda large: address(name)


def of_programme(name: str, **parts: Callable[[Large], int]) -> Path:
    """A page of the programme."""
    return lambda large: address(
        name, programme=large.world.programme.pk, **{part: find(large) for part, find in parts.items()}
    )


def of_activity(name: str, **wanted: str) -> Path:
    """A page of the first activity that is so."""
    return lambda large: address(
        name,
        activity=next(
            one.pk for one in large.activities if all(getattr(one, key) == value for key, value in wanted.items())
        ),
    )


PAGES: dict[str, tuple[str, Path]] = {
    "today": ("lead", at("home:today")),
    "today of an owner": ("owner", at("home:today")),
    "programme": ("staff", of_programme("home:programme")),
    "you said, we did": ("staff", of_programme("home:said")),
    "storyboard": ("lead", of_programme("programmes:storyboard")),
    "storyboard for staff": ("staff", of_programme("programmes:storyboard")),
    "case study": ("lead", of_programme("casestudy:page")),
    "people of a programme": ("lead", of_programme("programmes:people")),
    "group": ("lead", of_programme("programmes:group", group=lambda large: large.groups[0].pk)),
    "guests": ("lead", of_programme("programmes:guests")),
    "reminder to guests": ("lead", of_programme("programmes:remind")),
    "invite": ("lead", of_programme("programmes:invite")),
    "audience": ("lead", of_programme("programmes:programme_audience")),
    "people of an audience": ("lead", of_programme("programmes:programme_audience_people")),
    "erasure requests": ("lead", at("programmes:erasure_requests")),
    "fault reports": ("operator", lambda large: reverse("statement:reports")),
    "organisation's people": ("lead", at("organisations:people")),
    "units": ("lead", at("organisations:units")),
    "unit": ("lead", lambda large: address("organisations:unit", unit=large.units[0].pk)),
    "publish": ("lead", of_activity("programmes:publish", state="closed")),
    "step": ("lead", of_activity("steps:page", kind="steps")),
}


@pytest.fixture
def large(world) -> Large:
    world.person("guest").user.is_operator = True
    world.person("guest").user.save()
    return furnish(world)


def test_every_page_keeps_to_its_queries_and_its_bytes(large):
    """One furnishing for all of them: it takes longer than the pages do."""
    wrong = []
    for name, (role, path) in PAGES.items():
        client = large.world.client("guest" if role == "operator" else role)
        client.get(path(large))
        with CaptureQueriesContext(connection) as captured:
            response = client.get(path(large))
        size = len(response.content)
        print(f"{name:<24}{response.status_code} {len(captured):4} queries {size:8} bytes")
        most = MOST_QUERIES + (MORE_OF_TODAY if name.startswith("today") else 0)
        if response.status_code != 200 or len(captured) > most or size > MOST_BYTES:
            wrong.append(f"{name}: {response.status_code}, {len(captured)} queries, {size} bytes")
    assert not wrong

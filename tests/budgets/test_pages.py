"""What a page may cost: queries, bytes of style and script."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from samsyn.core.addresses import address
from samsyn.programmes.kinds import all_kinds
from tests.conformance.test_kinds import rehearsed
from tests.fixtures import World

PACKAGE = Path(__file__).resolve().parents[2] / "samsyn"
MOST_QUERIES = 20
MORE_OF_MANY_KINDS = 4  # the case study asks every kind of the programme, each in one to three queries
MOST_STYLE = 60_000
MOST_SCRIPT = 30_000


@pytest.fixture
def full(world: World) -> World:
    """A world in which every kind has been used."""
    for kind in all_kinds().values():
        rehearsed(world, kind)
    return world


PAGES = {
    "today": lambda world: address("home:today"),
    "mine": lambda world: address("home:mine"),
    "programme": lambda world: address("home:programme", programme=world.programme.pk),
    "said": lambda world: address("home:said", programme=world.programme.pk),
    "storyboard": lambda world: address("programmes:storyboard", programme=world.programme.pk),
    "people": lambda world: address("programmes:people", programme=world.programme.pk),
    "case study": lambda world: address("casestudy:page", programme=world.programme.pk),
    "organisation's people": lambda world: address("organisations:people"),
}
NOT_FOR = {"lead": set(), "owner": {"organisation's people"}, "staff": {"people", "organisation's people"}}


@pytest.mark.parametrize("role", ["lead", "owner", "staff"])
def test_every_page_keeps_to_its_queries(full, role):
    client, unseen = full.client(role), set()
    for name, path_in in PAGES.items():
        path = path_in(full)
        client.get(path)
        with CaptureQueriesContext(connection) as captured:
            response = client.get(path)
        if response.status_code in {403, 404}:
            unseen.add(name)
            continue
        assert response.status_code == 200, name
        most = MOST_QUERIES + (MORE_OF_MANY_KINDS if name == "case study" else 0)
        assert len(captured) <= most, "\n".join([name, *(query["sql"][:180] for query in captured.captured_queries)])
    assert unseen == NOT_FOR[role]


def test_the_whole_sites_style_is_small():
    assert sum(path.stat().st_size for path in PACKAGE.rglob("static/**/*.css")) <= MOST_STYLE


def test_the_whole_sites_own_script_is_small():
    assert sum(path.stat().st_size for path in PACKAGE.rglob("static/**/*.js")) <= MOST_SCRIPT


def test_no_page_asks_another_host(full):
    for name in ("today", "programme", "storyboard"):
        body = full.client("lead").get(PAGES[name](full)).content.decode()
        for mark in ('src="http', 'href="http', "//cdn", "@import url(http"):
            assert mark not in body

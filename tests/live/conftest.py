"""Rooms that are served for real."""

from __future__ import annotations

import atexit
import functools
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from tests.lacking import leave_out
from tests.live.serving import PROVE, Hall, hall

SERVER = os.environ.get("SAMSYN_TEST_POSTGRESQL", "postgresql://postgres@127.0.0.1:5432/test")
REDIS = "redis://127.0.0.1:6379/5"


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """`make prove` tries a room on either database. Else every second test takes the one and the rest the other, as
    long as both are there."""
    if PROVE or not _answers():
        return
    places: dict[str, int] = {}
    kept: list[pytest.Item] = []
    left: list[pytest.Item] = []
    for item in items:
        database = getattr(item, "callspec", None) and item.callspec.params.get("served")
        place = places.setdefault(item.nodeid.partition("[")[0], len(places)) if database else 0
        (left if database and (database == "sqlite") == bool(place % 2) else kept).append(item)
    items[:] = kept
    config.hook.pytest_deselected(items=left)


def _answers() -> bool:
    try:
        psycopg.connect(SERVER, connect_timeout=3).close()
    except psycopg.Error:
        return False
    return True


def postgresql() -> str:
    """A database of one's own on the server, with every table and nothing in it; skipped where there is no server."""
    if SERVER == "none":  # said by whoever runs the tests, as tools/test offers: no machine lacks anything, CI neither
        pytest.skip("left out, as SAMSYN_TEST_POSTGRESQL=none says")
    try:
        return _create(f"samsyn_live_{os.getpid()}_{os.urandom(3).hex()}", _migrated())
    except psycopg.OperationalError:
        leave_out("PostgreSQL does not answer")


@functools.cache
def _migrated() -> str:
    """The name of a database to copy: made once, since that takes longer than most tests."""
    name = f"samsyn_live_{os.getpid()}_empty"
    url = _create(name, "template1")
    atexit.register(drop, url)
    with tempfile.TemporaryDirectory() as folder:
        Hall(Path(folder), url).run("samsyn", "migrate")
    return name


def _create(name: str, source: str) -> str:
    with psycopg.connect(SERVER, autocommit=True, connect_timeout=3) as connection:
        connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{source}"')
    return f"{SERVER.rpartition('/')[0]}/{name}"


def drop(url: str) -> None:
    with psycopg.connect(SERVER, autocommit=True) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{url.rpartition("/")[2]}" WITH (FORCE)')


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def served(request, tmp_path_factory) -> Iterator[tuple[Hall, int]]:
    """A room with question time, and the port on which it is served."""
    url = postgresql() if request.param == "postgresql" else ""
    with hall(tmp_path_factory.mktemp("hall"), database_url=url) as made:
        yield made, made.start()
    if url:
        drop(url)

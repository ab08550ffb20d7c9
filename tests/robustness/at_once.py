"""Several visitors at the same moment: each in a thread and on a database connection of its own."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from samsyn.core import clock, tenancy
from tests.fixtures import DAY, World, make_world

Call = Callable[[], Any]


@contextmanager
def within(world: World) -> Iterator[None]:
    """Within the organisation, on its day."""
    organisation = world.organisation
    with (
        tenancy.scope(organisation.pk, organisation.slug),
        clock.simulated(DAY),
        timezone.override("Europe/Stockholm"),
    ):
        yield


def together(world: World, *calls: Call, patience: float = 60) -> list[Any]:
    """Do all of them as nearly at once as can be; what each gave, or the error that it raised."""
    results: list[Any] = [None] * len(calls)
    start = threading.Barrier(len(calls))

    def run(place: int, call: Call) -> None:
        try:
            with within(world):
                connection.ensure_connection()
                start.wait(timeout=30)
                results[place] = call()
        except Exception as error:
            results[place] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=patience)
        assert not thread.is_alive(), "somebody still waits"
    return results


def poster(client: Client, path: str, data: dict[str, Any]) -> Call:
    """A call that posts and gives the answer."""
    return lambda: client.post(path, data)


def statuses(results: list[Any]) -> list[int]:
    """The statuses; an error is raised as it came."""
    for found in results:
        if isinstance(found, Exception):
            raise found
    return [found.status_code for found in results]


@pytest.fixture
def there(transactional_db: None) -> World:
    """An organisation in a database that threads share."""
    world = make_world("ankeby")
    world.organisation.synthetic, world.organisation.simulated_day = True, DAY
    world.organisation.save()
    return world

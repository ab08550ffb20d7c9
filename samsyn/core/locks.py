"""Letting one in at a time, over all threads and processes, without a trace in the database."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.utils.crypto import salted_hmac

_SALT = "samsyn.core.locks"


@contextmanager
def alone(*what: object) -> Iterator[None]:
    """Wait until nobody else is in a block with the same `what`; others wait until this one is over.

    Transactions within the block are the caller's own. A row lock would write who waited for whom into the row;
    this leaves nothing: PostgreSQL holds it in memory under a digest, and with SQLite, which lets one write at a
    time anyway, it is a lock on one file for all.
    """
    if connection.vendor == "postgresql":
        number = int.from_bytes(salted_hmac(_SALT, repr(what), algorithm="sha256").digest()[:8], "big", signed=True)
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [number])
        try:
            yield
        finally:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [number])
        return
    with _one_file():
        yield


@contextmanager
def all_alone(*what: object, numbers: Sequence[int]) -> Iterator[None]:
    """The same as `alone(*what, number)` for each of the numbers; they are in order, so nobody waits in a ring."""
    if connection.vendor == "postgresql":
        with ExitStack() as held:
            for number in numbers:
                held.enter_context(alone(*what, number))
            yield
    else:
        with _one_file():
            yield


@contextmanager
def _one_file() -> Iterator[None]:
    path = Path(settings.DATA_DIR) / "one-at-a-time.lock"
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a") as file:  # neither written nor cut off: the file keeps its time
        fcntl.flock(file, fcntl.LOCK_EX)
        yield

"""News that something changed: from wherever it was changed to the hubs that show it.

A message holds an id and nothing else. One that gets lost costs freshness, never truth.
"""

from __future__ import annotations

import contextlib
import logging
import os
import socket
import threading
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction

logger = logging.getLogger(__name__)
CHANNEL = "samsyn:live"

Hear = Callable[[str], None]
_here: list[Hear] = []  # the hub of this process


def tell(activity_id: int) -> None:
    """Say that an activity changed."""
    _say(f"a{activity_id}")


def tell_room(room_id: int) -> None:
    """Say, once the surrounding transaction has committed, that a room itself changed: state, code, block."""
    transaction.on_commit(lambda: _say(f"r{room_id}"))


def tell_person(person_id: int) -> None:
    """Say, after the commit, that a person may no longer be where they were: their streams are closed."""
    transaction.on_commit(lambda: _say(f"p{person_id}"))


def call_crowd(room_id: int) -> None:
    """Let made-up people come into the room of a rehearsal."""
    _say(f"c{room_id}")


def attach(hear: Hear) -> None:
    """Let the hub of this process hear what is said in it. `hear` is called from any thread."""
    _here.append(hear)


def detach(hear: Hear) -> None:
    """The hub is gone."""
    if hear in _here:
        _here.remove(hear)


def _say(message: str) -> None:
    for hear in list(_here):
        hear(message)
    if settings.REDIS_URL:
        try:
            _redis().publish(CHANNEL, message)
        except Exception:  # whatever Redis does: the rooms of this process know, the others look again by themselves
            logger.warning("redis could not be told of a change")
    elif not _here:
        _send_to_socket(message)


@lru_cache(maxsize=1)
def _redis() -> Any:
    import redis

    return redis.Redis.from_url(settings.REDIS_URL, socket_timeout=2, socket_connect_timeout=2)


# --- the socket, on one machine --------------------------------------------------------------------------------


def socket_path() -> Path:
    """Where the hub of this machine listens."""
    return Path(settings.DATA_DIR) / "live.sock"


def _send_to_socket(message: str) -> None:
    with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as out:
        out.setblocking(False)
        out.sendto(message.encode(), _short(socket_path()))


def _short(path: Path) -> str:
    """A path that fits into the 107 bytes of a socket's address."""
    near = os.path.relpath(path)
    return near if len(near) < len(str(path)) else str(path)


class Listener:
    """Hears what other processes say, in threads of its own: through Redis where it is set, else through the socket."""

    def __init__(self, hear: Hear) -> None:
        self._hear = hear
        self._stopped = threading.Event()
        self._socket: socket.socket | None = None
        work = self._hear_redis if settings.REDIS_URL else self._hear_socket
        threading.Thread(target=work, name="live-bus", daemon=True).start()

    def stop(self) -> None:
        """Hear nothing more."""
        self._stopped.set()
        if self._socket is not None:
            self._socket.close()
            with contextlib.suppress(OSError):
                socket_path().unlink()

    def _hear_socket(self) -> None:
        path = socket_path()
        with contextlib.suppress(OSError):
            path.unlink()
        try:
            self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
            self._socket.bind(_short(path))
            path.chmod(0o600)
        except OSError:
            logger.warning("the live room cannot be told of changes by other processes: no socket could be made")
            return
        while not self._stopped.is_set():
            try:
                self._hear(self._socket.recv(64).decode())
            except (OSError, UnicodeDecodeError):
                continue

    def _hear_redis(self) -> None:
        while not self._stopped.is_set():
            try:
                with _redis().pubsub(ignore_subscribe_messages=True) as heard:
                    heard.subscribe(CHANNEL)
                    self._hear("all")  # what was said while nobody listened
                    while not self._stopped.is_set():
                        message = heard.get_message(timeout=1)
                        if message:
                            self._hear(message["data"].decode())
            except Exception:
                self._stopped.wait(1)

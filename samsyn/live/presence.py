"""How many are in a room. In memory; over several processes, a number per process in Redis that fades by itself."""

from __future__ import annotations

import contextlib
import secrets

from django.conf import settings

from samsyn.live.bus import _redis

_FADES = 15  # seconds after which a process that says nothing no longer counts


class Presence:
    """The number of this process, and the sum over all."""

    def __init__(self) -> None:
        self._name = secrets.token_hex(4)

    def total(self, room: int, here: int, now: float) -> int:
        """How many are there. Called in a thread: with Redis it goes over the network."""
        if not settings.REDIS_URL:
            return here
        with contextlib.suppress(Exception):
            name = f"samsyn:present:{room}"
            pipe = _redis().pipeline()
            pipe.hset(name, self._name, f"{here}:{int(now)}")
            pipe.expire(name, _FADES * 2)
            pipe.hgetall(name)
            told = pipe.execute()[-1]
            numbers = (value.decode().split(":") for value in told.values())
            return sum(int(number) for number, since in numbers if now - int(since) < _FADES)
        return here

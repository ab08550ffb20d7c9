"""Events after a commit: "something changed in this activity". A lost one costs freshness, never truth."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from django.db import transaction

_listeners: list[Callable[[int], None]] = []


def listen(listener: Callable[[int], None]) -> None:
    """Call `listener(activity_id)` after each commit that changed an activity."""
    _listeners.append(listener)


def changed(activity_id: int) -> None:
    """Say, once the surrounding transaction has committed, that an activity changed."""
    for listener in _listeners:
        transaction.on_commit(partial(listener, activity_id))

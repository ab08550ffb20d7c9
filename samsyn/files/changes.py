"""Who wants to know when files come and go. The record of acts lies above this part and listens here."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from samsyn.files.models import Attachment

Listener = Callable[[str, Attachment, Any | None], None]
_listeners: list[Listener] = []


def listen(listener: Listener) -> None:
    """Call `listener(verb, attachment, by)` within each transaction that adds or removes a file."""
    _listeners.append(listener)


def tell(verb: str, attachment: Attachment, by: Any | None) -> None:
    """Say what happened."""
    for listener in _listeners:
        listener(verb, attachment, by)

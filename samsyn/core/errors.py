"""What actions raise when they refuse."""

from __future__ import annotations

from typing import Any


class RefusedError(Exception):
    """An action will not do what was asked: `message` says why in plain words, `field` where it went wrong."""

    def __init__(self, message: Any, field: str | None = None) -> None:
        super().__init__(str(message))
        self.message = message
        self.field = field


class NotAllowedError(RefusedError):
    """The one who asks may not do this."""

"""Codes that lead into something else than an activity: a part above registers how to find it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse

from samsyn.organisations.models import Organisation


@dataclass(frozen=True)
class Door:
    """What a code opens, in whose organisation; `enter` answers the request, within that organisation."""

    organisation: Organisation
    enter: Callable[[HttpRequest], HttpResponse]


Find = Callable[[str], Door | None]
_doors: list[Find] = []


def register(find: Find) -> None:
    """`find(cleaned code)` gives a door, or None."""
    _doors.append(find)


def find(code: str) -> Door | None:
    """What a cleaned code opens."""
    return next((door for one in _doors if (door := one(code)) is not None), None)


def is_taken(code: str) -> bool:
    """Whether a code is in use behind any door."""
    return find(code) is not None

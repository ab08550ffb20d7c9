"""Trying a few of many where trying all takes long: others at each place, the same ones every time."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TypeVar

Value = TypeVar("Value")

EVERYTHING = bool(os.environ.get("SAMSYN_PROVE"))


def chosen(values: Sequence[Value], place: int, number: int) -> Sequence[Value]:
    """A few of them, others at each place, all of them over `len(values) / number` places; in `make prove` all."""
    if EVERYTHING or number >= len(values):
        return values
    return [values[(place * number + step) % len(values)] for step in range(number)]


def examples(number: int) -> int:
    """How many examples a costly property is tried on: so many in `make prove`, else half of them."""
    return number if EVERYTHING else number // 2

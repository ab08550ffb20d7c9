"""Import of people and units: read, understood, planned, looked at, and only then applied."""

from __future__ import annotations

from typing import Any


def apply_batch(progress: Any, *, batch: int) -> dict[str, int]:
    """What the job of a large import runs; see `actions.apply_batch`."""
    from samsyn.organisations.imports import actions

    return actions.apply_batch(progress, batch=batch)

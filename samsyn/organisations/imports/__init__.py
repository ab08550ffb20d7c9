"""Import of people and units: read, understood, planned, looked at, and only then applied."""

from __future__ import annotations

from typing import Any


def apply_batch(progress: Any, *, batch: int) -> dict[str, int]:
    """What the job of a large import runs; see `actions.apply_batch`."""
    from samsyn.jobs.words import both
    from samsyn.organisations.imports import actions
    from samsyn.organisations.imports.preview import outcome

    made = actions.apply_batch(progress, batch=batch)
    progress.message = both(outcome(batch))
    return made

"""Who may see a job, and what a job may be asked to do."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from samsyn.jobs.models import Job
from samsyn.jobs.registry import directory

MOST_IDS = 50_000


def may_see(job: Job, person: Any | None) -> bool:
    """Whoever started it, and the organisation's administrators."""
    if person is None:
        return False
    return job.started_by == person.pk or directory().is_administrator(person)


def checked_arguments(arguments: Mapping[str, Any]) -> dict[str, Any]:
    """Arguments as they may lie in the queue: numbers and lists of numbers. Raises TypeError for anything else."""
    for name, value in arguments.items():
        rows = value if isinstance(value, list) else [value]
        if len(rows) > MOST_IDS or not all(row is None or isinstance(row, int) for row in rows):
            raise TypeError(f"argument {name!r} of a job must be an id or a list of ids")
    return dict(arguments)

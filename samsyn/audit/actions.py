"""Writing to the record."""

from __future__ import annotations

from django.db import models

from samsyn.audit.models import Entry
from samsyn.core import clock, tenancy


def record(verb: str, thing: models.Model | None, *, by: models.Model | None, day_only: bool = False) -> None:
    """Note that `by` (a person, or None for the system) did `verb` to `thing`, within the caller's transaction.

    `day_only`: keep the day alone, for anything in an anonymous activity. Never call it for a contribution to one: the
    place and order of the entry would tell.
    """
    Entry.objects.create(
        organisation_id=tenancy.active_id(),
        actor_id=by.pk if by is not None else None,
        verb=verb,
        object_kind=thing._meta.label_lower if thing is not None else "",
        object_id=thing.pk if thing is not None else None,
        at=clock.start_of(clock.today()) if day_only else clock.now(),
        day_only=day_only,
    )

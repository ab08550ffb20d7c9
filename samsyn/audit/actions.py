"""Writing to the record."""

from __future__ import annotations

from django.db import models

from samsyn.audit.models import Entry
from samsyn.core import clock, tenancy


def record(verb: str, thing: models.Model | None, *, by: models.Model | None) -> None:
    """Note that `by` (a person, or None for the system) did `verb` to `thing`, within the caller's transaction.

    Never call it for a contribution to an anonymous activity: the place and order of the entry would tell.
    """
    Entry.objects.create(
        organisation_id=tenancy.active_id(),
        actor_id=by.pk if by is not None else None,
        verb=verb,
        object_kind=thing._meta.label_lower if thing is not None else "",
        object_id=thing.pk if thing is not None else None,
        at=clock.now(),
    )

"""Noting what is done in an activity: where contributions must leave no trace, by its day alone."""

from __future__ import annotations

from django.db import models

from samsyn.audit.actions import record
from samsyn.organisations.models import Person
from samsyn.programmes.models import Activity
from samsyn.programmes.rules import leaves_no_trace


def record_in(activity: Activity, verb: str, thing: models.Model, *, by: Person | None) -> None:
    """Note that `by` did `verb` to something in an activity, within the caller's transaction.

    In an anonymous or coded one the moment would bound when somebody wrote: a text that was let in at 10.14 was there
    by then. There the day alone is kept.
    """
    record(verb, thing, by=by, day_only=leaves_no_trace(activity))

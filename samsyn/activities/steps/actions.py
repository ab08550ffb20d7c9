"""Writes of steps: what came out, and out of what."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from samsyn.activities.steps.models import Outcome
from samsyn.core import events, tenancy
from samsyn.core.clock import today
from samsyn.core.errors import NotAllowedError, RefusedError
from samsyn.core.texts import LangText
from samsyn.organisations.models import Person
from samsyn.programmes.actions import note_contribution
from samsyn.programmes.contributing import seen_by
from samsyn.programmes.models import Activity
from samsyn.programmes.recording import record_in
from samsyn.programmes.rules import can_lead
from samsyn.thread.actions import add_item, link_many, words_changed
from samsyn.thread.models import Item


def write_outcome(
    activity: Activity, *, text: LangText, by: Person, made_out_of: Iterable[Item] = (), day: dt.date | None = None
) -> Outcome:
    """Write down what came out of a step. Raises RefusedError."""
    if not can_lead(by, activity):
        raise NotAllowedError(_("Only those who lead the programme may do this."))
    if activity.state == Activity.State.DRAFT:
        raise RefusedError(_("Open the step first. Then you can write down what came out of it."))
    if not text:
        raise RefusedError(_("Write what came out of it."), "text")
    if day is not None and day > today():
        raise RefusedError(_("That day is still to come."), "day")
    with transaction.atomic():
        item = add_item(
            programme_id=activity.programme_id,
            activity_id=activity.pk,
            kind="steps.outcome",
            state="done",
            visibility=seen_by(activity),
            level=activity.level,
            title=activity.title,
            owner=by,
            day=day or today(),
        )
        outcome = Outcome.objects.create(
            organisation_id=tenancy.active_id(), item=item, activity=activity, text=text, written_by=by
        )
        words_changed(item)
        link_many([source.pk for source in made_out_of], item)
        note_contribution(activity)
        record_in(activity, "outcome.written", outcome, by=by)
        events.changed(activity.pk)
    return outcome


def change_outcome(outcome: Outcome, *, text: LangText, by: Person, made_out_of: Iterable[Item] = ()) -> None:
    """Change the words of an outcome, and add to what it came of. Links that stand are never taken away."""
    if not can_lead(by, outcome.activity):
        raise NotAllowedError(_("Only those who lead the programme may do this."))
    if outcome.activity.state == Activity.State.PUBLISHED:
        raise RefusedError(_("The result has been published. Write a new outcome instead."))
    if not text:
        raise RefusedError(_("Write what came out of it."), "text")
    with transaction.atomic():
        outcome.text = text
        outcome.save(update_fields=["text"])
        words_changed(outcome.item)
        link_many([source.pk for source in made_out_of], outcome.item)
        record_in(outcome.activity, "outcome.changed", outcome, by=by)
        events.changed(outcome.activity_id)


def forget_author(person: Person) -> int:
    """Take a person's name from the outcomes they wrote."""
    return Outcome.objects.filter(written_by=person).update(written_by=None)


def let_go(activity: Activity) -> None:
    """Delete who wrote the outcomes, within the caller's transaction. The outcomes stay."""
    Outcome.objects.filter(activity=activity, written_by__isnull=False).update(written_by=None)

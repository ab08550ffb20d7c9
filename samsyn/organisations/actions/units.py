"""Writes to units: opened, renamed, moved, merged, closed. What was stays in their history."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from samsyn.audit.actions import record
from samsyn.core import clock
from samsyn.core.errors import NotAllowedError, RefusedError
from samsyn.core.texts import LangText
from samsyn.organisations import changes, queries, rules
from samsyn.organisations.models import Unit, UnitVersion
from samsyn.organisations.names import spellings, tidy
from samsyn.organisations.rules import Actor

_AT_ONCE = 200


def open_unit(*, key: str, name: LangText, parent: Unit | None, by: Actor, day: dt.date | None = None) -> Unit:
    """Open a unit, at the top or below another, from a day on (today). Raises RefusedError for a key in use."""
    _authorise(by)
    day = _not_ahead(day)
    key = tidy(key)
    with transaction.atomic():
        if not key or Unit.objects.filter(key__in=spellings(key)).exists():
            raise RefusedError(_("There is already a unit with this code. Choose another."), "key")
        _open_and_not_too_deep(parent, levels=1)
        unit = changes.open_units([(key, name, parent)], day)[0]
        record("unit.opened", unit, by=by)
    return unit


def rename_unit(unit: Unit, *, name: LangText, by: Actor, day: dt.date | None = None) -> None:
    """Give a unit another name, from a day on (today)."""
    _authorise(by)
    with transaction.atomic():
        unit = _again(unit)
        day = _after_the_latest(unit, day)
        if unit.name == name:
            return
        changes.rename_unit(unit, name, day)
        record("unit.renamed", unit, by=by)


def move_unit(unit: Unit, *, parent: Unit | None, by: Actor, day: dt.date | None = None) -> None:
    """Put a unit, with all below it, under another, from a day on (today). Never below itself."""
    _authorise(by)
    with transaction.atomic():
        unit = _again(unit)
        day = _after_the_latest(unit, day)
        if unit.parent_id == (parent.pk if parent else None):
            return
        parent = _again(parent) if parent else None
        if parent is not None and parent.path.startswith(unit.path):
            raise RefusedError(_("A unit cannot lie below itself."), "parent")
        _open_and_not_too_deep(parent, levels=queries.levels_of(unit))
        changes.move_unit(unit, parent, day)
        record("unit.moved", unit, by=by)


def merge_units(units: Iterable[Unit], *, into: Unit, by: Actor, day: dt.date | None = None) -> None:
    """Let one unit take over others: their people and the units right below them move, they themselves close.

    People move in portions, each in a transaction of its own, so that others can write in between; what was
    cut off half-way is finished by merging again.
    """
    _authorise(by)
    day = _not_ahead(day)
    merged = [unit for unit in units if unit.pk != into.pk]
    if not merged:
        raise RefusedError(_("Choose at least one other unit."), "units")
    for unit in merged:
        _after_the_latest(unit, day)
        if into.path.startswith(unit.path):
            raise RefusedError(_("A unit cannot be merged into one that lies below it. Move that one first."), "into")
    _open_and_not_too_deep(into, levels=0)
    for unit in merged:
        while people := list(queries.present_in(unit)[:_AT_ONCE]):
            with transaction.atomic():
                changes.place_people(people, into, day)
        with transaction.atomic():
            for child in Unit.objects.filter(parent=unit, closed=None):
                _open_and_not_too_deep(into, levels=queries.levels_of(child))
                changes.move_unit(child, _again(into), day)
            changes.close_unit(_again(unit), day, into=into)
            record("unit.merged", unit, by=by)


def close_unit(unit: Unit, *, by: Actor, day: dt.date | None = None) -> None:
    """Close a unit from a day on (today). Refused while people or open units are in it."""
    _authorise(by)
    with transaction.atomic():
        unit = _again(unit)
        day = _after_the_latest(unit, day)
        if queries.present_in(unit).exists():
            raise RefusedError(_("There are people in this unit. Move them first, or merge the unit with another."))
        if Unit.objects.filter(parent=unit, closed=None).exists():
            raise RefusedError(_("There are units below this one. Move or close them first."))
        changes.close_unit(unit, day)
        record("unit.closed", unit, by=by)


def _authorise(actor: Actor) -> None:
    if not rules.may_change(actor):
        raise NotAllowedError(_("You may not do this."))


def _again(unit: Unit) -> Unit:
    """The unit as it is now; raises RefusedError where it has been closed."""
    found: Unit = Unit.objects.select_for_update(of=("self",)).select_related("parent").get(pk=unit.pk)
    if found.closed:
        raise RefusedError(_("This unit has been closed."))
    return found


def _not_ahead(day: dt.date | None) -> dt.date:
    today = clock.today()
    if day is not None and day > today:
        raise RefusedError(_("Choose today or an earlier day."), "day")
    return day or today


def _after_the_latest(unit: Unit, day: dt.date | None) -> dt.date:
    day = _not_ahead(day)
    latest = UnitVersion.objects.filter(unit=unit).order_by("-since").values_list("since", flat=True).first()
    if latest is not None and day < latest:
        raise RefusedError(_("Something later has already happened to this unit. Choose a later day."), "day")
    return day


def _open_and_not_too_deep(parent: Unit | None, *, levels: int) -> None:
    if parent is None:
        return
    if parent.closed:
        raise RefusedError(_("This unit has been closed."), "parent")
    if parent.level + levels > rules.MOST_LEVELS:
        raise RefusedError(_("Units can lie at most %(most)s levels deep.") % {"most": rules.MOST_LEVELS}, "parent")

"""Writes to people: added, changed, moved, ended; their management teams corrected."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from samsyn.audit.actions import record
from samsyn.core import clock, tenancy
from samsyn.core.errors import NotAllowedError, RefusedError
from samsyn.core.texts import LangText
from samsyn.organisations import changes, queries, rules
from samsyn.organisations.models import Person, Placement, TeamCorrection, Unit
from samsyn.organisations.names import spellings, tidy
from samsyn.organisations.rules import Actor

CHANGEABLE = frozenset({"key", "name", "title", "email", "manager", "level", "attributes", "language"})


def add_person(
    *,
    key: str,
    name: str,
    unit: Unit | None,
    by: Actor,
    joined: dt.date | None = None,
    external: bool = False,
    **values: Any,
) -> Person:
    """Add somebody, who is there from a day on (today). `values`: any of the changeable fields.

    Raises RefusedError for a key or an address that somebody else has.
    """
    _authorise(by)
    person = Person(
        organisation_id=tenancy.active_id(),
        key=tidy(key),
        name=tidy(name),
        unit=unit,
        joined=joined or clock.today(),
        external=external,
    )
    with transaction.atomic():
        _set(person, {"key": person.key, "name": person.name} | values)
        _refuse_closed(unit)
        person.save()
        changes.stay([changes.Stay(person.pk, unit.pk if unit else None, person.joined)])
        record("person.added", person, by=by)
    return person


def change_person(person: Person, *, by: Actor, **values: Any) -> None:
    """Change what we know about somebody. Unit and days have actions of their own."""
    _authorise(by)
    with transaction.atomic():
        found = _again(person)
        _set(found, values)
        found.save(update_fields=[*values, "sort_name"])
        record("person.changed", found, by=by)
    person.refresh_from_db()


def move_person(person: Person, *, unit: Unit | None, by: Actor, day: dt.date | None = None) -> None:
    """Put somebody in another unit, from a day on (today). Raises RefusedError for a day before their last move."""
    _authorise(by)
    day = day or clock.today()
    if day > clock.today():
        raise RefusedError(_("Choose today or an earlier day."), "day")
    with transaction.atomic():
        found = _again(person)
        if not rules.is_present(found):
            raise RefusedError(_("%(name)s has left.") % {"name": found.name})
        if found.unit_id == (unit.pk if unit else None):
            return
        latest = Placement.objects.filter(person=found).order_by("-since").values_list("since", flat=True).first()
        if latest is not None and day < min(latest, clock.today()):
            raise RefusedError(_("Something later has already happened to this person. Choose a later day."), "day")
        _refuse_closed(unit)
        changes.place_people([found], unit, day)
        record("person.moved", found, by=by)
    person.refresh_from_db()


def end_person(person: Person, *, last_day: dt.date | None, by: Actor) -> None:
    """Say when somebody's last day is, or was; None: they stay, or are back today.

    Raises RefusedError for a day before their first.
    """
    _authorise(by)
    with transaction.atomic():
        found = _again(person)
        if last_day is not None and last_day < found.joined:
            raise RefusedError(_("The last day comes before the first."), "last_day")
        before, first_away = found.left, last_day + dt.timedelta(days=1) if last_day else None
        if first_away is not None:
            changes.end_people([found], first_away)
        else:
            found.left = None
            found.save(update_fields=["left"])
        if before is not None and (first_away is None or before < first_away):
            since = before if first_away or before > clock.today() else clock.today()
            changes.stay([changes.Stay(found.pk, found.unit_id, since, first_away)])
        record("person.ended" if last_day else "person.stays", found, by=by)
    person.refresh_from_db()


def set_administrator(person: Person, administrator: bool, *, by: Actor) -> None:
    """Let somebody look after people and units, or no longer. Programmes call it for their leads and owners."""
    _authorise(by)
    with transaction.atomic():
        if (
            Person.objects.filter(pk=person.pk, erased=False)
            .exclude(administrator=administrator)
            .update(administrator=administrator)
        ):
            record("person.administers" if administrator else "person.administers-no-more", person, by=by)
    person.administrator = administrator


def correct_team(manager: Person, person: Person, *, included: bool | None, by: Actor) -> None:
    """Put a person into a manager's team, or leave one out; None: as it follows from who reports to whom."""
    _authorise(by)
    if manager.pk == person.pk:
        raise RefusedError(_("A manager always belongs to their own team."), "person")
    derived = person.manager_id == manager.pk
    with transaction.atomic():
        corrections = TeamCorrection.objects.filter(manager=manager, person=person)
        if included is None or included == derived:
            corrections.delete()
        elif not corrections.update(included=included):
            TeamCorrection.objects.create(
                organisation_id=tenancy.active_id(), manager=manager, person=person, included=included
            )
        record("team.corrected", manager, by=by)


def _authorise(actor: Actor) -> None:
    if not rules.may_change(actor):
        raise NotAllowedError(_("You may not do this."))


def _again(person: Person) -> Person:
    found: Person = Person.objects.select_for_update().get(pk=person.pk)
    if found.erased:
        raise RefusedError(_("This person has been removed."))
    return found


def _set(person: Person, values: dict[str, Any]) -> None:
    unknown = values.keys() - CHANGEABLE
    if unknown:
        raise TypeError(f"not changeable: {', '.join(sorted(unknown))}")
    if "email" in values:
        values["email"] = values["email"].strip().lower()
    if "title" in values:
        values["title"] = LangText(values["title"])
    for name, value in values.items():
        setattr(person, name, value)
    if not person.key:
        raise RefusedError(_("Give an employment number, or another key that never changes."), "key")
    if not person.name:
        raise RefusedError(_("Give a name."), "name")
    others = Person.objects.filter(erased=False).exclude(pk=person.pk)
    if "key" in values and others.filter(key__in=spellings(person.key)).exists():
        raise RefusedError(_("Somebody else has this employment number."), "key")
    if values.get("email") and queries.present(others).filter(email=person.email).exists():
        raise RefusedError(_("Somebody else has this address."), "email")
    if values.get("manager") is not None and queries.is_above(person, values["manager"]):
        raise RefusedError(
            _("%(name)s already stands below this person.") % {"name": values["manager"].name}, "manager"
        )


def _refuse_closed(unit: Unit | None) -> None:
    if unit is not None and unit.closed:
        raise RefusedError(_("This unit has been closed."), "unit")

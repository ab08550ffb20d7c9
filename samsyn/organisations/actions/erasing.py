"""Erasing a person: a tombstone stays, so that the record and released figures hold; the person is gone."""

from __future__ import annotations

import datetime as dt
from functools import partial

from allauth.account.models import EmailAddress
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from samsyn.accounts.models import User
from samsyn.audit.actions import record
from samsyn.core import clock, tenancy
from samsyn.core.errors import NotAllowedError
from samsyn.core.ids import encode_id
from samsyn.core.texts import LangText
from samsyn.organisations import changes, erasure, rules
from samsyn.organisations.models import Erasure, Organisation, Person, TeamCorrection
from samsyn.organisations.rules import Actor


def erase_person(person: Person, *, by: Actor) -> None:
    """Erase somebody for ever: name, key, address, title, attributes, account. There is no way back.

    An account that belongs to no other person is closed and its address taken away. Every part that holds something
    of the person is asked to take it out (`erasure.register`). Twice is the same as once.
    """
    if not rules.may_change(by):
        raise NotAllowedError(_("You may not do this."))
    with transaction.atomic():
        found: Person = Person.objects.select_for_update().get(pk=person.pk)
        if found.erased:
            return
        _erase(found)
        entry = erasure.Entry(found.organisation_id, found.pk, clock.today().isoformat())
        _note(entry)
        record("person.erased", found, by=by)
        transaction.on_commit(partial(erasure.write_entry, entry))
    person.refresh_from_db()


def reapply_erasures() -> int:
    """After a restore: erase again whoever had been erased. Reads the list in the database and the file beside it.

    Returns how many people came back with the backup and are gone again.
    """
    gone = 0
    for entry in list(erasure.entries()):
        if not Organisation.objects.filter(pk=entry.organisation_id).exists():
            continue
        with tenancy.scope(entry.organisation_id), transaction.atomic():
            _note(entry)
            found = Person.objects.filter(pk=entry.person_id, erased=False).first()
            if found is not None:
                _erase(found)
                record("person.erased", found, by=None)
                gone += 1
    return gone


def _note(entry: erasure.Entry) -> None:
    Erasure.objects.get_or_create(
        organisation_id=entry.organisation_id,
        person_id=entry.person_id,
        defaults={"day": dt.date.fromisoformat(entry.day)},
    )


def _erase(person: Person) -> None:
    for part in erasure.parts():
        part(person)
    user = person.user
    if person.left is None or person.left > clock.today():
        changes.end_people([person], clock.today())
    Person.objects.filter(manager=person).update(manager=None)
    TeamCorrection.objects.filter(Q(manager=person) | Q(person=person)).delete()
    person.key = f"-{encode_id(person.pk)}"
    person.name = "–"
    person.email = ""
    person.title, person.attributes = LangText(), {}
    person.user = person.unit = person.manager = None
    person.administrator, person.erased = False, True
    person.level = Person.Level.STAFF
    person.save()
    if user is not None:
        _close_account(user)


def _close_account(user: User) -> None:
    """Close an account that belongs to no other person in any organisation, nor to an operator."""
    if user.is_operator or Person.across.filter(user=user).exists():
        return
    EmailAddress.objects.filter(user=user).delete()
    user.email = f"{encode_id(user.pk)}@removed.invalid"
    user.is_active = False
    user.set_unusable_password()
    user.save()

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import translation

from samsyn.accounts.models import User
from samsyn.audit.models import Entry
from samsyn.core import tenancy
from samsyn.core.texts import LangText
from samsyn.organisations import actions, erasure, queries
from samsyn.organisations.models import Erasure, Organisation, Person


@pytest.fixture
def person(organisation) -> Person:
    unit = actions.open_unit(key="A", name=LangText(sv="Vård"), parent=None, by=None)
    made = actions.add_person(
        key="1971", name="Åsa Öberg", unit=unit, by=None, email="asa@x.se", title={"sv": "Rektor"},
        attributes={"Yrke": "Skola"},
    )  # fmt: skip
    made.user = User.objects.create_user("asa@x.se", "en hemlig fras")
    made.save()
    return made


@pytest.fixture
def parts(monkeypatch) -> list[int]:
    called: list[int] = []
    monkeypatch.setattr(erasure, "_parts", [])
    erasure.register(lambda person: called.append(person.pk))
    return called


def test_a_tombstone_stays_and_the_person_is_gone(person, parts, django_capture_on_commit_callbacks):
    report = actions.add_person(key="2", name="Bo", unit=None, by=None, manager=person)
    with django_capture_on_commit_callbacks(execute=True):
        actions.erase_person(person, by=None)
        actions.erase_person(person, by=None)
    stone = Person.objects.get(pk=person.pk)
    with translation.override("sv"):
        assert str(stone.name) == "Borttagen person"
    with translation.override("en"):
        assert str(stone) == "Removed person"
    raw = str(Person.objects.filter(pk=person.pk).values().get())
    assert not any(word in raw for word in ("Åsa", "asa@x.se", "Rektor", "Skola", "1971"))
    assert (stone.user, stone.unit, stone.erased) == (None, None, True)
    account = User.objects.get()
    assert (account.is_active, account.has_usable_password()) == (False, False)
    assert "asa" not in account.email
    assert parts == [person.pk]
    assert Person.objects.get(pk=report.pk).manager is None
    assert Erasure.objects.get().person_id == person.pk
    assert Entry.objects.filter(verb="person.erased", object_id=person.pk).count() == 1
    assert len(erasure.list_path().read_text().splitlines()) == 1
    assert not queries.find_people("Öberg").exists()


def test_an_account_that_belongs_to_somebody_else_too_stays_open(person, parts):
    elsewhere = Organisation.objects.create(slug="b", name=LangText(sv="B"))
    with tenancy.scope(elsewhere.pk, "b"):
        Person.objects.create(organisation=elsewhere, key="9", name="Åsa", user=person.user, joined=dt.date(2026, 1, 1))
    actions.erase_person(person, by=None)
    assert User.objects.get().is_active


def test_the_key_is_free_again(person, parts):
    actions.erase_person(person, by=None)
    assert actions.add_person(key="1971", name="Ny", unit=None, by=None).pk != person.pk


def test_what_a_backup_brings_back_is_erased_again(person, parts, django_capture_on_commit_callbacks):
    before = Person.objects.filter(pk=person.pk).values().get()
    with django_capture_on_commit_callbacks(execute=True):
        actions.erase_person(person, by=None)
    Person.objects.filter(pk=person.pk).update(**{name: value for name, value in before.items() if name != "id"})
    Erasure.objects.all().delete()  # the backup is older than the erasure
    assert actions.reapply_erasures() == 1
    assert actions.reapply_erasures() == 0
    assert Person.objects.get(pk=person.pk).erased
    assert Erasure.objects.get().person_id == person.pk
    assert parts == [person.pk, person.pk]

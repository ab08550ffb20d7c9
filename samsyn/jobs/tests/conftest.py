"""An organisation with a few people."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
from django.core import mail

from samsyn.accounts.models import User
from samsyn.core import tenancy
from samsyn.core.texts import LangText
from samsyn.jobs.mail import purposes
from samsyn.organisations.models import Organisation, Person


def make_person(organisation: Organisation, key: str, **values: Any) -> Person:
    """A person; with an account where `account` is given."""
    email = values.pop("email", f"{key}@example.org")
    user = User.objects.create_user(email, "long enough words") if values.pop("account", False) else None
    return Person.objects.create(
        organisation=organisation,
        key=key,
        name=values.pop("name", key.capitalize()),
        email=email,
        user=user,
        joined=dt.date(2020, 1, 1),
        **values,
    )


@pytest.fixture
def organisation(db) -> Iterator[Organisation]:
    found = Organisation.objects.create(slug="norr", name=LangText(sv="Region Norr", en="North Region"))
    with tenancy.scope(found.pk, found.slug):
        yield found


@pytest.fixture
def people(organisation: Organisation) -> list[Person]:
    return [make_person(organisation, key) for key in ("anna", "bo", "cilla", "david")]


@pytest.fixture
def starter(organisation: Organisation) -> Person:
    return make_person(organisation, "lead", account=True)


@pytest.fixture(autouse=True)
def purpose() -> Iterator[None]:
    before = dict(purposes._purposes)
    purposes.register("news", "what is new")
    purposes.register("invitation", "an invitation", essential=True)
    yield
    purposes._purposes.clear()
    purposes._purposes.update(before)


@pytest.fixture
def outbox() -> list[Any]:
    return mail.outbox

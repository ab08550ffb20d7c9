"""Whoever the organisation knows by address can sign in, though nobody made an account for them."""

import re

import pytest
from django.core import mail
from django.test import Client

from samsyn.accounts.models import User
from samsyn.organisations.models import Person
from tests.fixtures import DAY


@pytest.fixture
def imported(world):
    """A person as an import makes them: an address, no account."""
    return Person.objects.create(
        organisation=world.organisation, key="9", name="Ny Person", email="Ny.Person@ankeby.example", joined=DAY
    )


def ask_for_code(address: str) -> Client:
    client = Client()
    assert client.post("/accounts/login/", {"email": address}).status_code == 302
    return client


def test_an_imported_person_signs_in_with_a_code(world, imported):
    client = ask_for_code("ny.person@ankeby.example")
    imported.refresh_from_db()
    assert imported.user.email == "ny.person@ankeby.example"
    code = re.search(r"^([A-Z]{4}-[A-Z]{4})$", mail.outbox[-1].body, re.MULTILINE)[1]
    answer = client.post("/accounts/login/code/", {"code": code}, follow=True)
    assert answer.redirect_chain[-1][0] == f"/o/{world.organisation.slug}/"


def test_an_unknown_address_gets_no_account(world):
    ask_for_code("nobody@ankeby.example")
    assert not User.objects.filter(email="nobody@ankeby.example").exists()


def test_an_address_that_two_share_belongs_to_neither(world, imported):
    Person.objects.create(organisation=world.organisation, key="10", name="Delad", email=imported.email, joined=DAY)
    ask_for_code(imported.email)
    assert not User.objects.filter(email=imported.email.lower()).exists()


def test_who_has_left_gets_no_account(world, imported):
    imported.left = DAY
    imported.save()
    ask_for_code(imported.email)
    imported.refresh_from_db()
    assert imported.user is None


def test_whoever_was_on_the_way_somewhere_is_told_why_they_sign_in(world):
    on_the_way = Client().get("/accounts/login/?next=/o/ankeby/").content.decode()
    told = "kommer du direkt dit"
    assert told in on_the_way
    assert told not in Client().get("/accounts/login/").content.decode()

"""What the tests about people share."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client

from samsyn.core.addresses import address
from samsyn.core.ids import encode_id
from samsyn.organisations.models import Person
from samsyn.programmes import actions_guests, invitation_links
from samsyn.programmes.models import Activity, Invitation
from tests.fixtures import DAY, World


@pytest.fixture
def tongue() -> str:
    """What is refused is refused in English here."""
    return "en"


LATER = DAY + dt.timedelta(days=60)


def stand_still(world: World) -> None:
    """Let requests happen on the day of the tests: only a synthetic organisation has a day of its own."""
    set_day(world, DAY)


def set_day(world: World, day: dt.date) -> None:
    world.organisation.synthetic, world.organisation.simulated_day = True, day
    world.organisation.save(update_fields=["synthetic", "simulated_day"])


def guest(world: World, *activities: Activity, email: str = "vera@uni.example", **values: object) -> Invitation:
    """An invited guest."""
    return actions_guests.invite_guest(
        world.programme,
        **{
            "name": "Vera Forskare",
            "email": email,
            "activities": activities,
            "until": LATER,
            "by": world.person("lead"),
            **values,
        },
    )


def path_of(invitation: Invitation) -> str:
    """The address of an invitation within the place."""
    return address("programmes:invitation", secret=invitation_links.secret_for(invitation.pk))


def come_in(invitation: Invitation) -> Client:
    """A browser in which the guest has pressed the button."""
    client = Client()
    client.post(path_of(invitation))
    return client


def person_key(person: Person) -> str:
    return f"person:{encode_id(person.pk)}"

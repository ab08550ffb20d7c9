"""A small organisation with one person in each role, and programmes to be in."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client
from django.utils import timezone, translation

from samsyn.accounts.models import User
from samsyn.core import clock, tenancy
from samsyn.core.texts import LangText
from samsyn.organisations.models import Organisation, Person, Unit
from samsyn.programmes import actions
from samsyn.programmes.models import Activity, Frame, Part, Programme, Role
from samsyn.thread import secrets

DAY = dt.date(2026, 3, 12)
BACKEND = "django.contrib.auth.backends.ModelBackend"


@dataclass
class World:
    """One organisation and what tests need of it."""

    organisation: Organisation
    units: dict[str, Unit] = field(default_factory=dict)
    people: dict[str, Person] = field(default_factory=dict)
    programme: Programme | None = None
    frame: Frame | None = None

    def person(self, name: str) -> Person:
        return self.people[name]

    def client(self, name: str | None = None) -> Client:
        """A browser; signed in as one of the people, or as nobody."""
        client = Client()
        if name is not None:
            client.force_login(self.people[name].user, backend=BACKEND)
        return client

    def activity(self, kind: str = "questions", **values: object) -> Activity:
        """A draft activity; `state` opens, closes or publishes it through the actions."""
        state = values.pop("state", "draft")
        values = {
            "title": LangText(sv="Frågestund", en="Question time"),
            "purpose": LangText(sv="Fråga oss", en="Ask us"),
            "level": "anonymous" if kind == "questions" else "named",
            "entry": "audience",
            "starts": DAY,
            "ends": DAY + dt.timedelta(days=7),
            "reply_by": DAY + dt.timedelta(days=21),
            **values,
        }
        lead = self.people["lead"]
        activity = actions.add_activity(self.frame, by=lead, kind=kind, **values)
        if state != "draft":
            actions.open_activity(activity, by=lead)
        if state in {"closed", "published"}:
            actions.close_activity(activity, by=lead)
        if state == "published":
            reply = actions.OurReply(LangText(sv="Vi hörde"), LangText(sv="Vi gör"), LangText(), None)
            actions.publish_activity(activity, reply, signed_by=self.people["owner"], by=lead)
        return activity


def make_world(slug: str) -> World:
    """An organisation with units, people in every role of the design, and one programme for everybody."""
    organisation = Organisation.objects.create(slug=slug, name=LangText(sv=f"Kommunen {slug}", en=f"Council {slug}"))
    world = World(organisation)
    with tenancy.scope(organisation.pk, slug), clock.simulated(DAY):
        top = _unit(world, "top", None)
        _unit(world, "a", top)
        _unit(world, "b", top)
        _person(world, "owner", "top", level="top")
        _person(world, "lead", "top", administrator=True)
        _person(world, "manager", "a", level="manager", manager="owner")
        _person(world, "staff", "a", manager="manager")
        _person(world, "other", "b", manager="owner")
        _person(world, "member", "b", manager="owner")
        _person(world, "facilitator", None, external=True)
        _person(world, "guest", None, external=True)
        world.programme = actions.add_programme(
            by=world.people["lead"],
            owner=world.people["owner"],
            title=LangText(sv="Programmet", en="The programme"),
            from_state=LangText(sv="Från", en="From"),
            to_state=LangText(sv="Till", en="To"),
            starts=DAY,
            ends=DAY + dt.timedelta(days=200),
        )
        world.frame = actions.add_frame(
            world.programme,
            by=world.people["lead"],
            name=LangText(sv="Början", en="The beginning"),
            starts=DAY,
            ends=DAY + dt.timedelta(days=30),
        )
        for name, until in (("facilitator", None), ("member", None), ("guest", DAY + dt.timedelta(days=60))):
            Role.objects.create(
                organisation=organisation,
                programme=world.programme,
                person=world.people[name],
                name=name,
                until=until,
            )
    return world


def _unit(world: World, key: str, parent: Unit | None) -> Unit:
    unit = Unit(organisation=world.organisation, key=key, name=LangText(sv=f"Enhet {key}"), parent=parent, opened=DAY)
    unit.path = unit.path_below()
    unit.save()
    world.units[key] = unit
    return unit


def _person(world: World, name: str, unit: str | None, manager: str | None = None, **values: object) -> Person:
    email = f"{name}@{world.organisation.slug}.example"
    world.people[name] = Person.objects.create(
        organisation=world.organisation,
        key=name,
        name=name.capitalize(),
        email=email,
        user=User.objects.create_user(email),
        unit=world.units[unit] if unit else None,
        manager=world.people[manager] if manager else None,
        joined=DAY - dt.timedelta(days=400),
        **values,
    )
    return world.people[name]


def invite(world: World, activity: Activity, name: str) -> None:
    """Put one person into an activity's own audience."""
    activity.everybody = False
    activity.save(update_fields=["everybody"])
    Part.objects.create(organisation=world.organisation, activity=activity, person=world.people[name])


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    """Tables made from the models, in a fifth of the time; noted down as if the migrations had made them."""
    settings.MIGRATION_MODULES = {}
    with django_db_blocker.unblock():
        recorder = MigrationRecorder(connection)
        recorder.ensure_schema()
        for app, name in MigrationLoader(None).disk_migrations:
            recorder.record_applied(app, name)


@pytest.fixture(scope="session", autouse=True)
def cost_of_words() -> Iterator[int]:
    """What stretching the words of a receipt costs; next to nothing within these tests, for nobody guesses here."""
    full, secrets.COST = secrets.COST, 16
    yield full
    secrets.COST = full


@pytest.fixture
def tongue() -> str:
    """The language of `world`: a module that reads its texts in English has a fixture of its own by this name."""
    return "sv"


@pytest.fixture
def world(db: None, tongue: str) -> Iterator[World]:
    """An organisation, entered: its rows, its clock (12 March 2026), its time zone, its language."""
    made = make_world("ankeby")
    with (
        tenancy.scope(made.organisation.pk, made.organisation.slug),
        clock.simulated(DAY),
        timezone.override("Europe/Stockholm"),
        translation.override(tongue),
    ):
        yield made


@pytest.fixture
def elsewhere(db: None) -> World:
    """Another organisation in the same database."""
    return make_world("gaseborg")

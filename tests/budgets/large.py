"""A large organisation late in a long programme: more of everything than most will have."""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import dataclass

from samsyn.core.ids import new_id
from samsyn.core.texts import LangText
from samsyn.organisations.models import Person, Placement, Unit
from samsyn.programmes.models import (
    Activity,
    ErasureRequest,
    FaultReport,
    Frame,
    Group,
    GroupMember,
    Invitation,
    News,
    Part,
    Partner,
    Role,
)
from samsyn.thread.models import Item, Link, Promise, Reply
from tests.fixtures import DAY, World

PEOPLE, UNITS, GUESTS, MEMBERS, GROUPS, IN_A_GROUP = 2_000, 300, 200, 150, 40, 200
FRAMES, ACTIVITIES, VOICES, PROMISES, NEWS, REPORTS = 5, 40, 60, 200, 60, 200
SUBJECTS = ("mötena", "lönen", "verktygen", "lokalerna", "cheferna", "schemat", "utbildningen")


def sentence(number: int) -> LangText:
    """Words as long as people write them."""
    subject = SUBJECTS[number % len(SUBJECTS)]
    return LangText(sv=f"Varför är {subject} så här i avdelning {number}, och vem bestämmer om det?")


def items(world: World, number: int, **values: object) -> list[Item]:
    """Bare items of the thread."""
    rows = [
        Item(
            id=new_id(), organisation=world.organisation, programme_id=world.programme.pk, title=sentence(n),
            **({"day": DAY, "visibility": "programme"} | values),
        )
        for n in range(number)
    ]  # fmt: skip
    Item.objects.bulk_create(rows, batch_size=500)
    return rows


@dataclass
class Large:
    """The world and what lies in it."""

    world: World
    units: list[Unit]
    people: list[Person]
    groups: list[Group]
    activities: list[Activity]


def furnish(world: World) -> Large:
    """Fill the world."""
    chance, own = random.Random(7), {"organisation": world.organisation}
    units = _units(world)
    people = [
        Person(**own, key=f"n{n}", name=f"Åsa Öberg-{n:04}", sort_name=f"oberg {n:04}", email=f"n{n}@ankeby.example",
               unit=chance.choice(units), joined=DAY - dt.timedelta(days=chance.randint(1, 3000)),
               level="manager" if n % 40 == 0 else "staff", external=n >= PEOPLE - GUESTS)
        for n in range(PEOPLE)
    ]  # fmt: skip
    Person.objects.bulk_create(people, batch_size=500)
    Placement.objects.bulk_create([Placement(**own, person=one, unit=one.unit, since=one.joined) for one in people])
    programme = {**own, "programme": world.programme}
    partners = Partner.objects.bulk_create(
        [Partner(**programme, name=f"Byrån {n}", until=DAY + dt.timedelta(days=90)) for n in range(10)]
    )
    Role.objects.bulk_create(
        [Role(**programme, person=one, name="member") for one in people[:MEMBERS]]
        + [
            Role(**programme, person=one, name="facilitator", partner=chance.choice(partners))
            for one in people[200:230]
        ]
    )
    groups = Group.objects.bulk_create([Group(**programme, name=sentence(n)) for n in range(GROUPS)])
    GroupMember.objects.bulk_create([GroupMember(**own, group=groups[0], person=one) for one in people[:IN_A_GROUP]])
    activities = _activities(world)
    _guests(world, people[PEOPLE - GUESTS :], activities)
    _thread(world, people, activities)
    News.objects.bulk_create(
        [News(**programme, day=DAY, title=sentence(n), text=sentence(n), signed_by=people[n]) for n in range(NEWS)]
    )
    FaultReport.objects.bulk_create([FaultReport(text=str(sentence(n)), day=DAY) for n in range(REPORTS)])
    ErasureRequest.objects.bulk_create([ErasureRequest(**own, person=one, day=DAY) for one in people[:REPORTS]])
    return Large(world, units, people, groups, activities)


def _units(world: World) -> list[Unit]:
    made: list[Unit] = []
    for n in range(UNITS):
        parent = world.units["top"] if n < 20 else made[n % 20]
        unit = Unit(organisation=world.organisation, key=f"u{n}", name=LangText(sv=f"Enheten för ärenden {n}"),
                    parent=parent, opened=DAY)  # fmt: skip
        unit.path = unit.path_below()
        made.append(unit)
    Unit.objects.bulk_create(made)
    return made


def _activities(world: World) -> list[Activity]:
    made = []
    for number in range(FRAMES):
        start = DAY + dt.timedelta(days=30 * (number - 2))
        frame = Frame.objects.create(
            organisation=world.organisation, programme=world.programme, position=number + 2, name=sentence(number),
            starts=start, ends=start + dt.timedelta(days=29),
        )  # fmt: skip
        for place in range(ACTIVITIES // FRAMES):
            state = ("draft", "open", "closed", "published")[place % 4] if number < 4 else "draft"
            kind = ("questions", "steps", "dialogue")[place % 3]
            made.append(
                Activity(
                    organisation=world.organisation, programme=world.programme, frame=frame, position=place, kind=kind,
                    title=sentence(place), purpose=sentence(place), state=state, starts=start,
                    ends=start + dt.timedelta(days=7), reply_by=start + dt.timedelta(days=20),
                    level="anonymous" if kind == "questions" else "named", entry="audience", everybody=place % 2 == 0,
                    published=start if state == "published" else None, closed=start if state == "published" else None,
                )
            )  # fmt: skip
    Activity.objects.bulk_create(made)
    Part.objects.bulk_create(
        [Part(organisation=world.organisation, activity=one, level="staff") for one in made if not one.everybody]
    )
    return made


def _guests(world: World, guests: list[Person], activities: list[Activity]) -> None:
    own, until = {"organisation": world.organisation}, DAY + dt.timedelta(days=60)
    programme = {**own, "programme": world.programme}
    Role.objects.bulk_create([Role(**programme, person=one, name="guest", until=until) for one in guests])
    Invitation.objects.bulk_create(
        [Invitation(**programme, person=one, digest=f"{n:064x}", until=until) for n, one in enumerate(guests)]
    )
    parts = [Part(**own, activity=activities[n % 10], person=one) for n, one in enumerate(guests)]
    Part.objects.bulk_create(parts)


def _thread(world: World, people: list[Person], activities: list[Activity]) -> None:
    own = {"organisation": world.organisation}
    for number, activity in enumerate(one for one in activities if one.state == "published"):
        voices = items(world, VOICES, kind="theme", activity_id=activity.pk)
        (replied,) = items(world, 1, kind="reply", activity_id=activity.pk)
        words = sentence(number)
        Reply.objects.create(**own, item=replied, activity_id=activity.pk, heard=words, doing=words, not_doing=words,
                             signed_by=people[0], day=DAY)  # fmt: skip
        Link.objects.bulk_create([Link(**own, source=one, target=replied) for one in voices])
    made = items(world, PROMISES, kind="promise", owner=world.person("owner"), due=DAY + dt.timedelta(days=9))
    for n, one in enumerate(made):
        one.state = "open" if n % 2 else "kept"
    Item.objects.bulk_update(made, ["state"], batch_size=200)
    Promise.objects.bulk_create(
        [Promise(**own, item=one, text=one.title, first_due=one.due, settled=None if n % 2 else DAY)
         for n, one in enumerate(made)]
    )  # fmt: skip

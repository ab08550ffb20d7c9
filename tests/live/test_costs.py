"""What a full room may cost: queries and renderings that do not grow with the number of people."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections import Counter
from collections.abc import Mapping

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from samsyn.accounts.models import User
from samsyn.core import clock
from samsyn.core.texts import LangText
from samsyn.gatherings import actions, actions_running, eligibility
from samsyn.gatherings.room import SessionRooms
from samsyn.live import intake, registry, rooms
from samsyn.live.presence import Presence
from samsyn.live.registry import PHONE, Room
from samsyn.live.rooms import LiveRoom
from samsyn.live.sendings import Sending
from samsyn.live.streams import BEAT, Stream
from samsyn.live.threads import DatabaseThread
from samsyn.organisations.models import Person
from samsyn.programmes import standing
from tests.fixtures import DAY, World, invite
from tests.polls import asking

PEOPLE = 12


def room_of(world: World, activity) -> int:
    """A session that goes on with the activity on its stage."""
    session = actions.add_session(
        world.frame, by=world.person("lead"), title=LangText(sv="Träffen"), starts=clock.start_of(DAY, 9)
    )
    title = LangText(sv="Omröstning")
    actions.add_block(session, by=world.person("lead"), title=title, minutes=30, form="activity", activity=activity)
    actions_running.command(session, "start", by=world.person("lead"))
    return session.pk


@pytest.fixture
def staff(world) -> list[Person]:
    """Many people, none of whom has sent anything."""
    eligibility._takes_part.clear()
    joined = {"organisation": world.organisation, "joined": DAY - dt.timedelta(days=9)}
    rows = []
    for number in range(PEOPLE):
        user = User.objects.create_user(f"more{number}@ankeby.example")
        rows.append(Person(key=f"m{number}", name=f"M {number}", email=user.email, user=user, **joined))
    return Person.objects.bulk_create(rows)


def cost(room: int, sendings: list[Sending]) -> int:
    """How many queries one commit takes."""
    with CaptureQueriesContext(connection) as captured:
        taken = intake.commit([(room, sending) for sending in sendings])
    assert [one.error for one in taken] == [""] * len(sendings)
    return len(captured)


def test_whoever_votes_by_name_for_the_first_time_costs_no_query_of_their_own(world, staff):
    activity = asking.poll(world, level="named", entry="audience")
    question = asking.ask(world, activity)
    room = room_of(world, activity)
    sent = [asking.sending(question, choice="1", person=str(person.pk)) for person in staff]
    cost(room, sent[:1])
    alone, together = cost(room, sent[1:2]), cost(room, sent[2:])
    assert together == alone
    assert asking.picked(question) == [0, PEOPLE, 0]


def test_looked_up_together_the_same_may_take_part_as_one_by_one(world):
    activity = asking.poll(world, level="named", entry="audience")
    for only in ([], ["staff", "guest", "manager"]):
        for name in only:
            invite(world, activity, name)
        world.people["staff"].left = DAY - dt.timedelta(days=1) if only else None
        world.people["staff"].save()
        eligibility._takes_part.clear()
        question = asking.ask(world, activity)
        people = {name: person.pk for name, person in world.people.items()}
        sent = {name: asking.sending(question, person=str(pk)) for name, pk in people.items()}
        eligibility.look_up({activity.pk: activity}, list(sent.values()))
        with CaptureQueriesContext(connection) as captured:
            may = {name for name, sending in sent.items() if not eligibility.refusal(activity, sending)}
        assert not captured.captured_queries
        everyone = Person.objects.in_bulk(list(people.values()))
        one_by_one = {
            name for name, pk in people.items() if standing.PARTICIPANT in standing.in_activity(everyone[pk], activity)
        }
        assert may == one_by_one
        assert may


@pytest.mark.parametrize(("view", "most"), [("phone", 3), ("screen", 3), ("desk", 4)])
def test_a_view_of_a_poll_keeps_to_its_queries(world, view, most):
    activity = asking.poll(world)
    asking.ask(world, activity, at_once=True)
    room = room_of(world, activity)
    with CaptureQueriesContext(connection) as captured:
        assert SessionRooms().render(room, view, "sv", 2)
    assert len(captured) <= most


class Counting:
    """A room of its own, which counts how often it is rendered."""

    def __init__(self) -> None:
        self.times: Counter[str] = Counter()

    def render(self, room_id: int, view: str, language: str, present: int) -> Mapping[str, str]:
        self.times["parts"] += 1
        return {"body": f"<p>{self.times['parts']}</p>"}

    def page(self, room_id: int, view: str, language: str, parts: Mapping[str, str]) -> str:
        self.times["page"] += 1
        return parts["body"]


def test_however_many_come_at_once_the_page_is_rendered_once(monkeypatch):
    source = Counting()
    monkeypatch.setattr(registry, "_source", [source])

    async def come() -> None:
        reads = DatabaseThread("reads")
        room = LiveRoom(Room(1, "ABCDEF", True, True, 0, frozenset(), "/", "/"), reads, reads, Presence())
        for turn in (1, 2):
            pages = await asyncio.gather(*(room.page((PHONE, "sv")) for _person in range(200)))
            assert set(pages) == {f"<p>{turn}</p>".encode()}
            room.changed()
            await asyncio.sleep(0.06)  # older than what somebody without a stream may be shown
        newest = await asyncio.gather(*(room.page((PHONE, "sv"), newest=True) for _person in range(200)))
        assert set(newest) == {b"<p>3</p>"}
        room.stop()
        reads.stop()

    asyncio.run(come())
    assert source.times == {"parts": 3, "page": 3}


def test_a_beat_goes_only_to_those_to_whom_nothing_has_been_written_for_a_while(monkeypatch):
    monkeypatch.setattr(registry, "_source", [Counting()])
    monkeypatch.setattr(rooms, "_BEAT", 0.6)
    came: list[bytes] = []

    async def look_on() -> None:
        arrived = asyncio.Event()

        async def send(message: dict) -> None:
            came.append(message["body"])
            arrived.set()

        reads = DatabaseThread("reads")
        room = LiveRoom(Room(1, "ABCDEF", True, True, 0, frozenset(), "/", "/"), reads, reads, Presence())
        await room.join((PHONE, "sv"), Stream(send))
        for _push in range(5):  # a quarter of a second each: twice as long as it takes to a beat
            arrived.clear()
            room.changed()
            await asyncio.wait_for(arrived.wait(), 5)
        pushed = list(came)
        while BEAT.body not in came:  # and now nothing changes
            arrived.clear()
            await asyncio.wait_for(arrived.wait(), 5)
        room.stop()
        reads.stop()
        assert len(pushed) >= 5
        assert BEAT.body not in pushed

    asyncio.run(look_on())

"""Sessions as rooms of the live hub: which there are, what they show, who may send what.

Called in the hub's threads, outside of any request: each call enters the session's organisation by itself.
"""

from __future__ import annotations

import random
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace

from django.utils import timezone, translation

from samsyn.core import clock, tenancy
from samsyn.core.addresses import address
from samsyn.core.ids import encode_id
from samsyn.gatherings import actions_running, eligibility, rules, scenes
from samsyn.gatherings.models import Block, Session
from samsyn.gatherings.standing import READING, in_session
from samsyn.live.registry import Room
from samsyn.live.sendings import Sending, Taken
from samsyn.organisations.models import Person
from samsyn.programmes.kinds import kind_of
from samsyn.programmes.models import Activity
from samsyn.programmes.standing import Visitor
from samsyn.thread import secrets

_KEPT = 1.0  # seconds for which a session is shown as it was read; a change that is told is read at once


class SessionRooms:
    """What `live.registry.Source` asks for."""

    def __init__(self) -> None:
        self._sessions: dict[int, tuple[float, Session]] = {}  # by id: until when it is as it was read

    def find(self, code: str) -> Room | None:
        session = _sessions().filter(code=code).first()
        return _room(session) if session is not None and rules.is_in_the_room(session) else None

    def read(self, room_id: int) -> Room | None:
        self._sessions.pop(room_id, None)
        session = _sessions().filter(pk=room_id).first()
        return _room(session) if session is not None else None

    def render(self, room_id: int, view: str, language: str, present: int) -> Mapping[str, str]:
        session = self._session(room_id)
        with _inside(session, language):
            return scenes.parts(session, view, present)

    def page(self, room_id: int, view: str, language: str, parts: Mapping[str, str]) -> str:
        session = _sessions().get(pk=room_id)
        with _inside(session, language):
            return scenes.page(session, view, language, parts)

    def note_presence(self, room_id: int, present: int) -> None:
        actions_running.note_presence(room_id, present)

    def may_be_there(self, room_id: int, person: int) -> bool:
        session = _sessions().filter(pk=room_id).first()
        if session is None:
            return False
        with _inside(session):
            found = Person.objects.filter(pk=person).first()
            return found is not None and bool(in_session(Visitor(found), session) & READING)

    def improvise(self, room_id: int, key: str, chance: random.Random) -> Sending | None:
        session = _sessions().get(pk=room_id)
        if not session.organisation.synthetic:
            return None
        with _inside(session, chance.choice(["sv", "sv", "en"])):
            block = Block.objects.select_related("activity__programme").filter(pk=session.block_id).first()
            activity = block.activity if block is not None else None
            if activity is None or activity.state != Activity.State.OPEN:
                return None
            said = kind_of(activity).improvise(activity, key, chance)
            language = translation.get_language() or "sv"
            return Sending(activity.pk, *said, key, language=language) if said is not None else None

    def prepare(self, sending: Sending) -> Sending:
        words = secrets.clean_words(sending.values.get("words", ""))
        values = {name: value for name, value in sending.values.items() if name not in {"words", "stretched"}}
        return replace(sending, values={**values, "stretched": secrets.stretch(words).hex() if words else ""})

    def admit(self, room_id: int, sendings: Sequence[Sending]) -> None:
        session = _sessions().get(pk=room_id)
        with _inside(session):
            eligibility.admit(_activities(session), sendings)

    def take(self, room_id: int, sendings: Sequence[Sending]) -> list[Taken]:
        session = _sessions().get(pk=room_id)
        taken = [Taken(again=True)] * len(sendings)
        with _inside(session):
            activities = _activities(session)
            eligibility.look_up(activities, sendings)
            by_name: dict[tuple[int, str], list[int]] = defaultdict(list)
            for place, sending in enumerate(sendings):
                activity = activities.get(sending.activity)
                refusal = eligibility.refusal(activity, sending)
                if refusal or activity is None:
                    taken[place] = Taken(error=refusal)
                else:
                    by_name[sending.activity, sending.name].append(place)
            for (activity_id, name), places in by_name.items():
                activity = activities[activity_id]
                rows = [eligibility.with_key(activity, sendings[place]) for place in places]
                answers = kind_of(activity).intake()[name](activity, rows)
                for place, answer in zip(places, answers, strict=True):
                    taken[place] = answer
        return taken

    def _session(self, room_id: int) -> Session:
        """The session to show: several views and languages are rendered after the same change."""
        now = time.monotonic()
        until, session = self._sessions.get(room_id, (0.0, None))
        if session is None or now > until:
            self._sessions = {pk: kept for pk, kept in self._sessions.items() if now <= kept[0]}
            session = _sessions().get(pk=room_id)
            self._sessions[room_id] = now + _KEPT, session
        return session


def _sessions() -> object:
    return Session.across.select_related("organisation", "programme", "unit")


def _room(session: Session) -> Room:
    blocks = Block.across.filter(session=session, activity__isnull=False).values_list("activity_id", flat=True)
    with _inside(session):
        entrance = address("gatherings:enter", session=session.pk)
        desk = address("gatherings:console", session=session.pk)
    return Room(
        id=session.pk,
        code=session.code or "",
        is_open=rules.is_in_the_room(session),
        by_code=session.entry == "code" and not session.passcode,
        epoch=session.epoch,
        activities=frozenset(blocks),
        entrance=entrance,
        desk=desk,
        synthetic=session.organisation.synthetic,
    )


def _activities(session: Session) -> dict[int, object]:
    blocks = Block.objects.filter(session=session, activity__isnull=False).select_related("activity__programme")
    return {block.activity_id: block.activity for block in blocks}


@contextmanager
def _inside(session: Session, language: str = "sv") -> Iterator[None]:
    """The session's organisation: its rows, its clock, its time zone; and the language of the reader."""
    organisation = session.organisation
    with (
        tenancy.scope(organisation.pk, organisation.slug),
        clock.simulated(organisation.simulated_day),
        timezone.override(organisation.time_zone),
        translation.override(language),
    ):
        yield


def send_path(session: Session) -> str:
    """Where forms in the room are sent."""
    return f"/live/r/{encode_id(session.pk)}/send"

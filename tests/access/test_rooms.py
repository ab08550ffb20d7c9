"""A room shows only what everybody in it may read, whoever put the activity on its agenda."""

from __future__ import annotations

import pytest

from samsyn.audit.models import Entry
from samsyn.core import clock
from samsyn.core.texts import LangText
from samsyn.gatherings import actions as gatherings
from samsyn.gatherings import actions_running, scenes
from samsyn.gatherings.models import SessionPart
from samsyn.live.registry import DESK, PHONE, SCREEN
from tests.access.test_audience import SECRET, for_managers, publish, write


def session_with(world, activity, *, parts=(), **values):
    """A session that goes on, with the activity on."""
    lead = world.person("lead")
    session = gatherings.add_session(
        world.frame, by=lead, title=LangText(sv="Träffen"), starts=clock.now(), everybody=not parts, **values
    )
    for part in parts:
        SessionPart.objects.create(organisation=world.organisation, session=session, **part)
    title = LangText(sv="Frågor")
    gatherings.add_block(session, by=lead, title=title, minutes=30, form="activity", activity=activity)
    actions_running.command(session, "start", by=lead)
    session.refresh_from_db()
    return session


def shown(session):
    return " ".join(" ".join(scenes.parts(session, view, 0).values()) for view in (PHONE, SCREEN, DESK))


MANAGERS = [{"level": "manager"}]


@pytest.mark.parametrize(
    ("parts", "entry", "shows"),
    [
        ([], "audience", False),
        ([], "code", False),
        (MANAGERS, "audience", True),
        (MANAGERS, "code", False),  # whoever has the code is in the room
        ([*MANAGERS, {"level": "top"}], "audience", False),
    ],
)
def test_what_is_for_some_is_shown_to_a_room_of_these_alone(world, parts, entry, shows):
    activity, _item = for_managers(world)
    session = session_with(world, activity, parts=parts, entry=entry)
    assert (SECRET in shown(session)) is shows
    publish(world, activity)
    session.refresh_from_db()
    assert SECRET not in shown(session) or entry == "audience"


def test_what_everyone_is_asked_to_is_shown(world):
    activity = world.activity(state="open", level="named")
    write(world, activity)
    assert SECRET in shown(session_with(world, activity))


def test_what_is_done_on_the_stage_with_an_anonymous_question_is_noted_by_its_day(world):
    activity = world.activity(state="open", entry="code")
    write(world, activity)
    session = session_with(world, activity)
    before = set(Entry.objects.values_list("pk", flat=True))
    for cue in ("take", "later", "take", "answered"):
        actions_running.give_cue(session, cue, by=world.person("lead"))
    told = Entry.objects.exclude(pk__in=before)
    assert told.count() >= 8
    assert set(told.values_list("day_only", flat=True)) == {True}

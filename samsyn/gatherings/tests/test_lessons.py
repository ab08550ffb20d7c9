"""What people write at the end of a session, and what those who run it choose from it for the minutes."""

from __future__ import annotations

import pytest

from samsyn.activities.polls.models import OpenAnswer
from samsyn.audit.models import Entry
from samsyn.core import clock
from samsyn.core.addresses import address
from samsyn.core.errors import NotAllowedError, RefusedError
from samsyn.core.ids import encode_id
from samsyn.core.texts import LangText
from samsyn.gatherings import actions_making, actions_minutes, actions_running, library, minutes, queries, scenes
from samsyn.gatherings.models import Session
from samsyn.gatherings.room import SessionRooms
from samsyn.gatherings.tests.making import DAY_AFTER
from samsyn.live.registry import PHONE, SCREEN
from samsyn.live.sendings import Sending
from samsyn.programmes import contributing
from samsyn.programmes.browsers import draw_key
from samsyn.programmes.models import Activity
from samsyn.thread.models import Link
from tests.fixtures import World

ENDING = {"unit-day", "leadership-day", "retrospective", "training-day", "pilot-session"}
SAID = "Vi borde ha haft pausen tidigare"


def at_its_end(world: World, **values) -> tuple[Session, Activity]:
    """A unit day that has come to its last part, which is open."""
    values = {"title": LangText(sv="Enhetsdag"), "starts": clock.start_of(DAY_AFTER, 9), **values}
    lead = world.person("lead")
    session = actions_making.make_session(world.frame, library.find("unit-day"), by=lead, **values)
    actions_running.command(session, "start", by=lead)
    while session.block != queries.blocks_of(session)[-1]:
        actions_running.command(session, "next", by=lead)
    actions_running.command(session, "open", by=lead)
    activity = queries.blocks_of(session)[-1].activity
    assert activity is not None
    return session, activity


def send(session: Session, activity: Activity, text: str = SAID, *, person: int = 0):
    """As a phone sends it through the room: (what was answered, the key of the form)."""
    question = activity.poll_questions.get()
    key = draw_key()
    values = {"run": question.runs.get().rid, "text": text, "post_key": key}
    sending = Sending(activity.pk, "text", values, draw_key(), person=person, language="sv")
    rooms = SessionRooms()
    rooms.admit(session.pk, [sending])
    return rooms.take(session.pk, [sending, sending])  # the first answer got lost on the way


@pytest.mark.parametrize("template", sorted(ENDING))
def test_a_template_ends_by_asking_what_was_learned(template):
    last = library.find(template).blocks[-1]
    assert (last.kind, last.settings, last.level) == ("polls", {"set": "lessons"}, "")


def test_by_code_a_text_comes_in_once_without_a_name_and_with_a_receipt(world):
    session, activity = at_its_end(world)
    assert (activity.level, activity.entry) == ("anonymous", "code")
    answers = send(session, activity)
    assert len(answers[0].data["receipt"].split()) == 6
    text = OpenAnswer.objects.get(activity=activity)
    assert (text.text, text.author) == (SAID, None)


def test_where_the_session_is_named_it_comes_with_the_name(world):
    session, activity = at_its_end(world, named=True, entry="audience")
    assert not send(session, activity, person=world.person("staff").pk)[0].error
    assert OpenAnswer.objects.get(activity=activity).author == world.person("staff")


def test_no_other_browser_is_sent_what_somebody_wrote(world):
    session, activity = at_its_end(world)
    send(session, activity)
    for view in (PHONE, SCREEN):
        assert SAID not in "".join(scenes.parts(session, view, 3).values())
    phone = "".join(scenes.parts(session, PHONE, 3).values())
    assert "Vad lärde vi oss?" in phone
    assert 'name="choice"' not in phone


def test_who_runs_it_chooses_before_publishing_and_it_stands_in_the_minutes(world):
    session, activity = at_its_end(world)
    send(session, activity)
    send(session, activity, "Mer tid för frågor")
    lead, browser = world.person("lead"), world.client("lead")
    actions_running.command(session, "end", by=lead)
    path = address("gatherings:lessons", session=session.pk)
    page = browser.get(path).content.decode()
    assert SAID in page
    said = OpenAnswer.objects.get(activity=activity, text=SAID).item
    assert browser.post(path, {"choose": encode_id(said.pk)}).status_code == 302
    (lesson,) = queries.lessons_of(session)
    assert str(lesson.title) == SAID
    assert Link.objects.filter(source=said, target=lesson).exists()
    assert SAID not in [str(item.title) for _activity, item in minutes.learned(session)]
    browser.post(path, {"choose": encode_id(said.pk)})  # pressed twice
    assert len(queries.lessons_of(session)) == 1
    actions_minutes.publish(session, by=lead)
    section = next(one for one in session.minutes.sections if one["key"] == "lessons")
    assert SAID in section["text"]["sv"]
    assert "Mer tid" not in str(session.minutes.sections)
    late = OpenAnswer.objects.get(activity=activity, text="Mer tid för frågor")
    with pytest.raises(RefusedError):
        actions_minutes.choose_lesson(session, late.item, by=lead)


def test_choosing_from_an_anonymous_text_keeps_the_day_alone(world):
    session, activity = at_its_end(world)
    send(session, activity)
    actions_minutes.choose_lesson(session, OpenAnswer.objects.get(activity=activity).item, by=world.person("lead"))
    assert Entry.objects.get(verb="lesson.kept").day_only


def test_nothing_hidden_is_offered_and_nobody_else_chooses(world):
    session, activity = at_its_end(world)
    send(session, activity)
    text = OpenAnswer.objects.select_related("item", "activity__programme").get(activity=activity)
    with pytest.raises(NotAllowedError):
        actions_minutes.choose_lesson(session, text.item, by=world.person("staff"))
    contributing.hide(text, reason=LangText(sv="Ett namn"), by=world.person("lead"))
    assert not minutes.learned(session)
    with pytest.raises(RefusedError):
        actions_minutes.choose_lesson(session, text.item, by=world.person("lead"))


def test_another_poll_is_not_what_was_learned(world):
    session, activity = at_its_end(world)
    assert activity.settings["set"] == "lessons"
    activity.settings["set"] = "mood"
    activity.save(update_fields=["settings"])
    send(session, activity)
    assert not minutes.learned(session)

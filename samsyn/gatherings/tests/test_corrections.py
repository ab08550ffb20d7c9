"""Minutes that have been published are corrected in the open: what stood there before stays readable."""

from __future__ import annotations

import pytest

from samsyn.audit.models import Entry
from samsyn.core import clock
from samsyn.core.addresses import address
from samsyn.core.errors import NotAllowedError, RefusedError
from samsyn.core.texts import LangText
from samsyn.gatherings import actions, actions_minutes, erasing
from samsyn.gatherings.models import Correction, Minutes
from samsyn.gatherings.tests.making import make_session
from samsyn.thread.registry import tell

REASON = LangText(sv="Fel siffra", en="Wrong number")
NEW = LangText(sv="Det var fyrtio.", en="There were forty.")


def published(world) -> Minutes:
    session = make_session(world, state="published")
    return Minutes.objects.select_related("session__programme", "item").get(session=session)


def text_of(minutes: Minutes, key: str = "agenda") -> str:
    return next(section["text"]["sv"] for section in minutes.sections if section["key"] == key)


def test_a_correction_says_when_why_and_by_whom_and_keeps_what_stood_there(world):
    minutes, browser = published(world), world.client("lead")
    before = text_of(minutes)
    path = address("gatherings:minutes_correct", session=minutes.session_id, key="agenda")
    assert before.splitlines()[0] in browser.get(path).content.decode()
    sent = {"text_sv": NEW["sv"], "text_en": NEW["en"], "reason_sv": REASON["sv"], "reason_en": ""}
    assert browser.post(path, sent).status_code == 302
    minutes.refresh_from_db()
    assert text_of(minutes) == NEW["sv"]
    row = Correction.objects.get()
    assert (row.key, row.day, row.corrected_by) == ("agenda", clock.today(), world.person("lead"))
    page = world.client("staff").get(address("gatherings:minutes", session=minutes.session_id)).content.decode()
    for words in (NEW["sv"], REASON["sv"], before.splitlines()[0], "Lead"):
        assert words in page
    assert Entry.objects.filter(verb="minutes.corrected", object_id=minutes.pk).exists()


def test_every_earlier_text_stays_the_latest_first(world):
    minutes, lead = published(world), world.person("lead")
    first = text_of(minutes)
    for text in ("Ett", "Två"):
        actions_minutes.correct(minutes, "agenda", LangText(sv=text), reason=REASON, by=lead)
    assert [row.before["sv"] for row in Correction.objects.order_by("-number")] == ["Ett", first]


def test_the_thread_says_that_they_have_been_corrected(world):
    minutes = published(world)
    (telling,) = tell([minutes.item]).values()
    assert telling.note is None
    actions_minutes.correct(minutes, "agenda", NEW, reason=REASON, by=world.person("lead"))
    (telling,) = tell([minutes.item]).values()
    assert (telling.note, telling.note_by) == (REASON, "Lead")
    page = world.client("staff").get(address("home:item", item=minutes.item_id)).content.decode()
    assert REASON["sv"] in page


@pytest.mark.parametrize("who", ["staff", "manager", "owner", "member"])
def test_only_who_runs_the_session_corrects(world, who):
    minutes = published(world)
    with pytest.raises(NotAllowedError):
        actions_minutes.correct(minutes, "agenda", NEW, reason=REASON, by=world.person(who))


def test_its_host_does(world):
    minutes = published(world)
    actions.set_hosts(minutes.session, [world.person("other")], by=world.person("lead"))
    actions_minutes.correct(minutes, "agenda", NEW, reason=REASON, by=world.person("other"))
    assert Correction.objects.count() == 1


def test_what_is_not_a_correction_is_refused(world):
    minutes, lead = published(world), world.person("lead")
    same = LangText(next(section["text"] for section in minutes.sections if section["key"] == "agenda"))
    for key, text, reason in (
        ("agenda", NEW, LangText()),
        ("agenda", LangText(), REASON),
        ("agenda", same, REASON),
        ("nothing", NEW, REASON),
    ):
        with pytest.raises(RefusedError):
            actions_minutes.correct(minutes, key, text, reason=reason, by=lead)
    assert not Correction.objects.exists()


def test_before_they_are_published_there_is_nothing_to_correct(world):
    session = make_session(world, state="ended")
    minutes = actions_minutes.refresh(session, by=world.person("lead"))
    with pytest.raises(RefusedError):
        actions_minutes.correct(minutes, "agenda", NEW, reason=REASON, by=world.person("lead"))


def test_the_name_of_who_corrected_goes_with_the_person(world):
    minutes = published(world)
    actions_minutes.correct(minutes, "agenda", NEW, reason=REASON, by=world.person("lead"))
    erasing.take_out(world.person("lead"))
    assert Correction.objects.get().corrected_by is None
    page = world.client("staff").get(address("gatherings:minutes", session=minutes.session_id))
    assert REASON["sv"] in page.content.decode()

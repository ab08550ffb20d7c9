"""The record of what was done in an anonymous activity keeps the day alone, and loses its order like the rest."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection

from samsyn.activities.dialogue import actions as dialogue
from samsyn.activities.questions import actions as questions
from samsyn.audit.models import Entry
from samsyn.core import clock
from samsyn.core.texts import LangText
from samsyn.programmes import actions, contributing, duties
from samsyn.programmes.actions_people import set_audience
from samsyn.programmes.browsers import draw_key
from samsyn.programmes.models import Activity
from samsyn.programmes.queries_contributions import history_of
from samsyn.thread.actions import move_promise, settle_promise
from samsyn.thread.models import Promise
from tests.anonymity.test_raw_database import entered, there
from tests.fixtures import DAY

__all__ = ["there"]
pytestmark = pytest.mark.django_db(transaction=True)
REPLY = actions.OurReply(LangText(sv="Vi hörde"), LangText(sv="Vi gör"), LangText(), None)
REASON = LangText(sv="Ett namn")


@pytest.fixture
def here(there):
    with clock.simulated(DAY), entered(there):
        yield there


def ask(activity, number):
    return questions.ask(activity, text=f"Fråga {number}?", language="sv", post_key=draw_key(), author=None)


def whole_life(here, level):
    """Everything that is done in question time, from the draft to the promise that is kept."""
    lead, owner = here.person("lead"), here.person("owner")
    activity = here.activity(level=level, settings={"let_in": True, "likes": True})
    actions.change_activity(activity, by=lead, title=LangText(sv="Nytt namn"))
    set_audience(activity, everybody=True, keys=[], by=lead)
    actions.open_activity(activity, by=lead)
    asked = [ask(activity, number) for number in range(5)]
    for question in asked[:4]:
        contributing.let_in(question, by=lead)
    contributing.hide(asked[4], reason=REASON, by=lead)
    contributing.translate(asked[0], LangText(en="Question"), by=lead)
    questions.star(asked[0], on=True, by=lead)
    questions.merge(asked[1], into=asked[0], by=lead)
    questions.hold(asked[2], by=lead)
    questions.import_questions(activity, [], language="sv", by=lead)
    for question in (asked[0], asked[3]):
        promise = questions.Answer(
            "promised", LangText(sv="Vi gör det"), title=LangText(sv="Det"), due=DAY + dt.timedelta(days=9), owner=owner
        )
        questions.answer(question, promise, answered_by=owner, by=lead)
    first, second = Promise.objects.all()
    move_promise(first, due=DAY + dt.timedelta(days=12), note=REASON, by=owner)
    settle_promise(second, state="kept", note=REASON, by=owner)
    actions.close_activity(activity, by=lead)
    actions.put_off_reply(activity, reply_by=activity.reply_by + dt.timedelta(days=1), by=lead)
    actions.publish_activity(activity, REPLY, signed_by=owner, by=lead)
    return activity


def talk(here, level):
    """The same in a dialogue."""
    lead = here.person("lead")
    activity = here.activity(kind="dialogue", level=level, state="open", settings={"let_in": True, "add": True})
    dialogue.seed(activity, ["Ett.", "Två."], language="sv", by=lead)
    made = dialogue.add_statement(activity, text="Tre.", language="sv", post_key=draw_key(), author=None)
    contributing.let_in(made, by=lead)
    open_to_all = here.activity(level="named", state="open")
    dialogue.receive(activity, ask(open_to_all, 1).item, by=lead)
    return activity


def written_since(before):
    return Entry.objects.exclude(pk__in=before).exclude(verb__startswith="job.")


@pytest.mark.parametrize("play", [whole_life, talk])
def test_what_is_done_in_an_anonymous_activity_is_noted_by_its_day(here, play):
    before = set(Entry.objects.values_list("pk", flat=True))
    play(here, "anonymous")
    told = written_since(before).exclude(object_kind="questions.question", verb="question.sent")
    if play is talk:  # the question that was handed over lies in a named activity
        told = told.exclude(object_id__in=Activity.objects.filter(level="named").values("pk"))
    assert told.count() >= 5
    for entry in told:
        assert entry.at == clock.start_of(DAY), entry.verb
        assert entry.day_only, entry.verb


def test_where_names_are_known_the_record_keeps_the_moment(here):
    before = set(Entry.objects.values_list("pk", flat=True))
    whole_life(here, "named")
    assert written_since(before).count() >= 15
    assert not written_since(before).filter(day_only=True).exists()
    assert not written_since(before).filter(at=clock.start_of(DAY)).exists()


def test_the_day_is_that_of_the_organisation(here):
    """Midnight where the organisation is: the desk tells the same day whatever the server's own clock says."""
    activity = here.activity(state="open", settings={"let_in": True})
    question = ask(activity, 1)
    contributing.let_in(question, by=here.person("lead"))
    (act,) = history_of([question])[question.pk]
    assert act.day == DAY


def test_the_order_of_the_record_is_forgotten_in_the_night(here):
    """Also what was done weeks after the close: other entries bear times, and lie before and after."""
    activity = here.activity(state="open", settings={"let_in": True})
    asked = [ask(activity, number) for number in range(6)]
    for question in sorted(asked, key=lambda row: -row.pk):
        contributing.let_in(question, by=here.person("lead"))
    actions.close_activity(activity, by=here.person("lead"))
    with clock.simulated(DAY + dt.timedelta(days=20)):
        for question in sorted(asked, key=lambda row: -row.pk):
            given = questions.Answer("written", LangText(sv="Så här"))
            questions.answer(question, given, answered_by=here.person("owner"), by=here.person("lead"))
        duties.forget_orders_due()
    assert Entry.objects.filter(verb="question.let_in").count() == 6
    assert Entry.objects.filter(verb="question.answered").count() == 6
    if connection.vendor == "postgresql":
        for verb in ("question.let_in", "question.answered"):
            with connection.cursor() as cursor:
                cursor.execute("SELECT id, xmin::text FROM audit_entry WHERE verb = %s ORDER BY ctid", [verb])
                rows = cursor.fetchall()
            assert len({xmin for _pk, xmin in rows}) == 1, "the order of writing can be read back"
            assert [pk for pk, _xmin in rows] == sorted(pk for pk, _xmin in rows)

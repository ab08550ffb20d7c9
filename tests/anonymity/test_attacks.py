"""Ways in which somebody might find out after all who wrote what: each was tried, and leads nowhere."""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import io
import logging
import re
import sqlite3

import pytest
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.db import OperationalError, connection
from django.db.utils import DatabaseError

from samsyn.accounts.models import User
from samsyn.activities.questions import actions as questions
from samsyn.activities.questions.models import Like, Question
from samsyn.activities.questions.rules import Imported
from samsyn.core import clock, limits, storage
from samsyn.core.addresses import address
from samsyn.core.texts import LangText
from samsyn.organisations.actions import erase_person
from samsyn.programmes import actions, contributing, duties, own_data
from samsyn.programmes.browsers import draw_key, is_key
from samsyn.programmes.models import VoterKey
from samsyn.thread.actions import follow_up
from samsyn.thread.models import FollowUp, Receipt
from tests.anonymity.raw import column_names, every_row, new_rows
from tests.anonymity.test_raw_database import ask, entered, like, there
from tests.fixtures import DAY

__all__ = ["there"]
pytestmark = pytest.mark.django_db(transaction=True)
SECRET_TEXT = "Varför fick Kim tjänsten på Näckrosvägen"
REPLY = actions.OurReply(LangText(sv="Vi hörde"), LangText(sv="Vi gör"), LangText(), None)


@pytest.fixture
def here(there):
    """The organisation, entered, on its day."""
    with clock.simulated(DAY), entered(there):
        yield there


def closed_and_answered(here):
    """An anonymous question time with three questions, closed and published."""
    activity = here.activity(state="open")
    for name in ("staff", "other", "member"):
        ask(here.client(name), activity, f"Fråga från {name}?")
    actions.close_activity(activity, by=here.person("lead"))
    actions.publish_activity(activity, REPLY, signed_by=here.person("owner"), by=here.person("lead"))
    return activity


# --- the order in which things were written ---------------------------------------------------------------------


def writers(model) -> list[tuple[int, str]]:
    """(id, the transaction that wrote it) of every row, as they lie in the table."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT id, xmin::text FROM {model._meta.db_table} ORDER BY ctid")
        return cursor.fetchall()


def test_what_is_said_about_answers_long_after_the_close_loses_its_order_in_the_night(here):
    activity = closed_and_answered(here)
    with clock.simulated(DAY + dt.timedelta(days=20)):
        for question in activity.questions.order_by("-id"):
            follow_up(question.item, answered=True, text="Tack", language="sv")
        duties.forget_orders_due()
        assert FollowUp.objects.count() == 3
        if connection.vendor == "postgresql":
            rows = writers(FollowUp)
            assert len({xmin for _pk, xmin in rows}) == 1, "the order of writing can be read back"
            assert [pk for pk, _xmin in rows] == sorted(pk for pk, _xmin in rows)
    assert activity in duties._without_order() or connection.vendor == "postgresql"


@pytest.mark.skipif(connection.vendor != "sqlite", reason="SQLite's write-ahead log")
def test_a_log_that_somebody_still_reads_is_not_taken_for_empty(here):
    activity = here.activity(state="open")
    ask(here.client("staff"), activity, "Vem?")
    reader = sqlite3.connect(connection.settings_dict["NAME"], isolation_level=None)
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM thread_item").fetchone()
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA busy_timeout=50")
    try:
        with pytest.raises(OperationalError):
            storage.shuffle([Question.objects.filter(activity=activity)])
    finally:
        reader.close()
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA busy_timeout=5000")
    storage.shuffle([Question.objects.filter(activity=activity)])


def test_after_the_close_no_like_shows_that_it_came_last(here):
    activity = here.activity(state="open", entry="code")
    question = questions.ask(activity, text="Vad?", language="sv", post_key=draw_key(), author=None)
    for _ in range(8):
        questions.like(question, key=draw_key(), person=None, on=True)
    assert question.like_rows.filter(counted=False).count() == 3
    actions.close_activity(activity, by=here.person("lead"))
    question.refresh_from_db()
    assert question.likes == 5, "the figure must not move at close"
    assert set(Like.objects.filter(question=question).values_list("counted", flat=True)) == {True}


def test_a_reopened_question_time_still_counts_by_five(here):
    activity = here.activity(state="open", entry="code")
    question = questions.ask(activity, text="Vad?", language="sv", post_key=draw_key(), author=None)
    for _ in range(8):
        questions.like(question, key=draw_key(), person=None, on=True)
    actions.close_activity(activity, by=here.person("lead"))
    actions.open_activity(activity, by=here.person("lead"))
    shown = []
    for _ in range(6):
        questions.like(question, key=draw_key(), person=None, on=True)
        question.refresh_from_db()
        shown.append(question.likes)
    assert shown == [5, 5, 5, 5, 13, 13]


# --- what is written besides ------------------------------------------------------------------------------------


def test_sending_again_is_no_error_that_the_database_would_log(here):
    """PostgreSQL logs a failed statement with its values and the time: a retry must not fail there."""
    activity = here.activity(state="open")
    client = here.client("staff")
    sent = {"text": SECRET_TEXT, "post_key": draw_key()}
    path = address("questions:ask", activity=activity.pk)
    failed = []

    def watch(execute, sql, params, many, context):
        try:
            return execute(sql, params, many, context)
        except DatabaseError as error:
            failed.append(str(error))
            raise

    client.post(path, sent)
    with connection.execute_wrapper(watch):
        for _ in range(2):
            assert client.post(path, sent).status_code == 200
    assert not failed
    assert Question.objects.count() == 1


@pytest.fixture(params=["as it is", "at its most talkative"])
def log(request):
    """What the server's own log says, as it would be written."""
    root = logging.getLogger()
    handler = next(found for found in root.handlers if type(found) is logging.StreamHandler)
    written = io.StringIO()
    ours = logging.StreamHandler(written)
    ours.setLevel(handler.level)
    ours.setFormatter(handler.formatter)
    for rule in handler.filters:
        ours.addFilter(rule)
    names = ["", "django", "django.request", "django.db.backends", "django.security", "django.template", "asyncio"]
    loggers = [logging.getLogger(name) for name in names] if request.param != "as it is" else []
    levels = [logger.level for logger in loggers]
    root.addHandler(ours)
    for logger in loggers:
        logger.setLevel(logging.DEBUG)
    yield written
    root.removeHandler(ours)
    for logger, level in zip(loggers, levels, strict=True):
        logger.setLevel(level)


def test_logs_say_nothing_whatever_goes_right_or_wrong(here, log, request):
    activity = here.activity(state="open")
    client = here.client("staff")
    client.raise_request_exception = False
    client.get(address("questions:page", activity=activity.pk))
    session = client.session.session_key
    path = address("questions:ask", activity=activity.pk)
    words = ask(client, activity, SECRET_TEXT)
    question = activity.questions.get()
    like(client, activity, question, "0f" * 16)
    client.post(path, {"text": SECRET_TEXT * 40, "post_key": "x"})
    client.post(path, {"text": SECRET_TEXT, "post_key": draw_key(), "words": "fel " * 6})
    client.post(address("home:receipts"), {"words": words})
    client.post(address("home:receipts"), {"words": "inte sex riktiga ord alls här"})
    said = {"words": words, "item": question.item_id, "answered": "yes", "text": SECRET_TEXT}
    client.post(address("home:receipt_reply"), said)
    client.post(f"{path}?{words.replace(' ', '+')}", {})
    person = here.person("staff")
    for trace in (SECRET_TEXT, SECRET_TEXT[:20], words, "0f" * 16, session, person.email, str(person.pk), "127.0.0.1"):
        assert trace not in log.getvalue(), f"{trace!r} was logged"
    if "as it is" in request.node.name:
        assert log.getvalue() == ""


def test_an_error_of_ours_is_logged_without_what_was_written(here, log, monkeypatch):
    activity = here.activity(state="open")

    def broken(*_args, **_kwargs):
        raise ValueError(f"cannot write {SECRET_TEXT}")

    monkeypatch.setattr(contributing, "note_contribution", broken)
    client = here.client("staff")
    client.raise_request_exception = False
    response = client.post(
        address("questions:ask", activity=activity.pk), {"text": SECRET_TEXT, "post_key": draw_key()}
    )
    assert response.status_code == 500
    assert "ValueError" in log.getvalue()
    assert SECRET_TEXT not in log.getvalue()
    assert SECRET_TEXT not in response.content.decode()
    assert not Question.objects.exists()


def test_taking_part_leaves_the_cache_and_the_sessions_as_they_were(here):
    activity = here.activity(state="open")
    client = here.client("staff")
    client.get(address("questions:page", activity=activity.pk))
    before, cached = every_row(), dict(cache._cache)
    words = ask(client, activity, SECRET_TEXT)
    like(client, activity, activity.questions.get(), "0f" * 16)
    client.post(address("home:receipts"), {"words": words})
    assert not {"django_session", "audit_entry", "accounts_user", "jobs_job"} & set(new_rows(before, every_row()))
    assert dict(cache._cache) == cached


def test_nobody_keeps_when_somebody_last_signed_in(here):
    assert "last_login" not in column_names(User._meta.db_table)
    before = every_row()
    here.client("staff").get(address("home:today"))
    assert set(new_rows(before, every_row())) == {Session._meta.db_table}


def test_what_is_counted_against_an_address_cannot_be_tried_out(here):
    limits.count("receipt", "192.0.2.7", seconds=60)
    bare = hashlib.sha256(b"receipt|192.0.2.7").hexdigest()[:32]
    assert not [key for key in cache._cache if bare in key]


# --- what pages, headers and files show -------------------------------------------------------------------------


def test_answers_carry_nothing_that_could_be_matched_later(here):
    activity = here.activity(state="open")
    client = here.client("staff")
    page = client.get(address("questions:page", activity=activity.pk))
    sent = client.post(
        address("questions:ask", activity=activity.pk), {"text": SECRET_TEXT, "post_key": draw_key(), "words": ""}
    )
    liked = client.post(address("questions:like", activity=activity.pk, question=activity.questions.get().pk))
    words = sent.context["words"]
    for response in (page, sent, liked):
        assert not {"ETag", "Last-Modified"} & set(response.headers)
        assert "no-store" in response["Cache-Control"]
        head = str(response.headers) + str(response.cookies)
        assert words not in head
        assert SECRET_TEXT not in head
    voter = liked.cookies["voter"]
    assert voter["path"] == address("programmes:activity", activity=activity.pk)
    assert is_key(voter.value)
    assert voter["samesite"] == "Lax"


def test_everyone_who_takes_part_sees_the_same_page(here):
    activity = here.activity(state="open")
    for name in ("staff", "other", "member"):
        ask(here.client(name), activity, f"Fråga från {name}?")
    pages = []
    for name in ("staff", "other", "member"):
        body = here.client(name).get(address("questions:page", activity=activity.pk)).content.decode()
        body = re.sub(r'name="(csrfmiddlewaretoken|post_key)" value="[^"]*"', "", body)
        pages.append(body.replace(here.person(name).name, "Namn").split("<main", 1)[1])
    assert pages[0].replace("Namn", "") == pages[1].replace("Namn", "") == pages[2].replace("Namn", "")


def test_the_file_for_table_programs_holds_no_names_and_no_order(here):
    activity = here.activity(state="open")
    for number, name in enumerate(["staff", "other", "member", "manager", "owner"]):
        ask(here.client(name), activity, f"Fråga {number}?")
    response = here.client("lead").get(address("questions:export", activity=activity.pk))
    rows = list(csv.reader(io.StringIO(response.content.decode("utf-8-sig")), delimiter=";"))[1:]
    by_id = list(activity.questions.order_by("id").values_list("text", flat=True))
    assert [row[0] for row in rows] == by_id, "only the random ids may order them"
    for name in ("Staff", "Other", "Member"):
        assert name not in response.content.decode()


def test_ones_own_data_and_an_erasure_do_not_point_at_an_anonymous_question(here):
    activity = here.activity(state="open")
    person = here.person("staff")
    ask(here.client("staff"), activity, SECRET_TEXT)
    assert SECRET_TEXT not in str(own_data.as_json(person))
    before = [str(row) for row in activity.questions.order_by("id").values_list()]
    erase_person(person, by=here.person("lead"))
    assert [str(row) for row in activity.questions.order_by("id").values_list()] == before


def test_only_the_facilitators_see_names_that_are_for_them(here):
    """The owner runs the programme, and the card says that the facilitators see names: nobody else does."""
    activity = here.activity(state="open", level="facilitators")
    ask(here.client("staff"), activity, "Vem bestämmer?")
    path = address("questions:desk", activity=activity.pk)
    name = f"· {here.person('staff').name}"
    for role, sees in (("lead", True), ("facilitator", True), ("owner", False)):
        assert (name in here.client(role).get(path).content.decode()) is sees, role
    named = here.activity(state="open", level="named")
    ask(here.client("staff"), named, "Vem bestämmer?")
    assert name in here.client("owner").get(address("questions:desk", activity=named.pk)).content.decode()


# --- receipts ---------------------------------------------------------------------------------------------------


def test_nobody_gets_a_receipt_for_a_question_from_a_file(here):
    """The key of an imported question follows from its words: it must not be one that a form can send."""
    activity = here.activity(state="open")
    text = "Vad blev det av det förra programmet?"
    questions.import_questions(activity, [Imported(text, 3)], language="sv", by=here.person("lead"))
    key = activity.questions.get().post_key
    assert not is_key(key)
    guessed = hashlib.sha256(f"{activity.pk}|{text}".encode()).hexdigest()[:32]
    for wanted in (key, guessed):
        here.client("staff").post(address("questions:ask", activity=activity.pk), {"text": text, "post_key": wanted})
    assert not Receipt.objects.filter(item=activity.questions.get(post_key=key).item).exists()


def test_a_second_question_typed_into_the_same_form_is_not_lost(here):
    """The browser's way back brings the old form with its old key; the new words in it are a new question."""
    activity = here.activity(state="open")
    client, key = here.client("staff"), draw_key()
    path = address("questions:ask", activity=activity.pk)
    for text in ("Den första frågan?", "Den andra frågan?", "Den andra frågan?"):
        response = client.post(path, {"text": text, "post_key": key})
        assert text in response.content.decode()
    assert sorted(activity.questions.values_list("text", flat=True)) == ["Den andra frågan?", "Den första frågan?"]


def test_a_question_that_was_sent_before_the_close_is_found_when_it_is_sent_again(here):
    activity = here.activity(state="open")
    client, sent = here.client("staff"), {"text": "Hann den fram?", "post_key": draw_key()}
    path = address("questions:ask", activity=activity.pk)
    client.post(path, sent)
    actions.close_activity(activity, by=here.person("lead"))
    response = client.post(path, sent)
    assert response.status_code == 200
    assert response.context["words"]
    fates = client.post(address("home:receipts"), {"words": response.context["words"]})
    assert "Hann den fram?" in fates.content.decode()


def test_looking_up_wrong_words_is_counted_also_where_one_replies(here):
    activity = here.activity(state="open")
    words = ask(here.client("staff"), activity, "Vem?")
    client = here.client()
    cache.clear()
    for number in range(20):
        wrong = {"words": words, "item": number, "answered": "yes"}
        client.post(address("home:receipt_reply"), wrong)
    assert client.post(address("home:receipts"), {"words": words}).status_code == 429
    cache.clear()


# --- votes ------------------------------------------------------------------------------------------------------


def test_where_names_are_known_a_browser_without_one_cannot_vote(here):
    activity = here.activity(state="open", level="named")
    question = questions.ask(activity, text="Vad?", language="sv", post_key=draw_key(), author=here.person("staff"))
    actions.Activity.objects.filter(pk=activity.pk).update(entry="code")
    client = here.client()
    client.get(f"/j/{activity.code}")
    for _ in range(3):
        client.post(address("questions:like", activity=activity.pk, question=question.pk), {"on": "1"})
    assert not Like.objects.exists()


def test_taking_a_like_back_and_giving_it_again_moves_no_figure(here):
    activity = here.activity(state="open", entry="code")
    question = questions.ask(activity, text="Vad?", language="sv", post_key=draw_key(), author=None)
    for _ in range(5):
        questions.like(question, key=draw_key(), person=None, on=True)
    mine = draw_key()
    for turn in range(12):
        questions.like(question, key=mine, person=None, on=turn % 2 == 0)
        question.refresh_from_db()
        assert question.likes == 5


def test_joining_few_likes_moves_no_figure_and_hiding_shows_none(here):
    activity = here.activity(state="open", entry="code")
    lead = here.person("lead")
    into = questions.ask(activity, text="Kvar?", language="sv", post_key=draw_key(), author=None)
    away = questions.ask(activity, text="Bort?", language="sv", post_key=draw_key(), author=None)
    for _ in range(6):
        questions.like(into, key=draw_key(), person=None, on=True)
    for _ in range(3):
        questions.like(away, key=draw_key(), person=None, on=True)
    into.refresh_from_db()
    contributing.hide(into, reason=LangText(sv="En stund"), by=lead)
    contributing.let_in(into, by=lead)
    questions.merge(away, into=into, by=lead)
    into.refresh_from_db()
    assert into.likes == 5
    assert VoterKey.objects.filter(activity=activity).count() == 9

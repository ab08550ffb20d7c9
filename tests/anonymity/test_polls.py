"""A poll keeps nothing of who answered what: not in its rows, not beside them, not in their order, not at its close."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection

from samsyn.activities.polls import actions
from samsyn.activities.polls.models import Answer, OpenAnswer, PollQuestion, Run
from samsyn.core import clock
from samsyn.core.addresses import address
from samsyn.programmes import actions as programmes
from samsyn.programmes.browsers import draw_key
from samsyn.programmes.models import Activity
from samsyn.programmes.picks import CHANGED
from tests.anonymity.raw import column_names, every_row, new_rows
from tests.anonymity.test_raw_database import entered, identities, there
from tests.fixtures import DAY

__all__ = ["there"]
pytestmark = pytest.mark.django_db(transaction=True)
TOUCHED_BY_ANSWERING = {
    "polls_answer", "polls_run", "programmes_voterkey", "programmes_ticket", "programmes_activity",
}  # fmt: skip
TOUCHED_BY_WRITING = {"polls_openanswer", "thread_item", "thread_receipt", "core_searchword", "programmes_activity"}
PEOPLE = ("staff", "other", "manager", "member", "owner", "lead")


@pytest.fixture
def asked(there):
    """An anonymous poll for a given audience, open: a mood check and one word."""
    with clock.simulated(DAY), entered(there):
        activity = there.activity(kind="polls", state="open", level="anonymous")
        actions.add_set(activity, "mood", by=there.person("lead"))
        programmes.hand_out_tickets(activity)
        yield activity


def mood_of(activity: Activity) -> Run:
    return Run.objects.select_related("question").get(question__activity=activity, question__form="scale", over=False)


def answer(there, activity, name: str, choice: int = 3, key: str = "", client: Any = None) -> str:
    """One of the audience answers, as a browser does; the key that the browser kept."""
    client, key, run = client or there.client(name), key or draw_key(), mood_of(activity)
    client.cookies["voter"] = key
    path = address("polls:answer", activity=activity.pk, poll=run.question_id)
    assert client.post(path, {"run": run.rid, "choice": str(choice)}).status_code == 302
    return key


def write(there, activity, name: str, text: str, client: Any = None) -> None:
    word = PollQuestion.objects.get(activity=activity, form="words")
    values = {"text": text, "post_key": draw_key(), "words": ""}
    client = client or there.client(name)
    client.cookies["voter"] = draw_key()
    assert client.post(address("polls:write", activity=activity.pk, poll=word.pk), values).status_code == 200


def test_answering_stores_a_random_key_and_nothing_about_the_one_who_answers(there, asked, caplog):
    clients = {name: there.client(name) for name in PEOPLE}
    for name in PEOPLE:
        before = every_row()
        answer(there, asked, name, client=clients[name])
        fresh = new_rows(before, every_row())
        assert set(fresh) <= TOUCHED_BY_ANSWERING, f"answering also wrote to {set(fresh) - TOUCHED_BY_ANSWERING}"
        written = "\n".join(
            str(value)
            for table, rows in fresh.items()
            if table not in {"programmes_ticket", "programmes_activity"}
            for row in rows
            for value in row
        )
        for trace in identities(there, name, clients[name]):
            assert trace not in written, f"{trace!r} was stored"
    assert not caplog.records


def test_writing_shares_no_value_with_answering(there, asked):
    client = there.client("staff")
    key = answer(there, asked, "staff", client=client)
    before = every_row()
    write(there, asked, "staff", "lagom", client)
    fresh = new_rows(before, every_row())
    assert set(fresh) <= TOUCHED_BY_WRITING
    written = {value for rows in fresh.values() for row in rows for value in row}
    stored = Answer.objects.get()
    run = mood_of(asked)
    assert key not in written
    assert not written & {stored.pk, run.pk, run.question_id}


def test_no_column_holds_a_person_a_time_or_an_order(there, asked):
    keys = [answer(there, asked, name) for name in PEOPLE]
    assert set(column_names(Answer._meta.db_table)) == {
        *("id", "organisation_id", "run_id", "key", "picked", "people", "was_picked", "was_people"),
    }
    assert set(column_names(Run._meta.db_table)) == {
        *("id", "organisation_id", "question_id", "number", "day", "over", "revealed", "shown", "waits_for"),
    }
    ids = list(Answer.objects.order_by("id").values_list("key", flat=True))
    assert ids != keys, "ids in the order of writing"


def test_one_person_answers_once_even_from_two_browsers(there, asked):
    answer(there, asked, "staff", 1)
    answer(there, asked, "staff", 2)
    assert [row.picked for row in Answer.objects.all()] == [0b10]


def close_and_look(there, activity) -> None:
    programmes.close_activity(activity, by=there.person("lead"))
    assert not Answer.objects.filter(CHANGED).exists(), "who came last would be seen"
    if connection.vendor != "postgresql":
        return
    writers = set()
    for model in (Answer, OpenAnswer, Run):
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT id, xmin::text FROM {model._meta.db_table} ORDER BY ctid")
            rows = cursor.fetchall()
        writers |= {xmin for _pk, xmin in rows}
        assert [pk for pk, _xmin in rows] == sorted(pk for pk, _xmin in rows)
    assert len(writers) == 1


def test_at_close_the_order_of_writing_is_gone_and_no_figure_moves(there, asked):
    for number, name in enumerate(PEOPLE):
        answer(there, asked, name, number % 5)
        write(there, asked, name, f"ord {number}")
    before = mood_of(asked).shown
    assert before["people"] == 5
    close_and_look(there, asked)
    assert mood_of(asked).shown == before


def test_starting_again_leaves_nothing_of_who_came_last_in_the_record(there, asked):
    keys = [answer(there, asked, name) for name in PEOPLE]
    old = mood_of(asked)
    actions.restart(old.question, by=there.person("lead"))
    assert not Answer.objects.filter(CHANGED, run=old).exists()
    answer(there, asked, PEOPLE[0], 0, keys[0])
    assert mood_of(asked).shown == {}
    close_and_look(there, asked)


def test_pages_and_their_caches_carry_no_key(there, asked):
    client, key = there.client("staff"), draw_key()
    client.cookies["voter"] = key
    run = mood_of(asked)
    client.post(address("polls:answer", activity=asked.pk, poll=run.question_id), {"run": run.rid, "choice": "1"})
    for query in ("", "?all=1", f"?q={run.question.rid}"):
        response = client.get(address("polls:page", activity=asked.pk) + query)
        assert key not in response.content.decode()
        assert "no-store" in response["Cache-Control"]

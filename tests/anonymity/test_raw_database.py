"""Anonymous means anonymous on the raw database: who wrote, when and in which order cannot be read from the bytes."""

from __future__ import annotations

import datetime as dt
import itertools
import random
import sqlite3
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client

from samsyn.core import clock, tenancy
from samsyn.core.addresses import address
from samsyn.core.ids import encode_id, new_id
from samsyn.core.texts import LangText
from samsyn.programmes import actions
from samsyn.programmes.models import Ticket
from samsyn.thread.models import Item
from tests.anonymity.raw import column_names, every_row, new_rows
from tests.fixtures import BACKEND, DAY, World, make_world

pytestmark = pytest.mark.django_db(transaction=True)

INDEX = "core_searchword"
TOUCHED_BY_ASKING = {"thread_item", "questions_question", "thread_receipt", "programmes_activity", INDEX}
TOUCHED_BY_LIKING = {"questions_question", "questions_like", "programmes_voterkey", "programmes_ticket"}
ASKERS = ("staff", "other", "manager", "member", "owner")


@pytest.fixture
def there() -> World:
    """An organisation in which an anonymous question time with a given audience is open."""
    made = make_world("ankeby")
    made.organisation.synthetic = True
    made.organisation.simulated_day = DAY
    made.organisation.save()
    return made


def entered(there: World):
    return tenancy.scope(there.organisation.pk, there.organisation.slug)


def ask(client: Client, activity, text: str, words: str = "") -> str:
    """Ask as a browser does; return the words of the receipt that the page shows."""
    response = client.post(
        address("questions:ask", activity=activity.pk),
        {"text": text, "post_key": f"{random.SystemRandom().getrandbits(128):032x}", "words": words},
    )
    assert response.status_code == 200, response.content.decode()[:500]
    return response.context["words"] or ""


def like(client: Client, activity, question, key: str) -> None:
    client.cookies["voter"] = key
    assert client.post(
        address("questions:like", activity=activity.pk, question=question.pk), {"on": "1"}
    ).status_code in {
        200,
        302,
    }


def identities(there: World, name: str, client: Client) -> set[str]:
    """Everything that would point at one person, in every way that it might be written."""
    person = there.person(name)
    numbers = [person.pk, person.user_id]
    found = {person.key, person.email, person.name, client.session.session_key or "-none-", "127.0.0.1"}
    for number in numbers:
        found |= {str(number), encode_id(number), f"{number:x}"}
    return {text for text in found if len(text) > 3}


def test_asking_stores_nothing_about_the_one_who_asks(there, caplog):
    with clock.simulated(DAY), entered(there):
        activity = there.activity(state="open")
        clients = {name: there.client(name) for name in ASKERS}
        for client in clients.values():
            client.get(address("questions:page", activity=activity.pk))
        for name, client in clients.items():
            before = every_row()
            ask(client, activity, "Vem bestämmer egentligen?")
            fresh = new_rows(before, every_row())
            assert set(fresh) <= TOUCHED_BY_ASKING, f"asking also wrote to {set(fresh) - TOUCHED_BY_ASKING}"
            written = "\n".join(str(value) for rows in fresh.values() for row in rows for value in row)
            for trace in identities(there, name, client):
                assert trace not in _without_activity(written, fresh, activity), f"{trace!r} was stored"
    assert not caplog.records


def _without_activity(written: str, fresh, activity) -> str:
    """The activity's own row names its lead and title; what counts is the contribution."""
    rows = [row for table, rows in fresh.items() if table != "programmes_activity" for row in rows]
    return "\n".join(str(value) for row in rows for value in row)


def test_liking_stores_a_random_key_and_a_flag_that_share_nothing(there):
    with clock.simulated(DAY), entered(there):
        activity = there.activity(state="open")
        ask(there.client("owner"), activity, "Vad slutar vi med?")
        question = activity.questions.get()
        client = there.client("staff")
        before = every_row()
        like(client, activity, question, "0f" * 16)
        fresh = new_rows(before, every_row())
        assert set(fresh) <= TOUCHED_BY_LIKING
        (ticket,) = fresh["programmes_ticket"]
        assert set(column_names("programmes_ticket")) == {"id", "organisation_id", "activity_id", "person_id", "spent"}
        shared = {there.organisation.pk, activity.pk, True}
        for table in ("questions_like", "programmes_voterkey"):
            for row in fresh[table]:
                assert not (set(row) & set(ticket)) - shared


def test_one_person_votes_once_even_from_two_browsers(there):
    with clock.simulated(DAY), entered(there):
        activity = there.activity(state="open")
        ask(there.client("owner"), activity, "Vad slutar vi med?")
        question = activity.questions.get()
        like(there.client("staff"), activity, question, "aa" * 16)
        like(there.client("staff"), activity, question, "bb" * 16)
        assert question.like_rows.count() == 1
        assert Ticket.objects.filter(activity=activity, spent=True).count() == 1


def test_two_questions_of_one_person_share_no_value(there):
    """What the rows of two contributions with the same receipt have in common, a stranger's rows have too."""
    with clock.simulated(DAY), entered(there):
        activity = there.activity(state="open")
        client, stranger = there.client("staff"), there.client("other")
        ask(stranger, activity, "noll")  # the activity's own row changes with the first
        values = []
        words = ""
        for who, text in ((client, "ett"), (client, "två"), (stranger, "tre")):
            before = every_row()
            words = ask(who, activity, text, words if who is client else "") or words
            fresh = new_rows(before, every_row())
            assert "thread_receipt" in fresh
            values.append({value for rows in fresh.values() for row in rows for value in row})
        first, second, others = values
        assert not (first & second) - others


def test_no_column_of_a_contribution_is_finer_than_a_day(there):
    with clock.simulated(DAY), entered(there):
        activity = there.activity(state="open")
        asker, liker = there.client("staff"), there.client("other")
        before = every_row()
        ask(asker, activity, "När?")
        like(liker, activity, activity.questions.get(), "cc" * 16)
        fresh = new_rows(before, every_row())
    for rows in fresh.values():
        for row in rows:
            assert not [value for value in row if isinstance(value, (dt.datetime, dt.time))]


def contribute_in_order(there: World, order: list[str]):
    """Ask one question per person in the given order, with ids that the test fixes, then let the order be forgotten."""
    activity = there.activity(state="open", title=LangText(sv="Samma"))
    for name in order:
        ask(there.client(name), activity, f"Fråga från {name}")
        like(there.client(name), activity, activity.questions.order_by("id").first(), f"{ASKERS.index(name):032x}")
    return activity


@pytest.mark.skipif(connection.vendor != "sqlite", reason="looks at SQLite's own pages")
def test_sqlite_keeps_no_order_of_writing(there, tmp_path):
    """The same rows written in two orders leave the same bytes, once the order has been forgotten."""
    with clock.simulated(DAY), entered(there):
        activity = contribute_in_order(there, list(ASKERS))
        actions.close_activity(activity, by=there.person("lead"))
        path = connection.settings_dict["NAME"]
        wal = Path(f"{path}-wal")
        assert not wal.exists() or wal.read_bytes() == b"", "the write-ahead log still holds the order"
        connection.close()
    images = []
    ids = {
        table: _ids(path, table)
        for table in ("thread_item", "questions_question", "questions_like", "thread_receipt", INDEX)
    }
    for order in itertools.islice(itertools.permutations(range(len(ASKERS))), 0, 120, 41):
        copy = tmp_path / f"{len(images)}.sqlite3"
        _rewrite(path, copy, ids, order)
        images.append(_comparable(copy.read_bytes()))
    assert len(images) == 3
    assert images[0] == images[1] == images[2]
    for table in ids:
        with sqlite3.connect(path) as raw:
            places = [row[0] for row in raw.execute(f"SELECT id FROM {table} ORDER BY rowid")]
            assert places == sorted(places)
            assert raw.execute(f"SELECT count(*) FROM {table} WHERE rowid != id").fetchone() == (0,)


def _ids(path: str, table: str) -> list[int]:
    with sqlite3.connect(path) as raw:
        return [row[0] for row in raw.execute(f"SELECT id FROM {table} ORDER BY id")]


def _rewrite(path: str, copy, ids: dict[str, list[int]], order: tuple[int, ...]) -> None:
    """Take the contributions out and write them again in another order; then do what `forget_order` does."""
    with sqlite3.connect(path) as source, sqlite3.connect(copy) as target:
        source.backup(target)
    raw = sqlite3.connect(copy, isolation_level=None)
    raw.execute("PRAGMA foreign_keys=OFF")
    raw.execute("VACUUM")
    rows = {table: raw.execute(f"SELECT * FROM {table} ORDER BY id").fetchall() for table in ids}
    for table in ids:
        raw.execute(f"DELETE FROM {table}")
    for place in order:
        for table, held in rows.items():
            if place < len(held):
                raw.execute(f"INSERT INTO {table} VALUES ({','.join('?' * len(held[place]))})", held[place])
    for table, held in rows.items():
        for row in held[len(order) :]:
            raw.execute(f"INSERT INTO {table} VALUES ({','.join('?' * len(row))})", row)
    raw.execute("VACUUM")
    raw.close()


def _comparable(image: bytes) -> bytes:
    """A database file without the three counters in its header that count changes."""
    return image[:24] + image[28:40] + image[44:92] + image[100:]


@pytest.mark.skipif(connection.vendor != "postgresql", reason="looks at PostgreSQL's row versions")
def test_postgresql_keeps_no_order_of_writing(there):
    """After the order has been forgotten one transaction wrote all rows, and they lie in the order of their ids."""
    with clock.simulated(DAY), entered(there):
        activity = contribute_in_order(there, list(ASKERS))
        actions.close_activity(activity, by=there.person("lead"))
        writers = set()
        with connection.cursor() as cursor:
            tables = [
                "thread_item",
                "questions_question",
                "questions_like",
                "thread_receipt",
                "programmes_ticket",
                INDEX,
            ]
            for table in tables:
                of_questions = " WHERE about_id IN (SELECT id FROM thread_item)" if table == INDEX else ""
                cursor.execute(f"SELECT id, xmin::text FROM {table}{of_questions} ORDER BY ctid")
                rows = cursor.fetchall()
                assert len(rows) >= len(ASKERS)
                writers |= {xmin for _id, xmin in rows}
                assert [pk for pk, _xmin in rows] == sorted(pk for pk, _xmin in rows)
        assert len(writers) == 1


def test_the_order_can_be_forgotten_while_the_activity_is_open(there):
    with clock.simulated(DAY), entered(there):
        activity = contribute_in_order(there, list(ASKERS))
        texts = set(activity.questions.values_list("text", flat=True))
        actions.forget_order(activity)
        assert set(activity.questions.values_list("text", flat=True)) == texts
        ask(there.client("staff"), activity, "En till")
        assert activity.questions.count() == len(ASKERS) + 1
        assert Item.objects.filter(activity_id=activity.pk).count() == len(ASKERS) + 1


def test_ids_are_drawn_not_counted():
    assert len({new_id().bit_length() for _ in range(400)}) > 3
    assert BACKEND

"""A dialogue keeps nothing of who voted what: not in its rows, not beside them, not in their order."""

from __future__ import annotations

import pytest
from django.core.cache import cache
from django.db import connection
from django.db.models import F

from samsyn.activities.dialogue import actions, queries
from samsyn.activities.dialogue.models import Statement, Vote
from samsyn.core import clock
from samsyn.core.addresses import address
from samsyn.programmes import actions as programmes
from samsyn.programmes.browsers import draw_key
from tests.anonymity.raw import column_names, every_row, new_rows
from tests.anonymity.test_raw_database import entered, there
from tests.fixtures import DAY

__all__ = ["there"]
pytestmark = pytest.mark.django_db(transaction=True)
TOUCHED_BY_VOTING = {
    *("dialogue_vote", "dialogue_showing", "dialogue_statement"),
    *("programmes_voterkey", "programmes_ticket", "programmes_activity"),
}


@pytest.fixture
def talk(there):
    """An anonymous dialogue for a given audience, open, with six statements."""
    with clock.simulated(DAY), entered(there):
        activity = there.activity(kind="dialogue", state="open", level="anonymous")
        texts = [f"Påstående {number}." for number in range(6)]
        actions.seed(activity, texts, language="sv", by=there.person("lead"))
        programmes.hand_out_tickets(activity)
        yield activity


def vote_on_all(there, talk, name: str) -> str:
    """One of the audience votes on everything, as a browser does; the key that the browser kept."""
    client, key = there.client(name), draw_key()
    client.cookies["voter"] = key
    for statement in queries.visible_statements(talk):
        path = address("dialogue:vote", activity=talk.pk, statement=statement.pk)
        assert client.post(path, {"value": "1"}, headers={"HX-Request": "true"}).status_code == 200
    return key


def test_voting_touches_the_tables_of_the_dialogue_and_no_other(there, talk):
    client = there.client("staff")
    client.get(address("dialogue:page", activity=talk.pk))
    before = every_row()
    client.cookies["voter"] = draw_key()
    statement = queries.visible_statements(talk)[0]
    path = address("dialogue:vote", activity=talk.pk, statement=statement.pk)
    assert client.post(path, {"value": "1"}, headers={"HX-Request": "true"}).status_code == 200
    assert set(new_rows(before, every_row())) <= TOUCHED_BY_VOTING


def test_no_row_holds_a_person_a_time_or_an_order(there, talk):
    keys = {name: vote_on_all(there, talk, name) for name in ("staff", "other", "manager")}
    assert set(column_names(Vote._meta.db_table)) == {
        *("id", "organisation_id", "statement_id", "key", "value", "important", "shown", "shown_important", "counted"),
    }
    ids = list(Vote.objects.order_by("id").values_list("key", flat=True))
    assert ids != sorted(ids, key=list(keys.values()).index), "ids in the order of writing"
    for name in keys:
        assert there.person(name).pk not in set(Vote.objects.values_list("statement_id", flat=True))


def test_the_cache_keeps_sums_alone(there, talk):
    key = vote_on_all(there, talk, "staff")
    queries.next_turn(talk, key)
    assert key not in str(cache._cache)


def test_at_close_the_order_of_writing_is_gone(there, talk):
    for name in ("staff", "other", "manager", "owner", "lead", "member"):
        vote_on_all(there, talk, name)
    assert Vote.objects.filter(counted=False).exists(), "the sixth is not in the figures"
    programmes.close_activity(talk, by=there.person("lead"))
    assert set(Vote.objects.values_list("counted", flat=True)) == {True}
    assert not Vote.objects.exclude(value=F("shown")).exists()
    if connection.vendor == "postgresql":
        for model in (Vote, Statement):
            with connection.cursor() as cursor:
                cursor.execute(f"SELECT id, xmin::text FROM {model._meta.db_table} ORDER BY ctid")
                rows = cursor.fetchall()
            assert len({xmin for _pk, xmin in rows}) == 1
            assert [pk for pk, _xmin in rows] == sorted(pk for pk, _xmin in rows)


def test_pages_carry_no_key(there, talk):
    client, key = there.client("staff"), draw_key()
    client.cookies["voter"] = key
    for name in ("dialogue:page", "dialogue:mine", "dialogue:add"):
        response = client.get(address(name, activity=talk.pk))
        assert key not in response.content.decode()
        assert "no-store" in response["Cache-Control"]

"""An anonymous board keeps nothing of who wrote or voted what: not in its rows, not beside them, not in their order."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.db import connection, transaction

from samsyn.activities.board import actions, queries
from samsyn.activities.board.kind import kind
from samsyn.activities.board.models import Card, DotVote
from samsyn.activities.board.rules import Phase
from samsyn.audit.models import Entry
from samsyn.core import clock
from samsyn.core.addresses import address
from samsyn.live.sendings import Sending
from samsyn.programmes import actions as programmes
from samsyn.programmes.browsers import draw_key
from samsyn.thread.models import Item
from tests.anonymity.raw import column_names, every_row, new_rows
from tests.anonymity.test_raw_database import entered, identities, there
from tests.fixtures import DAY

__all__ = ["there"]
pytestmark = pytest.mark.django_db(transaction=True)
TOUCHED_BY_WRITING = {"thread_item", "thread_receipt", "core_searchword", "board_card", "programmes_activity"}
TOUCHED_BY_VOTING = {
    *("board_dotvote", "board_board", "programmes_voterkey", "programmes_ticket", "programmes_activity"),
}
PEOPLE = ("staff", "other", "manager", "member", "owner")


@pytest.fixture
def tavla(there):
    """An anonymous board for a given audience, open for writing."""
    with clock.simulated(DAY), entered(there):
        activity = there.activity(kind="board", state="open", level="anonymous", settings={"layout": "today"})
        yield activity


@pytest.fixture
def clients(there, tavla):
    """A signed-in browser for each of the audience, which has looked at the board."""
    made = {name: there.client(name) for name in PEOPLE}
    for client in made.values():
        client.get(address("board:page", activity=tavla.pk))
    return made


def write(client, tavla, text: str, words: str = "") -> str:
    column = queries.columns(tavla)[0].pk
    answer = client.post(
        address("board:write", activity=tavla.pk),
        {"post_key": draw_key(), "column": column, "text": text, "words": words},
    )
    assert answer.status_code == 200, answer.content.decode()[:500]
    return answer.context["words"] or ""


def vote(client, tavla, card: Card, key: str) -> None:
    client.cookies["voter"] = key
    path = address("board:vote", activity=tavla.pk)
    assert client.post(path, {f"dots-{card.pk}": "2"}).status_code == 302


def test_writing_stores_nothing_about_the_one_who_writes(there, tavla, clients, caplog):
    for name, client in clients.items():
        before = every_row()
        write(client, tavla, f"Kort {len(name)} {name[0]}.")
        fresh = new_rows(before, every_row())
        assert set(fresh) <= TOUCHED_BY_WRITING, f"writing also wrote to {set(fresh) - TOUCHED_BY_WRITING}"
        rows = [row for table, found in fresh.items() if table != "programmes_activity" for row in found]
        written = "\n".join(str(value) for row in rows for value in row)
        for trace in identities(there, name, client):
            assert trace not in written, f"{trace!r} was stored"
        assert not [value for row in rows for value in row if isinstance(value, dt.datetime | dt.time)]
    assert not Entry.objects.filter(verb="card.sent").exists()
    assert not caplog.records


def test_writing_in_the_room_stores_no_more(there, tavla):
    column = str(queries.columns(tavla)[0].pk)
    values = {"text": "Ur rummet.", "column": column, "post_key": draw_key()}
    before = every_row()
    with transaction.atomic():
        kind.intake()["write"](tavla, [Sending(tavla.pk, "write", values, draw_key(), there.person("staff").pk)])
    fresh = new_rows(before, every_row())
    assert set(fresh) <= TOUCHED_BY_WRITING
    assert str(there.person("staff").pk) not in str([fresh[table] for table in ("board_card", "thread_item")])


def test_before_the_reveal_the_words_are_in_one_place_alone(tavla, clients):
    write(clients["staff"], tavla, "Bara här får det stå.")
    found = {table for table, rows in every_row().items() if "Bara här får det stå." in str(rows)}
    assert found == {"board_card"}


def test_voting_touches_the_tables_of_the_board_and_no_other(there, tavla, clients):
    write(clients["owner"], tavla, "Ett kort.")
    actions.set_phase(tavla, Phase.VOTE, by=there.person("lead"))
    card, key = Card.objects.get(), draw_key()
    before = every_row()
    vote(clients["staff"], tavla, card, key)
    fresh = new_rows(before, every_row())
    assert set(fresh) <= TOUCHED_BY_VOTING
    (ticket,) = fresh["programmes_ticket"]
    shared = {there.organisation.pk, tavla.pk, True}
    for table in ("board_dotvote", "programmes_voterkey"):
        for row in fresh[table]:
            assert not (set(row) & set(ticket)) - shared
    assert set(column_names("board_dotvote")) == {"id", "organisation_id", "item_id", "key", "points", "counted"}
    assert not {"author_id"} & set(column_names("board_dotvote"))
    vote(clients["staff"], tavla, card, draw_key())
    assert DotVote.objects.count() == 1, "who votes from two browsers votes once"


def test_two_cards_of_one_person_share_no_value(tavla, clients):
    write(clients["other"], tavla, "noll")  # the activity's own row changes with the first
    values, words = [], ""
    for name, text in (("staff", "ett"), ("staff", "två"), ("other", "tre")):
        before = every_row()
        words = write(clients[name], tavla, text, words if name == "staff" else "") or words
        values.append({value for rows in new_rows(before, every_row()).values() for row in rows for value in row})
    first, second, others = values
    assert not (first & second) - others


def test_at_close_the_order_of_writing_is_gone(there, tavla, clients):
    for name in PEOPLE:
        write(clients[name], tavla, f"Kort från {PEOPLE.index(name)}.")
    actions.set_phase(tavla, Phase.VOTE, by=there.person("lead"))
    for name in PEOPLE:
        vote(clients[name], tavla, Card.objects.order_by("text")[0], draw_key())
    programmes.close_activity(tavla, by=there.person("lead"))
    assert {points == counted for points, counted in DotVote.objects.values_list("points", "counted")} == {True}
    assert sorted(Card.objects.values_list("dots", flat=True)) == [0, 0, 0, 0, 10]
    if connection.vendor == "postgresql":
        for model in (Card, DotVote, Item):
            with connection.cursor() as cursor:
                cursor.execute(f"SELECT id, xmin::text FROM {model._meta.db_table} ORDER BY ctid")
                rows = cursor.fetchall()
            assert len({xmin for _pk, xmin in rows}) == 1
            assert [pk for pk, _xmin in rows] == sorted(pk for pk, _xmin in rows)


def test_pages_carry_no_key(there, tavla, clients):
    write(clients["staff"], tavla, "Ett kort.")
    actions.set_phase(tavla, Phase.VOTE, by=there.person("lead"))
    key = draw_key()
    vote(clients["staff"], tavla, Card.objects.get(), key)
    answer = clients["staff"].get(address("board:page", activity=tavla.pk))
    assert key not in answer.content.decode()
    assert "no-store" in answer["Cache-Control"]
    assert re.search(r'<option value="2" selected', answer.content.decode()), "the browser's own dots are shown to it"
    post_keys = set(Card.objects.values_list("post_key", flat=True))
    assert not [one for one in post_keys if one in answer.content.decode()]

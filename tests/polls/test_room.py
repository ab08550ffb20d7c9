"""A poll in a room that is served for real: answered over HTTP, on the wire nothing that is not shown."""

from __future__ import annotations

import secrets
from collections.abc import Iterator

import pytest

from tests.live.serving import Hall, Phone, Stream, hall


@pytest.fixture(scope="module")
def served(tmp_path_factory) -> Iterator[tuple[Hall, int]]:
    """A room in which a mood check goes on, and the port on which it is served."""
    with hall(tmp_path_factory.mktemp("hall"), prepared_by="tests.polls.prepare") as made:
        yield made, made.start()


def come(made: Hall, port: int, language: str = "sv") -> Phone:
    phone = Phone(port, language)
    assert phone.join(made.made["code"]) == 200
    return phone


def answer(made: Hall, phone: Phone, **values: str) -> tuple[int, dict]:
    return phone.send("answer", made.made["activity"], **values)


def test_a_whole_mood_check(served):
    made, port = served
    runs = made.prepare("runs")
    watcher = come(made, port)
    stream: Stream = watcher.stream()
    stream.until("Hur var den här träffen för dig?")
    phones = [come(made, port) for _number in range(7)]
    for number, phone in enumerate(phones):
        status, told = answer(made, phone, run=runs["scale"], choice="4" if number else "0")
        assert (status, told["error"]) == (200, "")
    assert answer(made, phones[0], run=runs["scale"], choice="4")[0] == 200, "changed"
    assert answer(made, phones[0], run=runs["scale"], choice="9") == (
        422, {"error": "Välj ett svar.", "field": "choice", "again": False},
    )  # fmt: skip
    stream.until("5 personer har svarat")
    assert b"<rect" not in stream.bytes
    assert b"De flesta" not in stream.bytes
    made.prepare("cue", "show")
    stream.until("De flesta säger 5 (Mycket bra).")
    rows = [row for row in made.prepare("count")["answers"] if row[0] == "scale"]
    assert sorted(row[2] for row in rows) == [16] * 7
    made.prepare("cue", "next")
    stream.until("Ett ord om i dag")
    status, told = phones[1].send(
        "text", made.made["activity"], run=runs["words"], text="hemligheten", post_key=secrets.token_hex(16)
    )
    assert (status, len(told["receipt"].split())) == (200, 6)
    stream.close()
    again = come(made, port)
    late = again.stream()
    late.until("Ett ord om i dag")
    assert b"hemligheten" not in late.bytes
    assert b"hemligheten" not in again.ask("GET", again.room)[2]
    made.prepare("cue", "show")
    late.until("hemligheten")
    late.close()


def test_a_table_and_a_second_run(served):
    made, port = served
    made.prepare("cue", "next")
    before = made.prepare("runs")["many"]
    phone = come(made, port, "en")
    assert answer(made, phone, run=before, choice0="1", choice2="1", people="6")[0] == 200
    after = made.prepare("cue", "restart")["many"]
    assert after != before
    status, told = answer(made, phone, run=before, choice0="1")
    assert status == 422
    assert told["error"].startswith("This question is no longer here")
    assert answer(made, phone, run=after, choice1="1")[0] == 200
    kept = [row[1:] for row in made.prepare("count")["answers"] if row[0] == "many"]
    assert sorted(kept) == sorted([[phone.key, 0b101, 6], [phone.key, 0b010, 1]])


def test_without_scripts_a_form_leads_back_to_the_room(served):
    made, port = served
    phone = come(made, port)
    run = made.prepare("runs")["many"]
    body = f"activity={made.made['activity']}&do=answer&run={run}&choice0=1"
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Origin": f"http://localhost:{port}"}
    status, back, _content = phone.ask("POST", f"{phone.room}send", body, **headers)
    assert (status, back["location"].split("?")[0]) == (303, phone.room)
    body = f"activity={made.made['activity']}&do=text&run={made.prepare('runs')['words']}&text=utan&post_key="
    assert phone.ask("POST", f"{phone.room}send", body, **headers)[0] == 303
    assert "utan" in made.prepare("count")["texts"]

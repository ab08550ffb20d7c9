"""Many people open ordinary pages at the same moment: each is answered, and the database is not overrun."""

from __future__ import annotations

import secrets
import threading
from collections import Counter
from urllib.parse import urlencode

import psycopg

from tests.live.conftest import SERVER
from tests.live.serving import Hall, Phone

MANY = 150  # more than PostgreSQL lets in as it comes, which is 100
MOST_CONNECTIONS = 25  # those of pages, those of the live room, and what is just ending


def test_150_likes_without_scripts_at_the_same_moment_are_all_taken(served):
    made, port = served
    phone = Phone(port)
    phone.join(made.made["code"])
    assert phone.question(made.made["activity"], "Vem tycker som jag?")[0] == 200
    page = phone.ask("GET", f"{phone.room}?sent=1")[2].decode()
    path = f"/o/ankeby/a/{made.made['activity']}/questions/like/"
    path += page.partition('name="question" value="')[2][:13] + "/"
    entry, answers, start = made.prepare("entry")["entry"], Counter[int](), threading.Barrier(MANY)

    def like() -> None:
        one, token = Phone(port, patience=120), secrets.token_hex(16)  # on a busy machine the last one waits for long
        one.cookies = {"entry": entry, "voter": secrets.token_hex(16), "csrftoken": token}
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Origin": f"http://localhost:{port}"}
        start.wait()
        body = urlencode({"on": "1", "csrfmiddlewaretoken": token})
        answers[one.ask("POST", path, body, **headers)[0]] += 1

    with _Connections(made) as connections:
        threads = [threading.Thread(target=like) for _number in range(MANY)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert answers == {302: MANY}
    assert len(made.prepare("count")["likes"]) == MANY
    assert connections.most <= MOST_CONNECTIONS


class _Connections:
    """Watches how many connections a PostgreSQL database has; none where it is SQLite."""

    def __init__(self, made: Hall) -> None:
        self.most = 0
        self._name = made.database_url.rpartition("/")[2]
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._watch)

    def _watch(self) -> None:
        with psycopg.connect(SERVER, autocommit=True) as connection:
            while not self._stop.wait(0.02):
                counted = "SELECT count(*) FROM pg_stat_activity WHERE datname = %s"
                found = connection.execute(counted, [self._name]).fetchone()
                self.most = max(self.most, found[0] if found else 0)

    def __enter__(self) -> _Connections:
        if self._name:
            self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        if self._name:
            self._stop.set()
            self._thread.join()

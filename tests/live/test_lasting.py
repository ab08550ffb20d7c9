"""Nothing acknowledged is lost, whatever is killed; who was there comes back; rooms over two processes."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Iterator

import pytest
import redis

from tests.lacking import leave_out
from tests.live.conftest import REDIS, drop, postgresql
from tests.live.senders import Browser, Sender, missing_or_twice
from tests.live.serving import PROVE, Hall, Phone, hall

pytestmark = [pytest.mark.prove] if PROVE else []
ROUNDS = 50 if PROVE else 2
PHONES = 8
BROWSERS = 6
EACH = 60  # acknowledged in each round before the kill
BACK_WITHIN = 5.0  # seconds after the server takes connections again


def _acknowledged(senders: list[Sender]) -> int:
    return sum(sender.acknowledged for sender in senders)


@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_nothing_acknowledged_is_lost_when_the_server_is_killed(tmp_path, database):
    url = postgresql() if database == "postgresql" else ""
    chance = random.Random(1)
    settings = {"level": "anonymous", "entry": "code", "people": "2", "kinds": "questions,polls,dialogue,board"}
    with hall(tmp_path, database_url=url, **settings) as made:
        port = made.start()
        phones = [Phone(port) for _number in range(BROWSERS)]
        for phone in phones:
            phone.join(made.made["code"])
        assert phones[0].question(made.made["activities"]["questions"], "Vem tycker som jag?")[0] == 200
        stream = phones[0].stream()
        stream.until("Vem tycker som jag?")
        question = stream.parts["k-list"].partition('name="question" value="')[2][:13]
        stream.close()
        browsers = [Browser(phone) for phone in phones]
        senders = [Sender(made, port, number, question) for number in range(PHONES)]
        for _round in range(ROUNDS):
            for browser in browsers:
                browser.wait_until_there(30)
            stop = threading.Event()
            threads = [threading.Thread(target=sender.go_on, args=(stop,)) for sender in senders]
            for thread in threads:
                thread.start()
            wanted = _acknowledged(senders) + EACH
            until = time.monotonic() + 60
            while _acknowledged(senders) < wanted and time.monotonic() < until:
                time.sleep(chance.uniform(0.001, 0.05))  # so it is chance in the middle of what the kill hits
            made.kill(port)
            stop.set()
            for thread in threads:
                thread.join()
            for browser in browsers:
                browser.wait_until_gone(30)
            made.start(port)
            up = time.monotonic()
            assert max(browser.wait_until_there(30) for browser in browsers) - up < BACK_WITHIN
        for browser in browsers:
            browser.close()
        for sender in senders:
            sender.finish()
        stored = made.prepare("count")
    if url:
        drop(url)
    assert _acknowledged(senders) >= EACH * ROUNDS
    stored["texts"].remove("Vem tycker som jag?")
    stored["likes"] = [(question, key, on) for _text, key, on in stored["likes"]]
    assert all(stored[name] for name in ("texts", "cards", "likes", "answers", "stands"))
    assert missing_or_twice(senders, stored) == {}
    assert stored["behind"] == {}, "figures are those of the rows, as far as five have been reached"


@pytest.fixture
def two_processes(tmp_path) -> Iterator[tuple[Hall, int, int]]:
    """A room that two processes serve, through Redis."""
    try:
        redis.Redis.from_url(REDIS, socket_connect_timeout=2).ping()
    except redis.exceptions.ConnectionError:
        leave_out("Redis does not answer")
    url = postgresql()
    with hall(tmp_path, database_url=url, redis_url=REDIS) as made:
        yield made, made.start(), made.start()
    drop(url)


def test_rooms_go_on_over_two_processes_when_one_is_killed(two_processes):
    made, first, second = two_processes
    here, there = Phone(first), Phone(second)
    here.join(made.made["code"])
    there.join(made.made["code"])
    stream = there.stream()
    stream.next()
    assert here.question(made.made["activity"], "Hörs jag i den andra processen?")[0] == 200
    stream.until("Hörs jag i den andra processen?")
    screen = here.stream()
    screen.next()
    made.kill(first)
    here.port = second
    assert here.join(made.made["code"]) == 200
    assert here.question(made.made["activity"], "Och nu?")[0] == 200
    stream.until("Och nu?")
    stream.close()
    assert {"Hörs jag i den andra processen?", "Och nu?"} <= set(made.prepare("count")["texts"])

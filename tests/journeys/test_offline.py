"""A phone in the room without a network: nothing that somebody wrote is lost, and nothing arrives twice."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Error, Page, expect

from tests.live.serving import Hall, Phone, hall

FIRST = "Kan vi börja klockan åtta?"
LEFT = """() => Object.keys(localStorage).filter((name) => name.startsWith("samsyn.queue."))
    .flatMap((name) => JSON.parse(localStorage[name])).length"""
EMPTY = f"() => !({LEFT})()"


@pytest.fixture(scope="module")
def room(tmp_path_factory) -> Iterator[tuple[Hall, int]]:
    """A room with question time, one question in it, and the port on which it is served."""
    with hall(tmp_path_factory.mktemp("hall")) as made:
        port = made.start()
        other = Phone(port)
        other.join(made.made["code"])
        assert other.question(made.made["activity"], FIRST)[0] == 200
        yield made, port


def come_in(hand, room) -> Page:
    """Into the room by its code, with a clock that the test drives."""
    made, port = room
    page = hand.page
    page.clock.install()
    page.goto(f"http://localhost:{port}/j/{made.made['code']}")
    expect(page.get_by_text(FIRST, exact=True)).to_be_visible()
    return page


def ask(page: Page, text: str) -> None:
    page.get_by_label("Din fråga").fill(text)
    page.get_by_role("button", name="Skicka frågan").click()


def agree(page: Page) -> None:
    page.get_by_role("button", name=re.compile(f"Jag håller med.*{re.escape(FIRST)}")).click()


def stored(room) -> tuple[list[str], int]:
    """(texts, how many agree with the first question)."""
    told = room[0].prepare("count")
    return told["texts"], sum(on for text, _key, on in told["likes"] if text == FIRST)


def test_sixty_seconds_without_a_network(room, open_hand):
    hand = open_hand("sv", 360)
    page = come_in(hand, room)
    agreed = stored(room)[1]
    hand.lose_network()
    ask(page, "Vem bestämmer om lokalen?")
    expect(page.get_by_text("Väntar på nät").first).to_be_visible()
    agree(page)
    page.get_by_label("Din fråga").fill("Och vad kostar det om")
    page.clock.run_for(60_000)
    expect(page.get_by_label("Din fråga")).to_have_value("Och vad kostar det om")
    assert page.evaluate(LEFT) == 2
    assert stored(room) == ([FIRST], agreed)
    hand.regain_network()
    page.wait_for_function(EMPTY)
    expect(page.get_by_text("Vem bestämmer om lokalen?", exact=True)).to_be_visible()
    expect(page.get_by_label("Din fråga")).to_have_value("Och vad kostar det om")
    page.clock.run_for(60_000)  # nothing is sent a second time
    texts, agreeing = stored(room)
    assert texts.count("Vem bestämmer om lokalen?") == 1
    assert agreeing == agreed + 1
    assert not any("Och vad kostar" in text for text in texts)


def test_a_reload_without_a_network_keeps_what_waits(room, open_hand):
    hand = open_hand("sv", 360)
    page = come_in(hand, room)
    agreed = stored(room)[1]
    asked = [f"Fråga {number} utan nät?" for number in range(1, 7)]
    hand.lose_network()
    for text in asked:
        ask(page, text)
    agree(page)
    assert page.evaluate(LEFT) == 7
    with pytest.raises(Error, match="net::ERR_INTERNET_DISCONNECTED"):
        page.reload()
    hand.regain_network()
    page.goto(f"http://localhost:{room[1]}/live/r/{room[0].made['room']}/")
    page.wait_for_function(EMPTY)
    texts, agreeing = stored(room)
    assert sorted(text for text in texts if text in asked) == asked
    assert agreeing == agreed + 1


def test_where_the_answer_was_lost_on_the_way_it_is_sent_again_and_taken_once(room, open_hand):
    hand = open_hand("sv", 360)
    page = come_in(hand, room)
    agreed = stored(room)[1]

    def lose(route):
        route.fetch()  # the server takes it
        route.abort("connectionreset")

    hand.expect_lost_requests()
    page.route("**/send", lose, times=1)
    with page.expect_event("requestfailed"):
        ask(page, "Kom det här fram?")
    expect(page.get_by_text("Kom det här fram?", exact=True)).to_be_visible()
    agree(page)
    page.wait_for_function(EMPTY)
    texts, agreeing = stored(room)
    assert texts.count("Kom det här fram?") == 1
    assert agreeing == agreed + 1

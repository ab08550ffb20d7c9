"""A dialogue in a room: one statement at a time on phones, the screen, without a network, without scripts."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from tests.dialogue.prepare import TEXTS
from tests.live.serving import Hall, hall


@pytest.fixture(scope="module")
def room(tmp_path_factory) -> Iterator[tuple[Hall, int]]:
    """A served room in which a dialogue goes on."""
    with hall(tmp_path_factory.mktemp("room"), prepared_by="tests.dialogue.prepare") as made:
        yield made, made.start()


def votes(made: Hall) -> list:
    return made.prepare("count")["votes"]


def shown(hand) -> str:
    """The one statement that is in sight."""
    (words,) = [text for text in [*TEXTS, "Vi behöver fler rum."] if hand.page.get_by_text(text).is_visible()]
    return words


def test_one_statement_at_a_time_and_the_next_at_once(room, open_hand):
    made, port = room
    phone, screen = open_hand("sv", 360), open_hand("en", 1920)
    cookies = [{"name": name, "value": value} for name, value in made.prepare("sign_in").items()]
    screen.page.context.add_cookies([{**one, "domain": "localhost", "path": "/"} for one in cookies])
    screen.page.goto(f"http://localhost:{port}/o/ankeby/g/{made.made['room']}/screen/")
    screen.page.get_by_text("4 statements").wait_for()
    assert not screen.findings()
    phone.page.goto(f"http://localhost:{port}/j/{made.made['code']}")
    first = shown(phone)
    assert not phone.findings()
    assert phone.overflow() <= 0
    phone.page.get_by_label("Det här är viktigt för mig").check(force=True)
    phone.reset()
    phone.tap("button", "Håller med", exact=True)
    second = shown(phone)
    assert (phone.taps, second == first) == (1, False)
    assert not phone.page.get_by_label("Det här är viktigt för mig").is_checked()
    phone.page.get_by_text("1 / 4").wait_for()
    phone.tap("button", "Håller inte med")
    phone.page.get_by_text("2 / 4").wait_for()
    phone.tap("button", "Ändra det senaste svaret")
    assert shown(phone) == second
    phone.tap("button", "Hoppa över")
    phone.page.get_by_text("2 / 4").wait_for()
    phone.page.reload()
    phone.page.get_by_text("2 / 4").wait_for()
    phone.lose_network()
    third = shown(phone)
    phone.tap("button", "Håller med", exact=True)
    phone.page.get_by_text("3 / 4").wait_for()
    phone.regain_network()
    phone.page.locator("[data-unsent]").first.wait_for(state="hidden")
    phone.tap("button", "Håller med", exact=True)
    phone.page.get_by_text("Du har svarat på alla").wait_for()
    assert not phone.findings()
    expect_votes(phone, made, 4)
    said = {text: (value, matters) for _key, text, value, matters in votes(made)}
    assert (said[first], said[second], said[third]) == ((1, True), (0, False), (1, False))


def expect_votes(hand, made: Hall, number: int) -> None:
    """All that this browser has sent has been taken."""
    hand.page.wait_for_function("Object.keys(localStorage).filter((n) => n.startsWith('samsyn.queue'))"
                                ".every((n) => localStorage[n] === '[]')")  # fmt: skip
    assert len(votes(made)) == number


def test_a_statement_of_ones_own_and_what_is_nearly_the_same(room, open_hand):
    made, port = room
    hand, other = open_hand("en", 1280), open_hand("sv", 360)
    for one in (hand, other):
        one.page.goto(f"http://localhost:{port}/j/{made.made['code']}")
    other.page.get_by_text("0 / 4").wait_for()
    hand.page.get_by_text("Write a statement of your own").click()
    hand.page.get_by_label("Your statement").fill("Vi vet vad vi är till för!")
    hand.tap("button", "Send the statement")
    hand.page.get_by_role("alert").filter(has_text=TEXTS[0]).wait_for()
    assert not hand.findings()
    hand.page.get_by_label("Your statement").fill("Vi behöver fler rum.")
    hand.tap("button", "Send the statement")
    hand.page.locator("[data-receipt-text]").filter(has_text=re.compile(r"\w+ \w+")).wait_for()
    before = shown(other)
    other.page.get_by_text("0 / 5").wait_for()
    assert shown(other) == before, "what one is reading is not swapped away"
    assert "Vi behöver fler rum." in made.prepare("count")["texts"]


def test_without_scripts_all_statements_stand_there_to_choose_from(room, open_hand):
    made, port = room
    hand, before = open_hand("sv", 360, java_script_enabled=False), len(votes(room[0]))
    hand.page.goto(f"http://localhost:{port}/j/{made.made['code']}")
    assert all(hand.page.get_by_text(text).is_visible() for text in TEXTS)
    hand.page.get_by_label(TEXTS[1]).check()
    hand.tap("button", "Håller med", exact=True)
    assert len(votes(made)) == before + 1

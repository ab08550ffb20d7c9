"""The main ways by keyboard alone, with scripts and without: publishing with a reply, a receipt, people, signing in."""

from __future__ import annotations

import email
import email.policy
import re
import sqlite3
import time

import pytest

from tests.journeys.serving import Site
from tests.journeys.test_keyboard import Keyboard

PHONE, DESK = ("sv", 360), ("en", 1280)
SCRIPTS = pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
LONGEST_WAIT = 20


@pytest.fixture
def hands(site, open_hand):
    """A keyboard at the demo's front page."""

    def make(way: tuple[str, int], scripts: bool) -> Keyboard:
        hand = open_hand(*way, java_script_enabled=scripts)
        hand.page.goto(site.url())
        return Keyboard(hand.page)

    return make


@SCRIPTS
def test_a_question_is_followed_by_its_receipt(hands, scripts):
    hand = hands(PHONE, scripts)
    hand.press("^Svara som medarbetare")
    hand.write("Din fråga", "Vem följer upp det här?")
    hand.press("^Skicka frågan")
    words = hand.page.locator("[data-receipt]").get_attribute("data-receipt") or ""
    assert len(words.split()) == 6
    hand.press("^Följ mina frågor")
    if not scripts:
        hand.write("sex ord", words)
    hand.press("^Visa mina frågor")
    assert hand.page.get_by_text("Vem följer upp det här?").first.is_visible()


def test_a_result_is_published_with_our_reply(hands):
    hand = hands(DESK, scripts=False)
    hand.press(r"^Lead\b")
    hand.press("^Questions about the ways of working")
    for text in ("You want to decide more yourselves.", "Two groups begin in May.", "No new system this year."):
        hand.write("^English", text)
    hand.press("^Publish the result and the reply", key="Space")
    assert hand.page.get_by_text("Two groups begin in May.").first.is_visible()


@SCRIPTS
@pytest.mark.prove
def test_people_are_imported(site, hands, scripts, tmp_path):
    with sqlite3.connect(site.folder / "samsyn.sqlite3") as database:  # the demo's doors lead to no administrator
        database.execute("UPDATE organisations_person SET administrator = 1 WHERE name = 'Karin Åberg'")
    file = tmp_path / "people.csv"
    name = f"Åsa Öman{'' if scripts else ' Utan'}"
    file.write_text(f"Anställningsnummer;Namn;E-post\n99{scripts:d};{name};asa{scripts:d}@alvmark.example\n", "utf-8")
    hand = hands(DESK, scripts)
    hand.press(r"^Lead\b")
    hand.press("^People and units")
    hand.press("^Import")
    hand.to("[Ff]ile")
    hand.page.locator("input[type=file]").set_input_files(file)  # the file dialogue is the browser's own
    hand.press("^Look at the file")
    _wait_for(hand, name)
    hand.press("^Import 1 change")
    people = re.sub(r"(/o/[^/]+/).*", r"\1people/?text=Öman", hand.page.url)
    _wait_for(hand, name, people)


@pytest.mark.prove
def test_the_reasons_of_faulty_rows_line_up(site, hands, tmp_path):
    with sqlite3.connect(site.folder / "samsyn.sqlite3") as database:
        database.execute("UPDATE organisations_person SET administrator = 1 WHERE name = 'Karin Åberg'")
    rows = [f"97{number};Ann Ek {number};{'ingen adress' if number in {1, 2} else ''}\n" for number in range(3000)]
    file = tmp_path / "people.csv"
    file.write_text("Anställningsnummer;Namn;E-post\n;Utan Nummer;\n" + "".join(rows) + "98;;\n", "utf-8")
    hand = hands(DESK, scripts=False)
    hand.press(r"^Lead\b")
    hand.press("^People and units")
    hand.press("^Import")
    hand.page.locator("input[type=file]").set_input_files(file)
    hand.press("^Look at the file")
    told = hand.page.locator(".row > .nowrap").all_inner_texts()
    assert {"row 2", "2 rows", "row 3003"} <= set(told)
    assert len({box["x"] for row in hand.page.locator(".row > div").all() if (box := row.bounding_box())}) == 1


@SCRIPTS
@pytest.mark.prove
def test_somebody_signs_in_with_a_code(site, hands, scripts):
    hand, address = hands(PHONE, scripts), _address_of_someone(site)
    hand.press("^Logga in")
    before = set((site.folder / "mail").glob("*"))
    hand.write("^E-post", address)
    hand.press("^Skicka")
    hand.write("[Kk]od", _code(site, before))
    hand.press("^Logga in")
    assert "/o/" in hand.page.url


def _wait_for(hand: Keyboard, text: str, path: str = "") -> None:
    """What a job has done is there when the page is loaded again."""
    if path:
        hand.page.goto(path)
    end = time.monotonic() + LONGEST_WAIT
    while not hand.page.get_by_text(text).count():
        assert time.monotonic() < end, hand.page.locator("main").inner_text()
        hand.page.reload()


def _address_of_someone(site: Site) -> str:
    with sqlite3.connect(site.folder / "samsyn.sqlite3") as database:
        return database.execute("SELECT email FROM accounts_user ORDER BY email LIMIT 1").fetchone()[0]


def _code(site: Site, before: set) -> str:
    """The code in the letter that has just been written."""
    end = time.monotonic() + LONGEST_WAIT
    while not (fresh := set((site.folder / "mail").glob("*")) - before):
        assert time.monotonic() < end, "no letter came"
    letter = email.message_from_bytes(fresh.pop().read_bytes(), policy=email.policy.default)
    text = letter.get_body(("plain",)).get_content()
    return re.search(r"^\s*([A-Z0-9]{3,}(?:-[A-Z0-9]+)?)\s*$", text, re.MULTILINE)[1]

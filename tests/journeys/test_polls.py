"""A poll in a browser: set up at a desk, answered on a phone with and without scripts, in a room, on its screen."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from tests.journeys import axe
from tests.live.serving import Hall, hall

# Whether each bar is drawn, beside or below its own words: as high as a line, and within its row.
DRAWN = """rows => rows.map(row => {
  const bar = row.querySelector("rect").getBoundingClientRect(), box = row.getBoundingClientRect();
  return bar.height > 10 && bar.top >= box.top - 1 && bar.bottom <= box.bottom + 1;
})"""


@pytest.fixture(scope="module")
def code(site, browser) -> str:
    """The code of a poll that a facilitator has just set up, through the pages; in English on a desktop."""
    page = browser.new_context(locale="en-GB", viewport={"width": 1280, "height": 900}).new_page()
    page.goto(site.url())
    page.get_by_role("button", name=re.compile("^Plan and run")).first.click()
    page.goto(site.url("/start/"))
    page.get_by_role("link", name="Storyboard").first.click()
    page.get_by_role("link", name=re.compile("Add an activity")).first.click()
    page.get_by_label(re.compile("^Poll")).check(force=True)
    page.get_by_label("What is it called?").fill("What do we take home?")
    page.get_by_role("button", name=re.compile("^Add")).first.click()
    page.get_by_role("link", name="What do we take home?").first.click()
    here = page.url
    assert not axe.findings(page)
    page.get_by_role("link", name="The questions").first.click()
    page.get_by_role("link", name="Add a question").first.click()
    assert not axe.findings(page)
    page.get_by_role("button", name=re.compile("^Mood check")).click()
    page.get_by_role("link", name="Add a question").first.click()
    page.get_by_role("link", name=re.compile("^Several answers")).click()
    page.get_by_role("button", name="Add the question").click()
    assert page.get_by_role("heading", name="There is a problem").is_visible()
    assert not axe.findings(page)
    page.get_by_role("group", name="The question").get_by_label("Svenska").fill("Vad behöver ni?")
    page.get_by_role("group", name="The question").get_by_label("English").fill("What do you need?")
    page.get_by_role("group", name=re.compile("^Answers to choose")).get_by_label("Svenska").fill("Tid\nEtt beslut")
    page.get_by_role("group", name=re.compile("^Answers to choose")).get_by_label("English").fill("Time\nA decision")
    page.get_by_label("When you show them").check(force=True)
    page.get_by_role("button", name="Add the question").click()
    assert page.get_by_role("heading", level=2).all_inner_texts()[-1] == "What do you need?"
    assert not axe.findings(page)
    page.goto(here)
    page.get_by_role("link", name=re.compile("^Open")).first.click()
    page.get_by_role("button", name=re.compile("Open.*(code|screen)", re.IGNORECASE)).click()
    shown = re.search(r"([A-Z2-9]{3}) ([A-Z2-9]{3})", page.locator("body").inner_text())
    page.context.close()
    return shown[1] + shown[2]


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without"])
def test_staff_answer_write_and_change_on_a_phone(site, open_hand, code, scripts):
    hand = open_hand("sv", 360, java_script_enabled=scripts)
    page = hand.page
    page.goto(site.url(f"/j/{code}"))
    assert page.get_by_role("heading", name="Hur var den här träffen för dig?").is_visible()
    assert page.get_by_text("1 av 3").is_visible()
    if scripts:
        assert not hand.findings()
        assert hand.overflow() <= 0
    hand.tap("button", "Skicka", exact=True)
    assert page.get_by_role("link", name="Välj ett svar").is_visible()
    if scripts:
        assert not hand.findings()
    hand.reset()
    page.get_by_label("5 Mycket bra").check(force=True)
    hand.tap("button", "Skicka", exact=True)
    assert page.get_by_role("heading", name="Ett ord om i dag").is_visible()
    assert (hand.taps, hand.fields) == (1, 0), "one more tap was the answer itself"
    hand.write("Ditt svar", "lagom")
    hand.tap("button", "Skicka")
    assert page.get_by_role("heading", name="Ditt svar har kommit fram").is_visible()
    assert len(page.locator("[data-receipt]").get_attribute("data-receipt").split()) == 6
    if scripts:
        assert not hand.findings()
    hand.tap("link", "Gå vidare")
    page.get_by_label("Tid").check(force=True)
    page.get_by_label("Ett beslut").check(force=True)
    hand.tap("button", "Skicka", exact=True)
    assert page.get_by_text("Du svarade: Tid, Ett beslut").is_visible()
    assert not page.get_by_text("lagom").count(), "not shown yet"
    if scripts:
        assert not hand.findings()
        assert hand.overflow() <= 0
    hand.tap("link", re.compile("^Ändra svaret ?: Hur var"))
    assert page.get_by_label("5 Mycket bra").is_checked()
    page.get_by_label("1 Bortkastad tid").check(force=True)
    hand.tap("button", "Ändra svaret")
    page.goto(page.url.split("?")[0] + "?all=1")
    assert page.get_by_text("Du svarade: 1").is_visible()


def test_by_keyboard_alone_questions_are_moved_and_shown(site, open_hand, code):
    hand = open_hand("en", 1280)
    page = hand.page
    page.goto(site.url())
    hand.tap("button", re.compile("^Plan and run"))
    page.goto(site.url("/start/"))
    hand.tap("link", "Storyboard")
    hand.tap("link", "What do we take home?")
    hand.tap("link", "The questions")
    page.locator('summary:has([aria-label="More for this question"])').nth(1).focus()
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Move earlier").focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.get_by_role("heading", level=2).all_inner_texts()[0] == "One word about today"
    page.get_by_role("button", name=re.compile("^Show the answers ?: One word")).focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.get_by_role("button", name=re.compile("^Hide the answers ?: One word")).is_visible()
    assert not hand.findings()
    assert hand.overflow() <= 0


# --- in a room --------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def room(tmp_path_factory) -> Iterator[tuple[Hall, int]]:
    """A served room in which a mood check goes on."""
    with hall(tmp_path_factory.mktemp("room"), prepared_by="tests.polls.prepare") as made:
        yield made, made.start()


def test_in_a_room_two_taps_answer_and_the_screen_shows_it(room, open_hand):
    made, port = room
    phone, other, desk = open_hand("sv", 360), open_hand("en", 360), open_hand("sv", 1920)
    cookies = [{"name": name, "value": value} for name, value in made.prepare("sign_in").items()]
    desk.page.context.add_cookies([{**one, "domain": "localhost", "path": "/"} for one in cookies])
    desk.page.goto(f"http://localhost:{port}/o/ankeby/g/{made.made['room']}/screen/")
    desk.page.get_by_text("Svaren är dolda tills de visas.").wait_for()
    assert not desk.findings()
    for hand in (phone, other):
        hand.page.goto(f"http://localhost:{port}/j/{made.made['code']}")
    phone.reset()
    phone.page.get_by_label("5 Mycket bra").check(force=True)
    phone.tap("button", "Skicka")
    phone.page.get_by_text("Ditt svar har kommit fram.").wait_for()
    assert (phone.taps, phone.fields) == (1, 0), "one more tap was the answer itself"
    assert not phone.findings()
    assert phone.overflow() <= 0
    phone.page.reload()
    assert phone.page.get_by_label("5 Mycket bra").is_checked(), "this browser remembers"
    other.page.get_by_label("Whom do you answer for?").select_option("6")
    other.page.get_by_label("2", exact=True).check(force=True)
    other.tap("button", "Send")
    other.page.get_by_text("Your answer is in.").wait_for()
    assert not other.findings()
    made.prepare("crowd")
    made.prepare("cue", "show")
    desk.page.get_by_text(re.compile("personer har svarat: 1 av 14 bord med 6 personer")).wait_for()
    assert not desk.findings()
    phone.page.locator(".bars").wait_for()
    assert phone.page.locator(".bars li").evaluate_all(DRAWN) == [True] * 5
    assert phone.page.get_by_label("5 Mycket bra").is_checked(), "what one answered is not swapped away"
    assert not phone.findings()
    made.prepare("cue", "next")
    phone.page.get_by_label("Ditt svar").fill("lagom")
    phone.tap("button", "Skicka")
    phone.page.locator("[data-receipt-text]").filter(has_text=re.compile(r"\w+ \w+")).wait_for()
    assert not phone.findings()
    made.prepare("cue", "show")
    desk.page.get_by_text("lagom").wait_for()
    assert not desk.findings()


def test_in_a_room_without_scripts(room, open_hand):
    made, port = room
    hand = open_hand("sv", 360, java_script_enabled=False)
    made.prepare("cue", "previous")
    hand.page.goto(f"http://localhost:{port}/j/{made.made['code']}")
    hand.page.get_by_label("4", exact=True).check(force=True)
    hand.tap("button", "Skicka")
    assert hand.page.get_by_role("heading", name="Hur var den här träffen för dig?").is_visible()
    assert len([row for row in made.prepare("count")["answers"] if row[2] == 0b1000]) >= 1

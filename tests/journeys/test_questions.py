"""Question time in a browser: asked on a phone, followed by receipt, answered at a desk."""

from __future__ import annotations

import re

import pytest


def ask(hand, text: str) -> None:
    hand.write(re.compile("Din fråga|Your question"), text)
    hand.tap("button", re.compile("Skicka frågan|Send the question"))


def test_staff_asks_on_a_phone_and_follows_the_receipt(site, open_hand):
    hand = open_hand("sv", 360)
    page = hand.page
    page.goto(site.url())
    door = page.get_by_role("link", name=re.compile("Svara som medarbetare")).get_attribute("href")
    page.goto(site.url(door))  # as a QR code leads there
    hand.reset()
    ask(hand, "Får vi veta det här före semestern?")
    assert page.get_by_role("heading", name="Din fråga har kommit fram").is_visible()
    assert (hand.taps, hand.fields) <= (2, 1)
    words = page.locator("[data-receipt]").get_attribute("data-receipt")
    assert len(words.split()) == 6
    assert not hand.findings()
    assert hand.overflow() <= 0
    for number in range(3):
        hand.tap("link", re.compile("Läs de andras frågor"))
        hand.reset()
        ask(hand, f"Och en till, nummer {number}?")
        assert (hand.taps, hand.fields) <= (2, 1)
        assert page.locator("[data-receipt]").count() == 0, "the browser keeps the words"
    hand.tap("link", re.compile("Följ mina frågor"))
    assert page.get_by_label(re.compile("sex ord")).input_value() == words
    hand.tap("button", re.compile("Visa mina frågor"))
    for asked in ("Får vi veta det här före semestern?", "Och en till, nummer 2?"):
        assert page.get_by_role("article", name=asked).is_visible()
    assert not hand.findings()
    assert hand.overflow() <= 0


def test_agreeing_without_scripts(site, open_hand):
    hand = open_hand("sv", 360, java_script_enabled=False)
    page = hand.page
    page.goto(site.url())
    hand.tap("link", re.compile("Svara som medarbetare"))
    hand.tap("button", re.compile("^Jag håller med"))
    assert page.get_by_role("button", name=re.compile("^Du håller med")).first.is_visible()
    ask(hand, "Utan skript?")
    assert page.get_by_role("heading", name="Din fråga har kommit fram").is_visible()


def test_a_question_is_answered_at_the_desk(site, open_hand):
    hand = open_hand("en", 1280)
    page = hand.page
    page.goto(site.url())
    hand.tap("button", re.compile("^Lead"))
    hand.tap("link", re.compile("^Questions about the working groups"))
    assert not hand.findings()
    hand.tap("link", "Answer and sort")
    hand.tap("link", re.compile("^Not answered yet"))
    assert not hand.findings()
    hand.tap("link", re.compile("^Answer ?:"))
    page.get_by_label("Promised by a date").check(force=True)
    assert page.get_by_label("Promised by", exact=True).is_visible()
    assert page.get_by_label("Who sees to it?").is_visible()
    page.get_by_label("Answered in writing").check(force=True)
    assert not page.get_by_label("Promised by", exact=True).is_visible(), "it belongs to a promise alone"
    assert not page.get_by_label("Who sees to it?").is_visible()
    page.get_by_role("textbox", name="English").first.fill("Yes, on 12 May.")
    hand.tap("button", "Save the answer")
    assert page.get_by_role("heading", level=1).is_visible()
    assert not hand.findings()


@pytest.mark.parametrize("missing", ["end", "text"])
def test_a_fault_is_shown_at_its_field_and_nothing_is_lost(site, open_hand, missing):
    hand = open_hand("en", 1280)
    page = hand.page
    page.goto(site.url())
    hand.tap("button", re.compile("^Lead"))
    hand.tap("link", re.compile("^Questions about the working groups"))
    hand.tap("link", "Answer and sort")
    hand.tap("link", re.compile("^Not answered yet"))
    hand.tap("link", re.compile("^Answer ?:"))
    if missing == "text":
        page.get_by_label("Promised by a date").check(force=True)
    else:
        page.get_by_role("textbox", name="English").first.fill("Kept words")
    hand.tap("button", "Save the answer")
    summary = page.get_by_role("alert")
    assert summary.get_by_text("There is a problem").is_visible()
    assert page.evaluate("document.activeElement.closest('.error-summary') !== null")
    if missing == "end":
        assert page.get_by_role("textbox", name="English").first.input_value() == "Kept words"

"""The facilitator and the owner: from signing in to a code on a screen, and to what waits, counted."""

from __future__ import annotations

import re


def enter(hand, site, door: str) -> None:
    hand.page.goto(site.url())
    hand.tap("button", re.compile(f"^{door}"))
    hand.page.goto(site.url("/start/"))
    hand.reset()


def test_a_new_facilitator_has_a_code_on_the_screen_in_eight_clicks_and_four_fields(site, open_hand):
    hand = open_hand("en", 1280)
    page = hand.page
    enter(hand, site, "Plan and run")
    hand.tap("link", "Storyboard")
    hand.tap("link", re.compile("Add an activity"))
    page.get_by_label(re.compile("^Question time")).check(force=True)
    hand.taps += 1
    page.get_by_label("What is it called?").fill("What do we stop doing?")
    hand.fields += 1
    hand.tap("button", re.compile("^Add"))
    if not page.get_by_role("button", name=re.compile("Open")).count():
        hand.tap("link", re.compile("^Open"))
    hand.tap("button", re.compile("Open.*(code|screen)", re.IGNORECASE))
    assert page.locator("svg.qr").is_visible()
    assert re.search(r"[A-Z2-9]{3} [A-Z2-9]{3}", page.locator("body").inner_text())
    assert hand.taps <= 8
    assert hand.fields <= 4
    assert not hand.findings()


def test_the_owner_sees_what_waits_without_a_click(site, open_hand):
    hand = open_hand("sv", 360)
    page = hand.page
    enter(hand, site, "Led programmet")
    assert page.get_by_role("heading", level=1).inner_text().endswith("väntar på dig")
    assert page.get_by_role("link", name="Frågor om arbetssätten").is_visible()
    assert page.get_by_role("link", name=re.compile("frågor väntar på svar")).first.is_visible()
    assert page.get_by_text("Anneli Kurkinen har lovat det").is_visible()
    assert hand.taps == 0
    assert not hand.findings()
    assert hand.overflow() <= 0


def test_a_playbook_becomes_a_dated_storyboard_after_three_questions(site, open_hand):
    hand = open_hand("en", 1280)
    page = hand.page
    enter(hand, site, "Lead the programme")
    hand.tap("link", re.compile("Start a programme"))
    assert not hand.findings()
    hand.tap("link", re.compile("Pilot and experiments"))
    form = page.locator("main form").first
    asked = form.locator("fieldset:visible, .field:visible").count()
    assert asked <= 3, form.inner_text()
    assert not hand.findings()


def test_publishing_without_a_reply_asks_for_a_new_day(site, open_hand):
    hand = open_hand("en", 1280)
    page = hand.page
    enter(hand, site, "Lead the programme")
    hand.tap("link", re.compile("^Questions about the ways of working"))
    hand.tap("button", "Publish the result and the reply")
    assert page.get_by_role("alert").is_visible()
    hand.tap("link", "Publish now, reply later")
    hand.tap("button", re.compile("Publish"))
    assert page.get_by_role("alert").is_visible()
    page.locator("input[type=date]").fill("2026-05-20")
    hand.tap("button", re.compile("Publish"))
    assert page.get_by_text(re.compile("20 May")).first.is_visible()
    assert page.get_by_text(re.compile("20 April")).first.is_visible()


def test_a_letter_is_looked_at_before_it_is_sent(site, open_hand):
    hand = open_hand("en", 360)
    page = hand.page
    enter(hand, site, "Plan and run")
    page.goto(page.url.replace("/start/", "/"))
    hand.tap("link", re.compile("^10 questions wait"))
    hand.tap("link", "See as those who take part")
    hand.tap("link", "Letters")
    assert page.get_by_text("everybody or nobody").is_visible()
    assert not hand.findings()
    hand.tap("link", "Ask people to take part")
    assert page.get_by_text("reach nobody").is_visible()
    assert page.get_by_role("heading", name=re.compile(r"^\d+ people get the letter")).is_visible()
    page.locator("textarea[lang=en]").fill("I hope you will.")
    hand.tap("button", "Show the letter with these words")
    assert page.locator(".notice").get_by_text("I hope you will.").is_visible()
    assert not hand.findings()
    assert hand.overflow() <= 0
    hand.tap("button", re.compile("^Send to"))
    assert page.get_by_text("The letters are on their way.").is_visible()
    assert page.get_by_role("link", name="Invitation").is_visible()

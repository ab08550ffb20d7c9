"""The demo's unit day from the first key to its minutes: one facilitator without a mouse, one phone in the hall."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.journeys.desk import Desk
from tests.journeys.test_keyboard import Keyboard

QUESTION = "Vem lånar ut en laddare?"
CARD = "Vi hann prata färdigt."
LONG = "Informationsöverlämningsrutinerna höll."
STICKS_OUT = """[...document.querySelectorAll(".lane")].flatMap((lane) => [...lane.querySelectorAll("*")].filter(
  (one) => one.getBoundingClientRect().right > Math.min(lane.getBoundingClientRect().right, innerWidth) + 1
).map((one) => one.textContent))"""


def test_a_unit_day_is_run_by_keys_alone_while_staff_take_part_on_a_phone(site, open_hand):
    at_desk, in_hall = open_hand("en", 1280), open_hand("sv", 360)
    page, phone = at_desk.page, in_hall.page
    hands, desk = Keyboard(page), Desk(page)
    page.goto(site.url())
    hands.press("^Plan and run")
    hands.press("^Run the session")
    desk.key("s", "Next part")
    expect(page.locator(".timeline > li").last).to_contain_text("How was the day?")
    assert not at_desk.findings()
    code = page.locator(".tag").inner_text().replace(" ", "")
    phone.goto(site.url(f"/j/{code}"))
    expect(phone.get_by_role("heading", name="Välkommen: telefonerna lånas ut i kön")).to_be_visible()

    desk.next("How are we today?")
    phone.get_by_role("radio", name=re.compile("^4")).check(force=True)
    in_hall.tap("button", "Skicka")
    expect(phone.get_by_text("Ditt svar har kommit fram.")).to_be_visible()
    assert in_hall.overflow() <= 0
    desk.key("r", "Hide the answers")

    desk.next("Three trials: what have we learned?")
    phone.get_by_role("radio", name=re.compile("^Det här gick bra")).check(force=True)
    in_hall.write("Ditt kort", CARD)
    in_hall.tap("button", "Skicka kortet")
    expect(phone.get_by_text("Ett kort skrivet")).to_be_visible()
    assert not in_hall.findings()
    phone.get_by_role("radio", name=re.compile("^Det här gick bra")).check(force=True)
    in_hall.write("Ditt kort", LONG)
    in_hall.tap("button", "Skicka kortet")
    expect(phone.get_by_text("2 kort skrivna")).to_be_visible()
    desk.key("r", "Group")
    expect(phone.get_by_text(CARD)).to_be_visible()
    assert not phone.evaluate(STICKS_OUT)
    wall = page.context.new_page()
    wall.goto(site.url(page.get_by_role("link", name="Open the screen").get_attribute("href")))
    expect(wall.get_by_text(LONG)).to_be_visible()
    assert not wall.evaluate(STICKS_OUT)
    wall.close()
    desk.key("f", "Vote with dots")
    desk.key("f", "Take it further")
    expect(phone.locator("[data-announce]")).to_have_text("Skickat")
    phone.get_by_label(CARD).select_option("3")
    phone.get_by_label(LONG).select_option("3")
    in_hall.tap("button", "Lägg prickarna")
    expect(phone.get_by_role("alert").filter(has_text="prickar")).to_be_in_viewport()
    expect(phone.locator("[data-announce]")).to_have_text("")
    phone.get_by_label(LONG).select_option("0")
    in_hall.tap("button", "Lägg prickarna")
    expect(phone.get_by_text("Dina prickar är lagda.")).to_be_visible()
    expect(phone.get_by_role("alert")).to_have_count(0)

    desk.next("Coffee")
    desk.next("Three drafts: where do we stand?")
    in_hall.tap("button", "Håller med", exact=True)
    expect(phone.locator("[data-count]")).to_have_text("1")
    assert in_hall.overflow() <= 0

    desk.next("The leaders answer")
    in_hall.write("Din fråga", QUESTION)
    in_hall.tap("button", "Skicka frågan")
    expect(phone.get_by_role("main").get_by_text(QUESTION, exact=True).first).to_be_visible()

    desk.next("How was the day?")
    desk.key("m", "Next question")
    expect(page.get_by_text(re.compile(r"^[3-9] here"))).to_be_visible(timeout=20_000)
    page.keyboard.press("e")
    hands.press("^What is left over")
    hands.write("why it gets no answer|^English", "It was lent out at once.")
    hands.press("^Save")
    hands.press("^To the minutes")
    hands.press("^Publish the minutes")
    expect(page.get_by_role("heading", name="Letter with the answers")).to_be_visible()
    hands.press("^Unit day in April")
    hands.press("^Read the minutes")
    minutes = page.locator("body")
    expect(minutes).to_contain_text("published 28 April by Miriam Haddad")
    for words in (QUESTION, CARD, "It was lent out at once."):
        expect(minutes).to_contain_text(words)
    assert not at_desk.findings()

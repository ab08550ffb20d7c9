"""A dialogue in a browser: set up at a desk, answered on a phone, kept through a lost connection, read as a result."""

from __future__ import annotations

import re

import pytest

from tests.journeys.setting_up import set_up_dialogue

SEEDS = "Vi vet vad vi är till för.\nMötena tar för mycket tid.\nVi säger nej i tid.\nChefen lyssnar.\nVi lär av fel."


def enter(hand, site, door: str) -> None:
    hand.page.goto(site.url())
    hand.tap("button", re.compile(f"^{door}"))
    hand.page.goto(site.url("/start/"))


@pytest.fixture(scope="module")
def code(site, browser) -> str:
    """The code of a dialogue that a facilitator has just set up, through the pages."""
    page = browser.new_context(locale="en-GB").new_page()
    page.goto(site.url())
    page.get_by_role("button", name=re.compile("^Plan and run")).first.click()
    page.goto(site.url("/start/"))
    page.get_by_role("link", name="Storyboard").first.click()
    made = set_up_dialogue(page, "Where do we stand?", SEEDS)
    page.context.close()
    return made


def test_staff_answer_on_a_phone_undo_and_add(site, open_hand, code):
    hand = open_hand("sv", 360)
    page = hand.page
    page.goto(site.url(f"/j/{code}"))
    first = page.locator("h1.voice").inner_text()
    assert page.get_by_text("0 av 5").is_visible()
    assert not hand.findings()
    assert hand.overflow() <= 0
    hand.reset()
    hand.tap("button", "Håller med", exact=True)
    page.get_by_text("Du höll med.").wait_for()
    assert page.get_by_text("1 av 5").is_visible()
    assert page.locator("h1.voice").inner_text() != first
    assert page.evaluate("document.activeElement.tagName") == "H1", "who listens hears the new statement"
    assert (hand.taps, hand.fields) == (1, 0)
    assert not hand.findings()
    hand.tap("button", re.compile("^Ångra"))
    assert page.locator("h1.voice").inner_text() == first
    page.get_by_label("Det här är viktigt för mig").check(force=True)
    hand.tap("button", "Hoppa över")
    page.get_by_text("Du hoppade över.").wait_for()
    hand.tap("link", "Mina svar")
    assert page.get_by_text("viktigt för mig").is_visible()
    assert not hand.findings()
    hand.tap("link", "Fortsätt svara")
    hand.tap("link", "Skriv ett eget påstående")
    hand.write("Ditt påstående", "Möten tar för mycket av vår tid")
    hand.tap("button", "Skicka påståendet")
    assert page.get_by_role("heading", name="Är det något av de här?").is_visible()
    assert not hand.findings()
    assert hand.overflow() <= 0
    hand.tap("button", "Skicka mitt ändå")
    assert page.get_by_role("heading", name="Ditt påstående har kommit fram").is_visible()
    assert len(page.locator("[data-receipt]").get_attribute("data-receipt").split()) == 6
    assert not hand.findings()


def test_a_lost_connection_loses_no_answer_and_doubles_none(site, open_hand, code):
    hand = open_hand("sv", 360)
    page = hand.page
    page.goto(site.url(f"/j/{code}"))
    hand.lose_network()
    hand.tap("button", "Håller inte med", exact=True)
    page.get_by_text("Ditt svar har inte kommit fram").wait_for()
    hand.regain_network()
    page.evaluate("dispatchEvent(new Event('online'))")
    page.get_by_text("Du höll inte med.").wait_for()
    assert page.get_by_text("1 av 5").is_visible()
    assert page.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('samsyn.unsent'))") == []


@pytest.mark.parametrize("fault", ["the server's error", "no network"])
def test_an_answer_outlives_an_error_and_the_closed_tab_and_is_sent_once(site, open_hand, code, fault):
    hand = open_hand("sv", 360)
    page, sent = hand.page, []
    page.goto(site.url(f"/j/{code}"))
    said = page.locator("h1.voice").inner_text()
    broken = (lambda route: route.fulfill(status=500)) if "error" in fault else (lambda route: route.abort())
    page.route("**/vote/**", broken)
    page.get_by_label("Det här är viktigt för mig").check(force=True)
    hand.tap("button", "Håller med", exact=True)
    page.get_by_text("Ditt svar har inte kommit fram").wait_for()
    assert page.locator("h1.voice").inner_text() == said, "nothing goes on as if it had been sent"
    there = page.url
    page.close()
    hand.complaints.clear()

    again = hand.page = page.context.new_page()
    again.on("request", lambda request: sent.append(request.url) if "/vote/" in request.url else None)
    again.goto(there)
    again.get_by_text("Du höll med.").wait_for()
    assert again.get_by_text("1 av 5").is_visible()
    again.reload()
    again.locator("h1.voice").wait_for()
    assert len(sent) == 1
    hand.tap("link", "Mina svar")
    row = again.locator("li.row").filter(has_text=said)
    assert "håller med" in row.inner_text().lower()
    assert "viktigt för mig" in row.inner_text()


def test_the_key_of_who_has_scripts_is_made_in_their_browser(site, open_hand, code):
    hand = open_hand("sv", 360)
    page, answers = hand.page, []
    page.on("response", lambda answer: answers.append(answer))
    page.goto(site.url(f"/j/{code}"))
    page.locator("h1.voice").wait_for()
    kept = page.evaluate("document.cookie.match(/voter=([0-9a-f]{32})/)[1]")
    drawn = "".join(answer.all_headers().get("set-cookie", "") for answer in answers)
    assert "voter=" in drawn, "for where no scripts run"
    assert kept not in drawn


def test_without_scripts(site, open_hand, code):
    hand = open_hand("en", 1280, java_script_enabled=False)
    page = hand.page
    page.goto(site.url(f"/j/{code}"))
    hand.tap("button", "Agree", exact=True)
    page.get_by_text("You agreed.").wait_for()
    hand.tap("button", "Disagree", exact=True)
    page.get_by_text("2 of 5").wait_for()
    hand.tap("button", re.compile("^Undo"))
    page.get_by_text("1 of 5").wait_for()


@pytest.mark.parametrize(("lang", "width"), [("sv", 360), ("en", 1280)])
def test_the_result_is_read_in_words_and_as_a_table(site, open_hand, lang, width):
    hand = open_hand(lang, width)
    page = hand.page
    enter(hand, site, {"sv": "Planera", "en": "Plan and run"}[lang])
    hand.tap("link", {"sv": "Programöversikt", "en": "Storyboard"}[lang])
    name = {"sv": "Enhetsdag 1: uppdraget med egna ord", "en": "Unit day 1: the mission in our own words"}[lang]
    page.locator("li[id^=a-]").get_by_role("link", name=name).click()  # within the card of its session
    hand.tap("link", re.compile("^Se resultatet$|^See the result$"))
    assert page.get_by_role("heading", name=re.compile("Det de flesta är överens om|What most agree on")).is_visible()
    assert page.locator(".opinion-map svg circle").count() > 20
    assert page.get_by_role("heading", name=re.compile("Kartan i ord|The map in words")).is_visible()
    assert page.get_by_role("table").first.is_visible()
    assert not hand.findings()
    assert hand.overflow() <= 0

"""A session from the first thought to its agenda: by mouse and keyboard, on a phone, and without scripts."""

from __future__ import annotations

import re

import pytest

from tests.journeys.test_facilitator import enter

WORDS = {
    "sv": {
        "door": "Planera och genomför",
        "board": "Programöversikt",
        "plan": "Planera en träff",
        "one": "En träff",
        "make": "Planera träffen",
        "add": "Lägg till",
        "what": "Vad händer?",
        "longer": re.compile("minuter längre"),
        "earlier": "Flytta tidigare",
        "invite": "Bjud in",
        "back": "Tillbaka till träffen",
        "template": "Frågestund",
    },
    "en": {
        "door": "Plan and run",
        "board": "Storyboard",
        "plan": "Plan a session",
        "one": "One session",
        "make": "Plan the session",
        "add": "Add",
        "what": "What happens?",
        "longer": re.compile("minutes longer"),
        "earlier": "Move earlier",
        "invite": "Invite",
        "back": "Back to the session",
        "template": "Question time",
    },
}


def plan(hand, site, words, *, scripts: bool = True) -> None:
    """From signing in to the agenda of a new session."""
    enter(hand, site, words["door"])
    hand.tap("link", words["board"])
    hand.tap("link", words["plan"])
    assert not (scripts and hand.findings())
    hand.tap("link", re.compile(f"^{words['one']}.*{words['template']}", re.DOTALL))
    assert not (scripts and hand.findings())
    hand.tap("button", words["make"])


def times(page) -> list[str]:
    return page.locator(".agenda .when").all_inner_texts()


@pytest.mark.parametrize(("lang", "width"), [("sv", 360), ("en", 1280)])
def test_a_session_is_planned_in_six_clicks_and_its_agenda_follows(site, open_hand, lang, width):
    words, hand = WORDS[lang], open_hand(lang, width)
    page = hand.page
    plan(hand, site, words)
    assert hand.taps <= 6
    assert not hand.findings()
    assert hand.overflow() <= 0
    before = times(page)
    hand.tap("button", words["longer"])
    after = times(page)
    assert after[0] != before[0]
    assert after[-1] != before[-1]
    page.get_by_label(words["what"]).fill("Fika")
    hand.tap("button", words["add"], exact=True)
    last = page.locator(".agenda > li").last
    assert "Fika" in last.inner_text()
    last.locator("summary").click()
    last.get_by_role("button", name=words["earlier"]).click()
    assert "Fika" in page.locator(".agenda > li").nth(2).inner_text()
    hand.tap("link", words["back"])
    hand.tap("link", words["invite"], exact=True)
    assert not hand.findings()
    assert hand.overflow() <= 0


def test_a_part_is_dragged_to_another_place(site, open_hand):
    words, hand = WORDS["en"], open_hand("en", 1280)
    page = hand.page
    plan(hand, site, words)
    first = page.locator(".agenda > li h2").first.inner_text()
    with page.expect_navigation():
        page.locator(".agenda > li").last.drag_to(page.locator(".agenda > li").first, target_position={"x": 40, "y": 4})
    titles = page.locator(".agenda > li h2").all_inner_texts()
    assert titles.index(first) == 1


def test_all_of_it_without_scripts(site, open_hand):
    words, hand = WORDS["sv"], open_hand("sv", 360, java_script_enabled=False)
    page = hand.page
    plan(hand, site, words, scripts=False)
    before = times(page)
    hand.tap("button", words["longer"])
    assert times(page) != before
    last = page.locator(".agenda > li").last
    title = last.locator("h2").inner_text()
    last.locator("summary").click()
    last.get_by_role("button", name=words["earlier"]).click()
    assert page.locator(".agenda > li h2").all_inner_texts()[-2] == title
    page.get_by_label("Ta en färdig del").select_option("p-alone-pair-table-all")
    hand.tap("button", "Lägg till den färdiga delen")
    assert page.locator(".agenda > li").count() == len(before) + 4

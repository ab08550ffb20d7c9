"""The storyboard in hands: a card and a chapter by mouse, by keyboard and without scripts; the whole on one page."""

from __future__ import annotations

import re

import pytest


def plan(hand, site) -> None:
    """Open the demo's storyboard as its facilitator."""
    hand.page.goto(site.url())
    hand.page.get_by_role("button", name=re.compile("^Planera och genomför|^Plan and run")).click()
    hand.page.locator(".storyboard").wait_for()


def order(page) -> list[list[str]]:
    """The titles of the cards, chapter by chapter."""
    return page.locator("[data-frame]").evaluate_all(
        "lists => lists.map(list => [...list.querySelectorAll('.card h3')].map(one => one.textContent.trim()))"
    )


def chapters(page) -> list[str]:
    return page.locator(".frame > header h2").all_inner_texts()


def full(page) -> int:
    """A chapter with several cards."""
    return next(number for number, cards in enumerate(order(page)) if len(cards) > 2)


def card(page, chapter: int, place: int):
    return page.locator("[data-frame]").nth(chapter).locator(".card").nth(place)


def test_on_a_phone_every_card_can_be_pressed(site, open_hand):
    hand = open_hand("sv", 360)
    plan(hand, site)
    assert hand.page.locator(".inner a").count() > 10, "activities of sessions stand in the session's card"
    assert not hand.findings()
    assert hand.overflow() <= 0


def test_a_card_is_moved_by_mouse(site, open_hand):
    hand = open_hand("sv", 1280)
    page = hand.page
    plan(hand, site)
    chapter = full(page)
    before = order(page)[chapter]
    target = card(page, chapter, 1)
    target.scroll_into_view_if_needed()
    height = target.bounding_box()["height"]
    with page.expect_navigation():
        below = {"x": 20, "y": height - 4}
        card(page, chapter, 0).drag_to(target, source_position={"x": 20, "y": 8}, target_position=below)
    assert order(page)[chapter] == [before[1], before[0], *before[2:]]


def test_a_chapter_is_moved_by_mouse(site, open_hand):
    hand = open_hand("en", 1280)
    page = hand.page
    plan(hand, site)
    before = chapters(page)
    page.locator(".storyboard").evaluate("board => { board.scrollLeft = 0; }")
    first, second = (page.locator(".frame > header").nth(number) for number in (0, 1))
    width = second.bounding_box()["width"]
    with page.expect_navigation():
        first.drag_to(second, source_position={"x": 60, "y": 60}, target_position={"x": width - 8, "y": 60})
    assert chapters(page) == [before[1], before[0], *before[2:]]


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
def test_a_card_is_moved_and_copied_by_keyboard(site, open_hand, scripts):
    hand = open_hand("sv", 1280, java_script_enabled=scripts)
    page = hand.page
    plan(hand, site)
    frames = page.locator("[data-frame]")
    chapter = next(number for number in range(frames.count()) if frames.nth(number).locator(".card").count() > 2)

    def titles() -> list[str]:
        return page.locator("[data-frame]").nth(chapter).locator(".card h3").all_inner_texts()

    def choose(place: int, name: str) -> None:
        menu = card(page, chapter, place).locator("details.menu > summary")
        menu.focus()
        page.keyboard.press("Enter")
        button = card(page, chapter, place).get_by_role("button", name=name)
        button.focus()
        with page.expect_navigation():
            page.keyboard.press("Enter")

    before = titles()
    choose(0, "Flytta senare")
    assert titles() == [before[1], before[0], *before[2:]]
    choose(1, "Kopiera")
    assert titles()[2] == f"{before[0]} (kopia)"


def test_the_demos_storyboard_prints_on_one_page(site, open_hand):
    hand = open_hand("sv", 1280)
    plan(hand, site)
    printed = hand.page.pdf(prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page\b(?!s)", printed)) == 1

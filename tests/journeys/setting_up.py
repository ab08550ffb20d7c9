"""What a facilitator sets up through the pages, in English, before anybody takes part."""

from __future__ import annotations

import re

from playwright.sync_api import Page


def set_up_dialogue(page: Page, title: str, statements: str, language: str = "sv") -> str:
    """Add a dialogue to the programme whose storyboard is open, put in statements, open it; its code."""
    page.get_by_role("link", name=re.compile("Add an activity")).first.click()
    page.get_by_label(re.compile("^Where we stand")).check(force=True)
    page.get_by_label("What is it called?").fill(title)
    page.get_by_role("button", name=re.compile("^Add")).first.click()
    if not page.get_by_role("link", name="Sort the statements").count():
        page.get_by_role("link", name=title).first.click()
    here = page.url
    page.get_by_role("link", name="Sort the statements").first.click()
    page.get_by_role("link", name="Put in statements").first.click()
    page.get_by_label("Statements, one on each line").fill(statements)
    page.get_by_label("They are written in").select_option(language)
    page.get_by_role("button", name="Put them in").click()
    page.get_by_text(f"Put in: {len(statements.splitlines())}.").wait_for()
    page.goto(here)
    page.get_by_role("link", name=re.compile("^Open")).first.click()
    page.get_by_role("button", name=re.compile("Open.*(code|screen)", re.IGNORECASE)).click()
    shown = re.search(r"([A-Z2-9]{3}) ([A-Z2-9]{3})", page.locator("body").inner_text())
    assert shown
    return shown[1] + shown[2]

"""The desk of a session, led by keys alone: in the journeys, and where pictures of it are taken."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect


class Desk:
    """The facilitator's desk: one key for each step, and what the page says when it has been taken."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def key(self, key: str, then: str) -> None:
        """Press a key; the button that comes with the step it leads to has come."""
        self.page.keyboard.press(key)
        expect(self.page.get_by_role("button", name=re.compile(f"^{then}")).first).to_be_visible()

    def next(self, title: str) -> None:
        """On to the next part, which opens."""
        self.page.keyboard.press("n")
        expect(self.page.get_by_role("heading", name=title, level=2)).to_be_visible()
        if self.page.get_by_role("button", name=re.compile("^Open ")).count():
            self.key("o", "Close")

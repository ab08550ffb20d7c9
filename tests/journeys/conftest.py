"""The real product in a real browser: the demo is made once, and each module gets a copy of its own to walk in."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.journeys import axe
from tests.journeys.pages import HEIGHTS, LOCALES
from tests.journeys.serving import LAUNCH, Site, make_demo, serve
from tools.browser import find_browser


def pytest_collection_modifyitems(items):
    """Everything here needs a browser; without one it is skipped by name, in CI it fails."""
    missing = find_browser() is None and not os.environ.get("CI")
    for item in items:
        if "tests/journeys/" in str(item.path):
            item.add_marker(pytest.mark.browser)
            if missing:
                item.add_marker(pytest.mark.skip(reason="no Chromium or Chrome was found"))


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    return {
        **browser_type_launch_args,
        "executable_path": find_browser(),
        "args": LAUNCH,
    }


@pytest.fixture(scope="session")
def demo_made(tmp_path_factory) -> Path:
    """The demo's data, made once by the product's own command."""
    folder = tmp_path_factory.mktemp("demo")
    make_demo(folder)
    return folder


@pytest.fixture(scope="module")
def site(demo_made, tmp_path_factory) -> Iterator[Site]:
    """A demo of one's own, served by `samsyn demo`."""
    folder = tmp_path_factory.mktemp("site") / "data"
    shutil.copytree(demo_made, folder)
    with serve(folder) as made:
        yield made


# What the browser and htmx say of a request that never arrived.
LOST = ("net::ERR_", "htmx:sendError", "htmx:afterRequest")


class Hand:
    """A page in somebody's hand: counts taps and fields, and keeps an eye on the console."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.taps = 0
        self.fields = 0
        self.looked_at = False
        self.complaints: list[str] = []
        self.requests_get_lost = False
        page.on("console", lambda message: self._heard(message.type, message.text))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _heard(self, kind: str, text: str) -> None:
        ours = "status of 4" not in text and not (self.looked_at and "inline style" in text)
        lost = self.requests_get_lost and any(said in text for said in LOST)
        if kind == "error" and ours and not lost:
            self.complaints.append(text)

    def expect_lost_requests(self) -> None:
        """The browser says of each that it was lost, maybe only once the network is back: that is no complaint."""
        self.requests_get_lost = True

    def lose_network(self) -> None:
        self.expect_lost_requests()
        self.page.context.set_offline(True)

    def regain_network(self) -> None:
        self.page.context.set_offline(False)

    def tap(self, role: str, name, **more) -> None:
        self.page.get_by_role(role, name=name, **more).first.click()
        self.page.wait_for_load_state()  # where it led to another page, that page is there
        self.taps += 1

    def write(self, label, text: str) -> None:
        self.page.get_by_label(label).first.fill(text)
        self.fields += 1

    def findings(self, *, colours_only: bool = False) -> list[str]:
        """What axe finds. It styles the page inline while it looks, which the policy refuses: that is not ours."""
        self.looked_at = True
        return axe.findings(self.page, colours_only=colours_only)

    def overflow(self) -> int:
        return axe.overflow(self.page)

    def reset(self) -> None:
        self.taps = self.fields = 0


def _context(browser: Browser, lang: str, width: int, **more) -> BrowserContext:
    viewport = {"width": width, "height": HEIGHTS.get(width, 900)}
    return browser.new_context(locale=LOCALES[lang], viewport=viewport, **more)


@pytest.fixture
def open_hand(browser) -> Iterator:
    """Make a page: open_hand("sv", 360) for a phone, open_hand("en", 1280) for a desktop."""
    made: list[tuple[BrowserContext, Hand]] = []

    def make(lang: str = "sv", width: int = 360, **more) -> Hand:
        context = _context(browser, lang, width, **more)
        context.set_default_timeout(8_000)
        hand = Hand(context.new_page())
        made.append((context, hand))
        return hand

    yield make
    for context, hand in made:
        context.close()
        assert not hand.complaints, hand.complaints

"""The real product in a real browser: the demo is made once, and each module gets a copy of its own to walk in."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.journeys import axe

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "tools"))
from browser import find_browser

ROOT = Path(__file__).resolve().parents[2]


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
        "args": ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"],
    }


def _environment(folder: Path, port: int) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "DJANGO_SETTINGS_MODULE"}}
    return {**kept, "SAMSYN_DATA_DIR": str(folder), "PORT": str(port), "HOST": "127.0.0.1", "PYTHONPATH": str(ROOT)}


@pytest.fixture(scope="session")
def demo_made(tmp_path_factory) -> Path:
    """The demo's data, made once by the product's own command."""
    folder = tmp_path_factory.mktemp("demo")
    subprocess.run(
        [sys.executable, "-m", "samsyn", "demo", "--no-serve"], env=_environment(folder, 0), check=True, cwd=ROOT
    )
    return folder


@dataclass
class Site:
    """A running demo."""

    origin: str
    folder: Path

    def url(self, path: str = "/") -> str:
        return self.origin + path


@pytest.fixture(scope="module")
def site(demo_made, tmp_path_factory) -> Iterator[Site]:
    """A demo of one's own, served by `samsyn demo`."""
    folder = tmp_path_factory.mktemp("site") / "data"
    shutil.copytree(demo_made, folder)
    port = _free_port()
    process = subprocess.Popen([sys.executable, "-m", "samsyn", "demo"], env=_environment(folder, port), cwd=ROOT)
    made = Site(f"http://localhost:{port}", folder)
    try:
        _wait_for(made.url(), process)
        yield made
    finally:
        process.terminate()
        process.wait(timeout=20)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _wait_for(url: str, process: subprocess.Popen) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        if process.poll() is not None:
            raise RuntimeError("the demo ended before it answered")
        try:
            urllib.request.urlopen(url, timeout=5).read()
            return
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.1)
    raise RuntimeError("the demo did not answer within a minute")


class Hand:
    """A page in somebody's hand: counts taps and fields, and keeps an eye on the console."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.taps = 0
        self.fields = 0
        self.looked_at = False
        self.complaints: list[str] = []
        page.on("console", lambda message: self._heard(message.type, message.text))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _heard(self, kind: str, text: str) -> None:
        ours = "status of 4" not in text and not (self.looked_at and "inline style" in text)
        if kind == "error" and ours:
            self.complaints.append(text)

    def tap(self, role: str, name, **more) -> None:
        self.page.get_by_role(role, name=name, **more).first.click()
        self.taps += 1

    def write(self, label, text: str) -> None:
        self.page.get_by_label(label).first.fill(text)
        self.fields += 1

    def findings(self) -> list[str]:
        """What axe finds. It styles the page inline while it looks, which the policy refuses: that is not ours."""
        self.looked_at = True
        return axe.findings(self.page)

    def overflow(self) -> int:
        return axe.overflow(self.page)

    def reset(self) -> None:
        self.taps = self.fields = 0


def _context(browser: Browser, lang: str, width: int, **more) -> BrowserContext:
    height = 740 if width < 600 else 900
    locale = "sv-SE" if lang == "sv" else "en-GB"
    return browser.new_context(locale=locale, viewport={"width": width, "height": height}, **more)


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

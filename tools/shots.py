"""Pictures of every page as every role that sees it, on a phone and on a desktop, in both languages, light and dark.

Makes a demo of its own, serves it, photographs it, and writes var/shots/index.html, which shows all of it by page.
"""

from __future__ import annotations

import argparse
import asyncio
import html
import re
import shutil
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from playwright.async_api import Browser, BrowserContext, Error, Page, async_playwright

from tests.journeys import serving
from tests.journeys.pages import (
    HEIGHTS,
    LANGS,
    LOCALES,
    ROLES,
    SEND_EMPTY,
    THEMES,
    WIDTHS,
    Survey,
    Visit,
    cookies_of,
    survey,
)
from tools.browser import find_browser

AT_ONCE = 2
TALLEST = 6000  # what is longer is cut off: nobody looks at it in a gallery

STYLE = """
body { font: 15px/1.5 system-ui, sans-serif; margin: 24px; color: #1b2530; background: #fbf8f2; }
nav { columns: 22em; font-size: 14px; }
section { border-top: 1px solid #ccc; margin-top: 32px; }
.pictures { display: flex; flex-wrap: wrap; gap: 16px; align-items: flex-start; }
figure { margin: 0; }
figure img { height: 340px; border: 1px solid #ccc; object-fit: cover; object-position: top; }
figure.w360 img { width: 165px; }
figure.w1280 img { width: 480px; }
figcaption { font-size: 12px; color: #566070; }
"""


@dataclass(frozen=True)
class Wanted:
    """What is to be photographed."""

    only: re.Pattern[str]
    roles: list[str]
    widths: list[int]
    langs: list[str]
    themes: list[str]
    out: Path

    def picks(self, visit: Visit) -> bool:
        return visit.role in self.roles and bool(self.only.search(visit.page))


@dataclass(frozen=True)
class Shot:
    """One picture."""

    visit: Visit
    lang: str
    width: int
    theme: str

    @property
    def file(self) -> str:
        page = re.sub(r"[^a-z0-9]+", "-", self.visit.page.lower()).strip("-")
        return f"{page}/{self.visit.role}-{self.lang}-{self.width}-{self.theme}.png"


def read_arguments() -> Wanted:
    """What the command line asks for; everything where it says nothing."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", default="", help="a pattern that the page's name must hold, as home:today")
    parser.add_argument("--roles", default=",".join(ROLES))
    parser.add_argument("--widths", default=",".join(map(str, WIDTHS)))
    parser.add_argument("--langs", default=",".join(LANGS))
    parser.add_argument("--themes", default=",".join(THEMES))
    parser.add_argument("--out", type=Path, default=Path("var/shots"))
    given = parser.parse_args()
    return Wanted(
        re.compile(given.only),
        given.roles.split(","),
        [int(width) for width in given.widths.split(",")],
        given.langs.split(","),
        given.themes.split(","),
        given.out,
    )


def main() -> int:
    """Make the demo, serve it, take the pictures, write the index."""
    wanted = read_arguments()
    shutil.rmtree(wanted.out, ignore_errors=True)
    wanted.out.mkdir(parents=True)
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="samsyn-shots-") as temporary:
        folder = Path(temporary)
        serving.make_demo(folder)
        found = survey(folder)
        with serving.serve(folder) as site:
            shots, faults = asyncio.run(photograph(found, wanted, site.origin))
    write_index(shots, wanted.out)
    minutes = (time.monotonic() - began) / 60
    pages = len({shot.visit.page for shot in shots})
    print(f"{len(shots)} pictures of {pages} pages in {minutes:.1f} minutes: {wanted.out / 'index.html'}")
    for fault in faults:
        print(f"  {fault}", file=sys.stderr)
    return 1 if faults else 0


async def photograph(found: Survey, wanted: Wanted, origin: str) -> tuple[list[Shot], list[str]]:
    """All pictures; and what could not be photographed."""
    rounds: dict[tuple[str, str], list[Visit]] = defaultdict(list)
    for visit in filter(wanted.picks, found.visits):
        for lang in wanted.langs:
            rounds[visit.role, lang].append(visit)
    queue = [(role, lang, visits) for (role, lang), visits in sorted(rounds.items(), key=_first_things_first)]
    shots: list[Shot] = []
    faults: list[str] = []
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=find_browser(), args=serving.LAUNCH)

        async def work() -> None:
            while queue:
                role, lang, visits = queue.pop(0)
                context = await _context(browser, lang)
                await context.add_cookies(cookies_of(found, role, lang, origin))
                await _round(context, visits, lang, wanted, origin, shots, faults)
                await context.close()

        await asyncio.gather(*(work() for _ in range(AT_ONCE)))
        await browser.close()
    return shots, faults


def _first_things_first(row: tuple[tuple[str, str], list[Visit]]) -> tuple[bool, int]:
    """Who waits for a code cannot wait long; then the longest rounds."""
    (role, _lang), visits = row
    return role != "waiting", -len(visits)


async def _context(browser: Browser, lang: str) -> BrowserContext:
    return await browser.new_context(locale=LOCALES[lang], reduced_motion="reduce")


async def _round(
    context: BrowserContext,
    visits: Iterable[Visit],
    lang: str,
    wanted: Wanted,
    origin: str,
    shots: list[Shot],
    faults: list[str],
) -> None:
    page = await context.new_page()
    page.on("dialog", lambda dialog: dialog.accept())
    for visit in visits:
        try:
            await page.set_viewport_size({"width": wanted.widths[0], "height": HEIGHTS.get(wanted.widths[0], 900)})
            answer = await page.goto(origin + visit.path)
            if visit.form is not None:
                async with page.expect_navigation() as sent:
                    await page.evaluate(SEND_EMPTY, visit.form)
                answer = await sent.value
            elsewhere = visit.form is None and page.url.removeprefix(origin) != visit.path
            if answer is None or answer.status != visit.status or elsewhere:
                faults.append(f"{visit} ({lang}): {answer and answer.status} at {page.url}, not at {visit.path}")
            for width in wanted.widths:
                for theme in wanted.themes:
                    shot = Shot(visit, lang, width, theme)
                    await _take(page, shot, wanted.out / shot.file)
                    shots.append(shot)
        except Error as error:
            faults.append(f"{visit} ({lang}): {error.message.splitlines()[0]}")


async def _take(page: Page, shot: Shot, file: Path) -> None:
    await page.set_viewport_size({"width": shot.width, "height": HEIGHTS.get(shot.width, 900)})
    await page.emulate_media(color_scheme="dark" if shot.theme == "dark" else "light")
    height = await page.evaluate("document.documentElement.scrollHeight")
    file.parent.mkdir(parents=True, exist_ok=True)
    area = {"x": 0, "y": 0, "width": shot.width, "height": min(height, TALLEST)}
    await page.screenshot(path=file, full_page=True, animations="disabled", clip=area)


def write_index(shots: list[Shot], out: Path) -> None:
    """One page of small pictures, by page of the product."""
    by_page: dict[str, list[Shot]] = defaultdict(list)
    for shot in sorted(shots, key=lambda shot: (shot.visit.page, list(ROLES).index(shot.visit.role), shot.file)):
        by_page[shot.visit.page].append(shot)
    ways = "".join(f'<li><a href="#{_anchor(page)}">{html.escape(page)}</a></li>' for page in by_page)
    parts = "".join(_section(page, rows) for page, rows in by_page.items())
    text = (
        '<!doctype html><html lang="en"><meta charset="utf-8"><title>Every page</title>'
        f"<style>{STYLE}</style><h1>Every page</h1><p>{len(shots)} pictures of {len(by_page)} pages.</p>"
        f"<nav><ul>{ways}</ul></nav>{parts}</html>"
    )
    (out / "index.html").write_text(text, "utf-8")


def _anchor(page: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", page.lower()).strip("-")


def _section(page: str, shots: list[Shot]) -> str:
    rows = []
    for role in dict.fromkeys(shot.visit.role for shot in shots):
        pictures = "".join(_figure(shot) for shot in shots if shot.visit.role == role)
        rows.append(f'<h3>{html.escape(ROLES[role])}</h3><div class="pictures">{pictures}</div>')
    path = html.escape(shots[0].visit.path)
    return f'<section id="{_anchor(page)}"><h2>{html.escape(page)}</h2><p>{path}</p>{"".join(rows)}</section>'


def _figure(shot: Shot) -> str:
    words = f"{shot.lang}, {shot.width}, {shot.theme}"
    name = html.escape(f"{shot.visit}, {words}")
    return (
        f'<figure class="w{shot.width}"><a href="{shot.file}"><img loading="lazy" src="{shot.file}" alt="{name}"></a>'
        f"<figcaption>{words}</figcaption></figure>"
    )


if __name__ == "__main__":
    sys.exit(main())

"""Take the pictures that README.md and docs/use show anew, from a demo of its own: `make pictures`.

PICTURES says of each what page it is, through whose eyes, and what is done before. Chance falls the same way every time
(tests/journeys/steady.py), so that two runs differ in the times of day alone.
"""

from __future__ import annotations

import argparse
import io
import json
import re
import shutil
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from samsyn.core.ids import encode_id
from tests.journeys import serving
from tests.journeys.desk import Desk
from tests.journeys.pages import LANGS, LOCALES, Survey, cookies_of, survey
from tests.journeys.setting_up import set_up_dialogue
from tools.browser import find_browser

ROOT = Path(__file__).resolve().parents[1]
ORIGIN = "http://localhost:8000"  # where `make demo` serves it: the address that stands in the pictures
DESKTOP, PHONE = 1280, 390
MARGIN = 24  # around a part of a page
COLOURS = 256

# --- what is written in the pictures ---

QUESTION = {"sv": "Vem läser utkasten efter oss?", "en": "Who reads the drafts after us?"}
ANSWER = {
    "sv": "Alla i enheten, i synpunktsrundan från den 6 maj. Sedan skriver arbetsgruppen om det.",
    "en": "Everyone in the unit, in the feedback round from 6 May. Then the working group writes it again.",
}
REPLY = {  # what we heard, what we do, what we do not do
    "sv": (
        "Att ni försöker, och att det tar tid från annat. "
        "Flera av er undrade vem som bestämmer om vi slutar med något.",
        "Peter och gruppcheferna tar bort två rutiner i maj. Vilka det blir bestämmer ni på mötet den 6 maj.",
        "Vi gör inget nytt system för tid. Det gamla räcker i år.",
    ),
    "en": (
        "That you are trying, and that it takes time from other things. "
        "Several of you wondered who decides if we stop doing something.",
        "Peter and the team managers take away two routines in May. Which two you decide at the meeting on 6 May.",
        "We make no new system for time. The old one will do this year.",
    ),
}
LEFT = (  # asked on two phones in the room, in Swedish, and put into English at the desk
    ("Får vi behålla våra egna rutiner på natten?", "May we keep our own routines at night?"),
    ("Vem svarar i telefonen när alla är på enhetsdag?", "Who answers the phone when everyone is at the unit day?"),
)
MEETINGS = {"sv": "Var står vi om möten?", "en": "Where do we stand on meetings?"}
STATEMENTS = {
    "sv": "Vi vet vad vi är till för.\nMötena tar för mycket tid.\nVi säger nej i tid.\nChefen lyssnar.\n"
    "Vi lär av fel.\nDet som bestäms blir gjort.",
    "en": "We know what we are there for.\nMeetings take too much time.\nWe say no in time.\nOur manager listens.\n"
    "We learn from mistakes.\nWhat is decided gets done.",
}

# --- what the ways name: activities and sessions of the demo's story, by their English titles ---

PLACES = {
    "drafts": "Questions about the working groups’ drafts",
    "methods": "Questions about the ways of working",
    "unit-day": "Unit day 1: the mission in our own words",
    "today": "Unit day in April: three trials, three drafts",
    "leaders": "The leaders answer",
    "programme": "From repair shop to fellow architect",
    **{f"meetings-{lang}": title for lang, title in MEETINGS.items()},
}
TODAY = (  # the parts of that day after the welcome
    "How are we today?",
    "Three trials: what have we learned?",
    "Coffee",
    "Three drafts: where do we stand?",
    "The leaders answer",
    "How was the day?",
)
TABLES = {"a": "programmes_activity", "g": "gatherings_session", "p": "programmes_programme"}


@dataclass
class Stage:
    """A demo of one's own, served; and everybody's browser in it."""

    browser: Browser
    folder: Path
    found: Survey | None
    kept: dict[tuple[str, str], BrowserContext] = field(default_factory=dict)

    def page(self, who: str, lang: str, width: int = DESKTOP, height: int = 900) -> Page:
        """A page in somebody's browser. `who`: a door of the demo's front page, a role of ROLES, else nobody."""
        if (who, lang) not in self.kept:
            context = self.browser.new_context(locale=LOCALES[lang], reduced_motion="reduce", base_url=ORIGIN)
            context.set_default_timeout(15_000)
            self.kept[who, lang] = context
            if who in {"facilitator", "owner"} and self.found is None:
                self._enter(context.new_page(), who)
            elif self.found is not None:
                context.add_cookies(cookies_of(self.found, who, lang, ORIGIN))
        page = self.kept[who, lang].new_page()
        page.set_viewport_size({"width": width, "height": height})
        return page

    def _enter(self, page: Page, door: str) -> None:
        page.goto("/")
        with page.expect_navigation():
            page.locator(f"form[action$='/{door}/'] button").click()
        page.close()

    def path(self, way: str) -> str:
        """Where a way leads. {a:drafts}: that activity (g: a session, p: a programme); {code:drafts}: its code."""
        return re.sub(r"\{(\w+):([\w-]+)\}", lambda found: self._place(found[1], found[2]), way)

    def _place(self, what: str, name: str) -> str:
        if what == "import":
            assert self.found is not None
            return next(one.path for one in self.found.visits if one.page == f"organisations:{name}")
        for letter in [what] if what in TABLES else "ga":
            column = "id" if what in TABLES else "code"
            with sqlite3.connect(self.folder / "samsyn.sqlite3") as database:
                rows = database.execute(f"SELECT {column}, title FROM {TABLES[letter]} ORDER BY id").fetchall()
            for value, title in rows:
                if PLACES[name] in json.loads(title).values() and value:
                    return f"/o/alvmark/{letter}/{encode_id(value)}/" if column == "id" else str(value)
        raise LookupError(f"{what}:{name}")


# --- what is done once in a demo, before its pictures ---


def answer_the_questions(stage: Stage) -> None:
    """The owner answers what was asked."""
    page = stage.page("owner", "en")
    for words in QUESTION.values():
        page.goto(stage.path("{a:drafts}questions/desk/?show=unanswered"))
        page.locator("li.row", has_text=words).get_by_role("link", name=re.compile("^Answer")).click()
        page.get_by_label("Answered in writing").check(force=True)
        for lang, text in ANSWER.items():
            page.locator(f"textarea[lang={lang}]").first.fill(text)
        page.get_by_role("button", name="Save the answer").click()
        page.locator("h1").wait_for()


def ask_about_meetings(stage: Stage) -> None:
    """A dialogue in each language."""
    for lang, title in MEETINGS.items():
        page = stage.page("facilitator", "en")
        page.goto(stage.path("{p:programme}storyboard/"))
        set_up_dialogue(page, title, STATEMENTS[lang], lang)


def begin_the_day(stage: Stage) -> Desk:
    """The unit day of the demo has begun."""
    page = stage.page("facilitator", "en")
    page.goto(stage.path("{g:today}run/"))
    desk = Desk(page)
    desk.key("s", "Next part")
    return desk


def fill_the_room(stage: Stage) -> None:
    """Sixty made-up people have answered how they are today."""
    desk = begin_the_day(stage)
    desk.next(TODAY[0])
    desk.page.keyboard.press("m")
    screen = stage.page("facilitator", "en")
    screen.goto(stage.path("{g:today}screen/"))
    expect(screen.get_by_text(re.compile("^60 people have answered")).first).to_be_visible(timeout=180_000)
    screen.close()


def show_the_answers(stage: Stage) -> None:
    page = stage.page("facilitator", "en")
    page.goto(stage.path("{g:today}run/"))
    Desk(page).key("r", "Hide the answers")


def leave_questions(stage: Stage) -> None:
    """The day has ended; two questions have no answer."""
    desk = begin_the_day(stage)
    for part in TODAY[: TODAY.index("The leaders answer") + 1]:
        desk.next(part)
    for number, (words, _) in enumerate(LEFT):
        phone = stage.page(f"somebody {number}", "sv", PHONE)
        phone.goto(stage.path("/j/{code:today}"))
        phone.get_by_label("Din fråga").first.fill(words)
        phone.get_by_role("button", name="Skicka frågan").click()
        phone.get_by_role("main").get_by_text(words, exact=True).first.wait_for()
    desk.next(TODAY[-1])
    desk.page.keyboard.press("e")
    desk.page.get_by_text("What is left over").first.wait_for()
    for words, english in LEFT:
        desk.page.goto(stage.path("{a:leaders}questions/desk/?show=unanswered"))
        row = desk.page.locator("li.row", has_text=words)
        row.locator("summary").first.click()
        row.get_by_role("link", name="Give it in English too").click()
        desk.page.locator("main textarea").first.fill(english)
        desk.page.locator("main form button.button").first.click()


# --- how a page is put before it is taken ---


def write_a_question(page: Page, lang: str) -> None:
    page.locator("main textarea").first.fill(QUESTION[lang])


def show_what_is_done(page: Page, lang: str) -> None:
    """One chapter further back than the board begins: what is done stands beside what goes on now."""
    page.locator(".storyboard").evaluate("""board => {
      const [first, now] = [".frame", ".frame.is-now"].map(name => board.querySelector(name));
      board.scrollLeft = now.previousElementSibling.offsetLeft - first.offsetLeft;
    }""")


def send_a_question(page: Page, lang: str) -> None:
    write_a_question(page, lang)
    page.locator("main form", has=page.locator("textarea")).locator("button.button").first.click()
    page.locator("[data-receipt]").wait_for()


def follow_it(page: Page, lang: str) -> None:
    """The words are in the browser; what one thinks of the answer is unfolded."""
    page.locator("main form button.button").first.click()
    page.locator("main details > summary").last.click()


def agree_once(page: Page, lang: str) -> None:
    page.get_by_role("button", name={"sv": "Håller med", "en": "Agree"}[lang], exact=True).click()
    page.get_by_text({"sv": "Du höll med.", "en": "You agreed."}[lang]).wait_for()


def answer_four(page: Page, lang: str) -> None:
    page.get_by_role("radio", name=re.compile("^4")).check(force=True)
    page.get_by_role("button", name={"sv": "Skicka", "en": "Send"}[lang], exact=True).click()
    page.get_by_text({"sv": "Ditt svar har kommit fram.", "en": "Your answer is in."}[lang]).wait_for()


def write_the_reply(page: Page, lang: str) -> None:
    for written, texts in REPLY.items():
        for number, text in enumerate(texts):
            page.locator(f"main textarea[lang={written}]").nth(number).fill(text)


def let_it_arrive(page: Page, lang: str) -> None:
    """What the live room sends after the page has been loaded is there."""
    page.wait_for_timeout(1500)


# --- the pictures ---


@dataclass(frozen=True)
class Picture:
    """One picture, in every language. Those that name the same demo share it, in the order of the table."""

    name: str
    demo: str
    who: str
    way: str
    width: int = DESKTOP
    height: int | None = None  # None: as high as the page, or the part of it
    part: str = ""  # only this part of the page
    until: str = ""  # and no further than to the end of this one
    pose: Callable[[Page, str], None] | None = None
    first: Callable[[Stage], object] | None = None  # done once, before the picture is taken
    theme: str = "light"
    langs: tuple[str, ...] = LANGS

    def file(self, lang: str) -> str:
        return f"{self.name}-{lang}.png" if len(self.langs) > 1 else f"{self.name}.png"


FURNISHED = "furnished"  # the demo with what `pages.survey` puts into it
WHO = "facilitator"

PICTURES = (
    Picture("front", "as it is", "nobody", "/", 760, 662, langs=("en",)),
    Picture("front-dark", "as it is", "nobody", "/", 760, 662, theme="dark", langs=("en",)),
    Picture("ask", "as it is", "staff", "/j/{code:drafts}", PHONE, 950, pose=write_a_question),
    Picture("storyboard", "as it is", WHO, "{p:programme}storyboard/", height=1000, pose=show_what_is_done),
    Picture("wall", "as it is", WHO, "{a:drafts}wall/", height=720),
    Picture("letter", "as it is", WHO, "{a:drafts}letters/invitation/", height=1210),
    Picture("desk", "as it is", WHO, "{a:drafts}questions/desk/?show=unanswered", height=840),
    Picture("stand", "as it is", "owner", "{a:unit-day}dialogue/result/", height=1026, part="#agree"),
    Picture("groups", "as it is", "owner", "{a:unit-day}dialogue/result/", part="#groups", until=".opinion-map"),
    Picture("publish", "as it is", WHO, "{a:methods}publish/", pose=write_the_reply),
    Picture("said", "as it is", WHO, "{p:programme}said/", height=1100),
    Picture("today", "as it is", "owner", "/o/alvmark/", height=1180),
    Picture("agenda", "as it is", WHO, "{g:today}agenda/", height=860),
    Picture("minutes", "as it is", WHO, "{g:unit-day}minutes/", height=1200),
    Picture("accessibility", "as it is", WHO, "/accessibility", height=800),
    Picture("receipt", "asked", "staff", "/j/{code:drafts}", PHONE, pose=send_a_question),
    Picture("fate", "asked", "staff", "/o/alvmark/receipts/", PHONE, pose=follow_it, first=answer_the_questions),
    Picture("vote", "meetings", "staff", "/j/{code:meetings-LANG}", PHONE, pose=agree_once, first=ask_about_meetings),
    Picture("mood", "the day", "staff", "/j/{code:today}", PHONE, pose=answer_four, first=fill_the_room),
    Picture("poll", "the day", WHO, "{g:today}screen/", height=720, pose=let_it_arrive, first=show_the_answers),
    Picture("leftovers", "the end", WHO, "{g:today}leftovers/", height=860, first=leave_questions),
    Picture("mine", FURNISHED, "staff", "/o/alvmark/me/", 800),
    Picture("import", FURNISHED, "lead", "{import:import_preview}", height=900),
)


def main() -> int:
    """Make the demo once, a copy for each group of pictures, and take them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", default="", help="a pattern that the file's name must hold, as ^poll or -sv")
    parser.add_argument("--out", type=Path, default=ROOT / "docs/images")
    given = parser.parse_args()
    given.out.mkdir(parents=True, exist_ok=True)
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="samsyn-pictures-") as temporary:
        plain = Path(temporary) / "demo"
        serving.make_demo(plain, steady=True)
        taken = take_all(plain, re.compile(given.only), given.out)
    size = sum(file.stat().st_size for file in taken)
    minutes = (time.monotonic() - began) / 60
    print(f"{len(taken)} pictures, {size / 1e6:.1f} MB, in {minutes:.1f} minutes: {given.out}")
    return 0 if taken else 1


def take_all(plain: Path, only: re.Pattern[str], out: Path) -> list[Path]:
    """Take the pictures whose names hold the pattern, each group in a copy of the demo in `plain`."""
    taken = []
    for demo, group in groupby(PICTURES, key=lambda picture: picture.demo):
        pictures = list(group)
        if any(only.search(picture.file(lang)) for picture in pictures for lang in picture.langs):
            folder = plain.with_name(demo.replace(" ", "-"))
            shutil.copytree(plain, folder)
            with set_stage(folder, furnished=demo == FURNISHED) as stage:
                taken += [file for picture in pictures for file in take(stage, picture, only, out)]
    return taken


@contextmanager
def set_stage(folder: Path, *, furnished: bool) -> Iterator[Stage]:
    """Serve the demo in a folder; the browser finds it at ORIGIN, whatever its port."""
    found = survey(folder, steady=True) if furnished else None
    with serving.serve(folder, steady=True, origin=ORIGIN) as site, sync_playwright() as playwright:
        there = f"--host-resolver-rules=MAP {ORIGIN.split('://')[1]} 127.0.0.1:{site.origin.rsplit(':', 1)[1]}"
        browser = playwright.chromium.launch(executable_path=find_browser(), args=[*serving.LAUNCH, there])
        yield Stage(browser, folder, found)
        browser.close()


def take(stage: Stage, picture: Picture, only: re.Pattern[str], out: Path) -> Iterator[Path]:
    """Take a picture in its languages. All is done, also where it is not wanted: others may stand on it."""
    if picture.first is not None:
        picture.first(stage)
    for lang in picture.langs:
        page = stage.page(picture.who, lang, picture.width, picture.height or 900)
        page.emulate_media(color_scheme="dark" if picture.theme == "dark" else "light")
        answer = page.goto(stage.path(picture.way.replace("LANG", lang)))
        if answer is None or answer.status != 200:
            raise RuntimeError(f"{picture.name}: {answer and answer.status} at {page.url}")
        if picture.pose is not None:
            picture.pose(page, lang)
        if only.search(picture.file(lang)):
            yield _write(_shoot(page, picture), out / picture.file(lang))
        page.close()


def _shoot(page: Page, picture: Picture) -> bytes:
    page.mouse.move(0, 0)
    page.evaluate("document.activeElement.blur(); scrollTo(0, 0); document.fonts.ready")
    if not picture.part:
        return page.screenshot(full_page=picture.height is None, animations="disabled")
    begins, ends = (page.locator(part).first.bounding_box() for part in (picture.part, picture.until or picture.part))
    assert begins is not None, picture.part
    assert ends is not None, picture.until
    top = max(begins["y"] - MARGIN, 0)
    height = picture.height or ends["y"] + ends["height"] + MARGIN - top
    area = {"x": 0, "y": top, "width": picture.width, "height": height}
    return page.screenshot(full_page=True, animations="disabled", clip=area)


def _write(png: bytes, file: Path) -> Path:
    """Keep it with few colours: a third of the bytes, and nothing that an eye would miss."""
    picture = Image.open(io.BytesIO(png)).convert("RGB")
    picture.quantize(COLOURS, dither=Image.Dither.NONE).save(file, optimize=True)
    return file


if __name__ == "__main__":
    sys.exit(main())

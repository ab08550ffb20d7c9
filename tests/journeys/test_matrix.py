"""Every page as everyone who sees it: nothing for axe to find, nothing too wide, nothing too small, no complaint.

A sample (every sixth page, once) runs with the other tests; the whole matrix of roles, languages, widths and themes
with `make prove`.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Error

from tests.journeys import looking
from tests.journeys.pages import LANGS, ROLES, SEND_EMPTY, THEMES, WIDTHS, Survey, Visit, cookies_of, survey
from tests.journeys.serving import Site, serve

# Addresses at which the demo has no page to look at, and why.
NOTHING_TO_SEE = {"rehearsal:enter": "takes posts alone"}
SAMPLES = [("sv", 360, "light"), ("en", 1280, "dark")]


@pytest.fixture(scope="module")
def walked(demo_made, tmp_path_factory) -> Iterator[tuple[Site, Survey]]:
    """A demo of one's own with something real at every address, and the list of its pages."""
    folder = tmp_path_factory.mktemp("matrix") / "data"
    shutil.copytree(demo_made, folder)
    found = survey(folder, once=not os.environ.get("SAMSYN_PROVE"))
    with serve(folder) as site:
        yield site, found


def arrive(hand, site: Site, visit: Visit) -> list[str]:
    """Go to a page; what is wrong with how it answers."""
    answer = hand.page.goto(site.url(visit.path))
    if visit.form is not None:
        with hand.page.expect_navigation() as sent:
            hand.page.evaluate(SEND_EMPTY, visit.form)
        answer = sent.value
    said = [] if answer and answer.status == visit.status else [f"answers {answer and answer.status}"]
    if visit.form is None and hand.page.url != site.url(visit.path):
        said.append(f"leads to {hand.page.url}")
    return said


def hand_of(open_hand, found: Survey, site: Site, role: str, lang: str, width: int):
    """A browser in the hand of somebody of that role."""
    hand = open_hand(lang, width)
    hand.looked_at = True  # what axe sets off comes late; the pages' own refusals are watched by themselves
    hand.page.context.add_cookies(cookies_of(found, role, lang, site.origin))
    hand.page.context.add_init_script(looking.WATCH_POLICY)
    hand.page.on("dialog", lambda dialog: dialog.accept())
    return hand


def look(hand, site: Site, visit: Visit, lang: str, themes: list[str]) -> list[str]:
    """Everything that is wrong with a page, in each of the themes."""
    page = hand.page
    page.emulate_media(color_scheme=themes[0], reduced_motion="reduce")
    try:
        said = arrive(hand, site, visit) + looking.faults(page, lang)
        said += hand.findings()
        for theme in themes[1:]:
            page.emulate_media(color_scheme=theme, reduced_motion="reduce")
            said += hand.findings(colours_only=True)
    except Error as error:
        said = [error.message.splitlines()[0]]
    said += hand.complaints
    hand.complaints.clear()
    return said


@pytest.mark.parametrize(("lang", "width", "theme"), SAMPLES)
def test_every_sixth_page_once(walked, open_hand, lang, width, theme):
    """Every twelfth page of the list in each of two ways, as one of the roles that see it: staff before those who plan.
    The others, and forms sent empty, are left to the whole matrix; that every address has a page there is not."""
    site, found = walked
    assert set(found.unseen) == set(NOTHING_TO_SEE)
    order = list(ROLES)
    chosen = {visit.page: visit for visit in sorted(found.visits, key=lambda one: -order.index(one.role))}
    plain = [visit for visit in chosen.values() if visit.form is None]
    mine = plain[SAMPLES.index((lang, width, theme)) :: 6 * len(SAMPLES)]
    hands, faults = {}, []
    for visit in mine:
        if visit.role not in hands:
            hands[visit.role] = hand_of(open_hand, found, site, visit.role, lang, width)
        faults += [f"{visit}: {fault}" for fault in look(hands[visit.role], site, visit, lang, [theme])]
    assert len(mine) > 15
    assert not faults, "\n".join(faults)


@pytest.mark.prove
@pytest.mark.skipif(not os.environ.get("SAMSYN_PROVE"), reason="takes long: make prove")
@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("role", ROLES)
def test_every_page_of_a_role(walked, open_hand, role, lang, width):
    site, found = walked
    hand = hand_of(open_hand, found, site, role, lang, width)
    mine = [visit for visit in found.visits if visit.role == role]
    assert mine
    faults = [f"{visit}: {fault}" for visit in mine for fault in look(hand, site, visit, lang, list(THEMES))]
    assert not faults, "\n".join(faults)

"""Every page of the product as everyone who sees it: the list that the gallery and the tests walk through.

The list is read from the URL configuration and the demo's own data by a process of its own (`survey.py`,
`finding.py`), since Django reads its settings once. Nothing here imports Django.
"""

from __future__ import annotations

import json
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.journeys.serving import ROOT, command, environment

ROLES = {
    "nobody": "nobody",
    "waiting": "nobody, with a sign-in code on its way",
    "code": "staff, in by a code",
    "staff": "staff, signed in",
    "manager": "manager",
    "owner": "owner",
    "lead": "programme lead",
    "facilitator": "facilitator",
    "member": "working-group member",
    "guest": "guest",
    "operator": "operator",
}
WIDTHS = (360, 1280)
LANGS = ("sv", "en")
THEMES = ("light", "dark")
HEIGHTS = {360: 740, 1280: 900}
LOCALES = {"sv": "sv-SE", "en": "en-GB"}

# Sends one of the page's forms with nothing in it: the page with all its faults. Nothing is written, for it is refused.
SEND_EMPTY = """(action) => {
  const form = [...document.querySelectorAll("main form[method=post]")]
    .find((one) => (one.getAttribute("action") ?? "") === action);
  for (const field of form.elements) if (field.name !== "csrfmiddlewaretoken") field.disabled = true;
  form.noValidate = true;
  form.submit();
}"""


@dataclass(frozen=True)
class Visit:
    """One page as one role sees it. `form`: after the form that goes there was sent with nothing in it."""

    page: str
    role: str
    path: str
    status: int
    form: str | None = None

    def __str__(self) -> str:
        return f"{self.page} as {self.role}"


@dataclass(frozen=True)
class Survey:
    """All visits; the cookies that make a browser one of the roles; addresses at which no page was found."""

    visits: list[Visit]
    cookies: dict[str, list[dict[str, Any]]]
    unseen: list[str]

    @property
    def pages(self) -> list[str]:
        """The names of the pages, once each, in order."""
        return list(dict.fromkeys(visit.page for visit in self.visits))


def survey(folder: Path, *, steady: bool = False, once: bool = False) -> Survey:
    """Put what is missing into the demo in `folder`, and list every page as everyone who sees it, or as one of them."""
    found = folder / "pages.json"
    walk = command("tests.journeys.survey", str(found), *(["once"] if once else []), steady=steady)
    subprocess.run(walk, env=environment(folder), check=True, cwd=ROOT)
    raw = json.loads(found.read_text("utf-8"))
    return Survey([Visit(**row) for row in raw["visits"]], raw["cookies"], raw["unseen"])


def cookies_of(made: Survey, role: str, lang: str, origin: str) -> list[dict[str, Any]]:
    """What `BrowserContext.add_cookies` needs for a browser of that role, in that language."""
    host = origin.split("://")[1].split(":")[0]
    rows = [*made.cookies.get(role, []), {"name": "language", "value": lang, "path": "/"}]
    return [{"httpOnly": False, "sameSite": "Lax", **row, "domain": host} for row in rows]

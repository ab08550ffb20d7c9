"""Find every page of the demo and everyone who sees it.

Each address of the URL configuration is tried with ids that are there, as every role. What answers with a page is a
visit. Addresses that differ with the state of things are tried once for each state (`_variant`).
"""

from __future__ import annotations

import html
import json
import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from samsyn.activities.board.models import Card, CardGroup
from samsyn.activities.dialogue.models import Statement
from samsyn.activities.polls.models import OpenAnswer, PollQuestion
from samsyn.activities.questions.models import Question
from samsyn.activities.steps.models import Outcome
from samsyn.casestudy.models import Sentence
from samsyn.core import clock, tenancy
from samsyn.files.models import Attachment
from samsyn.gatherings.attachments import OWNER as OF_SESSION
from samsyn.gatherings.models import Block, OwnTemplate, Series, Session
from samsyn.jobs.models import Job, Mailing
from samsyn.organisations.models import ImportBatch, Organisation, Unit
from samsyn.programmes.access import activity_path, enter_by_code
from samsyn.programmes.attachments import OWNER
from samsyn.programmes.kinds import all_kinds
from samsyn.programmes.models import Activity, ErasureRequest, FaultReport, Frame, Group, Partner, Role
from samsyn.thread.models import Item
from tests.architecture.addresses import Address, all_addresses
from tests.journeys.furnish import Furnished, furnish
from tests.journeys.pages import ROLES

# Read before the first address is made: Django's resolver then writes the parts of outer patterns into inner ones.
ADDRESSES = all_addresses()
BACKEND = "django.contrib.auth.backends.ModelBackend"
LOOKING = (
    "lead",
    "owner",
    "facilitator",
    "operator",
    "member",
    "manager",
    "staff",
    "guest",
    "code",
    "nobody",
    "waiting",
)
MOST_TRIES = 12
# Whose page is another in each state of what it is about.
VARIED = {"programmes:publish", "programmes:letters"}
TOLD_BY_LEVEL = {"programmes:sheet", "programmes:who_sees", "programmes:letter_reminder"}
# The programme that has not begun shows what these look like when empty.
ALSO_EMPTY = {
    "home:programme",
    "home:said",
    "programmes:storyboard",
    "programmes:people",
    "programmes:guests",
    "casestudy:page",
}
QUERIES = {
    "questions:desk": ["waiting", "unanswered", "answered", "away"],
    "dialogue:desk": ["waiting", "visible", "away"],
    "polls:texts": ["waiting", "visible", "away"],
}
TOLD_BY_STATE = {"gatherings:session", "gatherings:minutes", "gatherings:agenda", "gatherings:invite"}
LEAVES = {"account_logout"}  # an empty post would sign out


@dataclass(frozen=True)
class Way:
    """An address with ids, and which of its variants that is."""

    variant: str
    path: str


class Stock:
    """The rows of the demo, by the names that parts of addresses have."""

    def __init__(self, made: Furnished) -> None:
        self.made = made
        self.activities = _one_of_each_first(Activity.objects.filter(programme=made.programme).order_by("starts", "id"))

    def ways(self, address: Address) -> Iterator[Way]:
        """Everything worth trying at an address, in order."""
        for chosen in self._choose(address, list(address.parts), {}):
            variant = _variant(address, chosen)
            parts = {name: getattr(value, "pk", value) for name, value in chosen.items()}
            path = reverse(address.name, kwargs=parts)
            yield Way(variant, path)
            for query in QUERIES.get(address.name, []):
                yield Way(f"{variant}, {query}".strip(", "), f"{path}?show={query}")

    def _choose(self, address: Address, names: list[str], chosen: dict[str, Any]) -> Iterator[dict[str, Any]]:
        if not names:
            yield chosen
            return
        for value in self._values(address, names[0], chosen):
            yield from self._choose(address, names[1:], {**chosen, names[0]: value})

    def _values(self, address: Address, name: str, chosen: dict[str, Any]) -> list[Any]:
        made, activity, programme = self.made, chosen.get("activity"), chosen.get("programme")
        space = address.name.split(":")[0]
        match name:
            case "organisation":
                return [made.organisation.slug]
            case "programme":
                return [made.programme, *([made.new_programme] if address.name in ALSO_EMPTY else [])]
            case "activity":
                return [found for found in self.activities if space not in all_kinds() or found.kind == space]
            case "frame":
                return list(Frame.objects.filter(programme=programme).order_by("-position"))
            case "item" if address.name == "home:settle":
                return list(Item.objects.filter(kind="promise").order_by("due", "id"))
            case "item":
                return list(Item.objects.order_by("visibility", "kind", "-day", "id"))
            case "question":
                return list(Question.objects.filter(activity=activity).order_by("end", "id"))[:MOST_TRIES]
            case "statement":
                return list(Statement.objects.filter(activity=activity).order_by("state", "id"))[:MOST_TRIES]
            case "poll":
                return list(PollQuestion.objects.filter(activity=activity).order_by("position", "id"))
            case "answer":
                return list(OpenAnswer.objects.filter(activity=activity).order_by("state", "id"))[:MOST_TRIES]
            case "card":
                return list(Card.objects.filter(activity=activity).order_by("state", "id"))[:MOST_TRIES]
            case "cardgroup":
                return list(CardGroup.objects.filter(activity=activity).order_by("id"))[:MOST_TRIES]
            case "thing":
                groups = CardGroup.objects.filter(activity=activity).order_by("id")
                return [*groups[:1], *Card.objects.filter(activity=activity).order_by("state", "id")[:MOST_TRIES]]
            case "outcome":
                return list(Outcome.objects.filter(activity=activity))
            case "person" if space == "organisations":
                return [made.people["staff"], made.people["manager"]]
            case "person":
                return [made.people[key] for key in ("guest", "invited")]
            case "mailing":
                return list(Mailing.objects.filter(about_id=activity.pk))
            case "batch":
                return list(ImportBatch.objects.order_by("state"))
            case "job":
                return list(Job.objects.order_by("state", "id"))
            case "secret":
                return list(made.secrets.values())
            case "code":
                codes = [found.code for found in self.activities if found.code and found.state != "open"]
                return [*codes, "ZZZZZZ"]
            case "owner_kind":
                return [OWNER, OF_SESSION]
            case "owner" if chosen["owner_kind"] == OF_SESSION:
                return list(Session.objects.filter(state="planned").order_by("starts", "id"))
            case "owner":
                return self.activities
            case "session":
                return list(Session.objects.order_by("starts", "id"))
            case "block" if address.name == "gatherings:paper":
                return list(Block.objects.filter(session=chosen["session"], activity__isnull=False))
            case "block":
                return list(Block.objects.filter(session=chosen["session"]).order_by("activity", "position"))
            case "template" if address.name == "gatherings:drop_template":
                return list(OwnTemplate.objects.all())
            case "key" if space == "gatherings":
                return ["agenda"]
            case "who" | "key":
                return []
        rows: dict[str, Any] = {
            "attachment": Attachment.objects.order_by("name", "owner_id"),
            "role": Role.objects.filter(programme=programme).order_by("name", "id"),
            "partner": Partner.objects.filter(programme=programme),
            "group": Group.objects.filter(programme=programme),
            "unit": Unit.objects.exclude(parent=None).order_by("key"),
            "sentence": Sentence.objects.all(),
            "erasure": ErasureRequest.objects.order_by("-state"),
            "report": FaultReport.objects.order_by("-state"),
            "playbook": ["leadership-and-culture"],
            "token": [made.token],
            "template": ["unit-day"],
            "series": Series.objects.filter(programme=programme),
        }
        return list(rows[name])


def _one_of_each_first(activities: Any) -> list[Activity]:
    first: dict[tuple[str, str], Activity] = {}
    rest = []
    for activity in activities:
        if first.setdefault((activity.kind, activity.state), activity) is not activity:
            rest.append(activity)
    return [*first.values(), *rest]


def _variant(address: Address, chosen: dict[str, Any]) -> str:
    activity, item = chosen.get("activity"), chosen.get("item")
    if address.name in TOLD_BY_LEVEL:
        return str(activity.level)
    if address.name in {"board:page", "board:desk"}:
        return f"{activity.state}, {activity.board.phase}"
    if activity is not None and (address.name in VARIED or _is_home(address)):
        return f"{activity.kind}, {activity.state}" if address.name in VARIED else str(activity.state)
    if item is not None and address.name == "home:settle":
        return str(item.state)
    if item is not None:
        return str(item.kind)
    if address.name in TOLD_BY_STATE:
        return str(chosen["session"].state)
    if address.name == "jobs:job":
        return str(chosen["job"].state)
    if address.name == "questions:answer":
        return "answered" if chosen["question"].end else ""
    if address.name == "organisations:person":
        return str(chosen["person"].level)
    if address.name in ALSO_EMPTY and chosen["programme"].starts > clock.today():
        return "not begun"
    return ""


def _is_home(address: Address) -> bool:
    kind = all_kinds().get(address.name.split(":")[0])
    return kind is not None and address.name == f"{kind.slug}:{kind.home}"


class Visitors:
    """A browser for each role, and what its cookies are."""

    def __init__(self, made: Furnished, activities: list[Activity]) -> None:
        self.entries = {activity_path(a): _entry(a) for a in activities if a.entry == "code" and a.state != "draft"}
        self.clients = {role: self._client(made, role) for role in ROLES}

    def _client(self, made: Furnished, role: str) -> Client:
        client = Client()
        if role in made.people:
            client.force_login(made.people[role].user, backend=BACKEND)
        elif role == "operator":
            client.force_login(made.operator, backend=BACKEND)
        elif role == "waiting":
            client.post(reverse("account_login"), {"email": made.people["staff"].email})
        client.cookies["language"] = "sv"
        return client

    def get(self, role: str, path: str) -> Any:
        """Look at a page as a role."""
        client = self.clients[role]
        if role == "code":
            client.cookies.pop("entry", None)
            for below, value in self.entries.items():
                if path.startswith(below):
                    client.cookies["entry"] = value
        return client.get(path)

    def refused_form(self, role: str, path: str) -> str | None:
        """Where the page's form goes that is refused, with the faults on the page, when it is sent empty."""
        client, before = self.clients[role], dict(self.clients[role].cookies)
        form = _form(client.get(path).content.decode())
        if form is None:
            return None
        with transaction.atomic():
            status = client.post(form or path, {"csrfmiddlewaretoken": "-"}).status_code
            transaction.set_rollback(True)
        client.cookies.clear()
        client.cookies.update(before)
        return form if status == 422 else None

    def cookies(self, role: str) -> list[dict[str, Any]]:
        """The cookies that make a browser this role."""
        if role == "code":
            return [{"name": "entry", "value": value, "path": path} for path, value in self.entries.items()]
        kept = {name: row for name, row in self.clients[role].cookies.items() if name not in {"language", "csrftoken"}}
        return [
            {"name": name, "value": row.value, "path": row["path"] or "/"} for name, row in kept.items() if row.value
        ]


def _entry(activity: Activity) -> str:
    response = HttpResponse()
    enter_by_code(response, activity)
    return response.cookies["entry"].value


def _form(body: str) -> str | None:
    """Where the page's form goes ("": to its own address); None where there is none."""
    main = body.partition("<main")[2]
    forms = [tag for tag in re.findall(r"<form\b[^>]*>", main) if 'method="post"' in tag]
    chosen = next((tag for tag in forms if re.search(r'class="(?:[^"]* )?form[" ]', tag)), forms[0] if forms else None)
    if chosen is None:
        return None
    found = re.search(r'action="([^"]*)"', chosen)
    return html.unescape(found[1]) if found else ""


def _is_page(response: Any) -> bool:
    text = response.get("Content-Type", "").startswith("text/html") and not response.streaming
    return text and b"<html" in response.content


def look(made: Furnished, *, once: bool = False) -> dict[str, Any]:
    """All visits, all cookies, and the addresses at which no page was found.

    `once`: each page as the first role that sees it, and no forms sent empty.
    """
    stock = Stock(made)
    visitors = Visitors(made, stock.activities)
    visits: list[dict[str, Any]] = []
    unseen: list[str] = []
    paths: set[str] = set()
    for address in ADDRESSES:
        tried: dict[str, int] = {}
        found: set[str] = set()
        apart = False
        roles = list(ROLES if once else LOOKING)
        for way in stock.ways(address):
            if way.variant in found or tried.get(way.variant, 0) >= MOST_TRIES:
                continue
            tried[way.variant] = tried.get(way.variant, 0) + 1
            shown, other = _seen_by(address, way.path, visitors, roles, once=once)
            apart = apart or other or way.path in paths  # another name for a page that has been looked at
            if shown is None:
                break
            if shown and way.path not in paths:
                paths.add(way.path)
                found.add(way.variant)
                visits += _visits(address, way, shown, visitors, forms=not once)
        if not found and not apart:
            unseen.append(address.name)
    visits += _refused(made, visitors)
    return {"visits": visits, "cookies": {role: visitors.cookies(role) for role in ROLES}, "unseen": unseen}


def _seen_by(
    address: Address, path: str, visitors: Visitors, roles: list[str], *, once: bool = False
) -> tuple[list[str] | None, bool]:
    """The roles that get a page there (None: it takes posts alone); and whether it is something else for some.

    `once`: until one of them does; who may not is taken out of `roles`.
    """
    shown: list[str] = []
    files: list[str] = []
    leads_on = False
    for role in list(roles):
        if once and shown:
            break
        if role == "waiting" and address.name != "account_confirm_login_code":
            continue  # sees there what nobody sees, and some of it ends the waiting
        answer = visitors.get(role, path)
        if answer.status_code == 405:
            return None, True
        if once and answer.status_code == 403:
            roles.remove(role)
        leads_on = leads_on or (answer.status_code == 302 and "/accounts/" not in answer["Location"])
        if answer.status_code == 200:
            (shown if _is_page(answer) else files).append(role)
    return [role for role in ROLES if role in shown], bool(files) or leads_on


def _visits(
    address: Address, way: Way, shown: list[str], visitors: Visitors, *, forms: bool = True
) -> list[dict[str, Any]]:
    name = f"{address.name}, {way.variant}" if way.variant else address.name
    rows = [{"page": name, "role": role, "path": way.path, "status": 200} for role in shown]
    if forms and address.name not in LEAVES and "?" not in way.path:
        best = next(role for role in LOOKING if role in shown)
        form = visitors.refused_form(best, way.path)
        if form is not None:
            rows.append({"page": f"{name}, sent empty", "role": best, "path": way.path, "status": 422, "form": form})
    return rows


def _refused(made: Furnished, visitors: Visitors) -> list[dict[str, Any]]:
    """Pages that say no."""
    slug, programme = made.organisation.slug, made.programme.pk
    opened = Activity.objects.filter(programme=made.programme, state="open").order_by("starts").first()
    in_org = {"organisation": slug}
    asked = [
        ("nothing there", "nobody", "/nowhere/"),
        ("nothing there", "staff", f"/o/{slug}/nowhere/"),
        ("may not", "staff", reverse("programmes:edit", kwargs={**in_org, "programme": programme})),
        ("not in this state", "lead", reverse("programmes:open", kwargs={**in_org, "activity": opened.pk})),
        ("a wrong code", "nobody", reverse("join:enter", kwargs={"code": "ZZZZZZ"})),
        ("an invitation that is over", "nobody", _invitation(made, slug, "ended")),
    ]
    rows = []
    for page, role, path in asked:
        status = visitors.get(role, path).status_code
        assert 400 <= status < 500, f"{page}: {status}"
        rows.append({"page": f"refused: {page}", "role": role, "path": path, "status": status})
    return rows


def _invitation(made: Furnished, slug: str, key: str) -> str:
    return reverse("programmes:invitation", kwargs={"organisation": slug, "secret": made.secrets[key]})


def write(target: Path, *, once: bool = False) -> None:
    """Furnish the demo and look; write what was found to `target`."""
    settings.ALLOWED_HOSTS = ["*"]
    logging.disable(logging.ERROR)  # pages that say no are what is looked for; a fault of ours is raised
    organisation = Organisation.objects.get(synthetic=True)
    with (
        tenancy.scope(organisation.pk, organisation.slug),
        clock.simulated(organisation.simulated_day),
        timezone.override(organisation.time_zone),
        translation.override("sv"),
    ):
        found = look(furnish(organisation), once=once)
    target.write_text(json.dumps(found, ensure_ascii=False, indent=1), "utf-8")

"""Who may open what lies outside programmes: an organisation's pages, items, accounts, the installation, the public.

Each table says the exact answer. An address that is in no table fails: a new one needs its row.
"""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from samsyn.activities.questions import actions as questions
from samsyn.core.addresses import address as address_of
from samsyn.core.texts import LangText
from samsyn.files.models import Attachment
from samsyn.jobs.actions import start_job
from samsyn.programmes import actions_requests
from samsyn.programmes.browsers import draw_key
from samsyn.programmes.models import FaultReport
from samsyn.thread.models import Item
from tests.architecture.addresses import Address, all_addresses
from tests.architecture.visiting import EVERYONE, RUN_IT, SIGN_IN, Browsers, answer, path_of
from tests.fixtures import DAY, World

ADDRESSES = [address for address in all_addresses() if address.access]
HERE = "organisation"  # the part of an address that names the organisation


def of_scope(*scopes: str) -> list[Address]:
    return [address for address in ADDRESSES if address.access.scope in scopes]


def compare(browsers: dict[str, Any], address: Address, path: str, wanted: dict[str, int | set[int]]) -> list[str]:
    """What was answered otherwise than it should be."""
    wrong = []
    for who, status in wanted.items():
        got = answer(browsers[who], path)
        if got not in (status if isinstance(status, set) else {status}):
            wrong.append(f"{address.name} as {who}: {got} for {status}")
    return wrong


# --- an organisation's own pages --------------------------------------------------------------------------------

# Who is let in by each of the roles that such pages name; nobody named: every person of the organisation.
LET_IN = {
    "": set(EVERYONE),
    "administrator": {"lead", "operator"},
    "starter": {"owner", "lead", "manager"},
}
THERE = {"person", "unit", "erasure", "playbook", HERE}  # ids that the test knows; with others the page is not found


def test_an_organisations_pages_open_to_its_own_people_and_those_who_look_after_them(world, elsewhere):
    browsers, strangers, wrong = Browsers(world), Browsers(elsewhere), []
    asked = actions_requests.ask_for_erasure(world.person("staff"), words="")
    known = {
        HERE: world.organisation.slug,
        "person": world.person("staff").pk,
        "unit": world.units["a"].pk,
        "erasure": asked.pk,
        "playbook": "leadership-and-culture",
    }
    for address in of_scope("organisation"):
        (role,) = address.access.roles or {""}
        found = {200, 422} if set(address.parts) <= THERE else {404}
        inside = LET_IN[role]  # a role that is not there needs its row
        wanted: dict[str, Any] = {who: found if who in inside else 403 for who in EVERYONE}
        wanted |= {"operator": found if "operator" in inside else 404, "nobody": SIGN_IN}
        path = path_of(address, **known)
        wrong += compare(browsers, address, path, wanted)
        wrong += compare(strangers, address, path, dict.fromkeys(("owner", "lead", "staff"), 404))
    assert not wrong, "\n".join(wrong)


# --- items: what one sees of them decides -----------------------------------------------------------------------


def _all(status: int) -> dict[str, int]:
    return dict.fromkeys(EVERYONE, status) | {"guest": 404, "operator": 404, "nobody": SIGN_IN}


def _only(let_in: set[str], others: int) -> dict[str, int]:
    return {who: 200 if who in let_in else others for who in EVERYONE} | {
        "guest": 404,
        "operator": 404,
        "nobody": SIGN_IN,
    }


ITEMS = {
    "home:item": _all(200),
    "home:hand_over": _only(RUN_IT, 403),
    "home:settle": _only(RUN_IT | {"manager"}, 403),  # the manager made the promise
    "files:file": _all(200),
    "files:add": _only(RUN_IT, 403),
    "files:remove": _only(RUN_IT, 403),
    "jobs:job": _only({"lead", "facilitator"}, 404),  # who started it, and who looks after people
    "jobs:cancel": _only({"lead", "facilitator"}, 404),
}


@pytest.fixture
def ids(world: World, settings: Any, tmp_path: Any) -> dict[str, dict[str, Any]]:
    """What lies at the addresses of items: a promise in question time for all, a file there, a job."""
    settings.MEDIA_ROOT = tmp_path
    activity = world.activity(state="open", level="named")
    question = questions.ask(activity, text="Vem?", language="sv", post_key=draw_key(), author=world.person("staff"))
    given = questions.Answer(
        "promised", LangText(sv="Vi gör det"), title=LangText(sv="Det"), due=DAY, owner=world.person("manager")
    )
    questions.answer(question, given, answered_by=world.person("manager"), by=world.person("lead"))
    file = SimpleUploadedFile("dagordning.csv", b"tid;vad\n9;kaffe\n", "text/csv")
    to = address_of("files:add", owner_kind="activity", owner=activity.pk)
    assert world.client("lead").post(to, {"file": file}).status_code == 302
    name = LangText(sv="Räkna", en="Count")
    job = start_job(name, "samsyn.activities.dialogue.actions.work_out", {"activity": 1}, world.person("facilitator"))
    known = {HERE: world.organisation.slug, "owner_kind": "activity", "owner": activity.pk}
    known |= {"attachment": Attachment.objects.get().pk, "job": job.pk}
    promise = Item.objects.get(kind="promise").pk
    return {name: known | {"item": promise if name == "home:settle" else question.item_id} for name in ITEMS}


def test_an_item_opens_to_those_who_may_see_it(world, elsewhere, ids):
    browsers, strangers, wrong = Browsers(world), Browsers(elsewhere), []
    for address in of_scope("item"):
        path = path_of(address, **ids[address.name])
        wrong += compare(browsers, address, path, ITEMS[address.name])
        wrong += compare(strangers, address, path, dict.fromkeys(("owner", "lead", "staff"), 404))
        swapped = path.replace(f"/o/{world.organisation.slug}/", f"/o/{elsewhere.organisation.slug}/")
        wrong += compare(strangers, address, swapped, dict.fromkeys(("owner", "lead", "staff"), 404))
    assert not wrong, "\n".join(wrong)


# --- accounts and the installation ------------------------------------------------------------------------------


@pytest.mark.parametrize("address", of_scope("account"), ids=str)
def test_an_account_page_opens_to_whoever_is_signed_in(world, elsewhere, address):
    signed_in = dict.fromkeys((*EVERYONE, "operator"), 200)
    assert not compare(Browsers(world), address, path_of(address), signed_in | {"nobody": SIGN_IN})
    assert not compare(Browsers(elsewhere), address, path_of(address), {"staff": 200})


@pytest.mark.parametrize("address", of_scope("operator"), ids=str)
def test_a_page_of_the_installation_opens_to_operators_alone(world, address):
    report = FaultReport.objects.create(text="Knappen syns inte", day=DAY)
    wanted = dict.fromkeys(EVERYONE, 404) | {"operator": 200, "nobody": SIGN_IN}
    assert not compare(Browsers(world), address, path_of(address, report=report.pk), wanted)


# --- what is public ---------------------------------------------------------------------------------------------

# Where something has to be known (a code, a link's secret, a token) and is made up: not found, for everyone.
PUBLIC = {
    "account_login": 200,
    "account_request_login_code": 200,
    "account_confirm_login_code": 200,  # without a code that has been sent: to the page that sends one
    "account_login_password": 200,
    "account_logout": 200,
    "home:receipts": 200,
    "home:receipt_reply": 422,
    "jobs:letters": 404,
    "join:code": 200,
    "join:enter": 404,
    "programmes:invitation": 404,
    "rehearsal:enter": 404,  # one-click sign-in is there in a demo alone
    "rehearsal:front": 200,
    "set_language": 200,
    "site:playbook": 404,
    "statement:accessibility": 200,
}


@pytest.mark.parametrize("address", of_scope("public"), ids=str)
def test_what_is_public_answers_everyone_alike(world, elsewhere, address):
    wanted = dict.fromkeys((*EVERYONE, "operator", "nobody"), PUBLIC[address.name])
    if address.name == "account_confirm_login_code":
        wanted["nobody"] = SIGN_IN
    path = path_of(address, **{HERE: world.organisation.slug})
    assert not compare(Browsers(world), address, path, wanted)
    assert not compare(Browsers(elsewhere), address, path, {"staff": wanted["staff"]})


def test_every_address_is_tried_in_a_matrix():
    """Programmes and activities are tried by their rules alone (`test_access.py`); the others by the tables here."""
    by_rule = {
        address.name for address in of_scope("programme", "activity", "session", "organisation", "account", "operator")
    }
    tried = by_rule | set(ITEMS) | set(PUBLIC)
    untried = {address.name for address in all_addresses()} - tried
    assert not untried, f"addresses that no matrix tries: {sorted(untried)}"
    gone = (set(ITEMS) | set(PUBLIC)) - {address.name for address in of_scope("item", "public")}
    assert not gone, f"rows without an address: {sorted(gone)}"


@pytest.mark.parametrize("address", [one for one in ADDRESSES if HERE in one.parts], ids=str)
def test_an_unknown_organisation_is_not_found(world, address):
    assert answer(world.client("lead"), path_of(address, **{HERE: "nowhere"})) == 404

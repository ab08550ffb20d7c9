"""Who may open what: every address × role × state × organisation, generated from the addresses themselves."""

from __future__ import annotations

import pytest
from django.db import transaction
from django.urls import reverse

from samsyn.core import tenancy
from samsyn.core.ids import encode_id, new_id
from samsyn.programmes.access import activity_path
from samsyn.programmes.kinds import all_kinds
from samsyn.programmes.models import Activity
from samsyn.programmes.standing import Visitor
from tests.architecture.addresses import Address, all_addresses
from tests.fixtures import World, invite

ROLES = ("owner", "lead", "facilitator", "manager", "staff", "member", "guest")
STATES = ("draft", "open", "closed", "published")
IN_ACTIVITY = [address for address in all_addresses() if address.access and address.access.scope == "activity"]
IN_PROGRAMME = [address for address in all_addresses() if address.access and address.access.scope == "programme"]
IN_ORGANISATION = [
    address
    for address in all_addresses()
    if address.access
    and address.access.scope in {"organisation", "item", "operator"}
    and "organisation" in address.parts
]


def test_every_address_carries_a_rule():
    loose = [address.name for address in all_addresses() if address.access is None]
    assert not loose, f"addresses without a rule: {loose}"


def kind_of_address(address: Address) -> str:
    """The kind whose page it is; pages of the storyboard are tried with questions."""
    space = address.name.split(":")[0]
    return space if space in all_kinds() else "questions"


def path_of(address: Address, world: World, activity: Activity | None = None) -> str:
    """The address, with ids that exist where the rule asks for them and made-up ones elsewhere."""
    known = {
        "organisation": world.organisation.slug,
        "programme": world.programme.pk,
        "activity": activity.pk if activity else new_id(),
        "frame": world.frame.pk,
        "playbook": "leadership-and-culture",
    }
    return reverse(address.name, kwargs={part: known.get(part, _made_up(part)) for part in address.parts})


def _made_up(part: str) -> object:
    return {"who": "owner", "code": "ZZZZZZ", "secret": "x" * 22, "key": "x"}.get(part, new_id())


def answer(client, path: str) -> int:
    """The status of a look (or, where a page takes only posts, of an empty post), with nothing kept."""
    with transaction.atomic():
        response = client.get(path)
        if response.status_code == 405:
            response = client.post(path)
        transaction.set_rollback(True)
    return 302 if response.status_code == 302 and "/accounts/" in response.url else _status(response)


def _status(response) -> int:
    return 200 if response.status_code == 302 else response.status_code


def visible(standing: frozenset[str], activity: Activity) -> bool:
    return bool(standing) and (activity.state != "draft" or bool(standing & {"owner", "lead", "facilitator"}))


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("address", IN_ACTIVITY, ids=str)
def test_an_activity_opens_to_the_roles_its_rule_names(world, elsewhere, address, state):
    activity = world.activity(kind=kind_of_address(address), state=state)
    path = path_of(address, world, activity)
    for role in ROLES:
        standing = Visitor(world.person(role)).in_activity(activity)
        got = answer(world.client(role), path)
        where = f"{address.name} as {role} while {state}"
        if not visible(standing, activity):
            assert got == 404, f"{where}: a stranger must learn nothing, got {got}"
        elif not standing & address.access.roles:
            assert got == 403, f"{where}: got {got}"
        elif address.access.states and state not in address.access.states:
            assert got == 409, f"{where}: got {got}"
        else:
            assert got not in {302, 403, 500}, f"{where}: got {got}"
    assert answer(world.client(), path) == 302, f"{address.name}: nobody must be asked to sign in"
    assert answer(elsewhere.client("owner"), path) == 404, f"{address.name}: open to another organisation"
    swapped = path.replace(f"/o/{world.organisation.slug}/", f"/o/{elsewhere.organisation.slug}/")
    assert answer(elsewhere.client("lead"), swapped) == 404, f"{address.name}: found through another organisation"


@pytest.mark.parametrize("address", IN_ACTIVITY, ids=str)
def test_a_guest_sees_only_what_they_are_invited_to(world, address):
    kind = kind_of_address(address)
    activity, other = world.activity(kind=kind, state="open"), world.activity(kind=kind, state="open")
    invite(world, activity, "guest")
    assert answer(world.client("guest"), path_of(address, world, other)) == 404
    got = answer(world.client("guest"), path_of(address, world, activity))
    if "participant" in address.access.roles:
        assert got not in {302, 403, 404} or len(address.parts) > 2, f"{address.name}: {got}"
    else:
        assert got == 403, f"{address.name}: {got}"


@pytest.mark.parametrize("address", IN_PROGRAMME, ids=str)
def test_a_programme_opens_to_the_roles_its_rule_names(world, elsewhere, address):
    path = path_of(address, world)
    for role in ROLES:
        standing = Visitor(world.person(role)).in_programme(world.programme)
        got = answer(world.client(role), path)
        if not standing - {"guest"}:
            assert got == 404, f"{address.name} as {role}: got {got}"
        elif not standing & address.access.roles:
            assert got == 403, f"{address.name} as {role}: got {got}"
        else:
            assert got not in {302, 403, 500}, f"{address.name} as {role}: got {got}"
    assert answer(world.client(), path) == 302
    assert answer(elsewhere.client("owner"), path) == 404


@pytest.mark.parametrize("address", IN_ORGANISATION, ids=str)
def test_what_lies_in_an_organisation_is_closed_to_others(world, elsewhere, address):
    path = path_of(address, world)
    assert answer(world.client(), path) in {302, 404}, address.name
    assert answer(elsewhere.client("owner"), path) == 404, address.name
    assert answer(elsewhere.client("lead"), path) == 404, address.name
    for role in ROLES:
        assert answer(world.client(role), path) != 500


def test_an_unknown_organisation_is_not_found(world):
    assert world.client("lead").get("/o/nowhere/").status_code == 404


def test_a_code_opens_only_its_own_activity(world):
    activity = world.activity(state="open", entry="code")
    other = world.activity(state="open", entry="code")
    client = world.client()
    client.get(f"/j/{activity.code}")
    with tenancy.scope(world.organisation.pk, world.organisation.slug):
        assert client.get(f"{activity_path(activity)}questions/").status_code == 200
        assert client.get(f"{activity_path(other)}questions/").status_code == 302
        assert client.get(f"{activity_path(activity)}questions/desk/").status_code == 403
    client.cookies["entry"] = client.cookies["entry"].value.replace(encode_id(activity.pk), encode_id(other.pk))
    assert client.get(f"{activity_path(other)}questions/").status_code == 302

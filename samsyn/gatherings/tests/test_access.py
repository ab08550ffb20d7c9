"""Who may open what of a session: every address × role × state, generated from the addresses themselves."""

from __future__ import annotations

import pytest
from django.urls import reverse

from samsyn.core.ids import new_id
from samsyn.gatherings import actions
from samsyn.gatherings.models import Block, Session
from samsyn.gatherings.standing import in_session
from samsyn.gatherings.tests.making import make_session
from samsyn.programmes.standing import Visitor
from tests.architecture.addresses import all_addresses
from tests.architecture.test_access import answer

ROLES = ("owner", "lead", "facilitator", "manager", "staff", "other", "member", "guest")
OF_SESSION = [address for address in all_addresses() if address.access and address.access.scope == "session"]


def path_of(address, world, session):
    block = Block.objects.filter(session=session).first()
    known = {"organisation": world.organisation.slug, "session": session.pk, "block": block.pk, "key": "agenda"}
    return reverse(address.name, kwargs={part: known.get(part, new_id()) for part in address.parts})


def test_there_are_many():
    assert len(OF_SESSION) > 30


def _tried():
    """An address without states is tried at both ends of a session's life; one with states in all of them."""
    for address in OF_SESSION:
        for state in Session.State.values if address.access.states else ("planned", "published"):
            yield pytest.param(address, state, id=f"{address}-{state}")


@pytest.mark.parametrize(("address", "state"), list(_tried()))
def test_a_session_opens_to_the_roles_its_rule_names(world, elsewhere, address, state):
    session = make_session(world, state=state, only=("staff", "guest"))
    actions.set_hosts(session, [world.person("other")], by=world.person("lead"))
    path = path_of(address, world, session)
    for role in ROLES:
        standing = in_session(Visitor(world.person(role)), session)
        got = answer(world.client(role), path)
        where = f"{address.name} as {role} while {state}"
        if not standing - {"guest"}:
            assert got == 404, f"{where}: a stranger must learn nothing, got {got}"
        elif not standing & address.access.roles:
            assert got == 403, f"{where}: got {got}"
        elif address.access.states and state not in address.access.states:
            assert got == 409, f"{where}: got {got}"
        elif address.name == "gatherings:minutes" and not standing & {"lead", "facilitator", "host"}:
            reads = state == "published" and standing & {"owner", "participant"}
            assert got == (200 if reads else 403), f"{where}: got {got}"
        else:
            assert got not in {302, 403, 500}, f"{where}: got {got}"
    assert answer(world.client(), path) == 302, f"{address.name}: nobody must be asked to sign in"
    assert answer(elsewhere.client("owner"), path) == 404, f"{address.name}: open to another organisation"
    swapped = path.replace(f"/o/{world.organisation.slug}/", f"/o/{elsewhere.organisation.slug}/")
    assert answer(elsewhere.client("lead"), swapped) == 404, f"{address.name}: found through another organisation"


def test_who_has_left_is_nobody_to_a_session(world):
    session = make_session(world, only=("staff",))
    actions.set_hosts(session, [world.person("other")], by=world.person("lead"))
    for name in ("staff", "other"):
        person = world.person(name)
        person.left = session.starts.date().replace(year=2020)
        assert not in_session(Visitor(person), session)

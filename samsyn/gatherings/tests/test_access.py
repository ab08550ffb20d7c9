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
from tests.architecture.visiting import SIGN_IN, Browsers, answer
from tests.sampling import chosen

pytestmark = pytest.mark.sampled
ROLES = ("owner", "lead", "facilitator", "manager", "staff", "other", "member", "guest")
OF_SESSION = [address for address in all_addresses() if address.access and address.access.scope == "session"]


def path_of(address, world, session):
    block = Block.objects.filter(session=session).first()
    known = {"organisation": world.organisation.slug, "session": session.pk, "block": block.pk, "key": "agenda"}
    return reverse(address.name, kwargs={part: known.get(part, new_id()) for part in address.parts})


def test_there_are_many():
    assert len(OF_SESSION) > 30


@pytest.mark.parametrize("state", Session.State.values)
def test_a_session_opens_to_the_roles_its_rule_names(world, elsewhere, state):
    session = make_session(world, state=state, only=("staff", "guest"))
    actions.set_hosts(session, [world.person("other")], by=world.person("lead"))
    standings = {role: in_session(Visitor(world.person(role)), session) for role in ROLES}
    browsers, strangers, wrong = Browsers(world), Browsers(elsewhere), []
    for place, address in enumerate(OF_SESSION, Session.State.values.index(state)):
        path = path_of(address, world, session)
        for role in chosen(ROLES, place, 2):
            got, wanted = answer(browsers[role], path), expected(address, standings[role], state)
            if got != wanted if wanted else got in {302, 403, 500}:
                wrong.append(f"{address.name} as {role}: {got} for {wanted or 'open'}")
        if not chosen((True, False, False), place, 1)[0]:
            continue
        if answer(browsers["nobody"], path) != SIGN_IN:
            wrong.append(f"{address.name}: nobody must be asked to sign in")
        swapped = path.replace(f"/o/{world.organisation.slug}/", f"/o/{elsewhere.organisation.slug}/")
        for stranger, tried in (("owner", path), ("lead", swapped)):
            if answer(strangers[stranger], tried) != 404:
                wrong.append(f"{address.name}: open to another organisation")
    assert not wrong, "\n".join(wrong)


def expected(address, standing, state):
    """What somebody must be answered; None where the address opens and says the rest itself."""
    if not standing - {"guest"}:
        return 404  # a stranger learns nothing
    if not standing & address.access.roles:
        return 403
    if address.access.states and state not in address.access.states:
        return 409
    if address.name == "gatherings:minutes" and not standing & {"lead", "facilitator", "host"}:
        return 200 if state == "published" and standing & {"owner", "participant"} else 403
    return None


def test_who_has_left_is_nobody_to_a_session(world):
    session = make_session(world, only=("staff",))
    actions.set_hosts(session, [world.person("other")], by=world.person("lead"))
    for name in ("staff", "other"):
        person = world.person(name)
        person.left = session.starts.date().replace(year=2020)
        assert not in_session(Visitor(person), session)

"""The programme page: what comes next stands there once, by its session where it has one."""

from __future__ import annotations

import pytest

from samsyn.core import clock
from samsyn.core.addresses import address
from samsyn.core.texts import LangText
from samsyn.gatherings import actions_agenda
from samsyn.gatherings.tests.making import make_session

pytestmark = pytest.mark.django_db
ALONE, INSIDE = "Fristående", "På dagordningen"


def page(world, name):
    return world.client(name).get(address("home:programme", programme=world.programme.pk)).content.decode()


def test_what_opens_in_a_session_is_told_by_the_session_alone(world):
    lead = world.person("lead")
    alone = world.activity(title=LangText(sv=ALONE), starts=clock.today())
    inside = world.activity(title=LangText(sv=INSIDE), starts=clock.today())
    assert INSIDE in page(world, "lead")
    session = make_session(world, minutes=(), only=("staff",))
    block = actions_agenda.add_block(session, by=lead, title=inside.title, minutes=10)
    actions_agenda.set_activity(block, inside, by=lead)
    link = f'href="{address("gatherings:session", session=session.pk)}"'
    for name in ("lead", "facilitator", "staff"):
        shown = page(world, name)
        assert ALONE in shown
        assert INSIDE not in shown
        assert link in shown, f"{name}: who leads the programme sees its sessions, who is asked to one too"
    assert link not in page(world, "manager")
    to_activity = f'href="{address("programmes:activity", activity=alone.pk)}"'
    assert to_activity in page(world, "lead")
    assert to_activity not in page(world, "staff"), "a draft is nothing to look at yet"

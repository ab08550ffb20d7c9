"""The desk from which a session is run: where it leads, what stands on it before, while and after."""

from __future__ import annotations

from samsyn.core.addresses import address
from samsyn.gatherings import scenes
from samsyn.gatherings.tests.making import make_session
from samsyn.live.registry import DESK


def desk(world, session) -> str:
    return world.client("lead").get(address("gatherings:console", session=session.pk)).content.decode()


def test_there_is_a_way_back_from_it(world):
    session = make_session(world)
    page = desk(world, session)
    assert f'href="{address("gatherings:session", session=session.pk)}"' in page
    assert f'href="{address("home:today")}"' in page


def test_no_code_is_shown_before_there_is_one(world):
    session = make_session(world)
    assert 'class="tag"' not in desk(world, session)
    running = make_session(world, state="running")
    assert f'<span class="tag">{running.code[:3]} {running.code[3:]}</span>' in desk(world, running)


def test_made_up_people_are_called_in_a_rehearsal_once_it_has_begun(world):
    session, real = make_session(world, state="running"), make_session(world, state="running")
    assert 'value="crowd"' not in scenes.parts(real, DESK, 0)["now"]
    world.organisation.synthetic = True
    world.organisation.save()
    session.organisation.refresh_from_db()
    assert 'value="crowd"' in scenes.parts(session, DESK, 0)["now"]
    assert desk(world, session).count('value="crowd"') == 1


def test_when_it_is_over_the_desk_leads_on_to_what_is_left(world):
    session = make_session(world, state="ended")
    assert address("gatherings:leftovers", session=session.pk) in scenes.parts(session, DESK, 0)["now"]

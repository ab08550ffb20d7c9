"""What an activity lacks before it can be opened with sense is said where its session is planned and run."""

from __future__ import annotations

import pytest

from samsyn.activities.board.models import Column
from samsyn.activities.dialogue import actions as dialogue
from samsyn.activities.polls.models import PollQuestion
from samsyn.core import clock
from samsyn.core.addresses import address
from samsyn.core.texts import LangText
from samsyn.gatherings import actions_agenda, library, queries, scenes
from samsyn.gatherings.actions_making import make_session as make_from
from samsyn.gatherings.tests.making import DAY_AFTER, bring_to, make_session
from samsyn.live.registry import DESK, PHONE
from samsyn.programmes.kinds import lacking

MEND = "Åtgärda"
EMPTY = {
    "dialogue": ("Det finns inga påståenden att ta ställning till.", "dialogue:desk"),
    "polls": ("Det finns inga frågor i omröstningen.", "polls:desk"),
    "board": ("Tavlan har inga kolumner att skriva i.", "board:columns"),
}


def planned(world, kind, **values):
    """A session with an activity of a kind in which there is nothing yet."""
    session = make_session(world)
    activity = world.activity(kind=kind, **values)
    Column.objects.filter(activity=activity).delete()
    actions_agenda.set_activity(queries.blocks_of(session)[0], activity, by=world.person("lead"))
    return session, activity


def page(world, name, session, who="lead"):
    return world.client(who).get(address(f"gatherings:{name}", session=session.pk)).content.decode()


@pytest.mark.parametrize("kind", list(EMPTY))
def test_it_stands_at_the_part_with_the_way_to_where_it_is_mended(world, kind):
    session, activity = planned(world, kind)
    words, where = EMPTY[kind]
    link = f'href="{address(where, activity=activity.pk)}"'
    for name in ("session", "agenda", "console"):
        shown = page(world, name, session)
        assert words in shown, name
        assert link in shown, name
    assert words not in page(world, "session", session, "staff"), "it is for those who run it"
    assert words in world.client("lead").get(address("programmes:open", activity=activity.pk)).content.decode()
    assert world.client("lead").get(address(where, activity=activity.pk)).status_code == 200
    bring_to(session, "running", world)
    assert words in scenes.parts(session, DESK, 0)["now"]
    assert words not in str(scenes.parts(session, PHONE, 0))


def test_once_the_session_is_over_nothing_lacks_any_more(world):
    session, _activity = planned(world, "polls")
    bring_to(session, "ended", world)
    for name in ("session", "agenda", "console"):
        assert EMPTY["polls"][0] not in page(world, name, session), name


def test_what_is_ready_lacks_nothing(world):
    session, activity = planned(world, "dialogue")
    dialogue.seed(activity, ["Det går åt rätt håll."], language="sv", by=world.person("lead"))
    assert lacking([activity]) == {}
    assert MEND not in page(world, "session", session)
    poll = world.activity(kind="polls")
    PollQuestion.objects.create(organisation=world.organisation, activity=poll, position=0, form="words")
    assert lacking([poll, world.activity(kind="board"), world.activity(kind="steps"), world.activity()]) == {}


@pytest.mark.parametrize(
    ("add", "let_in", "lacks"), [(True, False, False), (True, True, True), (False, False, True), (False, True, True)]
)
def test_a_dialogue_that_people_fill_themselves_at_once_needs_no_statements(world, add, let_in, lacks):
    one = world.activity(kind="dialogue", settings={"add": add, "let_in": let_in})
    assert bool(lacking([one])) == lacks


def test_a_template_with_a_dialogue_says_so(world):
    template = library.find("unit-day")
    session = make_from(
        world.frame, template, by=world.person("lead"), title=LangText(sv="Dag"), starts=clock.start_of(DAY_AFTER, 9)
    )
    assert EMPTY["dialogue"][0] in page(world, "session", session)

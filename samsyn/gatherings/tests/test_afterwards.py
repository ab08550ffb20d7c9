"""What is still open when a session has ended, and what the record says of how it was run."""

from __future__ import annotations

import datetime as dt

import pytest

from samsyn.audit.models import Entry
from samsyn.audit.words import act_in_words
from samsyn.core import clock
from samsyn.core.addresses import address
from samsyn.core.errors import NotAllowedError, RefusedError
from samsyn.gatherings import actions, actions_agenda, actions_running, queries, scenes
from samsyn.gatherings.tests.making import DAY_AFTER, bring_to, make_session
from samsyn.live.registry import DESK
from samsyn.programmes.kinds import all_kinds
from samsyn.programmes.models import Activity

CLOSE = "Stäng det som fortfarande är öppet"


def ended_with(world, *last_days: dt.date, state: str = "ended"):
    """A session on its day that is over, with an open activity for each last day."""
    with clock.simulated(clock.start_of(DAY_AFTER, 9)):
        session = make_session(world)
        blocks, opened = queries.blocks_of(session), []
        for number, last in enumerate(last_days):
            one = world.activity(state="open", entry="code", ends=last, reply_by=last)
            actions_agenda.set_activity(blocks[number], one, by=world.person("lead"))
            opened.append(one)
        bring_to(session, state, world)
    return session, opened


def states(*activities):
    return [Activity.objects.get(pk=one.pk).state for one in activities]


def test_who_runs_it_sees_what_is_still_open_and_closes_it_at_once(world):
    later = DAY_AFTER + dt.timedelta(days=5)
    session, (ends, runs_on) = ended_with(world, DAY_AFTER, later)
    for name in ("console", "minutes"):
        page = world.client("lead").get(address(f"gatherings:{name}", session=session.pk)).content.decode()
        assert CLOSE in page, name
        assert "Fortsätter efter träffen" in page, name
    assert states(ends, runs_on) == ["open", "open"], "nothing closes by itself"
    onward = address("gatherings:minutes", session=session.pk)
    values = {"command": "close_rest", "then": "minutes"}
    answer = world.client("lead").post(address("gatherings:command", session=session.pk), values)
    assert answer["location"] == onward
    assert states(ends, runs_on) == ["closed", "open"], "what is meant to run on stays open"
    assert CLOSE not in world.client("lead").get(onward).content.decode()


def test_a_host_closes_it_too_and_nobody_else_does(world):
    session, (one,) = ended_with(world, DAY_AFTER)
    actions.set_hosts(session, [world.person("other")], by=world.person("lead"))
    with pytest.raises(NotAllowedError):
        actions_running.command(session, "close_rest", by=world.person("staff"))
    actions_running.command(session, "close_rest", by=world.person("other"))
    assert states(one) == ["closed"]
    with pytest.raises(RefusedError):
        actions_running.command(session, "close_rest", by=world.person("other"))


def test_it_can_be_undone(world):
    session, (one,) = ended_with(world, DAY_AFTER)
    with clock.simulated(clock.start_of(DAY_AFTER, 12)):
        actions_running.command(session, "close_rest", by=world.person("lead"))
        actions_running.command(session, "undo", by=world.person("lead"))
    assert states(one) == ["open"]
    assert session.state == "ended"


def test_it_is_offered_once_the_minutes_are_published_and_the_end_can_no_longer_be_undone(world):
    session, (one,) = ended_with(world, DAY_AFTER, state="published")
    assert "close_rest" in scenes.parts(session, DESK, 0)["now"]
    with pytest.raises(RefusedError):
        actions_running.command(session, "undo", by=world.person("lead"))
    actions_running.command(session, "close_rest", by=world.person("lead"))
    session.refresh_from_db()
    assert (states(one), session.state) == (["closed"], "published")


def test_while_it_goes_on_nothing_is_left_open(world):
    session = make_session(world)
    one = world.activity(state="open", entry="code")
    actions_agenda.set_activity(queries.blocks_of(session)[0], one, by=world.person("lead"))
    bring_to(session, "running", world)
    assert "close_rest" not in scenes.parts(session, DESK, 0)["now"]
    with pytest.raises(RefusedError):
        actions_running.command(session, "close_rest", by=world.person("lead"))


# --- what the record says -----------------------------------------------------------------------------------------


def test_each_command_is_told_by_what_was_done(world):
    session = make_session(world)
    one, lead = world.activity(entry="code", ends=clock.today()), world.person("lead")
    actions_agenda.set_activity(queries.blocks_of(session)[0], one, by=lead)
    for step in ("start", "open", "close", "open", "hide", "show", "next", "back", "next", "undo", "end", "close_rest"):
        actions_running.command(session, step, by=lead)
    actions_running.draw_code(make_session(world), by=lead, anew=True)
    verbs = set(Entry.objects.filter(verb__startswith="session.").values_list("verb", flat=True))
    assert len(verbs) >= 12
    told = {verb: act_in_words(verb) for verb in verbs}
    assert len(set(told.values())) == len(told)
    assert not [verb for verb, words in told.items() if words.startswith(("ledde", "gjorde något"))]


def test_the_phases_of_a_board_and_every_cue_have_words(world):
    from samsyn.activities.board.models import Board

    verbs = [f"board.{phase}" for phase in Board.Phase.values]
    for slug, names in (("board", ("reveal", "onward", "back")), ("polls", ("next", "previous", "show", "restart")),
                        ("questions", ("take", "answered", "later"))):  # fmt: skip
        assert slug in all_kinds()
        verbs += [f"session.cue.{name}" for name in names]
    assert not [verb for verb in verbs if act_in_words(verb).startswith("gjorde något")]

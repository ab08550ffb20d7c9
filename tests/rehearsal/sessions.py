"""The demo's sessions: those that are over, what they left behind, and the one that whoever tries the demo runs."""

from __future__ import annotations

import datetime as dt
from random import Random

from samsyn.core import clock, tenancy
from samsyn.core.addresses import address
from samsyn.gatherings import actions_running, queries
from samsyn.gatherings.minutes import left_over
from samsyn.gatherings.models import Block, Invitee, Session
from samsyn.home.queries import today_of
from samsyn.organisations.models import Organisation, Person
from samsyn.programmes.kinds import kind_of
from samsyn.programmes.models import Activity
from samsyn.programmes.standing import Visitor
from samsyn.thread.models import Link, Promise

TODAY = dt.date(2026, 4, 28)


def check_the_sessions(organisation: Organisation) -> None:
    """It has met, and meets today."""
    with tenancy.scope(organisation.pk, organisation.slug), clock.simulated(TODAY):
        sessions = {session.title["en"]: session for session in Session.objects.select_related("organisation")}
        check_the_unit_day(sessions["Unit day 1: the mission in our own words"])
        check_the_leadership_day(sessions["Leadership day 1: the mission"])
        check_the_series(sessions["Leadership day 1: the mission"])
        today = sessions["Unit day in April: three trials, three drafts"]
        check_who_is_asked_what(today)
        check_that_today_can_be_run(today)


def minutes_of(session: Session, lang: str = "en") -> dict[str, str]:
    return {section["heading"][lang]: section["text"][lang] for section in session.minutes.sections}


def check_the_unit_day(session: Session) -> None:
    """241 came; the minutes hold what the story's dialogue, question time and mood check came to."""
    assert (session.state, session.came, session.named) == ("published", 241, False)
    assert not Invitee.objects.filter(session=session).exists()
    assert session.minutes.published == dt.date(2026, 3, 18)
    kinds = [block.activity.kind for block in queries.blocks_of(session) if block.activity]
    assert kinds == ["dialogue", "questions", "polls"]
    states = set(Activity.objects.filter(blocks__session=session).values_list("state", flat=True))
    assert states == {"published"}
    said = minutes_of(session)
    assert "09:31–09:52" in said["What we did"]
    assert "Not done: “Group photo on the steps”" in said["What we did"]
    assert "% of " in said["Unit day 1: the mission in our own words"]
    assert "agree with “" in said["Unit day 1: the mission in our own words"]
    assert said["Questions before the unit day"].startswith(
        "12 questions were asked. All of them have an answer, a promise or a reason. 2 promises were made."
    )
    assert "What the old costs, per system (Karin Åberg" in said["What we promised"]
    assert "Leadership day 4: ways of organising" in said["What goes on elsewhere"]
    assert "241 came" in said["Who was there"]
    assert said["What we do differently next time"].count("–") == 2
    assert not left_over(session)


def check_the_leadership_day(session: Session) -> None:
    """By name; twelve cards in three groups with twelve dots; one card is a statement of the unit day."""
    assert (session.state, session.came, session.named, session.everybody) == ("published", 4, True, False)
    board = Activity.objects.get(blocks__session=session, kind="board")
    summary = kind_of(board).summary(board)
    assert [figure.value for figure in summary.figures][:2] == [12, 3]
    assert (board.state, board.level) == ("published", "named")
    handed = Link.objects.get(source__activity_id=board.pk, target__kind="dialogue.statement").target
    assert Activity.objects.get(pk=handed.activity_id).key == "unit-day-mission"
    kept = Promise.objects.get(item__activity_id=board.pk)
    assert kept.item.state == "kept"
    said = minutes_of(session)
    assert "Anneli Kurkinen, Karin Åberg, Peter Sandin, Samira Yousefi" in said["Who was there"]
    assert "We should get our own house in order" in said["What goes on elsewhere"]


def check_the_series(session: Session) -> None:
    """Five leadership days, four of them over; the last one begins with what the fourth left."""
    assert session.series is not None
    days = list(session.series.sessions.order_by("starts"))
    assert [day.state for day in days] == ["published"] * 4 + ["planned"]
    carried = queries.carried_over(days[-1], Visitor(Person.objects.get(key="miriam")))
    assert carried.session == days[3]
    assert len(carried.lessons) == 1


def check_who_is_asked_what(session: Session) -> None:
    """The facilitator is one click from running it; nothing else of the sessions waits, for all the rest is done."""
    assert (session.state, session.entry, clock.day_of(session.starts)) == ("planned", "code", TODAY)
    person = Person.objects.get(key="miriam")
    waiting = today_of(person, Visitor(person)).waiting
    assert [one.address for one in waiting if "/g/" in one.address] == [
        address("gatherings:console", session=session.pk)
    ]


def check_that_today_can_be_run(session: Session) -> None:
    """Every part is come to, every activity opens, and somebody made up has something to send to each kind."""
    by, chance = Person.objects.get(key="miriam"), Random(1)
    blocks, met = queries.blocks_of(session), set()
    for number, _block in enumerate(blocks):
        actions_running.command(session, "next" if number else "start", by=by)
        block = Block.objects.select_related("activity__programme").get(pk=session.block_id)
        activity = block.activity
        if activity is None:
            continue
        assert activity.entry == "code"
        actions_running.command(session, "open", by=by)
        activity.refresh_from_db()
        said = [kind_of(activity).improvise(activity, f"{turn:032x}", chance) for turn in range(60)]
        assert any(said), activity.kind
        met.add(activity.kind)
        actions_running.command(session, "close", by=by)
    assert met == {"polls", "board", "dialogue", "questions"}
    actions_running.command(session, "end", by=by)
    assert session.state == "ended"

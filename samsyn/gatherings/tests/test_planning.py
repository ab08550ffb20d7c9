"""Planning: sessions from templates, as copies and series; what changes with them."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from samsyn.core import clock
from samsyn.core.addresses import address
from samsyn.core.errors import NotAllowedError, RefusedError
from samsyn.core.ids import encode_id
from samsyn.core.texts import LangText
from samsyn.gatherings import actions, actions_agenda, actions_making, library, queries
from samsyn.gatherings.actions_making import Occasion
from samsyn.gatherings.models import Block, Host, OwnTemplate, Session, SessionPart
from samsyn.gatherings.tests.making import make_session
from samsyn.programmes import actions as programme_actions
from samsyn.programmes import audience_choice
from samsyn.programmes.actions_people import set_audience as set_audience_of
from samsyn.programmes.models import Activity
from samsyn.programmes.queries import storyboard
from samsyn.programmes.standing import Visitor
from samsyn.programmes.starting import move_plan
from tests.fixtures import DAY

NINE = dt.datetime(2026, 3, 20, 9, tzinfo=dt.UTC)


def from_template(world, slug="question-time", **values):
    values = {"title": LangText(sv="Frågestund"), "starts": NINE, **values}
    return actions_making.make_session(world.frame, library.find(slug), by=world.person("lead"), **values)


def test_a_template_gives_the_agenda_and_the_activities_of_its_kinds(world):
    session = from_template(world)
    blocks = queries.blocks_of(session)
    assert [block.minutes for block in blocks] == [10, 45, 5]
    activity = blocks[1].activity
    assert (activity.kind, activity.level, activity.entry) == ("questions", "anonymous", "code")
    assert activity.starts == activity.ends == clock.day_of(NINE)
    assert activity.reply_by > activity.ends


def test_where_people_sign_in_and_names_are_kept_activities_go_by_names(world):
    session = from_template(world, named=True, entry="audience")
    activity = queries.blocks_of(session)[1].activity
    assert (activity.level, activity.entry) == ("named", "audience")


def test_a_kind_that_is_not_installed_leaves_an_ordinary_part(world, monkeypatch):
    monkeypatch.setattr(actions_making, "all_kinds", dict)
    session = from_template(world)
    assert not [block for block in queries.blocks_of(session) if block.activity]


def test_only_those_who_plan_make_sessions(world):
    with pytest.raises(NotAllowedError):
        actions_making.make_session(world.frame, None, by=world.person("staff"), title=LangText(sv="x"), starts=NINE)


def test_drafts_follow_the_session_to_another_day(world):
    session = from_template(world)
    actions.change_session(session, by=world.person("lead"), starts=NINE + dt.timedelta(days=3))
    activity = queries.blocks_of(session)[1].activity
    assert activity.starts == activity.ends == clock.day_of(NINE) + dt.timedelta(days=3)


def test_drafts_are_for_those_whom_the_session_is_for(world):
    session = from_template(world)
    key = audience_choice.key_of(SessionPart(unit=world.units["a"]))
    actions.set_audience(session, everybody=False, keys=[key], by=world.person("lead"))
    activity = queries.blocks_of(session)[1].activity
    people = audience_choice.people_now(activity)
    assert set(people) == set(audience_choice.people_now(session)) == {world.person("manager"), world.person("staff")}


def test_a_copy_has_the_agenda_and_the_people_and_nothing_that_was_said(world):
    session = from_template(world)
    actions.set_hosts(session, [world.person("other")], by=world.person("lead"))
    copy = actions_making.copy_session(session, starts=NINE + dt.timedelta(weeks=2), by=world.person("lead"))
    old, new = queries.blocks_of(session), queries.blocks_of(copy)
    assert [block.title for block in new] == [block.title for block in old]
    assert new[1].activity.kind == "questions"
    assert new[1].activity != old[1].activity
    assert queries.hosts_of(copy) == [world.person("other")]


def test_a_series_of_days_keeps_the_hour_over_a_change_to_summer_time(world):
    starts = clock.start_of(dt.date(2026, 3, 20), 9)
    places = [Occasion(starts + dt.timedelta(weeks=2) * n) for n in range(5)]
    made = actions_making.make_series(
        world.frame, library.find("leadership-day"), places, title=LangText(sv="Ledningsdag"), by=world.person("lead")
    )
    sessions = list(made.sessions.order_by("starts"))
    assert [str(one.title) for one in sessions] == [f"Ledningsdag {n}" for n in range(1, 6)]
    assert {timezone.localtime(one.starts).hour for one in sessions} == {9}
    assert {one.starts.hour for one in sessions} == {7, 8}


def test_a_series_in_units_is_for_each_unit_with_its_own_host(world):
    places = [Occasion(NINE, world.units["a"], world.person("manager")), Occasion(NINE, world.units["b"])]
    made = actions_making.make_series(
        world.frame, library.find("unit-day"), places, title=LangText(sv="Enhetsdag"), by=world.person("lead")
    )
    first = made.sessions.get(unit=world.units["a"])
    assert set(audience_choice.people_now(first)) == {world.person("manager"), world.person("staff")}
    assert Host.objects.get(session=first).person == world.person("manager")
    assert "Enhet a" in str(first.title)


def test_the_page_makes_a_series_of_days_and_one_in_units(world):
    client = world.client("lead")
    path = address("gatherings:series_with", programme=world.programme.pk, template="unit-day")
    assert client.get(path).status_code == 200
    sent = {"title_sv": "Dag", "starts": "2026-03-20T09:00", "mode": "here", "entry": "code", "place": "Aulan"}
    sent["frame"] = encode_id(world.frame.pk)
    assert client.post(path, {**sent, "how": "days", "number": "3", "weeks": "1"}).status_code == 302
    assert Session.objects.filter(place="Aulan").count() == 3
    assert client.post(path, {**sent, "how": "units", "units": ["a"]}).status_code == 422
    assert client.post(path, {**sent, "how": "units", "units": ["a", "b"], "managers_host": "on"}).status_code == 302
    assert Host.objects.get().person == world.person("manager")


def test_a_series_has_at_least_two(world):
    with pytest.raises(RefusedError):
        actions_making.make_series(world.frame, None, [Occasion(NINE)], title=LangText(sv="x"), by=world.person("lead"))


def test_an_own_template_keeps_the_agenda_and_no_person(world):
    session = from_template(world)
    kept = actions_making.keep_as_template(session, name=LangText(sv="Vår"), by=world.person("lead"))
    found = library.find(f"own-{kept.pk}")
    assert [block.minutes for block in found.blocks] == [10, 45, 5]
    assert found.blocks[1].kind == "questions"
    again = actions_making.make_session(
        world.frame, found, by=world.person("lead"), title=LangText(sv="Igen"), starts=NINE
    )
    assert queries.blocks_of(again)[1].activity.kind == "questions"
    actions_making.delete_template(OwnTemplate.objects.get(), world.programme, by=world.person("lead"))
    assert library.find(f"own-{kept.pk}") is None


def test_own_templates_stay_within_the_organisation(world, elsewhere):
    kept = actions_making.keep_as_template(from_template(world), name=LangText(sv="Vår"), by=world.person("lead"))
    from samsyn.core import tenancy

    with tenancy.scope(elsewhere.organisation.pk, elsewhere.organisation.slug):
        assert library.find(f"own-{kept.pk}") is None


def test_what_nobody_was_told_of_can_be_deleted_with_its_drafts(world):
    session = from_template(world)
    before = Activity.objects.count()
    actions.delete_session(session, by=world.person("lead"))
    assert not Session.objects.exists()
    assert Activity.objects.count() == before - 1


def test_a_session_with_an_open_door_is_cancelled_not_deleted(world):
    session = make_session(world)
    Session.objects.filter(pk=session.pk).update(code="K7R4PM")
    with pytest.raises(RefusedError):
        actions.delete_session(session, by=world.person("lead"))
    session.refresh_from_db()
    actions.cancel(session, by=world.person("lead"))
    assert (session.state, session.code) == ("cancelled", None)
    actions.take_up_again(session, by=world.person("lead"))
    assert session.state == "planned"


# --- the agenda ---------------------------------------------------------------------------------------------------


def test_blocks_move_stretch_and_go(world):
    session = make_session(world)
    first, second, third = queries.blocks_of(session)
    lead = world.person("lead")
    actions_agenda.move_block(third, to=0, by=lead)
    assert queries.blocks_of(session) == [third, first, second]
    actions_agenda.stretch_block(first, 5, by=lead)
    assert [block.minutes for block in queries.blocks_of(session)] == [30, 15, 20]
    actions_agenda.stretch_block(first, -600, by=lead)
    assert Block.objects.get(pk=first.pk).minutes == 1
    actions_agenda.delete_block(second, by=lead)
    assert queries.blocks_of(session) == [third, first]


def test_what_has_begun_stays_where_it_is(world):
    session = make_session(world, state="running")
    first, second, third = queries.blocks_of(session)
    for refused in (
        lambda: actions_agenda.move_block(first, to=2, by=world.person("lead")),
        lambda: actions_agenda.delete_block(first, by=world.person("lead")),
    ):
        with pytest.raises(RefusedError):
            refused()
    actions_agenda.move_block(third, to=0, by=world.person("lead"))
    assert queries.blocks_of(session) == [first, third, second]


def test_a_host_plans_the_agenda_of_their_own_session_alone(world):
    mine, other = make_session(world), make_session(world)
    host = world.person("other")
    actions.set_hosts(mine, [host], by=world.person("lead"))
    actions_agenda.add_block(mine, by=host, title=LangText(sv="Mer"), minutes=5)
    with pytest.raises(NotAllowedError):
        actions_agenda.add_block(other, by=host, title=LangText(sv="Mer"), minutes=5)
    with pytest.raises(NotAllowedError):
        actions.set_hosts(mine, [], by=host)


def test_an_activity_of_another_programme_is_refused(world):
    session = make_session(world)
    other = programme_actions.add_programme(
        by=world.person("lead"), owner=world.person("owner"), title=LangText(sv="Annat"), starts=DAY
    )
    frame = programme_actions.add_frame(other, by=world.person("lead"), name=LangText(sv="x"), starts=DAY, ends=DAY)
    activity = programme_actions.add_activity(
        frame, by=world.person("lead"), kind="steps", title=LangText(sv="x"), starts=DAY, ends=DAY, reply_by=DAY
    )
    with pytest.raises(RefusedError):
        actions_agenda.set_activity(queries.blocks_of(session)[0], activity, by=world.person("lead"))


def test_the_pages_add_change_and_move_without_scripts(world):
    session = make_session(world)
    client = world.client("facilitator")
    page = address("gatherings:agenda", session=session.pk)
    client.post(address("gatherings:block_add", session=session.pk), {"own-title": "Mer", "own-minutes": "25"})
    client.post(address("gatherings:block_add_ready", session=session.pk), {"ready-ready": "p-alone-pair-table-all"})
    blocks = queries.blocks_of(session)
    assert len(blocks) == 8
    client.post(address("gatherings:block_move", session=session.pk, block=blocks[3].pk), {"go": "earlier"})
    client.post(address("gatherings:block_stretch", session=session.pk, block=blocks[3].pk), {"go": "longer"})
    assert [str(block.title) for block in queries.blocks_of(session)][2:4] == ["Mer", "Del 3"]
    client.post(address("gatherings:block_activity", session=session.pk, block=blocks[3].pk),
                {"do": "make", "make-kind": "questions", "make-title_sv": "Fråga"})  # fmt: skip
    assert "Fråga" in client.get(page).content.decode()
    refused = client.post(address("gatherings:block_add", session=session.pk), {"own-title": "", "own-minutes": "0"})
    assert refused.status_code == 422


def test_the_pages_of_a_part_name_it_and_ask_for_its_minutes(world):
    session, client = make_session(world), world.client("lead")
    block = queries.blocks_of(session)[0]
    delete = client.get(address("gatherings:block_delete", session=session.pk, block=block.pk)).content.decode()
    assert f"Ska ”{block.title}” tas bort?" in delete
    edit = client.get(address("gatherings:block_edit", session=session.pk, block=block.pk)).content.decode()
    assert "Minuter" in edit
    assert "Anteckningar</label>" not in edit


def test_a_ready_part_comes_with_what_people_do_in_it(world):
    session = make_session(world)
    client = world.client("facilitator")
    for ready in ("b-check-in", "b-retrospective", "b-break"):
        client.post(address("gatherings:block_add_ready", session=session.pk), {"ready-ready": ready})
    poll, board, pause = queries.blocks_of(session)[-3:]
    assert (poll.activity.kind, poll.activity.settings["set"]) == ("polls", "check-in")
    assert (board.activity.kind, board.activity.settings["layout"]) == ("board", "retrospective")
    assert pause.activity is None


# --- the storyboard -----------------------------------------------------------------------------------------------


def cards(world, role="lead"):
    (column,) = storyboard(world.programme, Visitor(world.person(role)))
    return column.cards


def test_a_session_stands_on_the_storyboard_with_its_activities_under_it_and_not_twice(world):
    before = world.activity(starts=DAY, ends=DAY)
    after = world.activity(starts=DAY + dt.timedelta(days=20), ends=DAY + dt.timedelta(days=22))
    from_template(world)
    first, session, last = cards(world)
    assert (first.activity, last.activity) == (before, after)
    assert [card.activity.kind for card in session.inner] == ["questions"]
    page = world.client("staff").get(address("programmes:storyboard", programme=world.programme.pk))
    assert page.status_code == 200


def test_a_day_in_many_units_is_one_card(world):
    places = [Occasion(NINE, world.units["a"]), Occasion(NINE, world.units["b"])]
    actions_making.make_series(
        world.frame, library.find("unit-day"), places, title=LangText(sv="Enhetsdag"), by=world.person("lead")
    )
    (card,) = cards(world)
    assert str(card.beside.row.title) == "Enhetsdag"


def test_moving_an_activity_passes_what_stands_within_sessions(world):
    first = world.activity()
    from_template(world)
    last = world.activity()
    client = world.client("lead")
    client.post(address("programmes:activity_move", activity=last.pk), {"go": "earlier"})
    outside = [card.activity for card in cards(world) if hasattr(card, "activity")]
    assert outside == [last, first]


def test_a_chapter_with_sessions_is_not_deleted(world):
    make_session(world)
    with pytest.raises(RefusedError):
        programme_actions.delete_frame(world.frame, by=world.person("lead"))


def test_sessions_follow_a_programme_that_begins_later(world):
    session = make_session(world)
    before = timezone.localtime(session.starts)
    move_plan(world.programme, starts=DAY + dt.timedelta(days=14), by=world.person("lead"))
    session.refresh_from_db()
    after = timezone.localtime(session.starts)
    assert (after.date() - before.date()).days == 14
    assert after.hour == before.hour == 9


def test_the_next_session_stands_on_today_and_on_the_programme_page(world):
    make_session(world, only=("staff",))
    for name in ("home:today",):
        assert "Träffen" in world.client("staff").get(address(name)).content.decode()
        assert "Träffen" not in world.client("other").get(address(name)).content.decode()
    page = address("home:programme", programme=world.programme.pk)
    assert "Träffen" in world.client("staff").get(page).content.decode()


def test_the_audience_page_is_that_of_activities(world):
    session = make_session(world)
    page = address("gatherings:audience", session=session.pk)
    client = world.client("lead")
    assert client.get(page).status_code == 200
    key = audience_choice.key_of(SessionPart(unit=world.units["b"]))
    client.post(page, {"whom": "parts", "part": [key], "do": "save"})
    session.refresh_from_db()
    assert not session.everybody
    assert world.person("other") in audience_choice.people_now(session)
    assert client.get(address("gatherings:audience_people", session=session.pk)).status_code == 200
    with pytest.raises(NotAllowedError):
        set_audience_of(session, everybody=True, keys=[], by=world.person("staff"))


def test_a_check_of_the_mood_is_anonymous_even_where_the_session_keeps_names(world):
    session = make_session(world, named=True, entry="audience")
    block = queries.blocks_of(session)[0]
    made = actions_making.make_activity(block, kind="questions", level="anonymous", by=world.person("lead"))
    assert (made.level, made.entry) == ("anonymous", "audience")
    named = actions_making.make_activity(block, kind="questions", by=world.person("lead"))
    assert named.level == "named"


def polls_of(session):
    made = (block.activity for block in queries.blocks_of(session))
    return [activity for activity in made if activity and activity.kind == "polls"]


def test_a_check_of_the_mood_has_its_questions_and_a_copy_has_them_once(world):
    session = from_template(world, "unit-day")
    polls = polls_of(session)
    assert [poll.poll_questions.count() for poll in polls] == [1, 2, 1]
    copy = actions_making.copy_session(session, starts=NINE + dt.timedelta(weeks=1), by=world.person("lead"))
    again = polls_of(copy)
    assert [poll.poll_questions.count() for poll in again] == [1, 2, 1]
    assert {poll.starts for poll in again} == {clock.day_of(copy.starts)}
    assert {poll.pk for poll in polls}.isdisjoint(poll.pk for poll in again)


def test_the_boards_of_a_series_know_those_that_came_before(world):
    places = [Occasion(NINE + dt.timedelta(weeks=n)) for n in range(3)]
    made = actions_making.make_series(
        world.frame, library.find("retrospective"), places, title=LangText(sv="Tillbakablick"), by=world.person("lead")
    )
    boards = [
        next(
            block.activity for block in queries.blocks_of(session) if block.activity and block.activity.kind == "board"
        )
        for session in made.sessions.order_by("starts")
    ]
    ids = [board.pk for board in boards]
    assert [board.settings.get("before", []) for board in boards] == [[], ids[:1], ids[:2]]

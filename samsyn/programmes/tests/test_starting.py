"""Three answers in, a dated storyboard out."""

from __future__ import annotations

import datetime as dt
import time

import pytest

from samsyn.audit.models import Entry
from samsyn.core.errors import NotAllowedError, RefusedError
from samsyn.core.texts import LangText
from samsyn.programmes import audiences, starting
from samsyn.programmes.models import Activity, Frame, Group, Part, Programme, Role
from samsyn.programmes.playbooks import all_playbooks
from samsyn.programmes.starting import days_of_step, move_plan, start_empty, start_from_playbook, weekday
from tests.fixtures import DAY

PLAYBOOKS = all_playbooks()
TITLE = LangText(sv="Vägen vidare", en="The way on")


def _start(world, playbook, by="lead", owner="owner", starts=DAY):
    return start_from_playbook(playbook, title=TITLE, starts=starts, owner=world.person(owner), by=world.person(by))


@pytest.mark.parametrize("playbook", PLAYBOOKS, ids=lambda playbook: playbook.slug)
def test_every_step_is_made_and_dated(world, playbook):
    programme = _start(world, playbook)
    frames = list(Frame.objects.filter(programme=programme).order_by("position"))
    assert [frame.name for frame in frames] == [chapter.name for chapter in playbook.frames]
    made = {activity.key: activity for activity in Activity.objects.filter(programme=programme)}
    assert set(made) == {step.key for step in playbook.steps()}
    for chapter, frame in zip(playbook.frames, frames, strict=True):
        for position, step in enumerate(chapter.activities):
            activity = made[step.key]
            assert (activity.frame_id, activity.position) == (frame.pk, position)
            assert (activity.starts, activity.ends, activity.reply_by) == days_of_step(step, frame.starts)
            assert activity.ends <= frame.ends
            assert activity.state == Activity.State.DRAFT
            assert activity.kind == step.kind_today
            assert activity.planned_kind == step.planned_kind
            assert activity.title == step.name
            assert activity.instructions == step.people_do
    assert programme.starts == DAY
    assert programme.ends == DAY + dt.timedelta(weeks=playbook.length_weeks, days=-1)
    assert programme.playbook == playbook.slug


@pytest.mark.parametrize("playbook", PLAYBOOKS, ids=lambda playbook: playbook.slug)
def test_each_word_for_an_audience_becomes_its_people(world, playbook):
    programme = _start(world, playbook)
    made = {activity.key: activity for activity in Activity.objects.filter(programme=programme)}
    people = {key: set(audiences.people_of_activity(activity)) for key, activity in made.items()}
    own = set(audiences.active_people())
    for step in playbook.steps():
        activity = made[step.key]
        assert activity.everybody == (step.audience == "everybody")
        if step.audience == "everybody":
            assert people[step.key] == own
        elif step.audience in {"managers", "management-teams"}:
            assert people[step.key] == {world.person("owner"), world.person("manager")}
        elif step.audience == "leadership":
            assert world.person("owner") in people[step.key]
            assert world.person("manager") in people[step.key]
            assert world.person("staff") not in people[step.key]
        else:
            assert people[step.key] == set()  # a group that somebody fills
            assert Part.objects.filter(activity=activity, group__isnull=False).count() == 1
    words = {step.audience for step in playbook.steps()} & {"working-group", "volunteers", "guests"}
    assert Group.objects.filter(programme=programme).count() == len(words)


def test_only_an_anonymous_kind_for_everybody_lets_people_in_by_code(world):
    programme = _start(world, PLAYBOOKS[0])
    for activity in Activity.objects.filter(programme=programme):
        by_code = activity.level == "anonymous" and activity.everybody
        assert (activity.entry == "code") == by_code
        if activity.kind == "steps":
            assert activity.level == "named"


def test_the_starter_leads_and_the_owner_owns(world):
    programme = _start(world, PLAYBOOKS[0], by="manager")
    roles = set(Role.objects.filter(programme=programme).values_list("person__name", "name"))
    assert roles == {("Owner", "owner"), ("Manager", "lead")}
    assert Entry.objects.filter(verb="programme.started", object_id=programme.pk).count() == 1


@pytest.mark.parametrize(
    ("name", "may"),
    [("owner", True), ("manager", True), ("lead", True), ("staff", False), ("facilitator", False), ("guest", False)],
)
def test_managers_and_administrators_may_start(world, name, may):
    assert starting.may_start(world.person(name)) is may
    if not may:
        with pytest.raises(NotAllowedError):
            _start(world, PLAYBOOKS[0], by=name)
        with pytest.raises(NotAllowedError):
            start_empty(title=TITLE, starts=DAY, owner=world.person("owner"), by=world.person(name))


def test_an_operator_may_start(world):
    person = world.person("staff")
    person.user.is_operator = True
    assert starting.may_start(person)
    assert not starting.may_start(None)


def test_nothing_is_made_when_the_owner_is_a_guest(world):
    before = Programme.objects.count()
    with pytest.raises(RefusedError) as caught:
        _start(world, PLAYBOOKS[0], owner="guest")
    assert caught.value.field == "owner"
    assert Programme.objects.count() == before


def test_an_empty_programme_has_one_chapter(world):
    programme = start_empty(title=TITLE, starts=DAY, owner=world.person("owner"), by=world.person("lead"))
    frame = Frame.objects.get(programme=programme)
    assert (frame.ends - frame.starts).days == 27
    assert not Activity.objects.filter(programme=programme).exists()


def test_saturdays_and_sundays_become_mondays():
    saturday = dt.date(2026, 3, 14)
    monday = dt.date(2026, 3, 16)
    assert [weekday(saturday - dt.timedelta(days=1)), weekday(saturday), weekday(monday - dt.timedelta(days=1))] == [
        saturday - dt.timedelta(days=1),
        monday,
        monday,
    ]


def test_a_day_that_begins_on_a_saturday_opens_and_closes_on_monday():
    step = next(step for playbook in PLAYBOOKS for step in playbook.steps() if step.lasts_days == 1)
    sunday_start = dt.date(2026, 3, 14) - dt.timedelta(days=step.starts_day)
    starts, ends, reply_by = days_of_step(step, sunday_start)
    assert starts == ends == dt.date(2026, 3, 16)
    assert reply_by > ends


@pytest.mark.parametrize("playbook", PLAYBOOKS, ids=lambda playbook: playbook.slug)
def test_a_programme_is_made_in_one_short_transaction(world, playbook, django_assert_max_num_queries):
    _start(world, playbook)
    took = []
    for _again in range(3):
        began = time.thread_time()
        with django_assert_max_num_queries(48):
            _start(world, playbook)
        took.append(time.thread_time() - began)
    assert min(took) < 0.2


def test_the_plan_moves_but_not_what_has_opened(world):
    from samsyn.programmes.actions import open_activity

    programme = _start(world, PLAYBOOKS[0])
    first, *others = Activity.objects.filter(programme=programme).order_by("frame__position", "position")
    open_activity(first, by=world.person("lead"))
    before = (first.starts, first.ends, first.reply_by)
    frame_before = Frame.objects.get(programme=programme, position=0).starts
    moved = move_plan(programme, starts=DAY + dt.timedelta(days=7), by=world.person("lead"))
    first.refresh_from_db()
    assert (first.starts, first.ends, first.reply_by) == before
    assert moved == len(others)
    assert Frame.objects.get(programme=programme, position=0).starts == frame_before + dt.timedelta(days=7)
    for activity in others:
        old = activity.starts
        activity.refresh_from_db()
        assert activity.starts == old + dt.timedelta(days=7)
    with pytest.raises(NotAllowedError):
        move_plan(programme, starts=DAY, by=world.person("staff"))

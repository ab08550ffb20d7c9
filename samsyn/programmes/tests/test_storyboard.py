"""The storyboard: what is now, done and later; moving, copying and deleting; who may only read."""

from __future__ import annotations

import datetime as dt
import re

import pytest

from samsyn.core import clock
from samsyn.core.addresses import address
from samsyn.core.ids import encode_id
from samsyn.core.texts import LangText
from samsyn.programmes import actions, queries
from samsyn.programmes.models import Activity, Frame
from samsyn.programmes.playbooks import all_playbooks
from samsyn.programmes.standing import Visitor
from samsyn.programmes.starting import start_from_playbook
from samsyn.programmes.words import days
from tests.fixtures import DAY

LATER = DAY + dt.timedelta(days=31)


@pytest.fixture
def second(world):
    return actions.add_frame(
        world.programme,
        by=world.person("lead"),
        name=LangText(sv="Fortsättning", en="Going on"),
        starts=LATER,
        ends=LATER + dt.timedelta(days=30),
    )


def storyboard(world):
    return queries.storyboard(world.programme, Visitor(world.person("lead")))


def _order(frame):
    return [str(title) for title in frame.activities.order_by("position", "id").values_list("title", flat=True)]


def _three(world):
    return [world.activity("steps", title=LangText(sv=name)) for name in ("ett", "två", "tre")]


def _post(world, name, activity, data=None, who="lead"):
    return world.client(who).post(address(f"programmes:{name}", activity=activity.pk), data or {})


# --- reading ----------------------------------------------------------------------------------------------------


def test_all_inside_read_and_only_those_who_plan_change(world):
    world.activity("steps")
    page = address("programmes:storyboard", programme=world.programme.pk)
    for name in ("lead", "facilitator"):
        answer = world.client(name).get(page)
        assert answer.status_code == 200
        assert b'formaction="' in answer.content
    for name in ("owner", "member", "staff", "manager"):
        answer = world.client(name).get(page)
        assert answer.status_code == 200
        assert b'formaction="' not in answer.content
        assert b'id="do"' not in answer.content
    assert world.client("guest").get(page).status_code == 404
    assert world.client().get(page).status_code == 302


def test_nobody_elsewhere_sees_it(world, elsewhere):
    page = address("programmes:storyboard", programme=world.programme.pk)
    assert elsewhere.client("lead").get(page).status_code == 404


@pytest.mark.parametrize("name", ["owner", "member", "staff"])
def test_who_only_reads_cannot_post(world, name):
    activity = world.activity("steps", state="open")
    for view in ("activity_move", "activity_copy", "activity_delete", "activity_edit", "close"):
        assert _post(world, view, activity, who=name).status_code == 403
    assert Activity.objects.count() == 1


def test_done_now_and_later(world, second):
    done = world.activity("steps", state="published")
    now = world.activity("steps", state="open")
    later = world.activity("steps")
    with clock.simulated(DAY):
        first, last = storyboard(world)
    assert {card.activity.pk: card.when for card in first.cards} == {done.pk: "done", now.pk: "now", later.pk: "later"}
    assert (first.when, last.when) == ("now", "later")
    assert [card.next_up for card in first.cards] == [False, False, True]
    with clock.simulated(LATER):
        assert [column.when for column in storyboard(world)] == ["done", "now"]


def test_a_step_done_by_hand_says_so(world):
    world.activity("steps", planned_kind="pulse")
    card = storyboard(world)[0].cards[0]
    assert card.by_hand
    page = world.client("lead").get(address("programmes:storyboard", programme=world.programme.pk))
    assert "för hand" in page.content.decode()


def test_whoever_plans_is_told_what_falls_in_july(world):
    page = address("programmes:storyboard", programme=world.programme.pk)
    drafts = [world.activity("steps"), world.activity("steps"), world.activity("steps", state="open")]
    assert "juli" not in world.client("lead").get(page).content.decode()
    for activity in drafts:
        july = dt.date(DAY.year, 7, 6)
        activity.starts, activity.ends, activity.reply_by = july, july, july + dt.timedelta(days=7)
        activity.save()
    said = "2 aktiviteter är planerade att börja i juli"
    assert said in world.client("lead").get(page).content.decode()
    assert said not in world.client("staff").get(page).content.decode()


def test_thirty_activities_in_few_queries(world, django_assert_max_num_queries):
    programme = start_from_playbook(
        max(all_playbooks(), key=lambda playbook: len(playbook.steps())),
        title=LangText(sv="Stort"),
        starts=DAY,
        owner=world.person("owner"),
        by=world.person("lead"),
    )
    activities = list(Activity.objects.filter(programme=programme))
    assert len(activities) >= 28
    for activity in activities[: len(activities) // 2]:
        actions.open_activity(activity, by=world.person("lead"))
    page = address("programmes:storyboard", programme=programme.pk)
    client = world.client("lead")
    client.get(page)
    with django_assert_max_num_queries(20):
        assert client.get(page).status_code == 200


# --- moving -----------------------------------------------------------------------------------------------------


def test_one_place_earlier_and_later(world):
    one, _two, three = _three(world)
    answer = _post(world, "activity_move", three, {"go": "earlier"})
    assert answer.url.endswith(f"storyboard/#a-{encode_id(three.pk)}")
    assert _order(world.frame) == ["ett", "tre", "två"]
    _post(world, "activity_move", one, {"go": "later"})
    assert _order(world.frame) == ["tre", "ett", "två"]


def test_one_place_more_at_the_edge_of_a_chapter_moves_nothing_and_says_where_it_would_go(world, second):
    one, _two, three = _three(world)
    answer = _post(world, "activity_move", three, {"go": "later"})
    assert answer.url == f"{address('programmes:activity_move', activity=three.pk)}?chapter={encode_id(second.pk)}"
    page = world.client("lead").get(answer.url).content.decode()
    assert f"Dagarna ändras inte: {days(three.starts, three.ends)}." in page
    assert re.search(rf'value="{encode_id(second.pk)}"[^>]* checked', page), "the next chapter is chosen already"
    _post(world, "activity_move", one, {"go": "earlier"})  # already first of all
    assert (_order(world.frame), _order(second)) == (["ett", "två", "tre"], [])


def test_a_card_at_the_edge_names_the_chapter_that_comes_next(world, second):
    one, two, three = _three(world)
    board = queries.storyboard(world.programme, Visitor(world.person("lead")))
    assert [(card.first, card.last) for card in board[0].cards] == [(True, False), (False, False), (False, True)]
    page = world.client("lead").get(address("programmes:storyboard", programme=world.programme.pk)).content.decode()
    place = encode_id(second.pk)
    paths = {one.pk: False, two.pk: False, three.pk: True}
    for pk, named in paths.items():
        assert (f"{address('programmes:activity', activity=pk)}move/?chapter={place}" in page) == named


def test_who_moves_a_card_to_another_chapter_is_told_that_its_days_stay(world, second):
    one, two, _last = _three(world)
    lead = world.client("lead")
    for activity in (one, two):
        if activity is two:
            Frame.objects.filter(pk=second.pk).update(starts=two.starts, ends=two.ends)
        move = address("programmes:activity_move", activity=activity.pk)
        page = lead.post(move, {"frame": encode_id(second.pk)}, follow=True).content.decode()
        assert f"Dagarna ändras inte: {days(activity.starts, activity.ends)}." in page
        assert ("utanför skedets dagar" in page.split("<main")[1].split("storyboard plain")[0]) == (activity is one)


def test_to_another_chapter_by_form_and_by_dragging(world, second):
    one, two, three = _three(world)
    _post(world, "activity_move", one, {"frame": encode_id(second.pk)})
    _post(world, "activity_move", two, {"frame": encode_id(second.pk), "to": ""})
    assert _order(second) == ["ett", "två"]
    _post(world, "activity_move", three, {"frame": encode_id(second.pk), "to": "1"})
    assert _order(second) == ["ett", "tre", "två"]


def test_not_to_the_chapter_of_another_programme(world, elsewhere):
    activity = world.activity("steps")
    answer = _post(world, "activity_move", activity, {"frame": encode_id(elsewhere.frame.pk)})
    assert answer.status_code == 422
    activity.refresh_from_db()
    assert activity.frame_id == world.frame.pk


# --- copying and deleting ---------------------------------------------------------------------------------------


def test_a_copy_is_a_draft_without_code(world):
    activity = world.activity("questions", state="open")
    _post(world, "activity_copy", activity)
    copy = Activity.objects.exclude(pk=activity.pk).get()
    assert (copy.state, copy.code, copy.opened, copy.contributed) == ("draft", None, None, False)
    assert copy.title["sv"] == "Frågestund (kopia)"
    assert copy.position == activity.position + 1


def test_a_draft_can_be_deleted_once_asked(world):
    activity = world.activity("steps")
    page = address("programmes:activity_delete", activity=activity.pk)
    assert world.client("lead").get(page).status_code == 200
    assert Activity.objects.filter(pk=activity.pk).exists()
    world.client("lead").post(page)
    assert not Activity.objects.filter(pk=activity.pk).exists()


def test_what_people_were_asked_cannot_be_deleted(world):
    activity = world.activity("steps", state="open")
    answer = world.client("lead").post(address("programmes:activity_delete", activity=activity.pk), follow=True)
    assert Activity.objects.filter(pk=activity.pk).exists()
    assert "Stäng" in answer.content.decode()


# --- chapters and programme -------------------------------------------------------------------------------------


def _frame_page(world, name, frame):
    return address(f"programmes:{name}", programme=world.programme.pk, frame=frame.pk)


def test_chapters_are_added_renamed_moved_and_deleted(world, second):
    client = world.client("lead")
    values = {"name_sv": "Nytt", "name_en": "New", "starts": "2026-05-01", "ends": "2026-05-20"}
    client.post(address("programmes:frame_add", programme=world.programme.pk), values)
    third = Frame.objects.get(programme=world.programme, position=2)
    client.post(_frame_page(world, "frame_edit", third), values | {"name_sv": "Nyare"})
    client.post(_frame_page(world, "frame_place", third), {"go": "earlier"})
    names = [frame.name["sv"] for frame in Frame.objects.filter(programme=world.programme).order_by("position")]
    assert names == ["Början", "Nyare", "Fortsättning"]
    client.post(_frame_page(world, "frame_delete", third))
    assert Frame.objects.filter(programme=world.programme).count() == 2


def test_a_chapter_is_put_where_it_was_dropped(world, second):
    client = world.client("lead")
    for to, order in (
        ("0", ["Fortsättning", "Början"]),
        ("1", ["Början", "Fortsättning"]),
        ("999", ["Början", "Fortsättning"]),
    ):
        client.post(_frame_page(world, "frame_place", second), {"to": to})
        names = [frame.name["sv"] for frame in Frame.objects.filter(programme=world.programme).order_by("position")]
        assert names == order


def test_a_chapter_with_something_in_it_stays(world):
    world.activity("steps")
    page = _frame_page(world, "frame_delete", world.frame)
    assert "Flytta eller ta bort" in world.client("lead").get(page).content.decode()
    world.client("lead").post(page)
    assert Frame.objects.filter(pk=world.frame.pk).exists()


def test_a_chapter_cannot_end_before_it_begins(world):
    values = {"name_sv": "Nytt", "starts": "2026-05-20", "ends": "2026-05-01"}
    answer = world.client("lead").post(_frame_page(world, "frame_edit", world.frame), values)
    assert answer.status_code == 422


def test_the_programme_says_what_it_is(world):
    world.activity("steps")
    page = address("programmes:edit", programme=world.programme.pk)
    values = {"title_sv": "Nytt namn", "open_matters_sv": "Arbetssätten", "contact": "Owner", "starts": "2026-03-19"}
    answer = world.client("lead").post(page, values | {"ends": "2026-09-28", "move_plan": "on"})
    assert answer.status_code == 302
    world.programme.refresh_from_db()
    world.frame.refresh_from_db()
    assert world.programme.title == {"sv": "Nytt namn"}
    assert world.programme.contact == world.person("owner")
    assert world.programme.starts == dt.date(2026, 3, 19)
    assert world.programme.ends == dt.date(2026, 10, 5)
    assert world.frame.starts == dt.date(2026, 3, 19)
    assert Activity.objects.get().starts == dt.date(2026, 3, 19)

"""Who a programme or an activity is for: choosing, counting, refusing."""

from __future__ import annotations

import pytest

from samsyn.core.addresses import address
from samsyn.core.errors import NotAllowedError, RefusedError
from samsyn.core.ids import encode_id
from samsyn.core.texts import LangText
from samsyn.organisations.models import Person, Unit
from samsyn.programmes import actions, actions_people, audience_choice, audiences, standing
from samsyn.programmes.actions_people import set_audience
from samsyn.programmes.models import Ticket
from samsyn.programmes.tests.people_world import guest, person_key, stand_still, tongue  # noqa: F401


def unit_key(world, name):
    return f"unit:{encode_id(world.units[name].pk)}"


def names(people):
    return sorted(person.name for person in people)


@pytest.fixture
def activity(world):
    return world.activity("steps")


def put(world, target, *keys, everybody=False, by="lead"):
    set_audience(target, everybody=everybody, keys=keys, by=world.person(by))


def test_every_kind_of_part(world, activity):
    group = actions_people.add_group(world.programme, name=LangText(sv="Lag"), by=world.person("lead"))
    actions_people.put_in_group(group, [world.person("other")], by=world.person("lead"))
    cases = {
        unit_key(world, "a"): ["Manager", "Staff"],
        "level:top": ["Owner"],
        f"team:{encode_id(world.person('manager').pk)}": ["Manager", "Staff"],
        f"group:{encode_id(group.pk)}": ["Other"],
        person_key(world.person("staff")): ["Staff"],
    }
    for key, expected in cases.items():
        put(world, activity, key)
        assert names(audiences.people_of_activity(activity)) == expected, key
        everyone = Person.objects.all()
        judged = [p for p in everyone if standing.PARTICIPANT in standing.in_activity(p, activity)]
        assert names(judged) == expected, key
    assert [audience_choice.key_of(part) for part in audience_choice.parts_of(activity)] == [key]


def test_an_empty_audience_is_refused(world, activity):
    with pytest.raises(RefusedError, match="nobody in this audience"):
        put(world, activity)
    with pytest.raises(RefusedError, match="nobody in this audience"):
        put(world, activity, "level:senior")
    with pytest.raises(RefusedError, match="nobody in this audience"):
        put(world, world.programme, "unit:nonsense", "what:ever", "level:none")


def test_only_those_who_plan_choose(world, activity):
    for who in ("owner", "member", "staff"):
        with pytest.raises(NotAllowedError):
            put(world, activity, everybody=True, by=who)


def test_once_somebody_has_contributed_it_is_only_widened(world):
    activity = world.activity("steps")
    put(world, activity, unit_key(world, "a"))
    actions.open_activity(activity, by=world.person("lead"))
    put(world, activity, person_key(world.person("staff")))  # nobody has contributed: allowed
    put(world, activity, unit_key(world, "a"))
    actions.note_contribution(activity)
    with pytest.raises(RefusedError, match="already contributed"):
        put(world, activity, person_key(world.person("staff")))
    put(world, activity, unit_key(world, "a"), unit_key(world, "b"))
    assert names(audiences.people_of_activity(activity)) == ["Manager", "Member", "Other", "Staff"]


def test_the_programme_does_not_shrink_under_an_open_activity(world, activity):
    actions.open_activity(activity, by=world.person("lead"))
    actions.note_contribution(activity)
    with pytest.raises(RefusedError, match="already contributed"):
        put(world, world.programme, unit_key(world, "a"))


def test_those_who_come_later_get_a_ticket(world):
    activity = world.activity("questions")
    put(world, activity, unit_key(world, "a"))
    actions.open_activity(activity, by=world.person("lead"))
    put(world, activity, unit_key(world, "a"), unit_key(world, "b"))
    holders = Ticket.objects.filter(activity=activity).values_list("person__name", flat=True)
    assert sorted(holders) == ["Manager", "Member", "Other", "Staff"]


def test_a_group_of_another_programme_is_left_out(world, activity, elsewhere):
    other = actions.add_programme(
        by=world.person("lead"), owner=world.person("owner"), title=LangText(sv="Annat"), starts=activity.starts
    )
    group = actions_people.add_group(other, name=LangText(sv="Lag"), by=world.person("lead"))
    foreign = elsewhere.units["a"]
    keys = [f"group:{encode_id(group.pk)}", f"unit:{encode_id(foreign.pk)}", person_key(elsewhere.person("staff"))]
    assert audience_choice.parts_from(keys, activity) == []


def test_guests_stay_when_it_becomes_for_everybody(world, activity):
    put(world, activity, unit_key(world, "a"))
    invitation = guest(world, activity)
    put(world, activity, unit_key(world, "a"), person_key(invitation.person), everybody=True)
    assert invitation.person in audiences.people_of_activity(activity)
    assert standing.PARTICIPANT in standing.in_activity(invitation.person, activity)
    assert audience_choice.words_of(audience_choice.parts_of(activity)) == ["Vera Forskare"]


def test_the_programme_never_holds_outsiders(world):
    group = actions_people.add_group(world.programme, name=LangText(sv="Lag"), by=world.person("lead"))
    people = [world.person("staff"), world.person("facilitator")]
    actions_people.put_in_group(group, people, by=world.person("lead"))
    put(world, world.programme, f"group:{encode_id(group.pk)}")
    assert names(audiences.people_of_programme(world.programme)) == ["Staff"]


# --- pages ------------------------------------------------------------------------------------------------------


def page(target, name="activity_audience"):
    kind = name.split("_")[0]
    return address(f"programmes:{name}", **{kind: target.pk})


def test_counting_changes_nothing(world, activity):
    stand_still(world)
    client = world.client("lead")
    data = {"whom": "parts", "part": [unit_key(world, "a")], "do": "count"}
    shown = client.post(page(activity), data)
    assert shown.status_code == 200
    assert "Manager, Staff" in shown.content.decode()
    live = client.post(page(activity, "activity_audience_count"), data).content.decode()
    assert '<span class="figure">2</span>' in live
    assert "<html" not in live
    activity.refresh_from_db()
    assert activity.everybody


def test_saving_and_refusing_on_the_page(world, activity):
    stand_still(world)
    client = world.client("facilitator")
    empty = client.post(page(activity), {"whom": "parts", "do": "save"})
    assert empty.status_code == 422
    done = client.post(page(activity), {"whom": "parts", "part": [unit_key(world, "b"), "level:top"], "do": "save"})
    assert done.status_code == 302
    again = client.get(page(activity)).content.decode()
    assert f'value="{unit_key(world, "b")}" id="part-unit' in again
    assert again.count(" checked") == 3  # the choice, the unit, the level


def test_ticked_parts_are_not_lost_while_everybody_is_chosen(world, activity):
    stand_still(world)
    data = {"whom": "everybody", "part": [unit_key(world, "b")], "do": "save"}
    answer = world.client("lead").post(page(activity), data)
    assert answer.status_code == 422
    assert answer.content.decode().count(" checked") == 2


def test_finding_people_and_teams(world, activity):
    stand_still(world)
    data = {"whom": "parts", "part": [unit_key(world, "b")], "find": "manag", "do": "find"}
    shown = world.client("lead").post(page(activity), data).content.decode()
    assert f'value="team:{encode_id(world.person("manager").pk)}"' in shown
    assert f'value="{person_key(world.person("manager"))}"' in shown
    assert f'value="{unit_key(world, "b")}"' in shown


def test_many_units_are_searched_not_shown(world, activity, monkeypatch):
    stand_still(world)
    monkeypatch.setattr("samsyn.programmes.views.audience.MOST_UNITS_SHOWN", 2)
    client = world.client("lead")
    assert unit_key(world, "a") not in client.get(page(activity)).content.decode()
    data = {"whom": "parts", "find": "enhet a", "do": "find"}
    assert unit_key(world, "a") in client.post(page(activity), data).content.decode()


def test_the_programmes_page(world):
    stand_still(world)
    client = world.client("lead")
    assert client.get(page(world.programme, "programme_audience")).status_code == 200
    data = {"whom": "parts", "part": [unit_key(world, "a")], "do": "save"}
    assert client.post(page(world.programme, "programme_audience"), data).status_code == 302
    world.programme.refresh_from_db()
    assert not world.programme.everybody
    assert "Staff" in client.get(page(world.programme, "programme_audience_people")).content.decode()


def test_names_are_for_those_who_plan(world, activity):
    stand_still(world)
    for who, status in (("lead", 200), ("owner", 403), ("member", 404), ("staff", 404), (None, 302)):
        client = world.client(who)
        assert client.get(page(activity, "activity_audience_people")).status_code == status, who
        assert client.get(page(activity)).status_code == status, who


def test_few_queries_whatever_the_number_of_units(world, activity, django_assert_max_num_queries):
    stand_still(world)
    Unit.objects.bulk_create(
        Unit(organisation=world.organisation, key=f"u{n}", name=LangText(sv=f"U {n}"), parent=world.units["a"],
             path=f"{world.units['a'].path}{n}/", opened=activity.starts)
        for n in range(40)
    )  # fmt: skip
    client = world.client("lead")
    with django_assert_max_num_queries(20):
        client.get(page(activity))

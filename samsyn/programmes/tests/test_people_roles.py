"""Who runs a programme: owner, leads, facilitators, members, partners, groups."""

from __future__ import annotations

import datetime as dt

import pytest

from samsyn.audit.models import Entry
from samsyn.core import clock
from samsyn.core.addresses import address
from samsyn.core.errors import NotAllowedError, RefusedError
from samsyn.core.texts import LangText
from samsyn.organisations.models import Person
from samsyn.programmes import actions_people as actions
from samsyn.programmes import queries_people, standing
from samsyn.programmes.models import Role
from samsyn.programmes.tests.people_world import LATER, stand_still, tongue  # noqa: F401
from tests.fixtures import DAY


def roles(world, name):
    return standing.in_programme(world.person(name), world.programme)


def test_the_lead_changes_the_owner(world):
    actions.appoint_owner(world.programme, world.person("manager"), by=world.person("lead"))
    assert standing.OWNER in roles(world, "manager")
    assert standing.OWNER not in roles(world, "owner")
    assert Role.objects.filter(programme=world.programme, name="owner").count() == 1


def test_the_owner_is_one_of_our_own(world):
    with pytest.raises(RefusedError, match="your own"):
        actions.appoint_owner(world.programme, world.person("facilitator"), by=world.person("lead"))


@pytest.mark.parametrize("who", ["facilitator", "member", "staff", "guest"])
def test_others_do_not_appoint(world, who):
    with pytest.raises(NotAllowedError):
        actions.appoint(world.programme, world.person("staff"), name="lead", by=world.person(who))
    with pytest.raises(NotAllowedError):
        actions.appoint_owner(world.programme, world.person("manager"), by=world.person(who))


def test_a_facilitator_lets_members_in_but_not_leads(world):
    by = world.person("facilitator")
    actions.appoint(world.programme, world.person("staff"), name="member", by=by)
    assert standing.MEMBER in roles(world, "staff")


def test_a_role_ends_with_its_day(world):
    actions.appoint(world.programme, world.person("staff"), name="facilitator", until=DAY, by=world.person("lead"))
    assert standing.FACILITATOR in roles(world, "staff")
    with clock.simulated(DAY + dt.timedelta(days=1)):
        assert standing.FACILITATOR not in roles(world, "staff")


def test_a_role_is_ended_at_once_and_noted(world):
    role = actions.appoint(world.programme, world.person("staff"), name="facilitator", by=world.person("owner"))
    actions.end_role(role, by=world.person("owner"))
    assert standing.FACILITATOR not in roles(world, "staff")
    assert list(Entry.objects.filter(verb__startswith="role.").order_by("at", "id").values_list("verb", flat=True))


def test_the_last_lead_stays(world):
    role = Role.objects.get(programme=world.programme, name="lead")
    with pytest.raises(RefusedError, match="next programme lead"):
        actions.end_role(role, by=world.person("owner"))
    actions.appoint(world.programme, world.person("staff"), name="lead", until=LATER, by=world.person("owner"))
    actions.end_role(role, by=world.person("owner"))
    assert standing.LEAD not in roles(world, "lead")


def test_who_has_left_is_not_appointed(world):
    person = world.person("staff")
    person.left = DAY
    person.save()
    with pytest.raises(RefusedError, match="has left"):
        actions.appoint(world.programme, person, name="member", by=world.person("lead"))


def test_a_partners_person_signs_in_and_ends_with_the_partner(world):
    by = world.person("lead")
    partner = actions.add_partner(world.programme, name="Byrån", until=LATER, by=by)
    role = actions.add_partner_person(
        partner, name="Ida", email="Ida@byran.example", role="facilitator", until=LATER, language="sv", by=by
    )
    person = role.person
    assert person.external
    assert person.user.email == "ida@byran.example"
    assert standing.in_programme(person, world.programme) == {standing.FACILITATOR}
    actions.change_partner(partner, name="Byrån", until=DAY - dt.timedelta(days=1), by=by)
    assert standing.in_programme(person, world.programme) == standing.NOBODY
    row = queries_people.roles_of(world.programme)["facilitator"]
    assert [found.ended for found in row if found.role.person == person] == [True]


def test_a_partners_person_does_not_outlast_the_partner(world):
    by = world.person("lead")
    partner = actions.add_partner(world.programme, name="Byrån", until=DAY, by=by)
    with pytest.raises(RefusedError, match="earlier day"):
        actions.add_partner_person(
            partner, name="Ida", email="ida@byran.example", role="lead", until=LATER, language="sv", by=by
        )
    assert not Person.objects.filter(email="ida@byran.example").exists()


def test_our_own_are_not_made_outsiders(world):
    by = world.person("lead")
    partner = actions.add_partner(world.programme, name="Byrån", until=LATER, by=by)
    with pytest.raises(RefusedError, match="your own"):
        actions.add_partner_person(
            partner, name="X", email="STAFF@ankeby.example", role="lead", until=LATER, language="sv", by=by
        )


def test_a_group_is_made_named_and_filled(world):
    by = world.person("facilitator")
    group = actions.add_group(world.programme, name=LangText(sv="Lag ett"), by=by)
    actions.rename_group(group, name=LangText(sv="Lag två"), by=by)
    actions.put_in_group(group, [world.person("staff"), world.person("other")], by=by)
    actions.put_in_group(group, [world.person("staff")], by=by)
    assert [person.name for person in queries_people.members_of(group)] == ["Other", "Staff"]
    actions.take_out_of_group(group, world.person("other"), by=by)
    assert [group.size for group in queries_people.groups_of(world.programme)] == [1]
    with pytest.raises(NotAllowedError):
        actions.put_in_group(group, [world.person("other")], by=world.person("staff"))


# --- pages ------------------------------------------------------------------------------------------------------


def page(world, name, **parts):
    return address(f"programmes:{name}", programme=world.programme.pk, **parts)


def test_the_page_shows_everyone_in_few_queries(world, django_assert_max_num_queries):
    stand_still(world)
    client = world.client("lead")
    with django_assert_max_num_queries(20):
        answer = client.get(page(world, "people"))
    assert answer.status_code == 200
    for name in ("Owner", "Lead", "Facilitator", "Member"):
        assert name in answer.content.decode()


@pytest.mark.parametrize(
    ("who", "status"),
    [("owner", 200), ("facilitator", 200), ("staff", 403), ("member", 403), ("guest", 404), (None, 302)],
)
def test_only_those_who_run_it_see_the_page(world, who, status):
    stand_still(world)
    assert world.client(who).get(page(world, "people")).status_code == status


def test_appointing_on_the_page(world):
    stand_still(world)
    client = world.client("lead")
    wrong = client.post(page(world, "appoint"), {"person": "Nobody at all", "name": "lead"})
    assert wrong.status_code == 422
    assert "Nobody at all" in wrong.content.decode()
    done = client.post(page(world, "appoint"), {"person": "Staff", "name": "lead", "until": LATER.isoformat()})
    assert done.status_code == 302
    role = Role.objects.get(programme=world.programme, person=world.person("staff"))
    assert (role.name, role.until) == ("lead", LATER)
    change = page(world, "role", role=role.pk)
    assert client.get(change).status_code == 200
    assert client.post(change, {"until": DAY.isoformat()}).status_code == 302
    assert client.post(page(world, "end_role", role=role.pk)).status_code == 302
    assert not Role.objects.filter(pk=role.pk).exists()


def test_a_facilitator_sees_no_way_to_appoint_leads(world):
    stand_still(world)
    client = world.client("facilitator")
    assert client.get(page(world, "owner")).status_code == 403
    assert client.get(page(world, "add_partner")).status_code == 403
    answer = client.post(page(world, "appoint"), {"person": "Facilitator", "name": "lead"})
    assert answer.status_code == 422


def test_partner_and_group_pages(world):
    stand_still(world)
    client = world.client("lead")
    assert client.get(page(world, "owner")).status_code == 200
    added = client.post(page(world, "add_partner"), {"name": "Byrån", "until": LATER.isoformat()})
    person = {
        "name": "Ida", "email": "ida@byran.example", "role": "facilitator",
        "until": LATER.isoformat(), "language": "sv",
    }  # fmt: skip
    assert client.get(added.url).status_code == 200
    assert client.post(added.url, person).status_code == 302
    assert "Byrån" in client.get(page(world, "people")).content.decode()
    made = client.post(page(world, "add_group"), {"name_sv": "Lag ett", "name_en": ""})
    assert client.post(made.url, {"person": "Staff"}).status_code == 302
    shown = client.get(made.url).content.decode()
    assert "Staff" in shown
    assert "Ida" in shown  # from outside, can be put in
    ida = Person.objects.get(email="ida@byran.example")
    group = queries_people.groups_of(world.programme).get()
    change = page(world, "group_change", group=group.pk, person=ida.pk)
    client.post(change, {"do": "join"})
    assert ida in queries_people.members_of(group)
    client.post(change, {"do": "leave"})
    assert ida not in queries_people.members_of(group)


def test_another_organisations_programme_is_not_there(world, elsewhere):
    stand_still(world)
    assert world.client("lead").get(
        address("programmes:people", programme=elsewhere.programme.pk)
    ).status_code == 404  # fmt: skip

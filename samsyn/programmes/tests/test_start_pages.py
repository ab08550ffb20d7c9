"""From one's own page to a code on the wall: few clicks, few fields."""

from __future__ import annotations

import re

import pytest

from samsyn.core.addresses import address
from samsyn.core.ids import encode_id
from samsyn.organisations.models import Person
from samsyn.programmes.models import Activity, Programme
from samsyn.programmes.playbooks import all_playbooks
from tests.fixtures import DAY

SLUG = all_playbooks()[0].slug


def _page(playbook=SLUG):
    return address("programmes:start_with", playbook=playbook)


def test_each_playbook_can_be_chosen(world):
    content = world.client("manager").get(address("programmes:start")).content.decode()
    for playbook in all_playbooks():
        assert _page(playbook.slug) in content
    assert _page("empty") in content


@pytest.mark.parametrize("name", ["staff", "guest", "facilitator"])
def test_who_may_not_start_is_told(world, name):
    for page in (address("programmes:start"), _page()):
        assert world.client(name).get(page).status_code == 403


def test_an_unknown_playbook_is_not_found(world):
    assert world.client("manager").get(_page("no-such")).status_code == 404


def test_three_questions_and_no_more(world):
    content = world.client("manager").get(_page()).content.decode()
    form = content[content.index('<form method="post" data-guard') :]
    form = form[: form.index("</form>")]
    assert len(re.findall(r"<(?:input|select|textarea)(?![^>]*hidden)", form)) == 3


def test_three_answers_make_a_programme(world):
    values = {"title": "Vägen vidare", "starts": DAY.isoformat(), "owner": "owner"}
    answer = world.client("manager").post(_page(), values)
    programme = Programme.objects.exclude(pk=world.programme.pk).get()
    assert answer.url == address("programmes:storyboard", programme=programme.pk)
    assert programme.title == {"sv": "Vägen vidare"}
    assert Activity.objects.filter(programme=programme).count() == len(all_playbooks()[0].steps())


def test_what_is_wrong_is_said_and_nothing_typed_is_lost(world):
    answer = world.client("manager").post(_page(), {"title": "Vägen vidare", "starts": "snart", "owner": "Ingen Alls"})
    content = answer.content.decode()
    assert answer.status_code == 422
    assert 'class="error-summary"' in content
    for kept in ("Vägen vidare", "snart", "Ingen Alls"):
        assert f'value="{kept}"' in content
    assert Programme.objects.count() == 1


@pytest.mark.parametrize("playbook", [SLUG, "empty"])
def test_a_first_day_more_than_a_year_back_is_refused_at_its_field(world, playbook):
    client, values = world.client("manager"), {"title": "Vägen vidare", "owner": "owner"}
    for day in ("1999-01-01", "2025-03-10"):
        answer = client.post(_page(playbook), values | {"starts": day})
        assert answer.status_code == 422
        assert 'href="#id_starts">Den första dagen ligger mer än ett år tillbaka' in answer.content.decode()
    assert Programme.objects.count() == 1
    assert client.post(_page(playbook), values | {"starts": "2025-09-01"}).status_code == 302


def test_a_guest_cannot_be_owner(world):
    answer = world.client("manager").post(_page(), {"title": "X", "starts": DAY.isoformat(), "owner": "Guest"})
    assert answer.status_code == 422


def _twin(world, name, unit):
    return Person.objects.create(
        organisation=world.organisation, key=f"twin-{unit}", name=name, unit=world.units[unit], joined=DAY
    )


def test_two_of_the_same_name_are_told_apart(world):
    first, second = _twin(world, "Åsa Öberg", "a"), _twin(world, "Åsa Öberg", "b")
    client, values = world.client("manager"), {"title": "X", "starts": DAY.isoformat(), "owner": "åsa öberg"}
    answer = client.post(_page("empty"), values)
    content = answer.content.decode()
    assert answer.status_code == 422
    assert f'value="{encode_id(first.pk)}"' in content
    assert "Enhet b" in content
    answer = client.post(_page("empty"), values | {"owner_pick": encode_id(second.pk)})
    assert answer.status_code == 302
    assert Programme.objects.exclude(pk=world.programme.pk).get().roles.get(name="owner").person == second


def test_half_a_name_is_asked_about(world):
    person = _twin(world, "Karin Åberg", "a")
    client, values = world.client("manager"), {"title": "X", "starts": DAY.isoformat(), "owner": "Kari"}
    answer = client.post(_page("empty"), values)
    content = answer.content.decode()
    assert answer.status_code == 422
    assert "”Kari” är inte ett helt namn" in content
    assert f'value="{encode_id(person.pk)}"' in content
    assert Programme.objects.count() == 1
    answer = client.post(_page("empty"), values | {"owner_pick": encode_id(person.pk)}, follow=True)
    assert "Uppdragsgivare: Karin Åberg" in answer.content.decode()


def test_a_choice_that_no_longer_fits_the_name_is_not_used(world):
    first = _twin(world, "Åsa Öberg", "a")
    values = {"title": "X", "starts": DAY.isoformat(), "owner": "Manager", "owner_pick": encode_id(first.pk)}
    world.client("owner").post(_page("empty"), values)
    assert Programme.objects.exclude(pk=world.programme.pk).get().roles.get(name="owner").person == world.person(
        "manager"
    )


def test_five_clicks_and_three_fields_from_start_to_the_code_on_the_wall(world):
    """start → playbook → three fields and make → open on the next card → open and show the code."""
    client = world.client("manager")
    client.get(address("programmes:start"))
    client.get(_page())
    values = {"title": "Vägen vidare", "starts": DAY.isoformat(), "owner": "Owner"}
    storyboard = client.post(_page(), values, follow=True)
    opening = re.search(r'<a class="button small" href="([^"]+/open/)"', storyboard.content.decode())
    assert opening
    asked = client.get(opening[1]).content.decode()
    form = asked[asked.rindex('<form method="post"') :]
    assert not re.findall(r"<input(?![^>]*hidden)", form[: form.index("</form>")])
    wall = client.post(opening[1], {"then": "wall"}, follow=True)
    content = wall.content.decode()
    assert wall.status_code == 200
    assert 'class="qr"' in content
    code = Activity.objects.get(state="open").code
    assert f"{code[:3]} {code[3:]}" in content

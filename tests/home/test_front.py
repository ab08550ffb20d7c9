"""The first pages after signing in."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.html import escape

from samsyn.accounts.models import User
from samsyn.core.addresses import address
from samsyn.core.texts import LangText
from samsyn.programmes.actions import add_news
from samsyn.programmes.playbooks import all_playbooks, find_playbook
from tests.fixtures import invite

BACKEND = "django.contrib.auth.backends.ModelBackend"


@pytest.mark.django_db
def test_an_operator_without_a_person_finds_every_page_of_theirs(world):
    operator = User.objects.create_user("drift@ankeby.se", is_operator=True)
    client = Client(headers={"accept-language": "en"})
    client.force_login(operator, backend=BACKEND)
    page = client.get(reverse("site:start")).content.decode()
    slug = world.organisation.slug
    ways = [
        reverse("organisations:people", kwargs={"organisation": slug}),
        reverse("programmes:erasure_requests", kwargs={"organisation": slug}),
        reverse("statement:reports"),
    ]
    for way in ways:
        assert f'href="{way}"' in page
        assert client.get(way).status_code == 200
    assert ways[0] in client.get(ways[1]).content.decode(), "from one page to the other"


def test_a_signed_in_person_of_one_organisation_goes_straight_to_today(world):
    answer = world.client("staff").get(reverse("site:start"))
    assert answer["Location"].endswith(f"/o/{world.organisation.slug}/")


def test_staff_hear_of_a_programme_when_something_opens_or_a_notice_is_written(world):
    today, name = f"/o/{world.organisation.slug}/", str(world.programme.title)
    world.activity()
    assert name not in world.client("staff").get(today).content.decode()
    assert name not in world.client("manager").get(today).content.decode()
    for role in ("owner", "lead", "facilitator", "member"):
        assert name in world.client(role).get(today).content.decode(), role
    world.activity(state="open")
    assert name in world.client("staff").get(today).content.decode()


def test_a_notice_alone_tells_staff_of_a_programme(world):
    today, lead = f"/o/{world.organisation.slug}/", world.person("lead")
    add_news(world.programme, title=LangText(sv="Vi börjar i maj"), text=LangText(sv="Mer kommer."), by=lead)
    assert str(world.programme.title) in world.client("staff").get(today).content.decode()


def test_a_guest_finds_no_way_to_a_page_that_is_closed_to_them(world):
    activity = world.activity(state="open", kind="steps")
    invite(world, activity, "guest")
    invite(world, activity, "staff")
    programme, path = (
        address("home:programme", programme=world.programme.pk),
        address("steps:page", activity=activity.pk),
    )
    assert world.client("guest").get(programme).status_code == 404
    assert f'href="{programme}"' not in world.client("guest").get(path).content.decode()
    assert f'href="{programme}"' in world.client("staff").get(path).content.decode()


def test_a_guest_without_a_programme_is_not_told_of_programmes(world):
    assert "Dina program" not in world.client("guest").get(address("home:today")).content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["sv", "en"])
@pytest.mark.parametrize("slug", [playbook.slug for playbook in all_playbooks()])
def test_whoever_wonders_sees_what_a_programme_holds(slug, language, client):
    client.cookies["language"] = language
    page = client.get(reverse("site:playbook", kwargs={"playbook": slug})).content.decode()
    playbook = find_playbook(slug)
    for words in (playbook.name, playbook.summary, *(step.name for step in playbook.steps())):
        assert escape(words.pick(language)[0]) in page
    others = {reverse("site:playbook", kwargs={"playbook": one.slug}) for one in all_playbooks() if one.slug != slug}
    assert all(f'href="{path}"' in page for path in others)


@pytest.mark.django_db
def test_a_programme_that_does_not_exist_is_not_there(client):
    assert client.get("/programmes/nothing/").status_code == 404

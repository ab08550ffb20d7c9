"""A page that is refused, and a guest's own first page, say as whom one is signed in and the way out."""

from __future__ import annotations

import datetime as dt

from django.urls import reverse

from samsyn.core.addresses import address
from samsyn.programmes.models import Role
from samsyn.programmes.queries_people import roles_in_words
from tests.fixtures import DAY, invite


def test_a_refused_page_says_who_one_is_and_nothing_of_itself(world):
    path = address("programmes:people", programme=world.programme.pk)
    answer = world.client("staff").get(path)
    page = answer.content.decode()
    assert answer.status_code == 403
    assert "Du är inloggad som Staff (medarbetare)." in page
    assert "Logga in som någon annan" in page
    assert "Fråga den som hänvisade dig hit" in page
    assert "Programmet" not in page
    assert "Du är inloggad som" not in world.client("lead").get(path).content.decode()


def test_signing_in_as_somebody_else_leads_back_to_the_page(world):
    path = address("programmes:people", programme=world.programme.pk)
    client = world.client("staff")
    page = client.get(path).content.decode()
    onward = page.split('name="next" value="')[-1].split('"')[0]
    answer = client.post(reverse("account_logout"), {"next": onward})
    assert answer.status_code == 302
    assert answer.url == onward
    assert path in client.get(onward).content.decode().replace("%2F", "/")
    assert client.get(path).status_code == 302, "signed out"


def test_an_activity_for_others_says_it_too(world):
    activity = world.activity(state="open", level="named")
    invite(world, activity, "other")
    page = world.client("manager").get(address("programmes:activity", activity=activity.pk), follow=True)
    assert page.status_code == 403
    assert "Du är inloggad som Manager (chef)." in page.content.decode()


def test_a_guests_first_page_says_who_and_until_when(world):
    page = world.client("guest").get(address("home:today")).content.decode()
    assert "Du är inloggad som Guest (gäst till och med 11 maj)." in page
    assert "ask the one" not in page
    assert "Saknar du något, fråga den som bjöd in dig." in page
    assert "Du är inloggad som" not in world.client("staff").get(address("home:today")).content.decode()


def test_roles_in_words_are_those_that_hold(world):
    assert roles_in_words(world.person("owner")) == "uppdragsgivare"
    assert roles_in_words(world.person("lead")) == "programansvarig, administratör"
    assert roles_in_words(world.person("facilitator")) == "processledare"
    Role.objects.filter(person=world.person("guest")).update(until=DAY - dt.timedelta(days=1))
    assert roles_in_words(world.person("guest")) == "gäst"

"""The doors of a demo: one click makes one somebody, and nowhere else."""

from __future__ import annotations

import pytest
from django.test import Client

from samsyn.accounts.models import User
from samsyn.rehearsal.models import DemoMark

pytestmark = pytest.mark.django_db
DOORS = ("lead", "manager", "member", "guest", "owner", "facilitator")


@pytest.fixture
def demo(world):
    """The test's world as a demo, in which everybody who has an account is made up."""
    world.organisation.synthetic = True
    world.organisation.save()
    DemoMark.objects.create(organisation_id=world.organisation.pk, finished=True)
    for name in DOORS:
        world.client(name)
    User.objects.update(is_synthetic=True)
    return world


def test_each_door_makes_one_somebody_of_that_kind(demo):
    page = Client().get("/").content.decode()
    for who in DOORS:
        browser = Client()
        assert f"/demo/enter/{who}/" in page
        onward = browser.post(f"/demo/enter/{who}/")
        assert onward.status_code == 302, who
        assert browser.get(onward["location"]).status_code == 200, who
        assert browser.session["_auth_user_id"] == str(demo.person(who).user_id), who


@pytest.mark.parametrize(("lang", "words"), [("sv", "programansvarig"), ("en", "programme lead")])
def test_the_doors_say_in_the_readers_language_who_is_behind_them(demo, lang, words):
    assert f", {words}</button>" in Client(headers={"accept-language": lang}).get("/").content.decode()


@pytest.mark.parametrize("who", ["operator", "nobody"])
def test_there_is_no_other_door(demo, who):
    assert Client().post(f"/demo/enter/{who}/").status_code == 404


@pytest.mark.parametrize("who", DOORS)
def test_who_is_not_made_up_is_behind_no_door(demo, who):
    User.objects.update(is_synthetic=False)
    browser = Client()
    assert browser.post(f"/demo/enter/{who}/").status_code == 404
    assert "_auth_user_id" not in browser.session

"""The accessibility statement, and reports of what does not work."""

from __future__ import annotations

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from samsyn.accounts.models import User
from samsyn.organisations.models import Organisation
from samsyn.programmes.models import FaultReport
from tests.fixtures import BACKEND

PAGE = "/accessibility"
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _no_limits_left_over():
    cache.clear()


@pytest.fixture
def operator():
    client = Client()
    client.force_login(User.objects.create_user("op@example.org", is_operator=True), backend=BACKEND)
    return client


@pytest.mark.parametrize("lang", ["sv", "en"])
def test_what_the_law_asks_for_is_there(settings, lang):
    settings.CONTACT = "stod@kommunen.example"
    Organisation.objects.create(slug="k", name={"sv": "Kommunen", "en": "The council"})
    answer = Client(headers={"accept-language": lang}).get(PAGE)
    assert answer.status_code == 200
    shown = answer.content.decode()
    for words in ("EN 301 549", "WCAG 2.1", "2018:1937", "https://www.digg.se/tdosanmalan", "stod@kommunen.example"):
        assert words in shown, words


def test_a_report_reaches_the_operators(operator):
    data = {"page": "/o/k/", "text": "Knappen går inte att nå", "email": "a@example.org"}
    assert Client().post(PAGE, data).status_code == 302
    report = FaultReport.objects.get()
    listed = operator.get(reverse("statement:reports")).content.decode()
    assert "Knappen" in listed
    path = reverse("statement:report", kwargs={"report": report.pk})
    assert "a@example.org" in operator.get(path).content.decode()
    assert operator.post(path, {"state": "known"}).status_code == 422
    told = {"state": "known", "shown_sv": "Knappen nås inte med tangentbord", "shown_en": ""}
    assert operator.post(path, told).status_code == 302
    public = Client().get(PAGE).content.decode()
    assert "Knappen nås inte med tangentbord" in public
    assert "Knappen går inte att nå" not in public
    assert operator.post(path, {**told, "state": "mended"}).status_code == 302
    report.refresh_from_db()
    assert report.email == ""
    assert "Knappen nås inte" not in Client().get(PAGE).content.decode()


def test_a_report_needs_words_and_keeps_them():
    answer = Client().post(PAGE, {"page": "Startsidan", "text": "", "email": "inte en adress"})
    assert answer.status_code == 422
    shown = answer.content.decode()
    assert "Startsidan" in shown
    assert "inte en adress" in shown


def test_too_many_reports_from_one_place_wait():
    for _ in range(10):
        assert Client().post(PAGE, {"text": "Fel"}).status_code == 302
    assert Client().post(PAGE, {"text": "Fel"}).status_code == 422
    assert FaultReport.objects.count() == 10


def test_the_page_one_came_from_is_filled_in_unless_it_holds_a_secret(settings):
    def filled(path):
        answer = Client(headers={"referer": f"{settings.ORIGIN}{path}"}).get(PAGE)
        return answer.context["form"]["page"].value()

    assert filled("/o/ankeby/?sida=2") == "/o/ankeby/"
    assert filled(f"/o/ankeby/invitation/{'x' * 43}/") == ""
    assert filled(PAGE) == ""
    assert Client(headers={"referer": "https://elsewhere.example/x"}).get(PAGE).context["form"]["page"].value() == ""


def test_only_operators_see_the_reports(operator):
    path = reverse("statement:reports")
    assert operator.get(path).status_code == 200
    assert Client().get(path).status_code == 302
    other = Client()
    other.force_login(User.objects.create_user("nobody@example.org"), backend=BACKEND)
    assert other.get(path).status_code == 404

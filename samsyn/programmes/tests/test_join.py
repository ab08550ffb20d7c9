"""In by code: right ones, wrong ones, too many wrong ones, and those that have closed."""

from __future__ import annotations

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from samsyn.core import limits, tenancy
from samsyn.core.addresses import address
from samsyn.core.texts import LangText
from samsyn.programmes import actions
from tests.fixtures import DAY


@pytest.fixture(autouse=True)
def _no_counts_from_before():
    cache.clear()
    yield
    cache.clear()


def _enter(code, client=None):
    return (client or Client()).get(reverse("join:enter", kwargs={"code": code}))


def _from(address):
    return Client(REMOTE_ADDR=address)


@pytest.fixture
def by_code(world):
    return world.activity("questions", entry="code", state="open")


def test_the_form_has_one_field(db):
    content = Client().get(reverse("join:code")).content.decode()
    assert content.count('name="code"') == 1


@pytest.mark.parametrize("typed", ["{0}", "{0} ", "{1} {2}", "{1}-{2}", "{lower}"])
def test_a_code_as_people_type_it(world, by_code, typed):
    code = by_code.code
    text = typed.format(code, code[:3], code[3:], lower=code.lower())
    answer = Client().get(reverse("join:code"), {"code": text}, follow=True)
    assert answer.redirect_chain[0][0] == reverse("join:enter", kwargs={"code": code})
    assert answer.status_code == 200
    assert answer.request["PATH_INFO"] == address("questions:page", activity=by_code.pk)


def test_it_works_from_outside_every_organisation(world, elsewhere):
    with tenancy.scope(elsewhere.organisation.pk, elsewhere.organisation.slug):
        there = elsewhere.activity("questions", entry="code", state="open")
        page = address("programmes:activity", activity=there.pk)
    answer = _enter(there.code)
    assert answer.url == page
    cookie = answer.cookies["entry"]
    assert cookie["path"] == page
    assert cookie["httponly"]


def test_the_cookie_says_the_same_for_everyone(by_code):
    assert _enter(by_code.code).cookies["entry"].value == _enter(by_code.code).cookies["entry"].value


def test_one_activity_opens_no_other(world, by_code):
    other = world.activity("questions", entry="code", state="open")
    client = Client()
    _enter(by_code.code, client)
    assert client.get(address("programmes:activity", activity=by_code.pk)).status_code == 302
    assert "login" in client.get(address("programmes:activity", activity=other.pk)).url


def test_those_invited_sign_in(world):
    activity = world.activity("questions", entry="audience", state="open")
    answer = _enter(activity.code)
    assert "entry" not in answer.cookies
    assert answer.url == address("programmes:activity", activity=activity.pk)
    assert "login" in Client().get(answer.url).url


def test_a_closed_one_says_when_the_reply_comes(world, by_code):
    actions.close_activity(by_code, by=world.person("lead"))
    answer = _enter(by_code.code)
    content = answer.content.decode()
    assert answer.status_code == 200
    assert "entry" not in answer.cookies
    assert "Frågestund" in content
    assert "Det här är stängt" in content
    assert "Svar senast den 2 april" in content


def test_the_title_of_a_closed_one_for_invited_people_stays_unsaid(world):
    activity = world.activity("questions", entry="audience", state="closed", title=LangText(sv="Hemligt ämne"))
    content = _enter(activity.code).content.decode()
    assert "Hemligt ämne" not in content
    assert "Svar senast den 2 april" in content


def test_a_published_one_says_that_the_reply_has_come(world):
    activity = world.activity("questions", entry="code", state="published")
    assert "Vårt svar har kommit" in _enter(activity.code).content.decode()


@pytest.mark.parametrize("code", ["AAAAAA", "A", "K7R4PMX", "åäö"])
def test_a_wrong_code_is_told_at_its_field(db, code):
    answer = _enter(code)
    content = answer.content.decode()
    assert answer.status_code == 404
    assert 'class="field-error"' in content
    assert f'value="{code.upper()}"' in content


def test_no_code_at_all(db):
    answer = Client().get(reverse("join:code"), {"code": " - "})
    assert answer.status_code == 422
    assert "Skriv in koden" in answer.content.decode()


def test_sixty_wrong_ones_and_then_a_pause_for_that_address_alone(by_code):
    for _ in range(60):
        assert _enter("AAAAAA", _from("192.0.2.7")).status_code == 404
    stopped = _enter("AAAAAA", _from("192.0.2.7"))
    assert stopped.status_code == 429
    assert "Vänta tio minuter" in stopped.content.decode()
    assert _enter(by_code.code, _from("192.0.2.7")).status_code == 429
    assert _enter(by_code.code, _from("192.0.2.8")).status_code == 302


def test_what_cannot_be_a_code_is_no_guess(by_code):
    for _ in range(70):
        assert _enter("reset.e79c5e60a60a.css", _from("192.0.2.7")).status_code == 404
        assert _enter("K7R4P", _from("192.0.2.7")).status_code == 404
        assert _enter("O00IL1", _from("192.0.2.7")).status_code == 404
    assert _enter(by_code.code, _from("192.0.2.7")).status_code == 302


def test_a_full_room_behind_one_address_is_let_in_whatever_is_mistyped(by_code):
    """Of 400 people, each fifth types a wrong code first."""
    for number in range(400):
        if number % 5 == 0:
            _enter("AAAAAA", _from("192.0.2.7"))
        assert _enter(by_code.code, _from("192.0.2.7")).status_code == 302


def test_right_codes_do_not_buy_guesses_without_end(by_code):
    for scope, number in (("code-right", 700), ("code", 580)):  # as if so many had been right and wrong
        for _ in range(number):
            limits.count(scope, "192.0.2.7", seconds=600)
    for _ in range(20):
        assert _enter(by_code.code, _from("192.0.2.7")).status_code == 302
    answers = [_enter("AAAAAA", _from("192.0.2.7")).status_code for _ in range(40)]
    assert answers == [404] * 20 + [429] * 20


def test_right_codes_are_never_counted(by_code):
    for _ in range(30):
        assert _enter(by_code.code, _from("192.0.2.9")).status_code == 302
    assert _enter("AAAAAA", _from("192.0.2.9")).status_code == 404


def test_what_the_code_leads_to_is_on_its_own_clock(world, by_code):
    assert world.organisation.simulated_day is None
    world.organisation.synthetic, world.organisation.simulated_day = True, DAY
    world.organisation.save()
    actions.close_activity(by_code, by=world.person("lead"))
    assert "Stängt den 12 mars" in _enter(by_code.code).content.decode()

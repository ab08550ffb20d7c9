"""Wrong codes and passwords count against address and account; right ones never: a room shares one address."""

from __future__ import annotations

import pytest
from django.core import mail
from django.test import Client

from samsyn.accounts import limits
from samsyn.accounts.models import User
from samsyn.accounts.tests.conftest import PASSWORD, ask, browser, confirm, is_in, latest_code, with_password

pytestmark = pytest.mark.django_db
ROOM = "198.51.100.7"


@pytest.fixture
def low(monkeypatch):
    """Low limits, so that both directions are reached."""
    monkeypatch.setattr(limits, "WRONG_FROM_ADDRESS", 6)
    monkeypatch.setattr(limits, "WRONG_FOR_ACCOUNT", {"password": 3, "code": 4})
    monkeypatch.setattr(limits, "ASKED_FROM_ADDRESS", 6)


def refused(response) -> bool:
    return "för många försök" in response.content.decode()


def test_a_room_signs_in_by_password_from_one_address(low):
    for number in range(40):
        User.objects.create_user(f"p{number}@norr.example", PASSWORD)
    for number in range(40):
        client = browser(ROOM)
        with_password(client, f"p{number}@norr.example", PASSWORD)
        assert is_in(client), number


def test_a_room_signs_in_by_code_from_one_address(low):
    for number in range(40):
        User.objects.create_user(f"p{number}@norr.example")
    for number in range(40):
        client = browser(ROOM)
        assert ask(client, f"p{number}@norr.example").status_code == 302, number
        confirm(client, latest_code())
        assert is_in(client), number


def test_one_person_may_sign_in_again_and_again(user, low):
    for _ in range(12):
        client = browser()
        ask(client, user.email)
        confirm(client, latest_code())
        assert is_in(client)


@pytest.mark.parametrize("email", ["anna@norr.example", "nobody@norr.example"])
def test_wrong_passwords_close_the_account_whether_it_exists_or_not(user, low, email):
    for number in range(3):
        assert not refused(with_password(browser(f"203.0.113.{number}"), email, "wrong words here"))
    assert refused(with_password(browser("203.0.113.9"), email, PASSWORD)), "the right one too, for a while"


def test_a_closed_password_leaves_the_code_open(user, low):
    for number in range(5):
        with_password(browser(f"203.0.113.{number}"), user.email, "wrong words here")
    client = browser()
    ask(client, user.email)
    confirm(client, latest_code())
    assert is_in(client)


def test_wrong_passwords_close_the_address_they_come_from(user, low):
    for number in range(6):
        with_password(browser(ROOM), f"guess{number}@norr.example", "wrong words here")
    assert refused(with_password(browser(ROOM), user.email, PASSWORD))
    elsewhere = browser("192.0.2.200")
    with_password(elsewhere, user.email, PASSWORD)
    assert is_in(elsewhere)


def test_right_passwords_do_not_wipe_out_wrong_ones(user, low):
    for number in range(6):
        with_password(browser(ROOM), f"guess{number}@norr.example", "wrong words here")
        if number < 5:
            with_password(browser(ROOM), user.email, PASSWORD)
    assert refused(with_password(browser(ROOM), user.email, PASSWORD))


@pytest.mark.parametrize("email", ["anna@norr.example", "nobody@norr.example"])
def test_wrong_codes_close_the_account_whether_it_exists_or_not(user, low, email):
    for number in range(4):
        client = browser(f"203.0.113.{number}")
        ask(client, email)
        assert confirm(client, "BBBB-BBBB").status_code == 200
    client = browser("203.0.113.9")
    ask(client, email)
    answer = confirm(client, "BBBB-BBBB")
    assert answer.status_code == 429
    assert refused(answer)


def test_wrong_codes_close_the_address_they_come_from(user, low):
    for number in range(6):
        client = browser(ROOM)
        ask(client, f"p{number}@norr.example") if number < 5 else ask(client, user.email)
        confirm(client, "BBBB-BBBB")
    assert confirm(client, latest_code()).status_code == 429
    assert not is_in(client)


def test_a_code_bears_five_wrong_attempts(user):
    client = browser()
    ask(client, user.email)
    for _ in range(4):
        assert confirm(client, "BBBB-BBBB").status_code == 200
    assert confirm(client, "BBBB-BBBB").status_code == 302
    confirm(client, latest_code())
    assert not is_in(client)


def test_unused_codes_can_be_asked_for_only_so_often(user, low):
    answers = [ask(browser(ROOM), f"p{number}@norr.example").status_code for number in range(8)]
    assert answers == [302] * 6 + [200] * 2
    assert len(mail.outbox) == 6
    mail.outbox.clear()
    codes = [ask(browser("192.0.2.50"), user.email).status_code for _ in range(8)]
    assert codes == [302] * 6 + [200] * 2
    assert ask(browser("192.0.2.51"), user.email).status_code == 302, "from elsewhere it still works"


def test_an_ipv6_client_owns_a_whole_network():
    assert limits.network_of("2001:db8:1:2:3:4:5:6") == limits.network_of("2001:db8:1:2::1") == "2001:db8:1:2::"
    assert limits.network_of("192.0.2.1") == "192.0.2.1"
    assert limits.network_of("unknown") == "unknown"


def test_behind_a_proxy_the_visitors_own_address_counts(user, low, settings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1

    def through(address: str) -> Client:
        return Client(
            REMOTE_ADDR="10.0.0.1", headers={"x-forwarded-for": f"6.6.6.6, {address}", "accept-language": "sv"}
        )

    for number in range(6):
        with_password(through(ROOM), f"guess{number}@norr.example", "wrong words here")
    assert refused(with_password(through(ROOM), user.email, PASSWORD))
    client = through("192.0.2.200")
    with_password(client, user.email, PASSWORD)
    assert is_in(client)


def test_a_visitor_without_an_address_can_sign_in(user):
    client = Client(REMOTE_ADDR="")
    with_password(client, user.email, PASSWORD)
    assert is_in(client)

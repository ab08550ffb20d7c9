"""Signing in by a code or a password; nothing tells whether an account exists; sessions hold nothing personal."""

from __future__ import annotations

import json
import re

import pytest
from django.contrib.sessions.models import Session
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.test import Client
from django.urls import NoReverseMatch, get_resolver, reverse

from samsyn.accounts import urls
from samsyn.accounts.models import User
from samsyn.accounts.tests.conftest import PASSWORD, ask, browser, confirm, is_in, latest_code, with_password

pytestmark = pytest.mark.django_db


def words(response) -> str:
    """A page without what is new each time."""
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", response.content.decode())


def test_the_address_first_then_the_code(user):
    client = browser()
    assert client.get(reverse("account_login")).status_code == 200
    answer = ask(client, "Anna@Norr.Example ")
    assert answer["Location"] == reverse("account_confirm_login_code")
    page = client.get(answer["Location"])
    assert "anna@norr.example" in words(page)
    answer = confirm(client, latest_code().lower().replace("-", " "))
    assert answer.status_code == 302
    assert answer["Location"] == reverse("site:start")
    assert is_in(client)


def test_one_goes_on_to_where_one_was_going_but_never_elsewhere(user):
    client = browser()
    answer = ask(client, user.email, next="/o/norr/")
    assert "next=%2Fo%2Fnorr%2F" in answer["Location"] or "next=/o/norr/" in answer["Location"]
    assert confirm(client, latest_code(), next="/o/norr/")["Location"] == "/o/norr/"
    other = browser()
    assert with_password(other, user.email, PASSWORD, next="https://evil.example/")["Location"] == reverse("site:start")


def test_a_password_works_too(user):
    client = browser()
    assert client.get(reverse("account_login_password")).status_code == 200
    assert with_password(client, user.email, PASSWORD)["Location"] == reverse("site:start")
    assert is_in(client)


def test_the_letter_comes_in_the_language_of_the_account(user):
    ask(browser(), user.email)
    assert "Din kod" in mail.outbox[-1].body
    assert "är din kod" in mail.outbox[-1].subject
    user.language = "en"
    user.save()
    ask(browser(), user.email)
    letter = mail.outbox[-1]
    assert "Your code" in letter.body
    assert latest_code() in letter.subject
    html = letter.alternatives[0].content
    assert latest_code() in html
    assert not re.search(r"<(img|script|link|style)|src=|style=", html)


def test_pages_follow_the_language_of_the_account_after_signing_in(user):
    user.language = "en"
    user.save()
    client = browser()
    with_password(client, user.email, PASSWORD)
    assert client.cookies["language"].value == "en"
    assert '<html lang="en"' in client.get(reverse("account")).content.decode()


def test_a_code_works_once_and_for_ten_minutes(user, monkeypatch):
    client = browser()
    ask(client, user.email)
    code = latest_code()
    confirm(client, code)
    client.post(reverse("account_logout"))
    assert confirm(client, code).status_code == 302
    assert not is_in(client)

    late = browser()
    ask(late, user.email)
    session = late.session
    session["account_login"]["state"]["stages"]["login_by_code"]["data"]["at"] -= 601
    session.save()
    confirm(late, latest_code())
    assert not is_in(late)


def test_a_new_code_puts_the_old_one_out_of_use(user):
    client = browser()
    ask(client, user.email)
    old = latest_code()
    ask(client, user.email)
    assert confirm(client, old).status_code == 200
    assert not is_in(client)
    confirm(client, latest_code())
    assert is_in(client)


def test_another_address_can_be_given_while_a_code_is_awaited(user):
    client = browser()
    ask(client, "ana@norr.example")
    assert client.get(reverse("account_login")).status_code == 302
    assert client.get(reverse("account_login") + "?again").status_code == 200
    ask(client, user.email)
    confirm(client, latest_code())
    assert is_in(client)


def test_the_pages_do_not_tell_whether_there_is_an_account(user):
    answers = []
    for email in (user.email, "nobody@norr.example"):
        client = browser()
        first = ask(client, email)
        page = client.get(first["Location"])
        wrong = confirm(client, "BBBB-BBBB")
        refused = with_password(browser(), email, "not the right words")
        answers.append(
            [(r.status_code, words(r).replace("<wbr>", "").replace(email, "")) for r in (page, wrong, refused)]
            + [(first.status_code, first["Location"], sorted(client.cookies))]
        )
    assert answers[0] == answers[1]
    assert len(mail.outbox) == 2, "a letter goes out either way"


def test_without_an_account_the_letter_says_so_and_no_code_works():
    client = browser()
    ask(client, "nobody@norr.example")
    assert "inget konto" in mail.outbox[-1].body
    for code in ("", "BBBB-BBBB"):
        confirm(client, code)
    assert not is_in(client)
    assert not User.objects.exists()


def test_a_closed_account_is_like_none(user):
    user.is_active = False
    user.save()
    client = browser()
    ask(client, user.email)
    assert "inget konto" in mail.outbox[-1].body
    assert with_password(client, user.email, "wrong words").status_code == 200
    with_password(client, user.email, PASSWORD)
    assert not is_in(client)


def test_a_mail_server_that_is_away_is_told_in_plain_words(user, monkeypatch):
    def fail(self, messages):
        raise ConnectionRefusedError

    monkeypatch.setattr(EmailBackend, "send_messages", fail)
    texts = []
    for email in (user.email, "nobody@norr.example"):
        answer = ask(browser(), email)
        assert answer.status_code == 200
        texts.append(str(answer.context["form"].errors["email"]))
    assert texts[0] == texts[1]


def test_an_empty_code_is_no_attempt(user):
    client = browser()
    ask(client, user.email)
    for _ in range(8):
        assert confirm(client, "").status_code == 200
    confirm(client, latest_code())
    assert is_in(client)


def stored() -> str:
    return json.dumps([session.get_decoded() for session in Session.objects.all()])


def test_a_session_holds_neither_address_nor_code(user):
    client = browser()
    ask(client, user.email)
    ask(browser(), "nobody@norr.example")
    code = latest_code() if "kod" in mail.outbox[-1].subject else None
    assert "norr.example" not in stored()
    letters = [re.search(r"[A-Z]{4}-[A-Z]{4}", letter.body) for letter in mail.outbox]
    code = next(found[0] for found in letters if found)
    assert code not in stored()
    assert code.replace("-", "").lower() not in stored().lower()
    confirm(client, code)
    with_password(browser(), user.email, PASSWORD)
    assert is_in(client)
    assert "norr.example" not in stored()
    assert "sign-in" not in client.cookies or client.cookies["sign-in"].value == ""


def test_the_session_lasts_two_weeks(user):
    for sign_in in (
        lambda c: with_password(c, user.email, PASSWORD),
        lambda c: (ask(c, user.email), confirm(c, latest_code())),
    ):
        client = browser()
        sign_in(client)
        cookie = client.cookies["sessionid"]
        assert cookie["max-age"] == 14 * 24 * 3600
        assert cookie["httponly"]


def test_a_made_up_persons_letter_never_leaves(user, settings, tmp_path):
    settings.EMAIL_FILE_PATH = str(tmp_path / "mail")
    user.is_synthetic = True
    user.save()
    ask(browser(), user.email)
    assert not mail.outbox
    assert b"kod" in next((tmp_path / "mail").iterdir()).read_bytes()


def test_signing_out_takes_a_question_and_an_answer(user):
    client = browser()
    with_password(client, user.email, PASSWORD)
    assert client.get(reverse("account_logout")).status_code == 200
    assert is_in(client)
    client.post(reverse("account_logout"))
    assert not is_in(client)


def test_nothing_else_of_allauth_has_an_address():
    exposed = {pattern.name for pattern in urls.urlpatterns}
    for name in (
        "account_signup",
        "account_email",
        "account_reset_password",
        "account_inactive",
        "account_reauthenticate",
    ):
        with pytest.raises(NoReverseMatch):
            reverse(name)
    assert {name for name in get_resolver().reverse_dict if str(name).startswith("account")} == exposed


def test_every_page_carries_its_rule():
    scopes = {pattern.name: pattern.callback.access.scope for pattern in urls.urlpatterns}
    assert scopes == {
        "account": "account",
        "account_login": "public",
        "account_request_login_code": "public",
        "account_confirm_login_code": "public",
        "account_login_password": "public",
        "account_logout": "public",
        "account_change_password": "account",
        "account_set_password": "account",
    }


@pytest.mark.parametrize("name", ["account", "account_change_password", "account_set_password"])
def test_ones_own_pages_need_signing_in(name):
    assert reverse("account_login") in browser().get(reverse(name))["Location"]


@pytest.mark.parametrize("chosen", ["sv", "en"])
def test_the_language_chosen_in_this_browser_holds(user, chosen):
    User.objects.update(language={"sv": "en", "en": "sv"}[chosen])
    client = browser()
    client.post(reverse("set_language"), {"language": chosen, "next": reverse("account_login")})
    with_password(client, user.email, PASSWORD)
    assert f'<html lang="{chosen}"' in client.get(reverse("account")).content.decode()


def test_where_none_was_chosen_the_accounts_language_holds(user):
    User.objects.update(language="en")
    client = browser()
    with_password(client, user.email, PASSWORD)
    assert '<html lang="en"' in client.get(reverse("account")).content.decode()


def test_an_account_that_never_chose_keeps_the_language_of_the_page(user):
    client = Client(headers={"accept-language": "en"})
    ask(client, user.email)
    assert "Your code" in mail.outbox[-1].body
    with_password(client, user.email, PASSWORD)
    assert "language" not in client.cookies
    assert '<html lang="en"' in client.get(reverse("account")).content.decode()

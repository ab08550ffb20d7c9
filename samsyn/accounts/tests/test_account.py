"""One's own account: password, language, signing out everywhere else."""

from __future__ import annotations

import pytest
from django.contrib.sessions.models import Session
from django.core import mail
from django.urls import reverse

from samsyn.accounts.models import User
from samsyn.accounts.sessions import clear_expired
from samsyn.accounts.tests.conftest import PASSWORD, ask, browser, confirm, is_in, latest_code, with_password
from samsyn.core import clock

pytestmark = pytest.mark.django_db
NEW = "helt andra ord utan samband"


def by_password(user: User):
    client = browser()
    with_password(client, user.email, PASSWORD)
    return client


def by_code(user: User):
    client = browser()
    ask(client, user.email)
    confirm(client, latest_code())
    return client


def change(client, **fields):
    return client.post(reverse("account_change_password"), fields)


def test_a_changed_password_signs_out_everywhere_else_and_is_told_by_letter(user):
    here, there = by_password(user), by_password(user)
    mail.outbox.clear()
    answer = change(here, oldpassword=PASSWORD, password1=NEW, password2=NEW)
    assert answer["Location"] == reverse("account")
    assert is_in(here)
    assert not is_in(there)
    assert [letter.to for letter in mail.outbox] == [[user.email]]
    user.refresh_from_db()
    assert user.check_password(NEW)


def test_the_old_password_is_asked_for_and_counted(user, monkeypatch):
    client = by_password(user)
    answer = change(client, oldpassword="wrong words here", password1=NEW, password2=NEW)
    assert set(answer.context["form"].errors) == {"oldpassword"}
    for _ in range(12):
        answer = change(client, oldpassword="wrong words here", password1=NEW, password2=NEW)
    assert "många försök" in str(answer.context["form"].errors["oldpassword"])
    answer = change(client, oldpassword=PASSWORD, password1=NEW, password2=NEW)
    assert answer.status_code == 200
    user.refresh_from_db()
    assert user.check_password(PASSWORD)


def test_a_forgotten_password_is_replaced_after_signing_in_by_code(user):
    client = by_code(user)
    page = client.get(reverse("account_change_password"))
    assert "oldpassword" not in page.context["form"].fields
    change(client, password1=NEW, password2=NEW)
    user.refresh_from_db()
    assert user.check_password(NEW)

    session = client.session
    session["account_authentication_methods"][0]["at"] -= 901
    session.save()
    assert "oldpassword" in client.get(reverse("account_change_password")).context["form"].fields


def test_who_has_no_password_sets_one(db):
    user = User.objects.create_user("bo@norr.example")
    client, other = by_code(user), by_code(user)
    assert "Du har inget" in client.get(reverse("account")).content.decode()
    assert client.get(reverse("account_change_password"))["Location"] == reverse("account_set_password")
    client.post(reverse("account_set_password"), {"password1": NEW, "password2": NEW})
    user.refresh_from_db()
    assert user.check_password(NEW)
    assert is_in(client)
    assert not is_in(other)


@pytest.mark.parametrize(
    ("first", "second", "field"),
    [("kort", "kort", "password1"), ("password1234", "password1234", "password1"), (NEW, NEW + "x", "password2")],
)
def test_weak_and_unlike_passwords_are_refused_at_their_field(user, first, second, field):
    answer = change(by_code(user), password1=first, password2=second)
    assert field in answer.context["form"].errors
    user.refresh_from_db()
    assert user.check_password(PASSWORD)


def test_the_language_is_kept_with_the_account(user):
    client = by_password(user)
    client.post(reverse("set_language"), {"language": "en", "next": reverse("account")})
    assert '<html lang="en"' in client.get(reverse("account")).content.decode()


def test_sessions_that_are_over_are_deleted(user):
    by_password(user)
    Session.objects.update(expire_date=clock.now())
    clear_expired()
    assert not Session.objects.exists()

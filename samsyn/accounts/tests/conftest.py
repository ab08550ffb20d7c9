"""Somebody with an account, and their letters."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from samsyn.accounts.models import User

PASSWORD = "fyra ord som inte hör ihop"
ASK, CONFIRM, WITH_PASSWORD = "account_request_login_code", "account_confirm_login_code", "account_login_password"


@pytest.fixture(autouse=True)
def fresh(settings) -> Iterator[None]:
    """No counts of earlier tests; password digests of the quick kind, since there are hundreds here."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def user(db: None) -> User:
    return User.objects.create_user("anna@norr.example", PASSWORD)


def browser(address: str = "192.0.2.1") -> Client:
    """A browser at an address; Swedish."""
    return Client(REMOTE_ADDR=address, headers={"accept-language": "sv"})


def ask(client: Client, email: str, **extra: str):
    return client.post(reverse(ASK), {"email": email, **extra})


def confirm(client: Client, code: str, **extra: str):
    return client.post(reverse(CONFIRM), {"code": code, **extra})


def with_password(client: Client, email: str, password: str, **extra: str):
    return client.post(reverse(WITH_PASSWORD), {"login": email, "password": password, **extra})


def latest_code() -> str:
    found = re.search(r"^([A-Z]{4}-[A-Z]{4})$", mail.outbox[-1].body, re.M)
    assert found, mail.outbox[-1].body
    return found[1]


def is_in(client: Client) -> bool:
    return client.get(reverse("account")).status_code == 200

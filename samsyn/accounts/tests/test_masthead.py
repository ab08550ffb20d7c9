"""The pages before one has signed in have the masthead and footer of every other page."""

from __future__ import annotations

import pytest
from django.urls import reverse

from samsyn.accounts.tests.conftest import ask, browser

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("name", ["account_login", "account_login_password", "account_confirm_login_code"])
def test_the_language_can_be_chosen_and_faults_reported(user, name):
    client = browser()
    if name == "account_confirm_login_code":
        ask(client, user.email)
    page = client.get(reverse(name)).content.decode()
    assert f'action="{reverse("set_language")}"' in page
    assert f'href="{reverse("statement:accessibility")}"' in page

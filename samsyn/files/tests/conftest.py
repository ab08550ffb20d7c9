"""Two organisations, and an owner of files that only some may see."""

from __future__ import annotations

from collections.abc import Iterator
from types import SimpleNamespace

import pytest

from samsyn.accounts.models import User
from samsyn.core import tenancy
from samsyn.core.texts import LangText
from samsyn.files import access
from samsyn.organisations.models import Organisation

OWNER = 4711
ALT = LangText(sv="En tavla med lappar", en="A board with notes")


@pytest.fixture(autouse=True)
def media(settings, tmp_path) -> None:
    settings.MEDIA_ROOT = tmp_path / "files"


@pytest.fixture
def organisation(db) -> Iterator[Organisation]:
    found = Organisation.objects.create(slug="norr", name=LangText(sv="Region Norr"))
    with tenancy.scope(found.pk, found.slug):
        yield found


@pytest.fixture
def allowed() -> Iterator[SimpleNamespace]:
    """Who may see and change; asked at every request."""
    rule = SimpleNamespace(see={"lead@example.org", "bo@example.org"}, change={"lead@example.org"}, asked=[])

    def see(request, owner_id: int) -> bool:
        rule.asked.append(owner_id)
        return request.user.is_authenticated and request.user.email in rule.see

    def change(request, owner_id: int):
        return request.user if request.user.is_authenticated and request.user.email in rule.change else None

    access.register("test-owner", see, change=change, page=lambda owner_id: f"/owner/{owner_id}/")
    yield rule
    access._rules.pop("test-owner")


@pytest.fixture
def sign_in(client, organisation):
    def go(email: str):
        user = User.objects.filter(email=email).first() or User.objects.create_user(email)
        client.force_login(user)
        return client

    return go

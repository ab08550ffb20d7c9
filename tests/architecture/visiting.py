"""Who visits, what they are by the words of the rules, and what an address answers them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.test import Client
from django.urls import reverse

from samsyn.accounts.models import User
from samsyn.core.ids import new_id
from tests.architecture.addresses import Address
from tests.fixtures import BACKEND, World

SIGN_IN = 302  # the way to the sign-in page; every other redirect counts as an answer (200)
RUN_IT = {"owner", "lead", "facilitator"}
INSIDE = RUN_IT | {"member", "manager", "staff", "other"}
EVERYONE = (*sorted(INSIDE), "guest")

# What each person of `tests/fixtures.py` is to the programme, in the words of the rules. Written by hand on purpose:
# the product's own reckoning (`programmes/standing.py`) is what is tried.
ROLES = {
    "owner": {"owner", "staff", "manager"},
    "lead": {"lead", "staff"},
    "facilitator": {"facilitator"},
    "member": {"member", "staff"},
    "manager": {"staff", "manager"},
    "staff": {"staff"},
    "other": {"staff"},
    "guest": set(),
}


@dataclass
class Browsers:
    """One browser for each who visits, signed in once."""

    world: World
    known: dict[str, Client] = field(default_factory=dict)

    def __getitem__(self, who: str) -> Client:
        if who not in self.known:
            self.known[who] = _operator() if who == "operator" else self.world.client(who if who != "nobody" else None)
        return self.known[who]


def _operator() -> Client:
    client = Client()
    client.force_login(User.objects.create_user("drift@example.org", is_operator=True), backend=BACKEND)
    return client


def path_of(address: Address, **known: Any) -> str:
    """The address, with the ids that are known and made-up ones elsewhere."""
    return reverse(address.name, kwargs={part: known.get(part, made_up(part)) for part in address.parts})


def made_up(part: str) -> object:
    """Something that an address may hold in this place, and that is not there."""
    texts = {"who": "owner", "code": "ZZZZZZ", "secret": "x" * 22, "key": "x", "token": "x", "owner_kind": "activity"}
    return texts.get(part, new_id())


def answer(client: Client, path: str) -> int:
    """The status of a look (or, where a page takes only posts, of an empty post), with nothing kept."""
    with transaction.atomic():
        response = client.get(path)
        if response.status_code == 405:
            response = client.post(path)
        transaction.set_rollback(True)
    if response.status_code != 302:
        return response.status_code
    return SIGN_IN if "/accounts/login" in response.url else 200

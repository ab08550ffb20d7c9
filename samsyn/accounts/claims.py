"""Accounts that are made when they are first needed: whoever is imported has none until they sign in."""

from __future__ import annotations

from collections.abc import Callable

from samsyn.accounts.models import User

Claim = Callable[[User | None, str], User | None]

_claims: list[Claim] = []


def register(claim: Claim) -> None:
    """`claim(user, email)` ties what is known under an address to its account, making the account where it is missing.

    It gives the account, or None where nothing is known under the address. There is one, in the part with the people.
    """
    _claims[:] = [claim]


def claim_account(email: str) -> None:
    """Before a code is sent: let the account of a known address be there."""
    address = email.strip().lower()
    for claim in _claims:
        claim(User.objects.filter(email=address).first(), address)

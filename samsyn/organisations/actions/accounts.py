"""Tying people to accounts: at the first sign-in, by the address that the organisation knows."""

from __future__ import annotations

from django.db import transaction

from samsyn.accounts.models import User
from samsyn.core import clock
from samsyn.organisations.models import Person


def claim_account(user: User | None, email: str) -> User | None:
    """Tie the people with this address, one in each organisation, to the account; it is made where it is missing.

    An address that two people in one organisation share belongs to neither. Synthetic organisations are left alone.
    Gives the account, or None where nobody has the address.
    """
    rows = Person.across.filter(email__iexact=email, user=None, erased=False, organisation__synthetic=False)
    present = [person for person in rows if person.left is None or person.left > clock.today()]
    alone = [person for person in present if sum(p.organisation_id == person.organisation_id for p in present) == 1]
    if not alone:
        return user
    with transaction.atomic():
        account = user or User.objects.create_user(email)
        taken = set(Person.across.filter(user=account).values_list("organisation_id", flat=True))
        free = [person.pk for person in alone if person.organisation_id not in taken]
        Person.across.filter(pk__in=free, user=None).update(user=account)
    return account

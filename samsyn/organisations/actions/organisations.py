"""Writes to organisations themselves: made, by the operator of the installation."""

from __future__ import annotations

import re

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from samsyn.accounts.actions import account_of
from samsyn.audit.actions import record
from samsyn.core import tenancy
from samsyn.core.errors import RefusedError
from samsyn.core.texts import LangText
from samsyn.organisations.actions.accounts import claim_account
from samsyn.organisations.actions.people import add_person, set_administrator
from samsyn.organisations.models import Organisation, Person

_SLUG = re.compile(r"[a-z0-9][-a-z0-9]{0,39}")


def add_organisation(slug: str, name: str, *, administrator: str, administrator_name: str = "") -> Organisation:
    """Make an organisation, and the one who looks after its people and units. Raises RefusedError."""
    if not _SLUG.fullmatch(slug):
        raise RefusedError(_("The name in addresses may hold small letters, digits and dashes, at most 40."), "slug")
    if Organisation.objects.filter(slug=slug).exists():
        raise RefusedError(_("There is already an organisation with this name in addresses."), "slug")
    with transaction.atomic():
        user = account_of(administrator)
        organisation = Organisation.objects.create(slug=slug, name=LangText(sv=name, en=name))
        with tenancy.scope(organisation.pk, organisation.slug):
            record("organisation.added", organisation, by=None)
            person = add_person(
                key=user.email,
                name=administrator_name or user.email.split("@")[0],
                unit=None,
                email=user.email,
                level=Person.Level.TOP,
                by=None,
            )
            set_administrator(person, True, by=None)
        claim_account(user, user.email)
    return organisation

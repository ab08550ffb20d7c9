"""`samsyn operator`: the first account, the first organisation."""

from __future__ import annotations

import argparse
import re

from samsyn.cli.set_up import complain, start_django


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Two things to do: add an operator, add an organisation."""
    things = parser.add_subparsers(dest="thing", required=True, metavar="what")
    add = things.add_parser("add", help="make an operator who signs in with a code by e-mail")
    add.add_argument("address")
    organisation = things.add_parser("organisation", help="make an organisation with its first administrator")
    organisation.add_argument("slug", help="its name in addresses: small letters, digits and dashes")
    organisation.add_argument("name", help="its name in words")
    organisation.add_argument("--administrator", required=True, help="the e-mail address of its first administrator")
    organisation.add_argument("--administrator-name", default="")


def run(arguments: argparse.Namespace) -> int:
    """Do it; say so."""
    start_django()
    if arguments.thing == "add":
        return _add_operator(arguments.address)
    return _add_organisation(arguments)


def _add_operator(address: str) -> int:
    from django.core.exceptions import ValidationError
    from django.core.validators import validate_email

    from samsyn.accounts.models import User

    try:
        validate_email(address)
    except ValidationError:
        return complain(f"{address} is not an e-mail address.")
    user = User.objects.filter(email=address.lower()).first() or User.objects.create_user(address)
    user.is_operator = True
    user.save(update_fields=["is_operator"])
    print(f"{user.email} is an operator, and signs in with a code by e-mail.")
    return 0


def _add_organisation(arguments: argparse.Namespace) -> int:
    from django.db import transaction

    from samsyn.accounts.models import User
    from samsyn.core import clock, tenancy
    from samsyn.core.texts import LangText
    from samsyn.organisations.models import Organisation, Person

    if not re.fullmatch(r"[a-z0-9][-a-z0-9]{0,39}", arguments.slug):
        return complain("The name in addresses may hold small letters, digits and dashes, at most 40.")
    if Organisation.objects.filter(slug=arguments.slug).exists():
        return complain(f"There is already an organisation called {arguments.slug}.")
    address = arguments.administrator.lower()
    with transaction.atomic():
        organisation = Organisation.objects.create(
            slug=arguments.slug, name=LangText(sv=arguments.name, en=arguments.name)
        )
        user = User.objects.filter(email=address).first() or User.objects.create_user(address)
        with tenancy.scope(organisation.pk, organisation.slug):
            Person.objects.create(
                organisation=organisation,
                key=address,
                name=arguments.administrator_name or address.split("@")[0],
                email=address,
                user=user,
                level=Person.Level.TOP,
                administrator=True,
                joined=clock.today(),
            )
    print(f"{arguments.name} is at /o/{arguments.slug}/. {address} looks after its people and units.")
    return 0

"""`samsyn operator`: the first account, the first organisation."""

from __future__ import annotations

import argparse

from samsyn.cli.set_up import complain, start_with_tables


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
    start_with_tables()
    from django.utils import translation

    from samsyn.core.errors import RefusedError

    with translation.override("en"):
        try:
            return _add_operator(arguments) if arguments.thing == "add" else _add_organisation(arguments)
        except RefusedError as refusal:
            return complain(str(refusal.message))


def _add_operator(arguments: argparse.Namespace) -> int:
    from samsyn.accounts.actions import make_operator

    user = make_operator(arguments.address)
    print(f"{user.email} is an operator, and signs in with a code by e-mail.")
    return 0


def _add_organisation(arguments: argparse.Namespace) -> int:
    from samsyn.organisations.actions import add_organisation

    add_organisation(
        arguments.slug,
        arguments.name,
        administrator=arguments.administrator,
        administrator_name=arguments.administrator_name,
    )
    address = arguments.administrator.strip().lower()
    print(f"{arguments.name} is at /o/{arguments.slug}/. {address} looks after its people and units.")
    return 0

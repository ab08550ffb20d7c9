"""`samsyn export SLUG FOLDER`: an organisation, or one programme, as open files that any program reads."""

from __future__ import annotations

import argparse
from pathlib import Path

from samsyn.cli.set_up import complain, start_with_tables


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Which organisation, which programme, and where to."""
    parser.add_argument("organisation", metavar="SLUG", help="the organisation's name in addresses")
    parser.add_argument("folder", type=Path, help="a folder that is empty or not there yet")
    parser.add_argument("--programme", metavar="ID", help="only this one: the 13 signs in the programme's address")


def run(arguments: argparse.Namespace) -> int:
    """Write the files; say how many."""
    start_with_tables()
    from django.utils import translation

    from samsyn.core import tenancy
    from samsyn.core.ids import read_id
    from samsyn.home.export import export, programme_of
    from samsyn.organisations.models import Organisation

    found = Organisation.objects.filter(slug=arguments.organisation).first()
    if found is None:
        return complain(f"There is no organisation {arguments.organisation!r}.")
    if arguments.folder.exists() and any(arguments.folder.iterdir()):
        return complain(f"{arguments.folder} is not empty. Give each export a folder of its own.")
    with tenancy.scope(found.pk, found.slug), translation.override(found.language):
        chosen = None
        if arguments.programme:
            programme = programme_of(read_id(arguments.programme) or 0)
            if programme is None:
                return complain(f"There is no programme {arguments.programme!r} in {arguments.organisation}.")
            chosen = [programme]
        number = export(arguments.folder, chosen)
    print(f"{number} {'file is' if number == 1 else 'files are'} in {arguments.folder}.")
    return 0

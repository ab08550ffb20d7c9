"""`samsyn backup FOLDER`: the database, the attachments and the list of erasures, while it runs. Never a key."""

from __future__ import annotations

import argparse
from pathlib import Path

from samsyn.cli.set_up import complain, start_with_tables


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Where to put it."""
    parser.add_argument("folder", type=Path, help="a folder that is empty or not there yet")


def run(arguments: argparse.Namespace) -> int:
    """Write the backup; say what else must be kept."""
    start_with_tables()
    from django.conf import settings

    from samsyn.core.errors import RefusedError
    from samsyn.organisations.backups import back_up

    try:
        back_up(arguments.folder)
    except (RefusedError, OSError) as refusal:
        return complain(str(refusal))
    print(f"The backup is in {arguments.folder}. Keep the keys in {settings.KEY_DIR} apart from it.")
    return 0

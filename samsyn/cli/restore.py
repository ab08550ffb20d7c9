"""`samsyn restore FOLDER`: put a backup back, and erase again whoever has been erased since it was taken."""

from __future__ import annotations

import argparse
from pathlib import Path

from samsyn.cli.set_up import complain, start_django


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Which backup, and whether it may take the place of what is here."""
    parser.add_argument("folder", type=Path, help="the folder of a backup")
    parser.add_argument("--replace", action="store_true", help="in the place of the organisations that are here")


def run(arguments: argparse.Namespace) -> int:
    """Restore; the service must stand still meanwhile."""
    start_django()
    from samsyn.core.errors import RefusedError
    from samsyn.organisations.backups import restore
    from samsyn.programmes.actions_search import fill_indexes

    try:
        gone = restore(arguments.folder, replace=arguments.replace)
    except (RefusedError, OSError) as refusal:
        return complain(str(refusal))
    fill_indexes()
    print(f"Restored. {gone} people had been erased since, and are erased again. Start the service: samsyn check")
    return 0

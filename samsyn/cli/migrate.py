"""`samsyn migrate`."""

from __future__ import annotations

import argparse

from samsyn.cli.set_up import migrate, start_django


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """No arguments."""


def run(arguments: argparse.Namespace) -> int:
    """Bring the database up to date."""
    start_django()
    migrate(loud=True)
    return 0

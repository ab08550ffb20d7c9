"""`samsyn worker`: the job worker alone."""

from __future__ import annotations

import argparse

from samsyn.cli.set_up import start_with_tables


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """No arguments."""


def run(arguments: argparse.Namespace) -> int:
    """Do jobs and daily duties until told to stop."""
    start_with_tables()
    from samsyn.jobs import worker

    worker.run()
    return 0

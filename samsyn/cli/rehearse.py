"""`samsyn rehearse`: walk a playbook through with a synthetic organisation, beside the real ones."""

from __future__ import annotations

import argparse

from samsyn.cli.set_up import complain, start_with_tables


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Which playbook, and what the synthetic organisation is called in addresses."""
    parser.add_argument("playbook", nargs="?", default="leadership-and-culture")
    parser.add_argument("--slug", default="rehearsal")


def run(arguments: argparse.Namespace) -> int:
    """Rehearse; say where it can be seen."""
    start_with_tables()
    from samsyn.organisations.models import Organisation
    from samsyn.rehearsal.actions import rehearse

    if Organisation.objects.filter(slug=arguments.slug).exists():
        return complain(f"There is already an organisation called {arguments.slug}: choose another with --slug.")
    try:
        rehearse(
            arguments.playbook, slug=arguments.slug, tell=lambda done, total, what: print(f"  {done}/{total} {what}")
        )
    except LookupError:
        return complain(f"There is no playbook called {arguments.playbook}.")
    print(f"The rehearsal is at /o/{arguments.slug}/. Everything in it is made up, and no mail leaves it.")
    return 0


def _tell(done: int, total: int, what: str) -> None:
    print(f"  {done}/{total} {what}", flush=True)

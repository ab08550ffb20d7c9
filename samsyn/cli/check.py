"""`samsyn check`: what a production set-up still lacks, one sentence each, with what to do about it."""

from __future__ import annotations

import argparse
import io
import stat
from collections.abc import Iterator
from pathlib import Path

from samsyn.cli.set_up import start_django, writable


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """No arguments."""


def run(arguments: argparse.Namespace) -> int:
    """Print each shortcoming; 1 if there is any."""
    start_django()
    found = list(shortcomings())
    for sentence in found:
        print(f"- {sentence}")
    print("Nothing is missing for production." if not found else f"{len(found)} to see to before production.")
    return 1 if found else 0


def shortcomings() -> Iterator[str]:
    """What is missing, in the order in which it hurts."""
    from django.conf import settings
    from django.core.management import call_command
    from django.core.management.base import SystemCheckError

    try:
        call_command("check", verbosity=0, stdout=io.StringIO())
    except SystemCheckError as error:
        yield f"The system check finds: {str(error).strip()}"
    yield from _addresses(settings)
    yield from _database(settings)
    yield from _keys(settings)
    if settings.EMAIL_BACKEND.endswith("filebased.EmailBackend"):
        yield "No mail leaves this server: letters are written to files. Set SAMSYN_MAIL_URL=smtp+tls://user:password@host:587."
    elif settings.DEFAULT_FROM_EMAIL.endswith("@localhost"):
        yield "Letters have no sender. Set SAMSYN_MAIL_FROM to an address of yours."
    if not writable(Path(settings.DATA_DIR)):
        yield f"Nothing can be written in {settings.DATA_DIR}. Give that folder to the server, or set SAMSYN_DATA_DIR."


def _addresses(settings: object) -> Iterator[str]:
    origin = str(getattr(settings, "ORIGIN", ""))
    if not origin.startswith("https:"):
        yield f"People reach it on {origin}, without encryption. Put it behind a proxy with TLS and set SAMSYN_ORIGIN=https://…"


def _database(settings: object) -> Iterator[str]:
    from django.db import OperationalError, connection
    from django.db.migrations.executor import MigrationExecutor

    try:
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            yield "The database is not up to date. Run: samsyn migrate"
            return
    except OperationalError as error:
        yield f"The database does not answer: {str(error).strip().splitlines()[0]}"
        return
    from samsyn.accounts.models import User
    from samsyn.organisations.models import Organisation
    from samsyn.rehearsal.models import DemoMark

    if DemoMark.objects.exists():
        yield "This database was made by a demo: anyone can sign in with one click. Begin with an empty one."
    if not User.objects.filter(is_operator=True).exists():
        yield "There is no operator. Run: samsyn operator add you@your.organisation"
    if not Organisation.objects.filter(synthetic=False).exists():
        yield "There is no organisation. Run: samsyn operator organisation SLUG NAME --administrator ADDRESS"


def _keys(settings: object) -> Iterator[str]:
    folder = Path(str(getattr(settings, "KEY_DIR", "")))
    if not folder.exists():
        yield f"The folder for keys, {folder}, is not there. Start the server once, then look after that folder."
        return
    loose = [path.name for path in folder.glob("*.key") if path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO)]
    if loose:
        yield f"Others on this machine can read {', '.join(sorted(loose))} in {folder}. Run: chmod 600 {folder}/*.key"
    if folder.is_relative_to(Path(str(getattr(settings, "DATA_DIR", "")))):
        yield "The keys lie in the data folder, and so in its backups. Set SAMSYN_KEY_DIR to a folder outside it."

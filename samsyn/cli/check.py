"""`samsyn check`: what a production set-up still lacks, one sentence each, with what to do about it."""

from __future__ import annotations

import argparse
import io
import os
import stat
from collections.abc import Iterator
from pathlib import Path

from samsyn.cli.set_up import start_django, writable

_HOSTS = "SELECT count(DISTINCT client_addr) FROM pg_stat_activity WHERE datname = current_database()"


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
    yield from _processes(settings)
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
    organisations = Organisation.objects.filter(synthetic=False).count()
    if not organisations:
        yield "There is no organisation. Run: samsyn operator organisation SLUG NAME --administrator ADDRESS"
    yield from _told(settings, organisations)
    yield from _worker()


def _told(settings: object, organisations: int) -> Iterator[str]:
    if not getattr(settings, "CONTACT", ""):
        yield "Nobody is named whom people can turn to about their data or a fault. Set SAMSYN_CONTACT to an address."
    if organisations > 1 and not getattr(settings, "RESPONSIBLE", ""):
        yield "The accessibility statement names no public body. Set SAMSYN_RESPONSIBLE to who runs this installation."


def _worker() -> Iterator[str]:
    from samsyn.jobs.duties import nights_missed

    missed = nights_missed()
    why = "Order is forgotten, activities open and close and letters leave only while it runs"
    if missed is None:
        yield f"The worker has never run. {why}: start samsyn serve, or samsyn worker beside the servers."
    elif missed:
        yield f"The worker has not run for {missed} night{'s' * (missed > 1)}. {why}: see whether it is started."


def _processes(settings: object) -> Iterator[str]:
    from django.db import DatabaseError, connection

    if getattr(settings, "REDIS_URL", ""):
        return
    several = os.environ.get("WEB_CONCURRENCY", "1").strip() not in {"", "0", "1"}
    if connection.vendor == "postgresql":
        try:
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT count(DISTINCT client_addr) FROM pg_stat_activity WHERE datname = current_database()"
                )
                several = several or cursor.fetchone()[0] > 1
        except DatabaseError:
            pass  # said above
    if several:
        yield "Several processes serve pages; each counts wrong codes and keeps rooms for itself. Set REDIS_URL."


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

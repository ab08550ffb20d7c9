"""What several commands need: Django ready, the database there, clear sentences when something is not."""

from __future__ import annotations

import sys
from pathlib import Path


def start_django() -> None:
    """Load settings and apps. Ends with a sentence where the data folder cannot be written."""
    import django
    from django.conf import settings

    if not writable(Path(settings.DATA_DIR)):
        sentence = f"Nothing can be written in {settings.DATA_DIR}. Set SAMSYN_DATA_DIR to a folder of your own."
        raise SystemExit(complain(sentence))
    django.setup()


def start_with_tables() -> None:
    """The same for a command that reads the database. Ends with a sentence where it has no tables yet."""
    start_django()
    from django.db import connection

    from samsyn.accounts.models import User

    if User._meta.db_table not in connection.introspection.table_names():
        raise SystemExit(complain("The database has no tables yet. Run: samsyn migrate"))


def complain(sentence: str) -> int:
    """Say one clear sentence on standard error; the exit code of a refusal."""
    print(sentence, file=sys.stderr)
    return 1


def writable(folder: Path) -> bool:
    """Whether files can be made in a folder (which is made where it is missing)."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe = folder / ".probe"
        probe.touch()
        probe.unlink()
    except OSError:
        return False
    return True


def migrate(*, loud: bool = False) -> None:
    """Bring the database up to date, and its index."""
    from django.core.management import call_command

    from samsyn.programmes.actions_search import fill_indexes

    call_command("migrate", interactive=False, verbosity=1 if loud else 0)
    fill_indexes()

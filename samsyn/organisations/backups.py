"""A backup of the installation: the database, the attachments and the list of erasures; never a key.

A restore erases again whoever has been erased since, as far as the list here or the one in the backup knows.
"""

from __future__ import annotations

import json
import shutil
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.db import DatabaseError

from samsyn.core import clock, copies
from samsyn.core.errors import RefusedError
from samsyn.organisations import erasure
from samsyn.organisations.actions import reapply_erasures
from samsyn.organisations.erasure import Entry
from samsyn.organisations.models import Organisation

MANIFEST, FILES, ERASURES = "manifest.json", "files", "erasures.jsonl"


def back_up(folder: Path) -> None:
    """Write a backup into a folder that is empty or not there. Raises RefusedError."""
    if folder.exists() and any(folder.iterdir()):
        raise RefusedError(f"{folder} is not empty. Give each backup a folder of its own.")
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)
    copies.take(folder)
    if Path(settings.MEDIA_ROOT).is_dir():
        shutil.copytree(settings.MEDIA_ROOT, folder / FILES)
    if erasure.list_path().exists():
        shutil.copyfile(erasure.list_path(), folder / ERASURES)
    facts = {"made": clock.today().isoformat(), "version": _version(), "migrations": copies.migrations()}
    (folder / MANIFEST).write_text(json.dumps(facts, indent=1))


def restore(folder: Path, *, replace: bool = False) -> int:
    """Put a backup in the place of what is here, and erase again whoever was erased. How many those were.

    Without `replace` only an empty installation takes one. Nobody else may use it meanwhile. Raises RefusedError.
    """
    facts = _facts(folder)
    if _in_use() and not replace:
        raise RefusedError("There are organisations here. Say --replace to put the backup in their place.")
    if unknown := copies.unknown_migrations(facts["migrations"]):
        raise RefusedError(f"The backup is of a later version (it knows {unknown[0]}). Upgrade first.")
    erased = [*_erased_here(), *_erased_there(folder)]
    copies.put_back(folder, facts["migrations"])
    call_command("migrate", interactive=False, verbosity=0)
    if (folder / FILES).is_dir():
        shutil.copytree(folder / FILES, settings.MEDIA_ROOT, dirs_exist_ok=True)
    known = {entry[:2] for entry in erasure.entries()}
    for entry in dict.fromkeys(erased):
        if entry[:2] not in known:
            erasure.write_entry(entry)
    return reapply_erasures()


def _facts(folder: Path) -> dict[str, Any]:
    try:
        facts: dict[str, Any] = json.loads((folder / MANIFEST).read_text())
        return {"migrations": list(facts["migrations"]), **facts}
    except (OSError, ValueError, KeyError):
        raise RefusedError(f"{folder} holds no backup: {MANIFEST} is not there or cannot be read.") from None


def _in_use() -> bool:
    try:
        return Organisation.objects.exists()
    except DatabaseError:  # no tables yet
        return False


def _erased_here() -> list[Entry]:
    """From the database and the list, as they are before anything is put back."""
    try:
        return list(erasure.entries())
    except DatabaseError:
        return []


def _erased_there(folder: Path) -> list[Entry]:
    path = folder / ERASURES
    return [Entry(*json.loads(line)) for line in path.read_text().splitlines()] if path.exists() else []


def _version() -> str:
    try:
        return version("samsyn")
    except PackageNotFoundError:
        return ""

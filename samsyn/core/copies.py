"""Copies of the whole database, in which the order of writing cannot be read: rows lie by their random ids.

SQLite: a file written anew. PostgreSQL: the rows of each table, taken at one moment. Never the keys.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
from pathlib import Path
from typing import Any

from django.core.management.color import no_style
from django.db import connection, models, transaction
from django.db.migrations.loader import MigrationLoader

from samsyn.core.errors import RefusedError

SQLITE_FILE, ROWS = "samsyn.sqlite3", "rows"
_LEFT_OUT = {"django_session"}  # who is signed in


def migrations() -> list[str]:
    """What has been done to the database's shape."""
    return sorted(f"{app}.{name}" for app, name in MigrationLoader(connection).applied_migrations)


def unknown_migrations(applied: list[str]) -> list[str]:
    """Those that this version does not know: they were made by a later one."""
    loader = MigrationLoader(connection)
    known = {f"{app}.{name}" for app, name in loader.disk_migrations or {}}
    ours = {app for app, _name in loader.disk_migrations or {}}
    return [one for one in applied if one not in known and one.split(".")[0] in ours]


def take(folder: Path) -> None:
    """Write a copy of the database into a folder, while others go on working."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM INTO %s", [str(folder / SQLITE_FILE)])
        (folder / SQLITE_FILE).chmod(0o600)
        with sqlite3.connect(folder / SQLITE_FILE, isolation_level=None) as copy:
            for table in _LEFT_OUT:
                copy.execute(f"DELETE FROM {table}")
            copy.execute("VACUUM")
    else:
        _take_rows(folder / ROWS)


def put_back(folder: Path, applied: list[str]) -> None:
    """Put a copy in the place of what is in the database. Nobody else may use it meanwhile. Raises RefusedError."""
    if (folder / SQLITE_FILE).exists() != (connection.vendor == "sqlite"):
        raise RefusedError("The backup was made of another kind of database.")
    if connection.vendor == "sqlite":
        _put_file_back(folder / SQLITE_FILE)
    elif applied != migrations():
        raise RefusedError("The backup is of another version. Restore it with that version, and upgrade afterwards.")
    else:
        _put_rows_back(folder / ROWS)


def _put_file_back(source: Path) -> None:
    with sqlite3.connect(f"file:{source}?mode=ro", uri=True) as copy:
        if copy.execute("PRAGMA integrity_check").fetchone()[0] != "ok":
            raise RefusedError("The database in the backup is damaged.")
    target = Path(str(connection.settings_dict["NAME"]))
    fresh = target.with_suffix(".restoring")
    shutil.copyfile(source, fresh)
    fresh.chmod(0o600)
    connection.close()
    for ending in ("-wal", "-shm"):
        target.with_name(target.name + ending).unlink(missing_ok=True)
    os.replace(fresh, target)


def _tables() -> list[str]:
    return sorted(set(connection.introspection.table_names()) - _LEFT_OUT)


def _columns(cursor: Any, table: str) -> str:
    found = connection.introspection.get_table_description(cursor, table)
    return ", ".join(connection.ops.quote_name(column.name) for column in found)


def _take_rows(folder: Path) -> None:
    folder.mkdir(mode=0o700)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        for table in _tables():
            columns, name = _columns(cursor, table), connection.ops.quote_name(table)
            with (folder / f"{table}.copy").open("wb") as file:
                file.write(f"{columns}\n".encode())
                query = f"COPY (SELECT {columns} FROM {name} ORDER BY 1) TO STDOUT"
                with cursor.copy(query) as rows:
                    for some in rows:
                        file.write(bytes(some))


def _put_rows_back(folder: Path) -> None:
    tables = _tables()
    names = [connection.ops.quote_name(table) for table in tables]
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {', '.join(names)} CASCADE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        for table, name in zip(tables, names, strict=True):
            with (folder / f"{table}.copy").open("rb") as file:
                columns = file.readline().decode().strip()
                with cursor.copy(f"COPY {name} ({columns}) FROM STDIN") as rows:
                    while some := file.read(1 << 20):
                        rows.write(some)
        for statement in connection.ops.sequence_reset_sql(no_style(), _counted()):
            cursor.execute(statement)


def _counted() -> list[type[models.Model]]:
    """Models whose ids are counted: others' than ours."""
    from django.apps import apps

    return [model for model in apps.get_models() if isinstance(model._meta.pk, models.AutoField)]

"""Looking at the database as somebody with the disk in hand would."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.db import connection


def all_tables() -> list[str]:
    """Every table there is, Django's own too."""
    return sorted(connection.introspection.table_names())


def every_row() -> dict[str, set[tuple[Any, ...]]]:
    """Every row of every table, as plain values."""
    found = {}
    with connection.cursor() as cursor:
        for table in all_tables():
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            found[table] = {tuple(map(_plain, row)) for row in cursor.fetchall()}
    return found


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, (dict, list)) else value


def new_rows(before: dict[str, set[Any]], after: dict[str, set[Any]]) -> dict[str, set[tuple[Any, ...]]]:
    """Rows that are there now and were not before, by table."""
    return {table: rows - before.get(table, set()) for table, rows in after.items() if rows - before.get(table, set())}


def column_names(table: str) -> list[str]:
    """The columns of a table."""
    with connection.cursor() as cursor:
        return [column.name for column in connection.introspection.get_table_description(cursor, table)]


def own_tables() -> set[str]:
    """Tables of the product itself."""
    return {model._meta.db_table for model in apps.get_models() if model.__module__.startswith("samsyn.")}

"""Rows: the only one, and those that several write at once: added once, and held while one decides."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeVar

from django.db import connection, models

from samsyn.core.ids import decode_id

Row = TypeVar("Row", bound=models.Model)


def one(rows: models.QuerySet[Row]) -> Row | None:
    """The row that a unique value has found, or None: as `first()`, without sorting what is alone."""
    return next(iter(rows), None)


def id_in(values: Mapping[str, str], name: str) -> int | None:
    """The id that a sent field holds; None where it is none."""
    try:
        return decode_id(values.get(name, ""))
    except ValueError:
        return None


def add_once(row: models.Model) -> bool:
    """Add a row, unless one with the same unique values is there already. Whether it was added.

    An insert that fails is an error to the database, and its log would keep the values; this one does not fail.
    """
    rows = type(row)._default_manager
    rows.bulk_create([row], ignore_conflicts=True)
    return rows.filter(pk=row.pk).exists()


def add_up(row: models.Model, unique: Sequence[str], sums: Sequence[str]) -> None:
    """Add a row, or these numbers of it to the row that has the same unique values: one statement, safe among many.

    Args:
        unique: the fields of a unique constraint. sums: fields that hold numbers.
    """
    meta, quote = row._meta, connection.ops.quote_name
    fields = meta.concrete_fields
    column_of = {field.name: str(field.column) for field in fields}
    columns, table = [quote(column) for column in column_of.values()], quote(meta.db_table)
    values = [field.get_db_prep_save(field.pre_save(row, True), connection) for field in fields]
    same = ", ".join(quote(column_of[name]) for name in unique)
    more = ", ".join(f"{quote(name)} = {table}.{quote(name)} + excluded.{quote(name)}" for name in sums)
    places = ", ".join(["%s"] * len(fields))
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({places}) ON CONFLICT ({same}) DO UPDATE SET {more}",
            values,
        )


def hold(row: models.Model, *columns: str) -> bool:
    """Keep others from changing a row until the transaction ends, and know these columns of it as they are now.

    False where the row is gone.
    """
    now = type(row)._default_manager.select_for_update().filter(pk=row.pk).values(*columns).first()
    for column, value in (now or {}).items():
        setattr(row, column, value)
    return now is not None

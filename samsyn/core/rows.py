"""Rows that several write at once: added once, and held while one decides."""

from __future__ import annotations

from django.db import models


def add_once(row: models.Model) -> bool:
    """Add a row, unless one with the same unique values is there already. Whether it was added.

    An insert that fails is an error to the database, and its log would keep the values; this one does not fail.
    """
    rows = type(row)._default_manager
    rows.bulk_create([row], ignore_conflicts=True)
    return rows.filter(pk=row.pk).exists()


def hold(row: models.Model, *columns: str) -> bool:
    """Keep others from changing a row until the transaction ends, and know these columns of it as they are now.

    False where the row is gone.
    """
    now = type(row)._default_manager.select_for_update().filter(pk=row.pk).values(*columns).first()
    for column, value in (now or {}).items():
        setattr(row, column, value)
    return now is not None

"""How rows of anonymous and coded activities lie in the database, so that their order says nothing.

SQLite: the random id is the row's place, but inside a page the bytes still lie in the order of writing until
the file is rewritten, and the write-ahead log keeps them until it is truncated. PostgreSQL: every row version
carries the transaction that wrote it (xmin) and its place (ctid). `shuffle` removes both traces; it runs daily
and when an activity closes.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.db import connection, models, transaction


def shuffle(rows: Iterable[models.QuerySet[models.Model]]) -> None:
    """Rewrite the given rows (one queryset per table) so that neither order nor writing transaction can be read back.

    Must run outside a transaction. PostgreSQL: all tables in one transaction, in the order of their random ids,
    then vacuumed. SQLite: the whole file is rewritten and the log truncated.
    """
    querysets = list(rows)
    if connection.in_atomic_block:
        raise RuntimeError("shuffle must run outside a transaction")
    if connection.vendor == "postgresql":
        _rewrite_postgresql(querysets)
    elif connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM")
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _rewrite_postgresql(querysets: list[models.QuerySet[models.Model]]) -> None:
    tables = [queryset.model._meta.db_table for queryset in querysets]
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        for queryset, table in zip(querysets, tables, strict=True):
            name = connection.ops.quote_name(table)
            ids, params = queryset.order_by().values("pk").query.sql_with_params()
            cursor.execute(
                f"CREATE TEMP TABLE shuffled ON COMMIT DROP AS SELECT * FROM {name} WHERE id IN ({ids})", params
            )
            cursor.execute(f"DELETE FROM {name} WHERE id IN (SELECT id FROM shuffled)")
            cursor.execute(f"INSERT INTO {name} SELECT * FROM shuffled ORDER BY id")
            cursor.execute("DROP TABLE shuffled")
    with connection.cursor() as cursor:
        for table in dict.fromkeys(tables):
            cursor.execute(f"VACUUM {connection.ops.quote_name(table)}")

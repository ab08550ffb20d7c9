"""How rows of anonymous and coded activities lie in the database, so that their order says nothing.

SQLite: the random id is the row's place, but inside a page the bytes still lie in the order of writing until
the file is rewritten, and the write-ahead log keeps them until it is truncated. PostgreSQL: every row version
carries the transaction that wrote it (xmin) and its place (ctid). `shuffle` removes both traces; it runs daily
and when an activity closes.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence

from django.db import OperationalError, connection, models, transaction

_TRIES = 20
_WAIT = "200ms"  # so long at most do others wait behind a rewriting that has not begun
_BETWEEN_TRIES = 0.1
_IN_THE_WAY = {"55P03", "40P01"}  # lock not available, deadlock


def shuffle(rows: Iterable[models.QuerySet[models.Model]]) -> None:
    """Rewrite the given rows (one queryset per table) so that neither order nor writing transaction can be read back.

    Must run outside a transaction. PostgreSQL: all tables in one transaction, in the order of their random ids,
    then vacuumed; nobody else writes to them meanwhile, so that nothing written at the same time is lost. SQLite: the
    whole file is rewritten and the log truncated. Raises OperationalError where others keep the tables or the file
    busy; then it must be done again.
    """
    querysets = list(rows)
    if connection.in_atomic_block:
        raise RuntimeError("shuffle must run outside a transaction")
    if connection.vendor == "postgresql":
        _rewrite_postgresql(querysets)
    elif connection.vendor == "sqlite":
        _rewrite_sqlite()


def _rewrite_sqlite() -> None:
    with connection.cursor() as cursor:
        cursor.execute("VACUUM")
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        busy = cursor.fetchone()[0]  # said in the answer, not raised
    if busy:
        raise OperationalError("somebody still reads what lies in the write-ahead log")


def _rewrite_postgresql(querysets: Sequence[models.QuerySet[models.Model]]) -> None:
    for left in reversed(range(_TRIES)):
        try:
            _rewrite_tables(querysets)
            break
        except OperationalError as error:
            if not left or getattr(error.__cause__, "sqlstate", "") not in _IN_THE_WAY:
                raise
            time.sleep(_BETWEEN_TRIES)
    with connection.cursor() as cursor:
        for table in dict.fromkeys(_table(queryset) for queryset in querysets):
            cursor.execute(f"VACUUM {connection.ops.quote_name(table)}")


def _rewrite_tables(querysets: Sequence[models.QuerySet[models.Model]]) -> None:
    names = [connection.ops.quote_name(_table(queryset)) for queryset in querysets]
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL lock_timeout = '{_WAIT}'")
        # Others go on reading. Whoever writes waits, also for the rows that a foreign key points at.
        cursor.execute(f"LOCK TABLE {', '.join(dict.fromkeys(names))} IN EXCLUSIVE MODE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        for queryset, name in zip(querysets, names, strict=True):
            ids, params = queryset.order_by().values("pk").query.sql_with_params()
            cursor.execute(
                f"CREATE TEMP TABLE shuffled ON COMMIT DROP AS SELECT * FROM {name} WHERE id IN ({ids})", params
            )
            cursor.execute(f"DELETE FROM {name} WHERE id IN (SELECT id FROM shuffled)")
            cursor.execute(f"INSERT INTO {name} SELECT * FROM shuffled ORDER BY id")
            cursor.execute("DROP TABLE shuffled")


def _table(queryset: models.QuerySet[models.Model]) -> str:
    return queryset.model._meta.db_table

"""Long lists a page at a time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet

from samsyn.core.ids import encode_id, read_id

A_PAGE = 50


def page_of(rows: QuerySet[Any] | Sequence[Any], query: Mapping[str, Any], *, size: int = A_PAGE) -> Page[Any]:
    """The page that an address asks for: `page`, or the one that the row in `at` stands on; else the first."""
    number = query.get("page")
    if number is None and query.get("at") and isinstance(rows, QuerySet):
        number = _page_with(rows, str(query["at"]), size)
    return Paginator(rows, size).get_page(number)


def place_of(row: Any) -> str:
    """The query with which an address leads to the page that a row stands on, wherever that is by then."""
    return f"?at={encode_id(row if isinstance(row, int) else row.pk)}"


def _page_with(rows: QuerySet[Any], written: str, size: int) -> int:
    try:
        before = list(rows.values_list("pk", flat=True)).index(read_id(written))
    except ValueError:  # not among them
        return 1
    return before // size + 1

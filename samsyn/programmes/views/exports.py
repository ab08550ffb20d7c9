"""A kind's tables as a file."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import Http404, HttpResponse

from samsyn.core import sheets
from samsyn.programmes.kinds import Table

_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def send_tables(tables: Sequence[Table], form: str) -> HttpResponse:
    """The first table as CSV, or all of them as a workbook. Raises Http404 for another form."""
    if form not in _TYPES:
        raise Http404
    if form == "csv":
        content: str | bytes = sheets.write_csv(tables[0].columns, tables[0].rows)
    else:
        content = sheets.write_xlsx([(table.name, table.columns, table.rows) for table in tables])
    response = HttpResponse(content, content_type=_TYPES[form])
    response["Content-Disposition"] = f'attachment; filename="{tables[0].name}.{form}"'
    return response

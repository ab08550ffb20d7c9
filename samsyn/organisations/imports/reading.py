"""Reading a file as Swedish and English Excel write it: XLSX, and CSV in all its spellings."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO

from django.utils.translation import gettext as _

from samsyn.core import sheets
from samsyn.core.errors import RefusedError
from samsyn.organisations.imports import columns

MOST_BYTES = 50 * 1024 * 1024
MOST_ROWS = 150_000
MOST_COLUMNS = 80
_HEADER_WITHIN = 20  # rows above the header: a title, a date

Row = tuple[int, list[str]]


@dataclass(frozen=True)
class Table:
    """A header and the rows below it, each with its number in the file. Cells are text."""

    header: list[str]
    rows: list[Row]


def read(file: IO[bytes]) -> Table:
    """The table in a file. Raises RefusedError, in one clear sentence, for anything that is not a table of people."""
    table = _table(file)
    if not table.rows:  # as if everybody had left
        raise RefusedError(_("There is no row below the headings."), "file")
    if columns.names_people_without_key(columns.map_header(table.header)):
        raise RefusedError(_no_key(table.header), "file")
    return table


def _table(file: IO[bytes]) -> Table:
    content = file.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        raise RefusedError(too_large(), "file")
    if not content.strip():
        raise RefusedError(_("The file is empty."), "file")
    _refuse_other_kinds(content)
    if content.startswith(b"PK"):
        found_sheets = list(_xlsx(content))
        found = next((table for sheet in found_sheets if (table := _with_header(sheet))), None)
        if found is None:
            raise RefusedError(_no_header(max(found_sheets, key=len, default=[])), "file")
        return found
    return _best_csv(sheets.decode(content))


def too_large() -> str:
    """What is said of a file above the limit."""
    return _("The file is larger than %(most)s MB. Take away columns that are not needed and try again.") % {
        "most": MOST_BYTES // (1024 * 1024)
    }


def _refuse_other_kinds(content: bytes) -> None:
    start = content[:8]
    if start.startswith(b"\xd0\xcf\x11\xe0"):
        words = _(
            "This is an older Excel file (.xls), or one with a password. "
            "Save it as .xlsx without a password and try again."
        )
    elif start.startswith(b"%PDF"):
        words = _("This is a PDF. Save the table as .xlsx or .csv and try again.")
    elif start.startswith((b"\x89PNG", b"\xff\xd8\xff", b"GIF8")):
        words = _("This is a picture. Save the table as .xlsx or .csv and try again.")
    elif start.startswith((b"{\\rtf", b"<!DOC", b"<html", b"<HTML", b"<?xml")):
        words = _("This is not a table. Save it as .xlsx or .csv and try again.")
    else:
        return
    raise RefusedError(words, "file")


def _no_header(rows: list[Row]) -> str:
    first = next((cells for _number, cells in rows if any(cells)), [])
    shown = ", ".join(cell[:40] for cell in first if cell)[:200]
    return _(
        "No row with headings was found. One column must be called Employment number, and one Name. "
        "The first row says: %(row)s"
    ) % {"row": shown or "–"}


def _no_key(header: list[str]) -> str:
    return _(
        "The file has names, but no column called Employment number, so nobody could be told apart from the others. "
        "Its columns are: %(columns)s"
    ) % {"columns": ", ".join(cell[:40] for cell in header if cell)[:200]}


def _width(rows: list[Row]) -> int:
    return max((len(cells) for _number, cells in rows[:_HEADER_WITHIN]), default=0)


def _with_header(rows: list[Row]) -> Table | None:
    candidates = [row for row in rows[:200] if any(row[1])][:_HEADER_WITHIN]
    for number, cells in candidates:
        if columns.is_header(cells):
            while cells and not cells[-1]:
                cells = cells[:-1]
            if len(cells) > MOST_COLUMNS:
                raise RefusedError(
                    _("The file has more than %(most)s columns. Keep those that are needed and try again.")
                    % {"most": MOST_COLUMNS},
                    "file",
                )
            below = [(at, row) for at, row in rows if at > number and any(row)]
            return Table(cells, [(at, (row + [""] * len(cells))[: len(cells)]) for at, row in below])
    return None


def _tidy(cell: str) -> str:
    return sheets.unmarked(sheets.without_controls(cell).strip(" \t\r\n\f\v\u00a0\ufeff"))


def _take(rows: list[Row], number: int, cells: list[str]) -> None:
    if len(rows) >= MOST_ROWS:
        raise RefusedError(
            _("The file has more than %(most)s rows. Divide it and try again.") % {"most": MOST_ROWS}, "file"
        )
    rows.append((number, [_tidy(cell) for cell in cells]))


# --- CSV --------------------------------------------------------------------------------------------------------


def _best_csv(text: str) -> Table:
    """The table as each separator would have it; the header tells which of them is right."""
    first, _line_end, rest = text.partition("\n")
    begins, separators = 1, ";,\t"
    if re.fullmatch(r"sep=.", first.strip(), re.IGNORECASE):  # the line that Excel itself understands
        begins, separators, text = 2, first.strip()[4], rest
    tables: list[Table] = []
    refusals: list[RefusedError] = []
    widest: list[Row] = []
    for separator in separators:
        try:
            rows = _parse(text, separator, begins)
            table = _with_header(rows)
        except RefusedError as refusal:
            refusals.append(refusal)
            continue
        widest = max(widest, rows, key=_width)
        if table is not None:
            tables.append(table)
    if tables:
        return max(tables, key=lambda table: columns.recognised(table.header))
    raise refusals[0] if refusals else RefusedError(_no_header(widest), "file")


def _parse(text: str, separator: str, first: int) -> list[Row]:
    rows: list[Row] = []
    number = first
    try:
        for number, cells in enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=separator), first):
            _take(rows, number, cells)
    except csv.Error:
        raise RefusedError(
            _(
                "Row %(row)s is far too long, probably because a quotation mark is opened and never closed. "
                "Put it right and try again."
            )
            % {"row": number + 1},
            "file",
        ) from None
    return rows


# --- XLSX -------------------------------------------------------------------------------------------------------


def _xlsx(content: bytes) -> Iterator[list[Row]]:
    yield from _sheets(sheets.read_workbook(content, most_rows=MOST_ROWS))


def _sheets(lines: Iterator[str]) -> Iterator[list[Row]]:
    for _name in lines:
        rows: list[Row] = []
        for number, line in enumerate(lines, 1):
            if line == "null":
                break
            cells = json.loads(line)
            if any(cells):
                _take(rows, number, cells)
        yield rows

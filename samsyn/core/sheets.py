"""Reading tables as people save them: CSV in the encodings and separators of Swedish and English Excel, and XLSX."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from django.utils.translation import gettext_lazy as _

from samsyn.core.errors import RefusedError

MOST_ROWS = 200_000
_ZIP = b"PK\x03\x04"
_OTHER_SIGNS = (b"\xd0\xcf\x11\xe0", b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"\x1f\x8b", b"MZ")


def read_rows(content: bytes) -> list[list[str]]:
    """All rows of a CSV or XLSX file as text, blank rows left out. Raises RefusedError in plain words."""
    if content.startswith(_ZIP):
        return _read_xlsx(content)
    return read_csv(decode(content))


def decode(content: bytes) -> str:
    """The text of a CSV file: UTF-8 with or without mark, UTF-16 with mark, else Windows-1252."""
    if not content.strip():
        raise RefusedError(_("The file is empty."), "file")
    if content.startswith(_OTHER_SIGNS):
        raise RefusedError(_("This is not a table. Save it as CSV or XLSX and try again."), "file")
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        text = content.decode("utf-16", errors="replace")
    else:
        try:
            text = content.decode("utf-8-sig")
        except UnicodeDecodeError:
            text = content.decode("cp1252", errors="replace")
    if "\x00" in text:
        raise RefusedError(_("This is not a table. Save it as CSV or XLSX and try again."), "file")
    return text


def read_csv(text: str) -> list[list[str]]:
    """The rows of a CSV text. The separator is the one of ; , tab that gives the first row most columns."""
    first = text.lstrip("\r\n").split("\n", 1)[0]
    delimiter = max(";,\t", key=first.count)
    rows: list[list[str]] = []
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter):
            _take(rows, row)
    except csv.Error as error:
        sentence = _("A row in the file cannot be read: a quotation mark is probably missing.")
        raise RefusedError(sentence, "file") from error
    return rows


def _read_xlsx(content: bytes) -> list[list[str]]:
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        sheet = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0)
        cells = sheet.to_python(skip_empty_area=True)
    except (CalamineError, ValueError, IndexError, KeyError, OSError) as error:
        raise RefusedError(_("This is not a table. Save it as CSV or XLSX and try again."), "file") from error
    rows: list[list[str]] = []
    for row in cells:
        _take(rows, [_cell(value) for value in row])
    return rows


def _cell(value: object) -> str:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return "" if value is None else str(value)


def _take(rows: list[list[str]], row: Sequence[str]) -> None:
    cells = [cell.strip() for cell in row]
    if any(cells):
        rows.append(cells)
    if len(rows) > MOST_ROWS:
        raise RefusedError(_("The file has too many rows. Divide it and try again."), "file")


def write_csv(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A CSV text that Swedish Excel opens as a table: semicolons, a byte order mark, no cell read as a formula."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow([_harmless(cell) for cell in columns])
    writer.writerows([_harmless(cell) for cell in row] for row in rows)
    return "\ufeff" + out.getvalue()


def write_plain(rows: Iterable[Sequence[str]]) -> str:
    """Rows as a CSV text that `read_csv` reads back as they were."""
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=";", lineterminator="\n", quoting=csv.QUOTE_ALL).writerows(rows)
    return out.getvalue()


def _harmless(cell: object) -> str:
    text = "" if cell is None else str(cell)
    return f"'{text}" if text[:1] in {"=", "+", "-", "@", "\t", "\r"} and not text.lstrip("-").isdigit() else text

"""Reading tables as people save them: CSV in the encodings and separators of Swedish and English Excel, and XLSX."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterable, Sequence
from pathlib import Path

from django.utils.translation import gettext_lazy as _

from samsyn.core.errors import RefusedError

MOST_ROWS = 200_000
MOST_COLUMNS = 400
MOST_BYTES_ON_A_PAGE = 1_500_000
TOO_LARGE = _("The file is too large. Take away what is not needed, or divide it, and try again.")
_SECONDS = 90  # of waiting for a workbook
_ZIP = b"PK\x03\x04"
_FORMULAS = frozenset("=+-@\t\r\n＝＋－＠")  # what a table program takes for the beginning of a formula
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
    rows: list[list[str]] = []
    lines = iter(read_workbook(content, most_rows=MOST_ROWS).splitlines())
    next(lines, None)  # the first sheet's name
    for line in lines:
        if line == "null":
            break
        _take(rows, json.loads(line))
    return rows


def read_workbook(content: bytes, *, most_rows: int) -> str:
    """The sheets of an XLSX file as `core.workbook` prints them: a name, rows as JSON lists, null; and so on.

    Read in a process of its own with limits of its own: a small file can ask for more memory than there is, and the
    reader then ends its process. Raises RefusedError in plain words.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, EOFError):
        sentence = _("The file is damaged. Save it once more as .xlsx or .csv and try again.")
        raise RefusedError(sentence, "file") from None
    if "xl/workbook.xml" not in names:
        raise RefusedError(_("This is not an Excel workbook. Save the table as .xlsx or .csv and try again."), "file")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "table.xlsx"
        path.write_bytes(content)
        script = Path(__file__).with_name("workbook.py")
        command = [sys.executable, "-I", str(script), str(path), str(most_rows)]
        try:
            done = subprocess.run(command, capture_output=True, timeout=_SECONDS, check=False)
        except subprocess.TimeoutExpired:
            done = None
    if done is None or done.returncode != 0:
        raise RefusedError(
            _(
                "The workbook could not be read. It may be damaged, or there is something far away from the table. "
                "Copy the table into a new workbook and try again."
            ),
            "file",
        )
    return done.stdout.decode()


def _take(rows: list[list[str]], row: Sequence[str]) -> None:
    if len(row) > MOST_COLUMNS:
        raise RefusedError(_("The file has too many columns. Keep those that are needed and try again."), "file")
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
    """Rows as a CSV text that `read_csv` reads back as they were. Raises RefusedError for more than a page holds."""
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=";", lineterminator="\n", quoting=csv.QUOTE_ALL).writerows(rows)
    if len(out.getvalue().encode()) > MOST_BYTES_ON_A_PAGE:
        raise RefusedError(TOO_LARGE, "file")
    return out.getvalue()


def _harmless(cell: object) -> str:
    text = "" if cell is None else str(cell)
    return f"'{text}" if text[:1] in _FORMULAS and not text.removeprefix("-").isdecimal() else text

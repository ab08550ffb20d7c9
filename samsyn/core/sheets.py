"""Reading tables as people save them: CSV in the encodings and separators of Swedish and English Excel, and XLSX."""

from __future__ import annotations

import csv
import io
import json
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import IO

from django.utils.translation import gettext_lazy as _

from samsyn.core import packs, workbook
from samsyn.core.errors import RefusedError

MOST_ROWS = 200_000
MOST_COLUMNS = 400
MOST_BYTES_ON_A_PAGE = 1_500_000
MOST_BYTES_OF_TEXT = 8_000_000  # far more than a page holds, whatever the encoding
TOO_LARGE = _("The file is too large. Take away what is not needed, or divide it, and try again.")
_SECONDS = 90  # of waiting for a workbook
_ZIP = b"PK\x03\x04"
_FORMULAS = frozenset("=+-@\t\r\n＝＋－＠")  # what a table program takes for the beginning of a formula
_OTHER_SIGNS = (b"\xd0\xcf\x11\xe0", b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"\x1f\x8b", b"MZ", b"{\\rtf")
_SEPARATORS = ";,\t"
_MARKUP = re.compile(rb"\s*<(!doctype|html|\?xml|svg|table)", re.I)
_CONTROLS = {sign: None for sign in range(32) if chr(sign) not in "\t\n\v\f\r"}  # signs that no table has
_TWO_WAYS = re.compile(rb"\xc3[\x80-\xbf]")  # å, ä, ö in UTF-8; in Windows-1252 nobody writes these two signs


def read_file(file: IO[bytes]) -> list[list[str]]:
    """The rows of a file, of which no more is read than can become something. Raises RefusedError in plain words."""
    start = file.read(len(_ZIP))
    content = start + (file.read() if start == _ZIP else file.read(MOST_BYTES_OF_TEXT))
    if start != _ZIP and len(content) > MOST_BYTES_OF_TEXT:
        raise RefusedError(TOO_LARGE, "file")
    return read_rows(content)


def read_rows(content: bytes) -> list[list[str]]:
    """All rows of a CSV or XLSX file as text, blank rows left out. Raises RefusedError in plain words."""
    if content.startswith(_ZIP):
        return _read_xlsx(content)
    return [[unmarked(cell) for cell in row] for row in read_csv(decode(content))]


def decode(content: bytes) -> str:
    """The text of a CSV file: UTF-8 with or without mark, UTF-16 with mark, else Windows-1252.

    Raises RefusedError for what is no text, and for one that is in two encodings: half of it would be lost.
    """
    rubbish = RefusedError(_("This is not a table. Save it as CSV or XLSX and try again."), "file")
    if not content.strip():
        raise RefusedError(_("The file is empty."), "file")
    if content.startswith(_OTHER_SIGNS) or _MARKUP.match(content):
        raise rubbish
    try:
        text = _decoded(content)
    except UnicodeDecodeError:
        raise rubbish from None
    if any(chr(sign) in text for sign in _CONTROLS):
        raise rubbish
    return text


def _decoded(content: bytes) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        if _TWO_WAYS.search(content):
            sentence = _(
                "Letters such as å, ä and ö are written in two ways in the file, or the file is damaged. "
                "Save it once more as CSV UTF-8 or as XLSX and try again."
            )
            raise RefusedError(sentence, "file") from None
        return content.decode("cp1252")


def read_csv(text: str) -> list[list[str]]:
    """The rows of a CSV text. The separator is the one of ; , tab that gives the first row with any most columns."""
    lines = (line for line in text.splitlines() if any(sign in line for sign in _SEPARATORS))
    delimiter = max(_SEPARATORS, key=next(lines, "").count)
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
    lines = read_workbook(content, most_rows=MOST_ROWS)
    next(lines, None)  # the first sheet's name
    for line in lines:
        if line == "null":
            break
        _take(rows, json.loads(line))
    return rows


def read_workbook(content: bytes, *, most_rows: int) -> Iterator[str]:
    """The sheets of an XLSX file as `core.workbook` prints them: a name, rows as JSON lists, null; and so on.

    Read in a process of its own with limits of its own: a small file can ask for more memory than there is, and the
    reader then ends its process. Raises RefusedError in plain words.
    """
    try:
        names, _nothing = packs.look_into(io.BytesIO(content))
    except packs.DamagedError:
        sentence = _("The file is damaged. Save it once more as .xlsx or .csv and try again.")
        raise RefusedError(sentence, "file") from None
    if "xl/workbook.xml" not in names:
        raise RefusedError(_("This is not an Excel workbook. Save the table as .xlsx or .csv and try again."), "file")
    with tempfile.TemporaryDirectory() as folder:
        path, printed = Path(folder) / "table.xlsx", Path(folder) / "rows"
        path.write_bytes(content)
        _print_workbook(path, printed, most_rows)
        with printed.open(encoding="ascii") as lines:
            for line in lines:
                yield line.rstrip("\n")


def _print_workbook(path: Path, printed: Path, most_rows: int) -> None:
    command = [sys.executable, "-I", str(Path(workbook.__file__)), str(path), str(most_rows)]
    try:
        with printed.open("wb") as target:
            done = subprocess.run(
                command, stdout=target, stderr=subprocess.DEVNULL, timeout=_SECONDS, check=False
            ).returncode
    except subprocess.TimeoutExpired:
        done = 1
    if done == workbook.TOO_MUCH:
        raise RefusedError(TOO_LARGE, "file")
    if done:
        raise RefusedError(
            _(
                "The workbook could not be read. It may be damaged, or there is something far away from the table. "
                "Copy the table into a new workbook and try again."
            ),
            "file",
        )


def without_controls(cell: str) -> str:
    """A cell without the signs that no text has, some of which a database refuses; a workbook can hold them."""
    return cell if cell.isprintable() else cell.translate(_CONTROLS)


def _take(rows: list[list[str]], row: Sequence[str]) -> None:
    if len(row) > MOST_COLUMNS:
        raise RefusedError(_("The file has too many columns. Keep those that are needed and try again."), "file")
    cells = [without_controls(cell).strip() for cell in row]
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


def write_xlsx(sheets: Iterable[tuple[str, Sequence[str], Iterable[Sequence[object]]]]) -> bytes:
    """A workbook with one sheet per (name, columns, rows). Texts stay texts: no cell is read as a formula."""
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell

    book = Workbook(write_only=True)
    for name, columns, rows in sheets:
        sheet = book.create_sheet(re.sub(r"[\[\]:*?/\\]", " ", name)[:31])
        for row in (columns, *rows):
            cells = [WriteOnlyCell(sheet, value=_plain_cell(value)) for value in row]
            for cell in cells:
                cell.data_type = "n" if isinstance(cell.value, int | float) else "s"
            sheet.append(cells)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _plain_cell(value: object) -> str | int | float:
    return value if isinstance(value, int | float) else without_controls("" if value is None else str(value))


def write_plain(rows: Iterable[Sequence[str]]) -> str:
    """Rows as a CSV text that `read_csv` reads back as they were. Raises RefusedError for more than a page holds."""
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=";", lineterminator="\n", quoting=csv.QUOTE_ALL).writerows(rows)
    if len(out.getvalue().encode()) > MOST_BYTES_ON_A_PAGE:
        raise RefusedError(TOO_LARGE, "file")
    return out.getvalue()


def unmarked(cell: str) -> str:
    """A cell as it was before `write_csv` marked it."""
    return cell[1:] if cell[:1] == "'" and _looks_like_formula(cell) else cell


def _harmless(cell: object) -> str:
    text = "" if cell is None else str(cell)
    return f"'{text}" if _looks_like_formula(text) and not text.removeprefix("-").isdecimal() else text


def _looks_like_formula(text: str) -> bool:
    return text.lstrip("'")[:1] in _FORMULAS

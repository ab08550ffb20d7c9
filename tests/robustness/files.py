"""Files as they come and as they should not come, and the bytes in which a browser sends them."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Iterator
from xml.sax.saxutils import escape

ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "cp1252")
SEPARATORS = (";", ",", "\t")
EDGE = "grans"
MULTIPART = f"multipart/form-data; boundary={EDGE}"
_MAIN = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_SHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKED = "http://schemas.openxmlformats.org/package/2006"


def table(rows: Iterable[Iterable[str]], encoding: str = "utf-8", separator: str = ";") -> bytes:
    """A CSV file."""
    return "".join(separator.join(row) + "\r\n" for row in rows).encode(encoding)


def workbook(rows: Iterable[Iterable[str]]) -> bytes:
    """A workbook, written by hand so that it can hold what no program would write."""
    cells = "".join(
        f'<row r="{number}">{"".join(_cell(text, column, number) for column, text in enumerate(row))}</row>'
        for number, row in enumerate(rows, 1)
    )
    return _workbook(cells)


def bomb(rows: int, signs: int) -> bytes:
    """A small workbook whose rows all show the same long text."""
    cells = "".join(f'<row r="{at}"><c r="A{at}" t="s"><v>0</v></c></row>' for at in range(1, rows + 1))
    return _workbook(cells, f"<si><t>{'å' * signs}</t></si>")


def many_names(count: int) -> bytes:
    """A pack with far too many empty files."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as pack:
        for number in range(count):
            pack.writestr(f"{number:050d}", b"")
    return out.getvalue()


def damaged_pack() -> bytes:
    """A document whose first file cannot be unpacked."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as pack:
        pack.writestr("mimetype", "application/vnd.oasis.opendocument.text" * 4)
    content = bytearray(out.getvalue())
    at = content.index(b"mimetype") + len(b"mimetype")
    content[at : at + 4] = b"\xff\xff\xff\xff"
    return bytes(content)


def _cell(text: str, column: int, row: int) -> str:
    return f'<c r="{chr(65 + column)}{row}" t="inlineStr"><is><t>{escape(text)}</t></is></c>'


def _workbook(cells: str, shared: str = "") -> bytes:
    main, sheet = f"{_MAIN}.sheet.main+xml", f"{_MAIN}.worksheet+xml"
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{_PACKED}/content-types"><Default Extension="xml" '
        f'ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="{main}"/>'
        f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{sheet}"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{_PACKED}/relationships"><Relationship Id="a" '
        f'Type="{_LINKS}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{_SHEET}" xmlns:r="{_LINKS}"><sheets>'
        '<sheet name="Blad" sheetId="1" r:id="a"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKED}/relationships">'
        f'<Relationship Id="a" Type="{_LINKS}/worksheet" Target="worksheets/sheet1.xml"/>'
        f'<Relationship Id="b" Type="{_LINKS}/sharedStrings" Target="sharedStrings.xml"/></Relationships>',
        "xl/sharedStrings.xml": f'<sst xmlns="{_SHEET}">{shared}</sst>',
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{_SHEET}"><sheetData>{cells}</sheetData></worksheet>',
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as pack:
        for name, content in parts.items():
            pack.writestr(name, f'<?xml version="1.0" encoding="UTF-8"?>{content}')
    return out.getvalue()


def sent(name: bytes, content: bytes, **fields: str) -> bytes:
    """A form with a file whose name is given as it goes over the wire."""
    return b"".join(pieces(name, [content], **fields))


def pieces(name: bytes, contents: Iterable[bytes], **fields: str) -> Iterator[bytes]:
    """The same, piece by piece."""
    edge = b"--" + EDGE.encode()
    for field, value in fields.items():
        yield edge + f'\r\nContent-Disposition: form-data; name="{field}"\r\n\r\n{value}\r\n'.encode()
    yield edge + b'\r\nContent-Disposition: form-data; name="file"; filename="' + name + b'"\r\n'
    yield b"Content-Type: text/csv\r\n\r\n"
    yield from contents
    yield b"\r\n" + edge + b"--\r\n"

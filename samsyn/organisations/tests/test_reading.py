from __future__ import annotations

import io
import zipfile

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from samsyn.core.errors import RefusedError
from samsyn.organisations.imports import reading
from samsyn.organisations.imports.columns import is_header
from samsyn.organisations.tests.people_files import HEADER, csv_bytes, municipality, xlsx_bytes

ROWS = [["0071", "Åsa Öberg", "åsa@x.se", "Vård & omsorg"], ["72", "Örjan; Ek", "o@x.se", 'Enhet "Norr"']]
HEAD = ["Anställningsnummer", "Namn", "E-post", "Enhet"]


def read(content: bytes) -> reading.Table:
    return reading.read(io.BytesIO(content))


def refusal(content: bytes) -> str:
    with pytest.raises(RefusedError) as caught:
        read(content)
    return str(caught.value)


@pytest.mark.parametrize("separator", [";", ",", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_every_spelling_of_csv_reads_alike(encoding, separator):
    table = read(csv_bytes(HEAD, ROWS, encoding=encoding, separator=separator))
    assert table.header == HEAD
    assert table.rows == [(2, ROWS[0]), (3, ROWS[1])]


@pytest.mark.parametrize("names", ["Namn", "Förnamn;Efternamn"])
def test_names_that_nothing_tells_apart_are_refused_instead_of_passed_over(names):
    """Otherwise a whole file of people would become its units alone, without a word."""
    file = f"Kod;{names};Enhetskod;Enhet\n7;Åsa;E1;Teknik;\n".encode()
    assert "Kod, " in refusal(file)
    assert read(b"Enhetskod;Namn\nE1;Teknik\n").header == ["Enhetskod", "Namn"], "of units alone"


def test_excels_own_separator_line_is_understood():
    assert read(b"sep=,\r\n" + csv_bytes(HEAD, ROWS, separator=",")).rows[0] == (3, ROWS[0])


def test_a_workbook_reads_as_text_with_days_and_whole_numbers():
    rows = municipality(3)
    table = read(xlsx_bytes(HEADER, rows))
    assert table.header == HEADER
    number, cells = table.rows[0]
    assert (number, cells[0], cells[5]) == (2, "100000", "E00000")
    assert cells[10] == rows[0][10].isoformat()


def test_lines_above_the_header_and_blank_rows_keep_the_rows_own_numbers():
    table = read(xlsx_bytes(HEADER, [*municipality(1), [], *municipality(1)], above=3))
    assert [number for number, _cells in table.rows] == [5, 7]
    table = read(b"Utdrag\r\n\r\n" + csv_bytes(HEAD, [ROWS[0], ["", "", "", ""], ROWS[1]]))
    assert [number for number, _cells in table.rows] == [4, 6]


def test_the_sheet_with_people_is_found():
    book = openpyxl.Workbook()
    book.active["A1"] = "Läs mig först"
    sheet = book.create_sheet("Data")
    sheet.append(HEAD)
    sheet.append(ROWS[0])
    out = io.BytesIO()
    book.save(out)
    assert read(out.getvalue()).rows == [(2, ROWS[0])]


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (b"", "empty"),
        (b"  \r\n ", "empty"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 600, ".xls"),
        (b"%PDF-1.7 \xe2\xe3", "PDF"),
        (b"\x89PNG\r\n\x1a\n123", "picture"),
        (b"PK\x03\x04 not a zip at all", "damaged"),
        (b"abc\x00\x01\x02def;ghi", "not a table"),
        (b"Hej;du\r\n1;2\r\n", "No row with headings"),
        (csv_bytes(HEAD, [['1', 'A"b']]).replace(b'"A""b"', b'"A' + b"x" * 200_000), "quotation mark"),
    ],
)  # fmt: skip
def test_what_is_no_table_is_refused_in_one_sentence(content, word):
    assert word in refusal(content)


def test_another_kind_of_zip_is_refused():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("word/document.xml", "<x/>")
    assert "Excel workbook" in refusal(out.getvalue())


def test_more_than_the_limit_is_refused(monkeypatch):
    monkeypatch.setattr(reading, "MOST_BYTES", 1000)
    assert "larger than" in refusal(b"a" * 1001)


def test_a_cell_far_away_refuses_the_workbook_and_not_the_server():
    book = openpyxl.Workbook()
    book.active.append(HEAD)
    book.active["XFD1048576"] = "x"
    out = io.BytesIO()
    book.save(out)
    assert "could not be read" in refusal(out.getvalue())


def test_too_many_rows_or_columns_are_refused(monkeypatch):
    monkeypatch.setattr(reading, "MOST_ROWS", 10)
    assert "more than 10 rows" in refusal(csv_bytes(HEAD, [ROWS[0]] * 11))
    assert "columns" in refusal(csv_bytes([*HEAD, *(f"x{n}" for n in range(80))], [ROWS[0]]))


def read_or_refuse(content: bytes) -> reading.Table | None:
    """Anything but a table or a refusal in words fails the test."""
    try:
        return read(content)
    except RefusedError as refused:
        if not str(refused):
            raise
        return None


@given(st.binary(max_size=400))
@settings(max_examples=300, deadline=None)
def test_random_bytes_are_refused_clearly_or_read(content):
    table = read_or_refuse(content)
    assert table is None or is_header(table.header)


@given(st.binary(max_size=300), st.integers(0, 5000))
@settings(max_examples=25, deadline=None)
def test_a_damaged_workbook_is_refused_clearly_or_read(noise, at):
    content = bytearray(xlsx_bytes(HEAD, ROWS))
    at %= len(content)
    content[at : at + len(noise)] = noise
    read_or_refuse(bytes(content))


@given(st.text(max_size=300))
@settings(max_examples=200, deadline=None)
def test_any_text_below_the_right_header_is_refused_clearly_or_read(text):
    read_or_refuse(("Anställningsnummer;Namn\r\n" + text).encode("utf-8", errors="ignore"))

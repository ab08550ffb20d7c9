"""Tables are read as people save them, and written so that no spreadsheet runs what is in them."""

import contextlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from samsyn.core import sheets
from samsyn.core.errors import RefusedError

ROWS = [["fråga", "röster"], ["Vad är åäö?", "12"], ['Säg "hej"; nu', "3"]]
CELL = st.text(st.characters(blacklist_categories=("Cs", "Cc")), max_size=12).map(str.strip)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("separator", [";", ",", "\t"])
def test_excels_ways_of_saving_are_read_alike(encoding, separator):
    quoted = [[f'"{cell.replace(chr(34), chr(34) * 2)}"' for cell in row] for row in ROWS]
    text = "\r\n".join(separator.join(row) for row in quoted)
    assert sheets.read_rows(text.encode(encoding)) == ROWS


@given(st.lists(st.lists(CELL, min_size=2, max_size=2), min_size=1, max_size=8))
@settings(derandomize=True, max_examples=60)
def test_plain_rows_come_back_as_they_were(rows):
    expected = [row for row in rows if any(row)]
    assert sheets.read_csv(sheets.write_plain(rows)) == expected


@given(st.binary(max_size=200))
@settings(derandomize=True, max_examples=150)
def test_rubbish_is_refused_or_read_and_never_breaks(content):
    with contextlib.suppress(RefusedError):
        sheets.read_rows(content)


@pytest.mark.parametrize("cell", ["=1+1", "+SUM(A1)", "-2+3", "@now", "\tx", "=cmd|' /C calc'!A0"])
def test_no_cell_is_a_formula(cell):
    row = sheets.write_csv(["a"], [[cell]]).splitlines()[1]
    assert row.lstrip('"').startswith("'")


@pytest.mark.parametrize("content", [b"", b"  \n", b"%PDF-1.7 x", b"\x89PNG\r\n", b"PK\x03\x04 broken", b"a;b\x00c"])
def test_what_is_no_table_is_said_so(content):
    with pytest.raises(RefusedError):
        sheets.read_rows(content)

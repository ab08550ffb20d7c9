"""Files of people as Swedish Excel writes them: CSV in its encodings, XLSX of any size."""

from __future__ import annotations

import csv
import datetime as dt
import io
import random
from collections.abc import Iterable, Sequence
from pathlib import Path

HEADER = [
    "Anställningsnummer",
    "Förnamn",
    "Efternamn",
    "E-post",
    "Befattning",
    "Enhetskod",
    "Enhet",
    "Överordnad enhet",
    "Chef",
    "Nivå",
    "Anställd från",
    "Slutdatum",
    "Språk",
    "Yrkesgrupp",
]
_FIRST_NAMES = (
    "Åsa Örjan Ängla Birgitta Carl Dženana Erik Fatima Göran Hanna Ingrid Jörgen Karin Lars Märta Nils Olle Pia"
)
_LAST_NAMES = "Åkesson Öberg Ärlig Berg Ceder Dahl Ek Falk Gran Holm Ibsen Järv Kvist Lind Modig Norén Ohlsson Pålsson"
_TITLES = ["Undersköterska", "Förskollärare", "Handläggare", "Ingenjör", "Systemförvaltare", "Vårdbiträde", "Rektor"]


def csv_bytes(
    header: Sequence[str], rows: Iterable[Sequence[object]], *, encoding: str = "cp1252", separator: str = ";"
) -> bytes:
    """A CSV file; Swedish Excel's own is Windows-1252 with semicolons."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=separator, lineterminator="\r\n")
    writer.writerow(header)
    writer.writerows(rows)
    return out.getvalue().encode(encoding, errors="replace")


def xlsx_bytes(header: Sequence[str], rows: Iterable[Sequence[object]], *, above: int = 0) -> bytes:
    """A workbook; `above`: lines of a title before the header."""
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    sheet = book.create_sheet("Personal")
    for _line in range(above):
        sheet.append(["Utdrag ur personalsystemet"])
    sheet.append(list(header))
    for row in rows:
        sheet.append(list(row))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def municipality(people: int, *, seed: int = 1, unit_size: int = 25) -> list[list[object]]:
    """The rows of a municipality: units in a tree of four levels, a manager in each, everybody else below them."""
    chance = random.Random(seed)
    first_names, last_names = _FIRST_NAMES.split(), _LAST_NAMES.split()
    units = max(1, people // unit_size)
    rows: list[list[object]] = []
    for number in range(people):
        unit = number % units
        manager = number < units
        above = (unit - 1) // 8 if unit else None
        chief = (above if manager else unit) if (not manager or unit) else None
        first, last = chance.choice(first_names), chance.choice(last_names)
        rows.append(
            [
                100_000 + number,
                first,
                last,
                f"person{number}@kommunen.example",
                "Enhetschef" if manager else chance.choice(_TITLES),
                f"E{unit:05d}",
                f"Enhet för omsorg och lärande {unit}",
                f"E{above:05d}" if above is not None else None,
                100_000 + chief if chief is not None else None,
                "chef" if manager else "medarbetare",
                dt.date(1985, 1, 1) + dt.timedelta(days=chance.randrange(14_000)),
                None,
                "svenska",
                chance.choice(["Vård", "Skola", "Teknik", "Stab"]),
            ]
        )
    return rows


def write_municipality(path: Path, people: int, *, seed: int = 1) -> None:
    """The same as a workbook on disk."""
    path.write_bytes(xlsx_bytes(HEADER, municipality(people, seed=seed)))

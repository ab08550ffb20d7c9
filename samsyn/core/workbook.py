"""Reads the sheets of an XLSX file and prints them as JSON lines; run as a process of its own, with its own limits.

A workbook of a few kilobytes can ask for more memory than the machine has, and the reader then ends its process.
Nothing of Samsyn is imported here.
"""

from __future__ import annotations

import datetime as dt
import json
import sys
from typing import Any

MOST_SHEETS = 20
MOST_PRINTED = 100_000_000  # signs, far more than the largest organisation's people take
TOO_MUCH = 3  # how the process ends where there would be more
MEMORY = 3 << 29  # bytes of address space
SECONDS = 60  # of processor time


def limit() -> None:
    """Hold this process to its memory and time, where the system can."""
    try:
        import resource
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def cell(value: Any) -> str:
    """A cell as text: whole numbers without decimals, days as year-month-day."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    if isinstance(value, dt.datetime):
        return value.date().isoformat() if value.time() == dt.time() else value.isoformat(" ", "minutes")
    return "" if value is None else str(value)


def main(path: str, most_rows: int) -> None:
    """Print, for each sheet, its name and then its rows, the last of which is null."""
    limit()
    from python_calamine import CalamineWorkbook, SheetTypeEnum

    workbook = CalamineWorkbook.from_path(path)
    sheets = [sheet.name for sheet in workbook.sheets_metadata if sheet.typ == SheetTypeEnum.WorkSheet]
    left = MOST_PRINTED
    for name in sheets[:MOST_SHEETS]:
        print(json.dumps(name))  # noqa: T201  (the parent process reads it)
        sheet = workbook.get_sheet_by_name(name)
        rows = sheet.to_python(skip_empty_area=False, nrows=most_rows + 1) if sheet.start else []
        for row in rows:
            line = json.dumps([cell(value) for value in row])
            left -= len(line)
            if left < 0:
                sys.exit(TOO_MUCH)
            print(line)  # noqa: T201
        print("null")  # noqa: T201


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))

"""Days as people and programs write them in the column of a file."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence

_MONTHS = {
    name[:3]: number
    for names in (
        "jan feb mar apr maj jun jul aug sep okt nov dec",
        "jan feb mar apr may jun jul aug sep oct nov dec",
    )
    for number, name in enumerate(names.split(), start=1)
}
_YEAR_FIRST = re.compile(r"(\d{4})-?(\d{2})-?(\d{2})(?!\d)")
_IN_FIGURES = re.compile(r"(\d{1,2})[./-](\d{1,2})[./-](\d{4})(?!\d)")
_IN_WORDS = re.compile(  # 2 mars 2026; Mar 2, 2026
    r"(?:^|\s)(\d{1,2})\.? ([a-zå]{3,9})\.?,? .*?(\d{4})\b"
    r"|([a-zå]{3,9})\.? (\d{1,2}),? .*?(\d{4})\b"
)
_SECONDS = re.compile(r"(\d{10})(\d{3})?")


def read_days(cells: Sequence[str], *, latest: dt.date) -> list[dt.date | None]:
    """The day in each cell of a column; None for what is none or lies after `latest`.

    3/2/2026 is the third of February, unless another cell shows that the month stands first.
    """
    figures = [found for cell in cells if (found := _IN_FIGURES.match(cell.strip()))]
    month_first = any(int(one[2]) > 12 for one in figures) and not any(int(one[1]) > 12 for one in figures)
    days = [_day(cell.strip().lower(), month_first) for cell in cells]
    return [day if day is not None and dt.date(1990, 1, 1) <= day <= latest else None for day in days]


def _day(cell: str, month_first: bool) -> dt.date | None:
    try:
        if seconds := _SECONDS.fullmatch(cell):
            return dt.datetime.fromtimestamp(int(seconds[1]), dt.UTC).date()
        if found := _YEAR_FIRST.match(cell):
            return dt.date(int(found[1]), int(found[2]), int(found[3]))
        if found := _IN_FIGURES.match(cell):
            first, second, year = int(found[1]), int(found[2]), int(found[3])
            return dt.date(year, first, second) if month_first else dt.date(year, second, first)
        if found := _IN_WORDS.search(cell + " "):
            day, name, year_word = (found[1], found[2], found[3]) if found[1] else (found[5], found[4], found[6])
            return dt.date(int(year_word), _MONTHS[name[:3]], int(day))
    except (ValueError, KeyError):
        return None
    return None

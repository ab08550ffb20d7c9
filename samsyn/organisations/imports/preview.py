"""A planned import as lines for the reader: what each person or unit is now, and what they would be."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Sum
from django.utils.formats import date_format
from django.utils.functional import Promise as LazyText
from django.utils.functional import lazy
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from samsyn.organisations.imports import columns as c
from samsyn.organisations.imports import faults, planning
from samsyn.organisations.imports.records import day_before
from samsyn.organisations.models import ImportBatch, ImportBlock, Person
from samsyn.ui.templatetags.ui import number as in_digits

PAGE = 50
_BLOCK = 500
_FIRST = 5  # of the rows that share a fault
_ATTRIBUTE = "attribute:"
NAMES: dict[str, LazyText] = {
    planning.FAULTS: _("Not in order"),
    planning.ADDED: _("New people"),
    planning.MOVED: _("Change unit"),
    planning.CHANGED: _("Other changes"),
    planning.REKEYED: _("New employment number"),
    planning.LEFT: _("Not in the file"),
    planning.UNITS: _("Units"),
}
_LANGUAGES = {"sv": _("Swedish"), "en": _("English")}
_COLUMNS = {"left": c.LAST_DAY}


@dataclass(frozen=True)
class Detail:
    """One thing that changes."""

    label: str
    old: str
    new: str


@dataclass(frozen=True)
class Line:
    """A row of the preview: its number in the file, what it is about, what changes or is wrong.

    `rows`: of how many rows of the file it is; 0 where it is of one.
    """

    row: int
    heading: str
    key: str = ""
    details: tuple[Detail, ...] = ()
    note: str = ""
    rows: int = 0

    @property
    def where(self) -> str:
        """Where in the file it stands, in words; nothing where it is of no row."""
        if self.rows:
            return _now("%(number)s rows") % {"number": in_digits(self.rows)}
        return _now("row %(row)s") % {"row": self.row} if self.row else ""


class Lines(Sequence[Any]):
    """The rows of one part, read block by block as they are asked for."""

    def __init__(self, batch: ImportBatch, part: str) -> None:
        self.batch, self.part = batch, part

    def __len__(self) -> int:
        return int(self.batch.counts.get(self.part, 0))

    def __getitem__(self, wanted: Any) -> Any:
        start, stop, _step = wanted.indices(len(self))
        blocks = ImportBlock.objects.filter(
            batch=self.batch, part=self.part, position__gte=start // _BLOCK, position__lte=max(stop - 1, 0) // _BLOCK
        )
        rows = [row for block in blocks.order_by("position") for row in block.rows]
        first = start - start // _BLOCK * _BLOCK
        return [line(self.part, row) for row in rows[first : first + stop - start]]


def lines_of(batch: ImportBatch, part: str) -> Sequence[Line]:
    """The lines of a part; one and the same fault in many rows is one line."""
    return _fault_lines(batch) if part == planning.FAULTS else Lines(batch, part)


def _fault_lines(batch: ImportBatch) -> list[Line]:
    blocks = ImportBlock.objects.filter(batch=batch, part=planning.FAULTS).order_by("position")
    found = [faults.from_row(row) for block in blocks for row in block.rows]
    left_out = {fault.row for fault in found if fault.whole_row}
    rows: dict[tuple[str, bool], dict[int, None]] = {}
    for fault in found:
        words = f"{fault.column}: {fault.reason}."
        rows.setdefault((words, fault.row in left_out), {})[fault.row] = None
    done = batch.state == ImportBatch.State.DONE
    return [_fault_line(words, list(at), left_out=out, done=done) for (words, out), at in rows.items()]


def _fault_line(words: str, rows: list[int], *, left_out: bool, done: bool) -> Line:
    """A fault, the rows that have it, and what comes of them."""
    number = len(rows)
    if left_out and done:
        consequence = ngettext("The row was left out.", "The rows were left out.", number)
    elif left_out:
        consequence = ngettext("The row is left out.", "The rows are left out.", number)
    elif done:
        consequence = ngettext("The rest of the row was taken.", "The rest of the rows was taken.", number)
    else:
        consequence = ngettext("The rest of the row is taken.", "The rest of the rows is taken.", number)
    if number == 1:
        return Line(rows[0], words, note=consequence)
    listed = ", ".join(str(row) for row in rows[:_FIRST]) + (" …" if number > _FIRST else ".")
    return Line(0, words, note=f"{listed} {consequence}", rows=number)


def page_of(batch: ImportBatch, part: str, number: str | None) -> Page[Line]:
    """One page of a part's lines."""
    return Paginator(lines_of(batch, part), PAGE).get_page(number)


def changes_of(batch: ImportBatch) -> int:
    """How many changes there are, apart from those who are not in the file."""
    return sum(batch.counts.get(part, 0) for part in planning.CHANGES)


def changes_nothing(batch: ImportBatch) -> bool:
    """Whether it waits for a decision that nobody needs to make: all that can be read is here, leavers apart."""
    return batch.state == ImportBatch.State.PLANNED and not changes_of(batch)


def parts_of(batch: ImportBatch) -> list[tuple[str, LazyText, int]]:
    """The parts that hold anything: slug, name, number of changes; of faults, the number of rows with any."""
    counts = batch.counts | {planning.FAULTS: batch.counts.get("faulty_rows", 0)}
    return [(part, name, counts[part]) for part, name in NAMES.items() if counts.get(part)]


def columns_of(batch: ImportBatch) -> list[tuple[str, str]]:
    """How each column of the file was understood."""
    mapping = c.map_header(batch.header)
    return [
        (heading or "–", c.label(meaning)) for heading, meaning in zip(mapping.header, mapping.meanings, strict=True)
    ]


def how_far(batch: ImportBatch) -> int:
    """How many changes have been made so far."""
    return ImportBlock.objects.filter(batch=batch).aggregate(made=Sum("applied"))["made"] or 0


def _outcome(batch_id: int) -> str:
    """What came of an import, for the page of its job: how many people, and whether rows were left out."""
    batch = ImportBatch.objects.filter(pk=batch_id).first()
    if batch is None:  # thrown away meanwhile
        return ""
    counts = batch.counts
    changed = sum(counts.get(part, 0) for part in (planning.MOVED, planning.CHANGED, planning.REKEYED))
    parts = [
        (counts.get(planning.ADDED, 0), _now("%(number)s added")),
        (changed, _now("%(number)s changed")),
        (counts.get(planning.LEFT, 0) if batch.leavers else 0, _now("%(number)s have left")),
    ]
    listed = ", ".join(words % {"number": in_digits(number)} for number, words in parts if number)
    said = _now("People: %(listed)s.") % {"listed": listed} if listed else _now("Nobody was added or changed.")
    if not (faulty := counts.get("faulty_rows", 0)):
        return said
    words = ngettext(
        "%(number)s row was not in order. Go on to read what is wrong with it.",
        "%(number)s rows were not in order. Go on to read what is wrong with them.",
        faulty,
    )
    return f"{said} {words % {'number': in_digits(faulty)}}"


outcome = lazy(_outcome, str)


def set_aside_of(batch: ImportBatch) -> list[Line]:
    """What was not done, since somebody changed it while the import ran."""
    return [
        Line(row, key, note=name.removeprefix(_ATTRIBUTE) if name.startswith(_ATTRIBUTE) else _heading(name))
        for row, key, name in batch.set_aside
    ]


def _heading(name: str) -> str:
    return c.label(_COLUMNS.get(name, name))


def line(part: str, row: Any) -> Line:
    """A row of a plan in words."""
    if part == planning.UNITS:
        return _unit_line(row)
    labels = row.get("labels", {})
    if part == planning.LEFT:
        return Line(0, row["name"], row["key"], note=labels.get("unit", ["", ""])[0])
    if part == planning.ADDED:
        note = " · ".join(filter(None, (row["fields"].get("title", ["", ""])[1], labels.get("unit", ["", ""])[1])))
        return Line(row["row"], row["name"], row["key"], note=note)
    return Line(row["row"], row["name"], row["key"], tuple(_details(row["fields"], labels)))


def _unit_line(row: dict[str, Any]) -> Line:
    if row.get("new"):
        return Line(
            row["row"], row["name"][1], row["key"], (Detail(str(_("Opened below")), "", row["parent"][1] or "–"),)
        )
    details = []
    if "name" in row:
        details.append(Detail(str(_("Name")), *row["name"]))
    if "parent" in row:
        details.append(Detail(c.label(c.PARENT), row["parent"][0] or "–", row["parent"][1] or "–"))
    return Line(row["row"], row["name"][1] if "name" in row else row["key"], row["key"], tuple(details))


def _details(fields: dict[str, list[str]], labels: dict[str, list[str]]) -> Iterator[Detail]:
    for name, pair in fields.items():
        old, new = (_shown(name, value) for value in labels.get(name, pair))
        heading = name.removeprefix(_ATTRIBUTE) if name.startswith(_ATTRIBUTE) else _heading(name)
        yield Detail(heading, old or "–", new or "–")


def _shown(name: str, value: str | None) -> str:
    if not value:
        return ""
    if name == "level":
        return str(Person.Level(value).label)
    if name == "language":
        return str(_LANGUAGES.get(value, value))
    if name in {"joined", "left"}:
        return date_format(dt.date.fromisoformat(value if name == "joined" else day_before(value)), "j F Y")
    return value

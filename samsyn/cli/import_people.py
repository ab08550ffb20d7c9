"""`samsyn import-people FILE --organisation SLUG`: the import of people and units, looked through in the terminal."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from samsyn.cli.set_up import complain, start_with_tables

if TYPE_CHECKING:
    from samsyn.organisations.models import ImportBatch

_SHOWN = 20


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The file, the organisation, and what is decided beforehand."""
    parser.add_argument("file", type=Path, help="an .xlsx or .csv file; the import page has an empty one to begin with")
    parser.add_argument("--organisation", required=True, metavar="SLUG", help="the organisation's name in addresses")
    parser.add_argument("--leavers", action="store_true", help="let those who are not in the file leave, as of today")
    parser.add_argument("--yes", action="store_true", help="import without asking")


def run(arguments: argparse.Namespace) -> int:
    """Show what the file would change, ask, and import it. 1 where it is refused or cut off."""
    start_with_tables()
    from django.utils import timezone, translation

    from samsyn.core import clock, tenancy
    from samsyn.organisations.models import Organisation

    found = Organisation.objects.filter(slug=arguments.organisation).first()
    if found is None:
        return complain(f"There is no organisation {arguments.organisation!r}.")
    if not arguments.file.is_file():
        return complain(f"There is no file {arguments.file}.")
    with (
        tenancy.scope(found.pk, found.slug),
        clock.simulated(found.simulated_day),
        timezone.override(found.time_zone),
        translation.override("en"),
    ):
        return _import(arguments)


def _import(arguments: argparse.Namespace) -> int:
    from samsyn.core.errors import RefusedError
    from samsyn.organisations.imports import actions
    from samsyn.organisations.imports.preview import changes_of

    try:
        with arguments.file.open("rb") as file:
            batch = actions.stage(file, arguments.file.name, by=None)
        for line in preview(batch):
            print(line)
        leavers = arguments.leavers and bool(batch.counts["left"])
        if not changes_of(batch) and not leavers:
            actions.discard(batch, by=None)
            print("There is nothing to import.")
            return 0
        if not (arguments.yes or _agreed()):
            actions.discard(batch, by=None)
            print("Nothing has been written.")
            return 0
        if not actions.confirm(batch, leavers=leavers, by=None, at_once=True):
            return complain("The organisation has changed while you were reading. Start again.")
        made = actions.apply_batch(_Told(), batch=batch.pk)
    except RefusedError as refusal:
        return complain(str(refusal.message))
    batch.refresh_from_db()
    print(f"\nDone: {made['changes']} changes.", *_set_aside(batch))
    return 0


def preview(batch: ImportBatch) -> Iterator[str]:
    """The same as the preview page, line by line: how much of each, and the first of them."""
    from samsyn.organisations.imports import preview as previews

    counts = batch.counts
    yield f"{batch.file_name}: {counts['rows']} rows. {counts['unchanged']} people stay as they are."
    for part, name, number in previews.parts_of(batch):
        yield f"\n{name}: {number}"
        lines = previews.lines_of(batch, part)
        for line in lines[:_SHOWN]:
            row = f"{line.where}: " if line.where else ""
            details = "; ".join(f"{one.label}: {one.old} → {one.new}" if one.old else one.new for one in line.details)
            yield "  " + " · ".join(filter(None, (f"{row}{line.heading}", line.key, details, line.note)))
        if len(lines) > _SHOWN:
            yield f"  … and {len(lines) - _SHOWN} more"
    yield ""


def _agreed() -> bool:
    if not sys.stdin.isatty():
        print("Say --yes to import it.")
        return False
    return input("Import it? [y/N] ").strip().lower() in {"y", "yes", "j", "ja"}


def _set_aside(batch: ImportBatch) -> Iterator[str]:
    if batch.set_aside:
        rows = ", ".join(str(row) for row, _key, _field in batch.set_aside)
        yield f"Left as they were, since somebody else changed them meanwhile: rows {rows}."


class _Told:
    """Prints how far the import has come."""

    def step(self, done: int, total: int) -> None:
        print(f"\r{done} of {total}", end="", flush=True)

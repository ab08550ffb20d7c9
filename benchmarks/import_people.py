"""40,000 people imported into SQLite while somebody else writes: how long it takes, how long the other one waits.

    python benchmarks/import_people.py [--people 40000] [--every 0.05]

Makes a database and a workbook of its own in a temporary folder and takes them away again.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))


def main() -> int:
    """Run the benchmark; 1 where a limit of the design is broken."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--people", type=int, default=40_000)
    parser.add_argument("--every", type=float, default=0.05, help="seconds between the other writer's transactions")
    parser.add_argument("--writer", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.writer:
        return write_until_told(options.writer, options.every)
    with tempfile.TemporaryDirectory() as folder:
        os.environ["SAMSYN_DATA_DIR"] = folder
        os.environ.setdefault("SAMSYN_LOG_LEVEL", "ERROR")
        start()
        return measure(Path(folder), options.people, options.every)


def start() -> None:
    """Django, on the database of the folder."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "samsyn.config.settings")
    import django

    django.setup()


def measure(folder: Path, people: int, every: float) -> int:
    """Import, import again, move some; print what it took."""
    from django.core.management import call_command

    from samsyn.core import tenancy
    from samsyn.core.texts import LangText
    from samsyn.organisations.models import Organisation
    from samsyn.organisations.tests.people_files import HEADER, municipality, xlsx_bytes

    call_command("migrate", verbosity=0)
    organisation = Organisation.objects.create(slug="stad", name=LangText(sv="Staden"))
    rows = municipality(people)
    first, moved = folder / "first.xlsx", folder / "moved.xlsx"
    first.write_bytes(xlsx_bytes(HEADER, rows))
    shifted = [
        [*row[:5], "E00001", "Enhet för omsorg och lärande 1", "E00000", *row[8:]] for row in rows[-people // 20 :]
    ]
    moved.write_bytes(xlsx_bytes(HEADER, rows[: -people // 20] + shifted))
    print(f"{people} people, {first.stat().st_size / 1e6:.1f} MB of XLSX\n")
    ok = True
    with tenancy.scope(organisation.pk, organisation.slug):
        for name, path in (("first import", first), ("the same file again", first), ("a twentieth moves", moved)):
            with other_writer(folder, every) as waits, transactions() as held:
                took = one_import(path)
            ok &= report(name, took, held, waits)
    return 0 if ok else 1


def one_import(path: Path) -> dict[str, float]:
    """Seconds of each step."""
    from samsyn.organisations.imports import actions
    from samsyn.organisations.imports.preview import changes_of

    began, processor = time.perf_counter(), time.process_time()
    with path.open("rb") as file:
        batch = actions.stage(file, path.name, by=None)
    staged = time.perf_counter()
    took = {"read, plan and keep": staged - began}
    if changes_of(batch):
        assert actions.confirm(batch, leavers=False, by=None, at_once=True)
        confirmed = time.perf_counter()
        result = actions.apply_batch(actions.Unheard(), batch=batch.pk)
        took |= {"confirm": confirmed - staged, "apply": time.perf_counter() - confirmed}
        assert result["set_aside"] == 0, result
    else:
        actions.discard(batch, by=None)
        took["discard"] = time.perf_counter() - staged
    return took | {"processor": time.process_time() - processor}


def report(name: str, took: dict[str, float], held: list[float], waits: list[float]) -> bool:
    """Print one import; whether it kept the limits."""
    processor = took.pop("processor")
    total = sum(took.values())
    steps = ", ".join(f"{step} {seconds:.1f}" for step, seconds in took.items())
    print(f"{name}: {total:.1f} s ({steps}); {processor:.1f} s of processor time; load {os.getloadavg()[0]:.1f}")
    print(f"  {len(held)} write transactions: {spread(held)}")
    print(f"  the other writer, {len(waits)} transactions: {spread(waits)}\n")
    return total < 60 and max(held, default=0) < 0.2


def spread(seconds: list[float]) -> str:
    """Median, 95th and 99th percentile and the longest, in milliseconds."""
    if len(seconds) < 2:
        return "none"
    cuts = statistics.quantiles(seconds, n=100)
    return " · ".join(
        f"{name} {value * 1000:.0f} ms"
        for name, value in (("median", cuts[49]), ("95 %", cuts[94]), ("99 %", cuts[98]), ("longest", max(seconds)))
    )


@contextmanager
def transactions() -> Iterator[list[float]]:
    """How long each write transaction of this process holds the lock: from BEGIN IMMEDIATE to the end of COMMIT."""
    from django.db.backends.sqlite3.base import DatabaseWrapper

    held: list[float] = []
    since: list[float] = [0.0]
    begin, commit = DatabaseWrapper._start_transaction_under_autocommit, DatabaseWrapper._commit

    def timed_begin(self: Any) -> None:
        begin(self)
        since[0] = time.perf_counter()

    def timed_commit(self: Any) -> None:
        commit(self)
        held.append(time.perf_counter() - since[0])

    DatabaseWrapper._start_transaction_under_autocommit = timed_begin
    DatabaseWrapper._commit = timed_commit
    try:
        yield held
    finally:
        DatabaseWrapper._start_transaction_under_autocommit = begin
        DatabaseWrapper._commit = commit


@contextmanager
def other_writer(folder: Path, every: float) -> Iterator[list[float]]:
    """Another process that writes a row now and then; its waiting is there when the block ends."""
    target = folder / "waits.json"
    target.unlink(missing_ok=True)
    command = [sys.executable, str(Path(__file__).resolve()), "--writer", str(target), "--every", str(every)]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdout.readline()
    waits: list[float] = []
    try:
        yield waits
    finally:
        process.stdin.close()
        process.wait(timeout=30)
    waits += json.loads(target.read_text())


def write_until_told(target: Path, every: float) -> int:
    """The other writer: one short transaction after another, until its input closes."""
    import threading

    start()
    from samsyn.audit.models import Entry
    from samsyn.core import clock

    over = threading.Event()
    threading.Thread(target=lambda: (sys.stdin.read(), over.set()), daemon=True).start()
    waits = []
    print("ready", flush=True)
    while not over.wait(every):
        began = time.perf_counter()
        Entry.across.create(organisation_id=1, verb="benchmark", object_kind="", at=clock.now())
        waits.append(time.perf_counter() - began)
    target.write_text(json.dumps(waits))
    return 0


if __name__ == "__main__":
    sys.exit(main())

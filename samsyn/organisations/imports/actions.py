"""Writes of an import: staged, confirmed, applied in short transactions, thrown away."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Sequence
from typing import IO, Any, Protocol

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from samsyn.audit.actions import record
from samsyn.core import clock, tenancy
from samsyn.core.addresses import address
from samsyn.core.errors import NotAllowedError, RefusedError
from samsyn.jobs.actions import start_job
from samsyn.jobs.errors import CancelledError
from samsyn.jobs.models import Job
from samsyn.jobs.progress import Unheard
from samsyn.jobs.registry import real_now
from samsyn.organisations import rules
from samsyn.organisations.imports import planning
from samsyn.organisations.imports.applying import prepare
from samsyn.organisations.imports.planning import Plan, make_plan
from samsyn.organisations.imports.reading import Table, read
from samsyn.organisations.imports.state import State, load_state
from samsyn.organisations.models import ImportBatch, ImportBlock, Organisation, Person
from samsyn.organisations.rules import Actor

SOURCE = "source"
KEPT_FOR = dt.timedelta(days=1)
AT_ONCE = 500  # an import of so few rows needs no job
SILENT_AFTER = dt.timedelta(minutes=1)
_MOST_ROWS, _FEWEST_ROWS, _SECONDS_A_SLICE = 500, 20, 0.08
_MOST_ASIDE = 200


class Progress(Protocol):
    """Hears how far a job has come."""

    def step(self, done: int, total: int) -> None:
        """`done` of `total`; raises CancelledError where the job shall end."""
        ...


def _authorise(actor: Actor) -> None:
    if not rules.may_change(actor):
        raise NotAllowedError(_("You may not do this."))


def _person(actor: Actor) -> Person | None:
    return actor if isinstance(actor, Person) else None


# --- from file to plan ------------------------------------------------------------------------------------------


def stage(file: IO[bytes], file_name: str, *, by: Actor) -> ImportBatch:
    """Read a file and keep what it would change, for a preview. Raises RefusedError where it cannot be read."""
    _authorise(by)
    table = read(file)
    batch = ImportBatch(
        organisation_id=tenancy.active_id(),
        made=clock.now(),
        made_by=_person(by),
        file_name=file_name[-120:],
        header=table.header,
        state=ImportBatch.State.READING,
    )
    state = load_state(language())
    plan = make_plan(table, state)
    with transaction.atomic():
        batch.save()
        record("import.planned", batch, by=by)
    _keep(batch, SOURCE, table.rows)
    _keep_plan(batch, plan, state)
    return batch


def plan_again(batch: ImportBatch) -> None:
    """Plan the same file anew, against the organisation as it is now."""
    table = kept_table(batch)
    state = load_state(language())
    plan = make_plan(table, state)
    ImportBatch.objects.filter(pk=batch.pk).update(state=ImportBatch.State.READING)
    _throw_blocks(batch, keep=SOURCE)
    _keep_plan(batch, plan, state)


def kept_table(batch: ImportBatch) -> Table:
    """The file's own rows, as they were kept."""
    blocks = ImportBlock.objects.filter(batch=batch, part=SOURCE).order_by("position")
    return Table(batch.header, [(number, cells) for block in blocks for number, cells in block.rows])


def language() -> str:
    """The language in which the organisation's files name units and titles."""
    return Organisation.objects.get(pk=tenancy.active_id()).language


def _keep(batch: ImportBatch, part: str, rows: Sequence[Any]) -> None:
    for position, start in enumerate(range(0, len(rows), _MOST_ROWS)):
        ImportBlock.objects.create(
            organisation_id=batch.organisation_id,
            batch=batch,
            part=part,
            position=position,
            rows=rows[start : start + _MOST_ROWS],
        )


def _keep_plan(batch: ImportBatch, plan: Plan, state: State) -> None:
    for part in planning.PARTS:
        _keep(batch, part, plan.part(part))
    batch.counts, batch.fingerprint, batch.state = plan.counts, state.fingerprint(), ImportBatch.State.PLANNED
    batch.save(update_fields=["counts", "fingerprint", "state"])


# --- from plan to organisation ----------------------------------------------------------------------------------


def confirm(batch: ImportBatch, *, leavers: bool, by: Actor, at_once: bool = False) -> bool:
    """Begin the import, or go on with one that stopped half-way; a small one is done before this returns.

    False: the organisation has changed since the preview, and the file has been planned anew; look at it again.
    Raises RefusedError while another import is under way.
    """
    _authorise(by)
    if batch.state == ImportBatch.State.DONE:
        return True
    if batch.state == ImportBatch.State.READING:
        raise RefusedError(_("The file is still being read. Wait a moment and load the page again."))
    if any(is_under_way(other) for other in ImportBatch.objects.filter(state=ImportBatch.State.APPLYING)):
        raise RefusedError(_("Another import is under way. Wait until it is done."))
    if batch.state == ImportBatch.State.PLANNED:
        if load_state(language()).fingerprint() != batch.fingerprint:
            plan_again(batch)
            return False
        batch.leavers = leavers
    small = size_of(batch) <= AT_ONCE
    with transaction.atomic():
        batch.state, batch.touched = ImportBatch.State.APPLYING, real_now()
        batch.save(update_fields=["state", "touched", "leavers"])
        record("import.confirmed", batch, by=by)
        if not (small or at_once):
            job = start_job(
                _("Import of people and units"),
                "samsyn.organisations.imports.apply_batch",
                {"batch": batch.pk},
                by,
                onward=address("organisations:import_result", batch=batch.pk),
            )
            batch.job_id = job.pk
            batch.save(update_fields=["job_id"])
    if small and not at_once:
        apply_batch(Unheard(), batch=batch.pk)
    batch.refresh_from_db()
    return True


def is_under_way(batch: ImportBatch) -> bool:
    """Whether an import waits for its turn or gives signs of life."""
    if batch.state == ImportBatch.State.APPLYING and batch.job_id:
        job = Job.objects.filter(pk=batch.job_id).first()
        return job is not None and not job.ended
    moving = batch.touched is not None and batch.touched > real_now() - SILENT_AFTER
    return batch.state == ImportBatch.State.APPLYING and moving


def apply_batch(progress: Progress, *, batch: int) -> dict[str, int]:
    """Make the changes of a confirmed import, slice by slice, and go on where an earlier run was cut off.

    Each slice is one short transaction, after which others get their turn. Returns how many changes were made or
    set aside. Raises what `progress.step` raises; what has been made by then stays.
    """
    found = ImportBatch.objects.filter(pk=batch).first()
    if found is None or found.state not in {ImportBatch.State.APPLYING, ImportBatch.State.STOPPED}:
        return {}
    try:
        _apply(found, progress)
    except (CancelledError, Exception):
        ImportBatch.objects.filter(pk=batch).update(state=ImportBatch.State.STOPPED)
        raise
    with transaction.atomic():
        ImportBatch.objects.filter(pk=batch).update(state=ImportBatch.State.DONE, touched=real_now())
        record("import.done", found, by=None)
    _throw_blocks(found, keep=planning.FAULTS)
    found.refresh_from_db()
    return {"changes": size_of(found), "set_aside": len(found.set_aside)}


def size_of(batch: ImportBatch) -> int:
    """How many changes the import makes in all."""
    return sum(_sizes(batch).values())


def _sizes(batch: ImportBatch) -> dict[str, int]:
    """How many changes each part holds, in the order in which they are made."""
    parts = [*planning.CHANGES, *([planning.LEFT] if batch.leavers else [])]
    return {part: batch.counts.get(part, 0) for part in parts}


def _apply(batch: ImportBatch, progress: Progress) -> None:
    sizes = _sizes(batch)
    total, done = sum(sizes.values()), 0
    spoken = language()
    size = 100
    for part in sizes:
        for pk in ImportBlock.objects.filter(batch=batch, part=part).order_by("position").values_list("pk", flat=True):
            block = ImportBlock.objects.get(pk=pk)
            done += block.applied
            while block.applied < len(block.rows):
                progress.step(done, total)
                made, took = _slice(batch, block, size, spoken)
                done += made
                size = min(max(int(made * _SECONDS_A_SLICE / max(took, 0.001)), _FEWEST_ROWS), size * 2, _MOST_ROWS)
                time.sleep(took)  # whoever else wants to write gets as much time as was taken
    progress.step(total, total)


def _slice(batch: ImportBatch, block: ImportBlock, size: int, spoken: str) -> tuple[int, float]:
    """Apply the next rows of a block: how many, and for how many seconds others had to wait.

    Where another worker was faster, nothing is written and the block says how far it has come.
    """
    before = block.applied
    rows = block.rows[before : before + size]
    upto = before + len(rows)
    write = prepare(block.part, rows, spoken)
    with transaction.atomic():
        began = time.monotonic()
        mine = ImportBlock.objects.filter(pk=block.pk, applied=before).update(applied=upto)
        if mine:
            values: dict[str, Any] = {"touched": real_now(), "state": ImportBatch.State.APPLYING}
            if aside := write():
                batch.set_aside = values["set_aside"] = (batch.set_aside + aside)[:_MOST_ASIDE]
            ImportBatch.objects.filter(pk=batch.pk).update(**values)
    took = time.monotonic() - began
    if mine:
        block.applied = upto
    else:
        block.refresh_from_db(fields=["applied"])
    return block.applied - before, took


# --- away -------------------------------------------------------------------------------------------------------


def discard(batch: ImportBatch, *, by: Actor) -> None:
    """Throw a planned or stopped import away. Raises RefusedError while it is under way."""
    _authorise(by)
    if is_under_way(batch):
        raise RefusedError(_("The import is under way. Cancel it first."))
    _throw_blocks(batch)
    with transaction.atomic():
        record("import.discarded", batch, by=by)
        batch.delete()


def clear_old() -> None:
    """Take away imports that nobody confirmed within a day, and what is left of finished ones but their counts."""
    for batch in ImportBatch.objects.filter(made__lt=clock.now() - KEPT_FOR):
        if is_under_way(batch):
            continue
        _throw_blocks(batch)
        if batch.state != ImportBatch.State.DONE:
            batch.delete()
        elif batch.set_aside:
            ImportBatch.objects.filter(pk=batch.pk).update(set_aside=[])


def _throw_blocks(batch: ImportBatch, *, keep: str = "") -> None:
    """One block a transaction: they are large, and what is deleted is overwritten."""
    for pk in list(ImportBlock.objects.filter(batch=batch).exclude(part=keep).values_list("pk", flat=True)):
        ImportBlock.objects.filter(pk=pk).delete()

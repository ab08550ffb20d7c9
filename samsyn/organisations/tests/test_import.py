from __future__ import annotations

import datetime as dt
import io

import pytest

from samsyn.audit.models import Entry
from samsyn.core import clock
from samsyn.core.errors import NotAllowedError, RefusedError
from samsyn.core.texts import LangText
from samsyn.jobs.errors import CancelledError, StoppedError
from samsyn.jobs.models import Job
from samsyn.jobs.running import execute
from samsyn.organisations import actions as people_actions
from samsyn.organisations.imports import actions
from samsyn.organisations.models import ImportBatch, ImportBlock, Person, Placement, Unit, UnitVersion
from samsyn.organisations.tests.people_files import HEADER, csv_bytes, municipality, xlsx_bytes

State = ImportBatch.State


def stage(rows, header=HEADER) -> ImportBatch:
    return actions.stage(io.BytesIO(csv_bytes(header, rows, encoding="utf-8")), "personal.csv", by=None)


def bring_in(rows, header=HEADER, *, leavers: bool = False) -> ImportBatch:
    batch = stage(rows, header)
    assert actions.confirm(batch, leavers=leavers, by=None)
    return batch


class Steps:
    """Progress that remembers, and stops where it is told to."""

    def __init__(self, stop_at: int | None = None, error: type[BaseException] = CancelledError) -> None:
        self.seen: list[tuple[int, int]] = []
        self.stop_at, self.error = stop_at, error

    def step(self, done: int, total: int) -> None:
        self.seen.append((done, total))
        if self.stop_at is not None and done >= self.stop_at:
            raise self.error


def picture() -> tuple:
    """Everything that an import writes, without its ids."""
    return (
        sorted(Unit.objects.values_list("key", "parent__key")),
        sorted(Person.objects.values_list("key", "name", "email", "unit__key", "manager__key", "level", "joined")),
        sorted(Placement.objects.values_list("person__key", "unit__key", "since")),
        UnitVersion.objects.count(),
    )


def test_nothing_is_written_before_it_is_confirmed(organisation):
    batch = stage(municipality(60))
    assert (batch.state, Person.objects.count(), Unit.objects.count()) == (State.PLANNED, 0, 0)
    assert batch.counts["added"] == 60
    assert batch.counts["units"] == 2
    actions.discard(batch, by=None)
    assert not ImportBlock.objects.exists()
    assert not ImportBatch.objects.exists()


def test_a_small_import_is_done_at_once(organisation):
    batch = bring_in(municipality(60))
    assert batch.state == State.DONE
    assert Person.objects.count() == 60
    person = Person.objects.select_related("unit", "manager").get(key="100003")
    assert (person.unit.key, person.manager.key, person.attributes.keys()) == ("E00001", "100001", {"Yrkesgrupp"})
    assert str(person.unit) == "Enhet för omsorg och lärande 1"
    assert person.unit.parent.key == "E00000"
    assert Placement.objects.get(person=person).since == dt.date(2026, 3, 12)  # not before the unit was opened here
    assert not ImportBlock.objects.exclude(part="faults").exists()
    assert set(Entry.objects.values_list("verb", flat=True)) == {"import.planned", "import.confirmed", "import.done"}


def test_a_workbook_and_a_csv_file_say_the_same(organisation):
    rows = municipality(30)
    bring_in(rows)
    batch = actions.stage(io.BytesIO(xlsx_bytes(HEADER, rows)), "personal.xlsx", by=None)
    counts = {name: batch.counts[name] for name in ("units", "added", "changed", "moved", "left", "faults")}
    assert set(counts.values()) == {0}
    assert batch.counts["unchanged"] == 30


def test_moves_renamings_and_leavers_keep_their_history(organisation):
    bring_in(municipality(60))
    with clock.simulated(dt.date(2026, 9, 1)):
        rows = municipality(60)[:-1]
        rows[40] = [*rows[40][:5], "E00001", "Nytt namn", *rows[40][7:]]
        rows = [[*row[:6], "Nytt namn", *row[7:]] if row[5] == "E00001" else row for row in rows]
        batch = bring_in(rows, leavers=True)
        assert (batch.counts["moved"], batch.counts["left"]) == (1, 1)
        assert str(Unit.objects.get(key="E00001").name) == "Nytt namn"
        assert UnitVersion.objects.filter(unit__key="E00001").count() == 2
        gone = Person.objects.get(key="100059")
        assert gone.left == dt.date(2026, 9, 1)
        assert Placement.objects.get(person=gone).until == dt.date(2026, 9, 1)
        stays = Placement.objects.filter(person__key="100040").order_by("since").values_list("unit__key", "until")
        assert list(stays) == [("E00000", dt.date(2026, 9, 1)), ("E00001", None)]


def test_the_organisation_changed_since_the_preview_so_the_plan_is_made_anew(organisation):
    batch = stage(municipality(10))
    people_actions.add_person(key="100003", name="Redan här", unit=None, by=None)
    assert not actions.confirm(batch, leavers=False, by=None)
    assert (batch.state, batch.counts["added"], batch.counts["moved"]) == (State.PLANNED, 9, 1)
    assert Person.objects.count() == 1
    assert actions.confirm(batch, leavers=False, by=None)
    assert batch.state == State.DONE


@pytest.mark.parametrize("error", [CancelledError, StoppedError, RuntimeError])
def test_what_was_cut_off_half_way_goes_on_and_ends_the_same(organisation, error):
    rows = municipality(900)
    batch = stage(rows)
    actions.confirm(batch, leavers=False, by=None, at_once=True)
    for stop_at in (1, 40, 300, 500):
        with pytest.raises(error):
            actions.apply_batch(Steps(stop_at, error), batch=batch.pk)
    batch.refresh_from_db()
    assert batch.state == (State.APPLYING if error is StoppedError else State.STOPPED)
    assert 464 <= Person.objects.count() <= 500
    steps = Steps()
    result = actions.apply_batch(steps, batch=batch.pk)
    assert result == {"changes": 936, "set_aside": 0}
    assert steps.seen[-1] == (936, 936)
    whole = picture()
    assert len(whole[1]) == 900
    assert actions.apply_batch(Steps(), batch=batch.pk) == {}
    assert picture() == whole
    assert stage(rows).counts["unchanged"] == 900


def test_a_slice_that_fails_is_taken_back_whole(organisation, monkeypatch):
    batch = stage(municipality(300))
    actions.confirm(batch, leavers=False, by=None, at_once=True)
    real = actions.prepare

    def fails_after_writing(part, rows, language):
        write = real(part, rows, language)

        def failing():
            write()
            if part == "added" and Person.objects.count() > 150:
                raise RuntimeError
            return []

        return failing

    monkeypatch.setattr(actions, "prepare", fails_after_writing)
    with pytest.raises(RuntimeError):
        actions.apply_batch(Steps(), batch=batch.pk)
    assert Person.objects.count() == ImportBlock.objects.get(batch=batch, part="added").applied
    monkeypatch.undo()
    actions.apply_batch(Steps(), batch=batch.pk)
    assert Person.objects.count() == 300


def test_what_somebody_changed_while_it_ran_is_set_aside_and_not_overwritten(organisation):
    bring_in([["1", "Anna", "Vård"], ["2", "Bo", "Vård"]], ["Id", "Namn", "Titel"])
    batch = stage([["1", "Anna Ny", "Skola"], ["2", "Bo Ny", "Skola"]], ["Id", "Namn", "Titel"])
    actions.confirm(batch, leavers=False, by=None, at_once=True)
    people_actions.change_person(Person.objects.get(key="1"), by=None, name="Anna Annan")
    people_actions.change_person(Person.objects.get(key="2"), by=None, name="Bo Ny")
    actions.apply_batch(Steps(), batch=batch.pk)
    batch.refresh_from_db()
    assert batch.set_aside == [[2, "1", "name"]]
    found = {person.key: (person.name, str(person.title)) for person in Person.objects.all()}
    assert found == {"1": ("Anna Annan", "Skola"), "2": ("Bo Ny", "Skola")}


def test_a_translation_that_the_file_does_not_know_goes_when_the_text_changes(organisation):
    person = people_actions.add_person(key="1", name="Anna", unit=None, by=None, title={"sv": "Rektor", "en": "Head"})
    assert stage([["1", "Anna", "Rektor"]], ["Id", "Namn", "Titel"]).counts["unchanged"] == 1
    bring_in([["1", "Anna", "Lärare"]], ["Id", "Namn", "Titel"])
    person.refresh_from_db()
    assert person.title == LangText(sv="Lärare")


def test_a_large_import_is_a_job_that_leads_to_its_result(organisation):
    batch = bring_in(municipality(600))
    job = Job.objects.get()
    assert (batch.state, batch.job_id, Person.objects.count()) == (State.APPLYING, job.pk, 0)
    assert job.onward.endswith("/result/")
    with pytest.raises(RefusedError, match="under way"):
        actions.discard(batch, by=None)
    other = stage(municipality(5))
    with pytest.raises(RefusedError, match="Another import"):
        actions.confirm(other, leavers=False, by=None)
    execute(job.pk)
    job.refresh_from_db()
    batch.refresh_from_db()
    assert (job.state, batch.state, Person.objects.count()) == (Job.State.DONE, State.DONE, 600)
    assert job.result == {"changes": 624, "set_aside": 0}


def test_a_cancelled_job_leaves_an_import_that_can_go_on(organisation):
    batch = bring_in(municipality(600))
    job = Job.objects.get()
    Job.objects.update(cancel_requested=False)
    with pytest.raises(CancelledError):
        actions.apply_batch(Steps(200), batch=batch.pk)
    Job.objects.filter(pk=job.pk).update(state=Job.State.CANCELLED)
    batch.refresh_from_db()
    assert batch.state == State.STOPPED
    assert actions.confirm(batch, leavers=False, by=None)
    execute(batch.job_id)
    assert Person.objects.count() == 600


def test_old_imports_are_cleared(organisation):
    done, waiting = bring_in(municipality(5)), stage([["1", "", "x"]], ["Id", "Namn", "Titel"])
    with clock.simulated(dt.date(2026, 3, 14)):
        fresh = stage(municipality(6))
        actions.clear_old()
    assert set(ImportBatch.objects.all()) == {done, fresh}
    assert set(ImportBlock.objects.values_list("batch", flat=True)) == {fresh.pk}
    assert waiting.pk not in ImportBatch.objects.values_list("pk", flat=True)


def test_only_administrators_import(organisation):
    staff = people_actions.add_person(key="1", name="Anna", unit=None, by=None)
    with pytest.raises(NotAllowedError):
        actions.stage(io.BytesIO(b"x"), "x.csv", by=staff)


def test_a_refused_file_leaves_nothing_behind(organisation):
    with pytest.raises(RefusedError):
        actions.stage(io.BytesIO(b"%PDF-1.4"), "x.csv", by=None)
    assert not ImportBatch.objects.exists()


def test_everybody_gets_a_new_employment_number(organisation):
    head = ["Id", "Namn", "E-post", "Chef"]
    bring_in([[str(n), f"Person {n}", f"p{n}@x.se", str(n // 2) if n > 1 else ""] for n in range(1, 40)], head)
    rows = [[f"N{n}", f"Person {n}", f"p{n}@x.se", f"N{n // 3}" if n > 2 else ""] for n in range(1, 40)]
    ids = set(Person.objects.values_list("pk", flat=True))
    batch = stage(rows, head)
    actions.confirm(batch, leavers=True, by=None, at_once=True)
    for stop_at in (10, 45, 60):
        with pytest.raises(CancelledError):
            actions.apply_batch(Steps(stop_at), batch=batch.pk)
    actions.apply_batch(Steps(), batch=batch.pk)
    batch.refresh_from_db()
    assert (batch.set_aside, set(Person.objects.values_list("pk", flat=True))) == ([], ids)
    assert sorted(Person.objects.values_list("key", flat=True)) == sorted(row[0] for row in rows)
    assert Person.objects.get(key="N30").manager.key == "N10"
    assert stage(rows, head).counts["unchanged"] == 39

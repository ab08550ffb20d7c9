"""Starting, running, cancelling and losing jobs."""

from __future__ import annotations

import datetime as dt
import logging

import pytest
from django_tasks_db.models import DBTaskResult

from samsyn.audit.models import Entry
from samsyn.core.errors import NotAllowedError
from samsyn.core.texts import LangText
from samsyn.jobs import housekeeping
from samsyn.jobs.actions import cancel_job, start_job
from samsyn.jobs.errors import CancelledError, LostError
from samsyn.jobs.models import Job
from samsyn.jobs.progress import Progress
from samsyn.jobs.registry import real_now
from samsyn.jobs.running import Stop, execute
from samsyn.jobs.tests import work
from samsyn.jobs.tests.conftest import make_person

WORK = "samsyn.jobs.tests.work"
pytestmark = pytest.mark.django_db


def start(name: str, by=None, **arguments) -> Job:
    return start_job(LangText(sv="Räkna", en="Count"), f"{WORK}.{name}", arguments, by)


def run(job: Job) -> Job:
    execute(job.pk)
    job.refresh_from_db()
    return job


def test_a_job_is_queued_with_ids_alone_and_audited(organisation, starter):
    job = start("count", starter, total=3)
    task = DBTaskResult.objects.get(pk=job.task_id)
    assert task.args_kwargs == {"args": [job.pk], "kwargs": {}}
    assert (job.state, job.started_by) == ("waiting", starter.pk)
    assert Entry.objects.get(verb="job.started").object_id == job.pk


@pytest.mark.parametrize("bad", ["Kerstin", {"a": 1}, ["x"], 1.5])
def test_arguments_are_never_content(organisation, bad):
    with pytest.raises(TypeError):
        start("count", total=bad)


def test_a_job_runs_to_its_end(organisation):
    job = run(start("count", total=3))
    assert (job.state, job.done, job.total, job.result) == ("done", 3, 3, {"counted": 3})
    assert str(job.message) == "Counting"


def test_a_job_runs_in_its_organisation_and_on_its_day(organisation):
    organisation.synthetic, organisation.simulated_day = True, dt.date(2031, 5, 6)
    organisation.save()
    job = start("note_surroundings")
    work.seen.clear()
    run(job)
    assert work.seen == [(organisation.pk, "norr", dt.date(2031, 5, 6))]
    assert job.heartbeat.year != 2031, "signs of life follow the real clock"


def test_a_job_that_is_no_longer_waiting_is_left_alone(organisation):
    job = run(start("count", total=3))
    Job.objects.filter(pk=job.pk).update(done=0)
    assert run(job).done == 0


def test_a_refusal_is_told_in_its_own_words(organisation):
    job = run(start("refuse"))
    assert (job.state, str(job.message)) == ("failed", "The file is empty.")


def test_an_error_is_told_without_what_people_wrote(organisation, caplog):
    with caplog.at_level(logging.ERROR):
        job = run(start("fail"))
    assert job.state == "failed"
    everything = caplog.text + str(job.message) + "".join(DBTaskResult.objects.values_list("traceback", flat=True))
    assert "ValueError" in everything
    assert "work.py" in everything
    assert "Kerstin" not in everything


def test_a_result_holds_counts_only(organisation):
    job = run(start("say_too_much"))
    assert (job.state, job.result) == ("failed", {})


def test_progress_is_written_at_most_every_quarter_of_a_second(organisation, django_assert_num_queries):
    job = start("count", total=3)
    Job.objects.filter(pk=job.pk).update(state="running", run="r")
    job.refresh_from_db()
    now = [100.0]
    progress = Progress(job, seconds=lambda: now[0])
    with django_assert_num_queries(1):
        progress.step(1, 9)
        now[0] += 0.2
        progress.step(2, 9)
    job.refresh_from_db()
    assert job.done == 1
    now[0] += 0.1
    progress.step(3, 9)
    job.refresh_from_db()
    assert job.done == 3


def test_a_running_job_ends_at_its_next_step_when_cancelled(organisation):
    job = run(start("cancel_itself"))
    assert (job.state, job.done) == ("cancelled", 2)


def test_a_waiting_job_is_cancelled_at_once(organisation, starter):
    job = start("count", starter, total=3)
    cancel_job(job, by=starter)
    assert job.state == "cancelled"
    assert not DBTaskResult.objects.exists()
    assert run(job).state == "cancelled"
    assert Entry.objects.filter(verb="job.cancelled").count() == 1


def test_only_the_starter_and_administrators_may_cancel(organisation, starter, people):
    job = start("count", starter, total=3)
    with pytest.raises(NotAllowedError):
        cancel_job(job, by=people[0])
    assert run(job).state == "done"
    other = start("count", starter, total=3)
    cancel_job(other, by=make_person(organisation, "chief", administrator=True))
    assert other.state == "cancelled"


def test_a_worker_that_closes_down_hands_the_job_back(organisation):
    job = start("count", total=3)
    Stop.asked = True
    try:
        run(job)
    finally:
        Stop.asked = False
    assert (job.state, job.restarts, job.run) == ("waiting", 0, "")
    assert DBTaskResult.objects.ready().filter(pk=job.task_id).exists()
    assert run(job).state == "done"


def _cut_off(job: Job, seconds: int = 120) -> None:
    """As a worker leaves it that is killed in the middle."""
    long_ago = real_now() - dt.timedelta(seconds=seconds)
    Job.objects.filter(pk=job.pk).update(state="running", run="dead", heartbeat=long_ago)
    DBTaskResult.objects.filter(pk=job.task_id).update(status="RUNNING", started_at=long_ago)
    job.refresh_from_db()


def test_a_cut_off_job_is_started_again_three_times_and_then_given_up(organisation):
    job = start("count", total=3)
    for time in range(3):
        _cut_off(job)
        assert housekeeping.reap() == 1
        job.refresh_from_db()
        assert (job.state, job.restarts) == ("waiting", time + 1)
        assert DBTaskResult.objects.ready().filter(pk=job.task_id).exists()
    _cut_off(job)
    housekeeping.reap()
    job.refresh_from_db()
    assert job.state == "failed"
    assert "given up" in job.message["en"]
    assert not DBTaskResult.objects.running().exists()


def test_a_job_that_gives_signs_of_life_is_left_alone(organisation):
    job = start("count", total=3)
    _cut_off(job, seconds=20)
    assert housekeeping.reap() == 0
    assert housekeeping.reap(stale_after=dt.timedelta(seconds=10)) == 1


def test_a_task_that_was_taken_and_never_begun_is_put_back(organisation):
    job = start("count", total=3)
    long_ago = real_now() - dt.timedelta(minutes=5)
    DBTaskResult.objects.update(status="RUNNING", started_at=long_ago)
    assert housekeeping.reap() == 1
    assert run(job).state == "done"


def test_a_cancelled_job_whose_worker_was_killed_does_not_come_back(organisation):
    job = start("count", total=3)
    _cut_off(job)
    Job.objects.filter(pk=job.pk).update(cancel_requested=True)
    housekeeping.reap()
    job.refresh_from_db()
    assert job.state == "cancelled"


def test_a_worker_that_comes_back_from_the_dead_is_shut_out(organisation):
    job = start("count", total=3)
    _cut_off(job)
    ghost = Progress(job)
    housekeeping.reap()
    with pytest.raises(LostError):
        ghost.step(1, 3)
    job.refresh_from_db()
    assert job.done == 0


def test_ordinary_error_handling_does_not_swallow_a_cancellation():
    assert not issubclass(CancelledError, Exception)


def test_what_is_long_over_is_taken_away(organisation):
    old, new = run(start("count", total=1)), run(start("count", total=1))
    Job.objects.filter(pk=old.pk).update(heartbeat=real_now() - dt.timedelta(days=91))
    DBTaskResult.objects.update(status="SUCCESSFUL", finished_at=real_now() - dt.timedelta(days=8))
    housekeeping.tidy()
    assert list(Job.objects.values_list("pk", flat=True)) == [new.pk]
    assert not DBTaskResult.objects.exists()

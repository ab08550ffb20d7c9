"""A worker process: really started, really killed."""

from __future__ import annotations

import datetime as dt
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator

import pytest
from django.db import connection

from samsyn.core import tenancy
from samsyn.core.texts import LangText
from samsyn.jobs import housekeeping
from samsyn.jobs.actions import start_job
from samsyn.jobs.models import Job
from samsyn.organisations.models import Organisation

pytestmark = pytest.mark.django_db(transaction=True)

# The database is the test's own; everything else is as in production.
_PROCESS = """
import sys
from django.conf import settings
settings.DATABASES["default"]["NAME"] = sys.argv[1]
from samsyn.jobs.worker import run
run(interval=0.05, heartbeat_every=0.1, **{name: True for name in sys.argv[2:]})
"""


@pytest.fixture
def worker() -> Iterator[Callable[..., subprocess.Popen[bytes]]]:
    started = []

    def start(*options: str) -> subprocess.Popen[bytes]:
        name = str(connection.settings_dict["NAME"])
        process = subprocess.Popen([sys.executable, "-c", _PROCESS, name, *options], env=os.environ.copy())
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.wait()


@pytest.fixture
def job(transactional_db) -> Iterator[Job]:
    organisation = Organisation.objects.create(slug="norr", name=LangText(sv="Norr"))
    with tenancy.scope(organisation.pk, organisation.slug):
        yield start_job("Count", "samsyn.jobs.tests.work.count_slowly", {"total": 40, "pause_ms": 40}, None)


def until(job: Job, reached: Callable[[Job], bool], seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        job.refresh_from_db()
        if reached(job):
            return
        time.sleep(0.02)
    raise AssertionError(f"the job stands at {job.state}, {job.done} of {job.total}")


def test_a_job_survives_the_killing_of_its_worker(job, worker):
    process = worker()
    until(job, lambda job: job.state == "running" and job.done >= 1)
    process.send_signal(signal.SIGKILL)
    process.wait()
    job.refresh_from_db()
    assert job.state == "running", "nobody has told the job"

    assert housekeeping.reap(stale_after=dt.timedelta()) == 1
    worker("until_empty").wait(60)
    job.refresh_from_db()
    assert (job.state, job.restarts, job.done, job.result) == ("done", 1, 40, {"counted": 40})


def test_a_worker_asked_to_end_finishes_its_step_and_hands_the_job_over(job, worker):
    process = worker()
    until(job, lambda job: job.state == "running" and job.done >= 1)
    process.send_signal(signal.SIGTERM)
    assert process.wait(20) == 0
    job.refresh_from_db()
    assert (job.state, job.restarts) == ("waiting", 0)
    worker("until_empty").wait(60)
    job.refresh_from_db()
    assert job.state == "done"


def test_the_heartbeat_goes_on_while_the_function_is_busy(job, worker):
    Job.objects.filter(pk=job.pk).update(arguments={"total": 1, "pause_ms": 60_000})
    worker()
    until(job, lambda job: job.state == "running")
    first = job.heartbeat
    until(job, lambda job: job.heartbeat > first)


def test_importing_the_entry_loads_no_django():
    code = "import sys, samsyn.jobs.worker; sys.exit('django' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0

"""`samsyn check` says what is missing before production, and nothing that is not."""

import pytest

from samsyn.cli.check import shortcomings
from samsyn.jobs import duties
from samsyn.jobs.models import DutyRun
from samsyn.organisations.models import Organisation

pytestmark = pytest.mark.django_db


def said() -> str:
    return "\n".join(shortcomings())


def test_it_asks_for_a_contact_and_for_who_is_responsible(settings):
    settings.CONTACT = settings.RESPONSIBLE = ""
    Organisation.objects.create(slug="en")
    assert "SAMSYN_CONTACT" in said()
    assert "SAMSYN_RESPONSIBLE" not in said(), "with one organisation it is that one"
    Organisation.objects.create(slug="annan")
    assert "SAMSYN_RESPONSIBLE" in said()
    settings.CONTACT, settings.RESPONSIBLE = "it@en.example", "Kommunen En"
    assert "SAMSYN_CONTACT" not in said()
    assert "SAMSYN_RESPONSIBLE" not in said()


def test_it_says_that_the_worker_never_ran_or_stands_still(monkeypatch):
    assert "worker has never run" in said()
    ran = []
    duties.register("test", lambda: ran.append(1))
    try:
        duties.run_due(names=["test"])
        assert ran
        assert "worker" not in said()
        DutyRun.objects.update(period=DutyRun.objects.get(name="test").period - 3)
        assert "worker has not run for 3 nights" in said()
    finally:
        duties.unregister("test")


@pytest.mark.parametrize(
    ("processes", "redis", "asked"), [("4", "", True), ("1", "", False), ("4", "redis://r", False)]
)
def test_several_processes_need_redis(monkeypatch, settings, processes, redis, asked):
    monkeypatch.setenv("WEB_CONCURRENCY", processes)
    settings.REDIS_URL = redis
    assert ("REDIS_URL" in said()) is asked


def test_the_room_for_files_is_a_setting(monkeypatch):
    from samsyn.config import environment

    assert environment.gigabytes("SAMSYN_FILES_QUOTA_GB", 5) == 5 * 1024**3
    monkeypatch.setenv("SAMSYN_FILES_QUOTA_GB", "0.5")
    assert environment.gigabytes("SAMSYN_FILES_QUOTA_GB", 5) == 1024**3 // 2
    monkeypatch.setenv("SAMSYN_FILES_QUOTA_GB", "much")
    with pytest.raises(ValueError, match="SAMSYN_FILES_QUOTA_GB"):
        environment.gigabytes("SAMSYN_FILES_QUOTA_GB", 5)

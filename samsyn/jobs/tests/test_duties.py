"""Duties come back once a period, whoever gets there first."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from samsyn.core import tenancy
from samsyn.core.texts import LangText
from samsyn.jobs import duties
from samsyn.organisations.models import Organisation

pytestmark = pytest.mark.django_db
MORNING = dt.datetime(2026, 3, 12, 9, 0, tzinfo=ZoneInfo("Europe/Stockholm"))


@pytest.fixture
def done():
    found: list[str] = []
    duties.register("test.daily", lambda: found.append("daily"))
    yield found
    duties.unregister("test.daily")
    duties.unregister("test.broken")


def due(now: dt.datetime) -> list[str]:
    return duties.run_due(now=now, names=["test.daily", "test.broken"])


def test_a_daily_duty_runs_once_between_one_night_and_the_next(done):
    for hours in (0, 1, 17.5):
        due(MORNING + dt.timedelta(hours=hours))
    assert done == ["daily"]
    due(MORNING + dt.timedelta(hours=18, minutes=1))
    assert done == ["daily", "daily"]


def test_two_processes_share_the_period(done):
    assert due(MORNING) == ["test.daily"]
    assert due(MORNING) == []


def test_a_failing_duty_waits_for_its_next_period_and_stops_no_other(done, caplog):
    def broken() -> None:
        raise ValueError("Kerstin")

    duties.register("test.broken", broken)
    assert set(due(MORNING)) == {"test.daily", "test.broken"}
    assert done == ["daily"]
    assert "test.broken" in caplog.text
    assert "Kerstin" not in caplog.text


def test_in_each_organisation_leaves_rehearsals_alone_unless_asked(db):
    for slug, synthetic in (("norr", False), ("prov", True)):
        Organisation.objects.create(slug=slug, name=LangText(sv=slug), synthetic=synthetic)
    seen: list[str] = []
    duties.in_each_organisation(lambda found: seen.append(tenancy.active_slug()))
    assert seen == ["norr"]
    seen.clear()
    duties.in_each_organisation(lambda found: seen.append(found.slug), synthetic=True)
    assert sorted(seen) == ["norr", "prov"]

"""Signs of life follow the real clock, also where a rehearsal stands on a day of its own."""

from __future__ import annotations

import datetime as dt

from samsyn.core import clock
from samsyn.jobs.registry import real_now


def test_a_rehearsals_day_does_not_reach_signs_of_life():
    before = real_now()
    with clock.simulated(dt.date(2020, 2, 3)):
        assert clock.today() == dt.date(2020, 2, 3)
        assert before <= real_now() < before + dt.timedelta(minutes=5)

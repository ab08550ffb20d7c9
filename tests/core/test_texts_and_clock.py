"""Texts in two languages, and the one clock."""

import datetime as dt

from django.utils import timezone
from django.utils.translation import override
from hypothesis import example, given
from hypothesis import strategies as st

from samsyn.core import clock
from samsyn.core.texts import LangText


def test_a_text_is_shown_in_the_readers_language_or_the_other():
    both, one = LangText(sv="hej", en="hello"), LangText(en="hello")
    with override("sv"):
        assert str(both) == "hej"
        assert one.pick() == ("hello", "en")
    with override("en"):
        assert str(both) == "hello"
    assert not LangText(sv="")
    assert LangText({"sv": "x", "de": "y"}) == {"sv": "x"}


def test_a_simulated_day_keeps_the_order_within_it():
    day = dt.date(2026, 4, 28)
    with clock.simulated(day):
        first, second = clock.now(), clock.now()
        assert clock.day_of(first) == clock.day_of(second) == day
        assert first <= second
        assert clock.today() == day
    assert clock.today() != day


@given(
    day=st.dates(dt.date(2000, 1, 1), dt.date(2099, 12, 31)),
    moment=st.datetimes(dt.datetime(2000, 1, 1), dt.datetime(2099, 12, 31), timezones=st.just(dt.UTC)),
    wait=st.timedeltas(dt.timedelta(0), dt.timedelta(hours=25)),
    zone=st.sampled_from(["Europe/Stockholm", "UTC", "Pacific/Auckland", "America/St_Johns"]),
)
@example(dt.date(2026, 3, 12), dt.datetime(2026, 11, 29, 23, 30, tzinfo=dt.UTC), dt.timedelta(0), "Europe/Stockholm")
@example(dt.date(2026, 3, 29), dt.datetime(2026, 11, 29, 22, 59, tzinfo=dt.UTC), dt.timedelta(0), "Europe/Stockholm")
def test_a_simulated_day_is_not_left_at_any_hour(day, moment, wait, zone):
    with timezone.override(zone):
        then = clock.moved_to(day, moment)
        assert clock.day_of(then) == day
        if clock.day_of(moment + wait) == clock.day_of(moment):
            assert then <= clock.moved_to(day, moment + wait)
        assert clock.moved_to(clock.day_of(moment), moment) == moment


def test_the_day_is_the_organisations_own():
    with clock.simulated(dt.datetime(2026, 3, 12, 23, 30, tzinfo=dt.UTC)):
        with timezone.override("Europe/Stockholm"):
            assert clock.today() == dt.date(2026, 3, 13)
        with timezone.override("UTC"):
            assert clock.today() == dt.date(2026, 3, 12)

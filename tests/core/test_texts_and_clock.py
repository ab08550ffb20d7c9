"""Texts in two languages, and the one clock."""

import datetime as dt

from django.utils import timezone
from django.utils.translation import override

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
        assert first.date() == second.date() == day
        assert first <= second
        assert clock.today() == day
    assert clock.today() != day


def test_the_day_is_the_organisations_own():
    with clock.simulated(dt.datetime(2026, 3, 12, 23, 30, tzinfo=dt.UTC)):
        with timezone.override("Europe/Stockholm"):
            assert clock.today() == dt.date(2026, 3, 13)
        with timezone.override("UTC"):
            assert clock.today() == dt.date(2026, 3, 12)

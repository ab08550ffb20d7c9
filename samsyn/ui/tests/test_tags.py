"""The tags and filters: marks, icons, two-language text, days, numbers, QR codes."""

import datetime as dt
import re
from decimal import Decimal

import pytest
import segno
from django.template import Context, Template, TemplateSyntaxError
from django.utils import translation

from samsyn.core import clock
from samsyn.core.texts import LangText
from samsyn.ui.icons import ICONS
from samsyn.ui.templatetags import ui

CONTRACT = {
    *("arrow-right", "arrow-left", "check", "clock", "calendar", "chat", "people", "person", "lock", "eye", "eye-off"),
    *("star", "star-filled", "pencil", "trash", "copy", "plus", "up", "down", "download", "upload", "print", "phone"),
    *("link", "search", "flag", "menu", "step", "question", "warning", "file"),
}
DAY = dt.date(2026, 3, 12)


@pytest.fixture(autouse=True)
def _spring():
    with clock.simulated(DAY):
        yield


def render(source: str, lang: str = "sv", **context) -> str:
    with translation.override(lang):
        return Template("{% load ui %}" + source).render(Context(context))


def test_a_full_mark_has_the_overlap_and_an_open_one_has_dashes():
    assert 'class="o"' in render('{% mark "full" %}')
    assert 'class="o"' not in render('{% mark "half" %}')
    assert 'class="a"' in render('{% mark "half" %}')
    assert 'class="a-open"' in render('{% mark "open" %}')


def test_a_mark_is_silent_unless_it_has_a_label():
    assert 'aria-hidden="true"' in render("{% mark %}")
    assert 'role="img" aria-label="Samsyn &amp; vi"' in render('{% mark "full" label %}', label="Samsyn & vi")


def test_an_unknown_mark_or_icon_is_an_error_for_the_author():
    for source in ('{% mark "nearly" %}', '{% icon "unicorn" %}'):
        with pytest.raises(TemplateSyntaxError):
            render(source)


def test_the_icons_that_others_count_on_are_there():
    assert set(ICONS) >= CONTRACT
    assert "<svg" in render('{% icon "check" %}')


@pytest.mark.parametrize("drawing", ICONS.values())
def test_icons_take_their_colour_from_the_text(drawing):
    assert not re.search(r"style=|fill=|stroke=", drawing)


def test_text_in_the_page_language_stands_bare():
    assert render("{% text t %}", t=LangText(sv="Hej", en="Hello")) == "Hej"


def test_text_in_the_other_language_says_so():
    assert render("{% text t %}", t=LangText(en="Hello")) == '<span lang="en">Hello</span>'
    assert render("{{ t|plain }}|{{ t|lang_of }}", t=LangText(en="Hello")) == "Hello|en"


def test_marks_inside_a_quotation_are_single():
    assert render("{{ t|said }}", t=LangText(sv="”En väg in” till ”Vidare”?")) == "’En väg in’ till ’Vidare’?"
    assert render("{{ t|said }}", t=LangText(en="“One way in”?")) == "‘One way in’?"
    assert render("{{ t|said }}", t='the "EU" (“in”)').replace("&#x27;", "'") == "the ’EU’ (’in’)"


@pytest.mark.parametrize("empty", [None, "", LangText()])
def test_empty_text_is_empty(empty):
    assert render("{% text t %}{% paragraphs t %}{{ t|plain }}", t=empty) == ""


def test_text_is_escaped():
    assert render("{% text t %}", t=LangText(en="<b>")) == '<span lang="en">&lt;b&gt;</span>'
    assert render("{% paragraphs t %}", t="a <b>\nc") == "<p>a &lt;b&gt;<br>c</p>"


def test_paragraphs_follow_blank_lines():
    shown = render("{% paragraphs t %}", t=LangText(en="One\r\ntwo\r\n\r\n\r\nThree\n"))
    assert shown == '<p lang="en">One<br>two</p>\n<p lang="en">Three</p>'


@pytest.mark.parametrize(
    ("date", "lang", "words"),
    [
        (DAY, "sv", "12 mars"),
        (DAY, "en", "12 March"),
        (dt.date(2025, 11, 1), "sv", "1 november 2025"),
        (dt.date(2027, 1, 2), "en", "2 January 2027"),
        (dt.datetime(2026, 3, 11, 23, 30, tzinfo=dt.UTC), "sv", "12 mars"),
        (None, "sv", ""),
    ],
)
def test_days(date, lang, words):
    assert render("{{ d|day }}", lang, d=date) == words


def test_moments_stand_in_the_active_time_zone():
    moment = dt.datetime(2026, 3, 12, 13, 5, tzinfo=dt.UTC)
    assert render("{{ d|moment }}", "sv", d=moment) == "12 mars kl. 14.05"
    assert render("{{ d|moment }}", "en", d=moment) == "12 March, 14:05"
    assert render("{{ d|time_of_day }}", "sv", d=moment) == "14.05"
    assert render("{{ d|moment }}{{ d|time_of_day }}", d=None) == ""


@pytest.mark.parametrize(
    ("value", "lang", "written"),
    [
        (2500, "sv", "2\u202f500"),
        (2500, "en", "2,500"),
        (1234567.5, "sv", "1\u202f234\u202f567,5"),
        (Decimal("-3.25"), "sv", "\u22123,25"),
        (0, "en", "0"),
        (None, "sv", ""),
    ],
)
def test_numbers(value, lang, written):
    assert render("{{ n|number }}", lang, n=value) == written


@pytest.mark.parametrize(
    ("days", "sv", "en"),
    [(1, "1 dag", "1 day"), (90, "90 dagar", "90 days"), (365, "1 år", "1 year"), (730, "2 år", "2 years")],
)
def test_days_that_are_whole_years_are_told_as_years(days, sv, en):
    for lang, written in (("sv", sv), ("en", en)):
        with translation.override(lang):
            assert ui.days_long(days) == written


def test_numbers_can_have_a_given_number_of_decimals():
    assert render("{{ n|number:1 }}", "sv", n=57) == "57,0"


def test_a_qr_code_is_dark_on_white_and_named():
    with translation.override("en"):
        shown = ui.qr("https://samsyn.example.se/j/K7R4PM?a=1&b=2")
    assert 'role="img"' in shown
    assert 'aria-label="QR code for https://samsyn.example.se/j/K7R4PM?a=1&amp;b=2"' in shown
    assert 'fill="#fff"' in shown
    assert "style" not in shown


def test_a_qr_code_covers_every_dark_module():
    size, path = ui._qr_path("https://samsyn.example.se/")
    matrix = segno.make("https://samsyn.example.se/", error="m", micro=False).matrix
    drawn = sum(int(length) for length in re.findall(r"h(\d+)v1", path))
    assert drawn == sum(bool(cell) for row in matrix for cell in row)
    assert size == len(matrix) + 8


def test_an_address_may_break_after_its_sign_and_stays_escaped():
    assert ui.breakable("A letter to a.b@c.example <now>") == "A letter to a.b@<wbr>c.example &lt;now&gt;"
    assert ui.breakable(None) == ""

"""Forms: the look of a field, the error summary and the fields of our own."""

import datetime as dt
import re

import pytest
from django import forms
from django.template import Context, Template
from django.utils import translation

from samsyn.core.texts import LangText
from samsyn.ui import forms as ui


class Example(ui.Form):
    title = forms.CharField(label="Name <of it>", help_text="Short.")
    note = forms.CharField(label="Note", required=False, widget=forms.Textarea)
    why = ui.PairField(label="Why", long=True, max_length=300)
    when = ui.DayField(label="Day")
    starts = ui.MomentField(label="Start", required=False)
    level = forms.ChoiceField(
        label="Level", choices=[("a", "Anonymous"), ("n", "Named")], widget=ui.ChoiceCards(hints={"a": "Nobody sees."})
    )
    agreed = forms.BooleanField(label="I have read it")


GOOD = {
    "title": "T",
    "why_en": "Because",
    "when": "2026-03-12",
    "starts": "2026-03-12T14:05",
    "level": "a",
    "agreed": "on",
}


def render(source: str, **context) -> str:
    with translation.override("en"):
        return Template("{% load ui %}" + source).render(Context(context))


def ids(html: str) -> list[str]:
    return re.findall(r'\bid="([^"]+)"', html)


def whole(form: ui.Form) -> str:
    fields = "".join(f"{{% field form.{name} %}}" for name in form.fields)
    return render("{% error_summary form %}" + fields, form=form)


def test_a_good_form_gives_typed_values():
    form = Example(GOOD)
    assert form.is_valid(), form.errors
    assert form.cleaned_data["why"] == LangText(en="Because")
    assert isinstance(form.cleaned_data["why"], LangText)
    assert form.cleaned_data["when"] == dt.date(2026, 3, 12)
    assert form.cleaned_data["starts"].utcoffset() is not None
    assert form.cleaned_data["starts"].astimezone(dt.UTC).hour == 13


@pytest.mark.parametrize("name", ["when", "starts"])
@pytest.mark.parametrize("far", ["0001-01-01", "1899-12-31", "2200-01-01", "9999-12-31"])
def test_a_day_or_a_moment_that_is_centuries_away_is_a_slip(name, far):
    """One before the first hour of all time, or after the last, could not be written down in another time zone."""
    form = Example({**GOOD, name: far})
    assert form.errors.as_data()[name][0].code == "far"


def test_optional_fields_are_marked_and_required_ones_are_not():
    shown = whole(Example())
    assert shown.count("(optional)") == 2
    assert " required" not in shown


def test_label_hint_error_and_input_follow_one_another_and_are_wired():
    with translation.override("en"):
        form = Example({})
        shown = render("{% field form.title %}", form=form)
    order = [shown.index(part) for part in ("<label", 'id="id_title_helptext"', 'id="id_title_error"', "<input")]
    assert order == sorted(order)
    assert 'aria-describedby="id_title_helptext id_title_error"' in shown
    assert 'aria-invalid="true"' in shown
    assert "Name &lt;of it&gt;" in shown


def test_the_summary_links_to_every_field_with_the_same_words():
    with translation.override("en"):
        form = Example({})
        assert not form.is_valid()
        shown = whole(form)
    assert 'role="alert" tabindex="-1"' in shown
    assert "There is a problem" in shown
    links = re.findall(r'<a href="#([^"]+)">([^<]+)</a>', shown)
    assert [target for target, _words in links] == ["id_title", "id_why_0", "id_when", "id_level_0", "id_agreed"]
    for target, words in links:
        assert target in ids(shown)
        assert shown.count(words) == 2
    assert "Fill in “Name &lt;of it&gt;”" in shown
    assert "Write “Why” in at least one language" in shown


def test_what_is_wrong_with_the_whole_form_stands_without_a_link():
    form = Example(GOOD)
    form.add_error(None, "Two things clash")
    assert "<li>Two things clash</li>" in render("{% error_summary form %}", form=form)


def test_what_nobody_could_have_filled_in_is_not_asked_for_by_name():
    class Sent(ui.Form):
        post_key = forms.CharField(widget=forms.HiddenInput)

    with translation.override("en"):
        shown = render("{% error_summary form %}", form=Sent({}))
    assert "<li>The form did not come whole." in shown
    assert "key" not in shown


def test_nothing_wrong_no_summary():
    assert render("{% error_summary form none %}", form=Example()).strip() == ""


def test_the_summary_takes_formsets():
    formset = forms.formset_factory(Example)({"form-TOTAL_FORMS": "1", "form-INITIAL_FORMS": "0", "form-0-title": "T"})
    assert 'href="#id_form-0-when"' in render("{% error_summary f %}", f=formset)


def test_every_id_that_is_pointed_to_is_there_and_none_is_double():
    shown = whole(Example({}))
    assert len(ids(shown)) == len(set(ids(shown)))
    for pointed in re.findall(r'(?:aria-describedby|aria-labelledby|for)="([^"]+)"', shown):
        for target in pointed.split():
            assert target in ids(shown)


def test_a_pair_has_a_labelled_input_for_each_language():
    shown = render("{% field form.why %}", form=Example(initial={"why": LangText(sv="Därför", en="Because")}))
    assert shown.startswith('<fieldset class="field">')
    assert '<label for="id_why_0" lang="sv">Svenska</label>' in shown
    assert '<label for="id_why_1" lang="en">English</label>' in shown
    assert re.search(r'<textarea name="why_sv"[^>]*lang="sv"[^>]*>\s*Därför</textarea>', shown)
    assert shown.count('maxlength="300"') == 2
    assert shown.count(" data-count") == 2


def test_blank_in_both_languages_is_missing_where_it_is_required():
    assert "why" in Example(GOOD | {"why_en": "  "}).errors
    assert "why" in Example(GOOD | {"why_en": "x" * 301}).errors

    class Loose(ui.Form):
        why = ui.PairField(required=False)

    form = Loose({"why_sv": " "})
    assert form.is_valid()
    assert form.cleaned_data["why"] == LangText()


def test_what_was_written_stands_there_again_after_an_error():
    shown = whole(Example(GOOD | {"when": "soon"}))
    assert 'value="soon"' in shown
    assert "Because</textarea>" in shown
    assert 'value="2026-03-12T14:05"' in shown
    assert "year-month-day" in shown


def test_dates_use_the_browsers_own_inputs_in_iso_form():
    form = Example(initial={"when": dt.date(2026, 3, 12), "starts": dt.datetime(2026, 3, 12, 13, 5, tzinfo=dt.UTC)})
    for lang in ("sv", "en"):
        with translation.override(lang):
            assert 'type="date" name="when" value="2026-03-12"' in str(form["when"])
            assert 'type="datetime-local" name="starts" value="2026-03-12T14:05"' in str(form["starts"])


def test_a_choice_has_its_hint_wired_to_its_own_input():
    shown = render("{% field form.level %}", form=Example())
    assert re.search(r'<input[^>]*value="a"[^>]*aria-describedby="id_level_0_hint"', shown)
    assert '<p class="hint" id="id_level_0_hint">Nobody sees.</p>' in shown
    assert "id_level_1_hint" not in shown
    assert "checked" not in shown


def test_a_form_that_is_not_ours_is_drawn_alike():
    class Foreign(forms.Form):
        email = forms.EmailField(label="E-mail")

    shown = str(Foreign({}))
    assert '<label for="id_email">' in shown
    assert 'class="field has-error"' in shown


def test_swedish():
    with translation.override("sv"):
        form = Example({})
        shown = Template("{% load ui %}{% error_summary form %}{% field form.note %}").render(Context({"form": form}))
    assert "Något behöver rättas" in shown
    assert "Fyll i ”Name" in shown
    assert "(frivilligt)" in shown


def test_a_choice_opens_the_fields_that_belong_to_it():
    class Opening(ui.Form):
        end = forms.ChoiceField(choices=[("now", "Now"), ("later", "Later")], widget=ui.ChoiceCards(opens="later"))
        day = ui.DayField(widget=ui.DayInput(ui.OPENED))

    shown = str(Opening())
    assert re.findall(r'value="(\w+)"[^>]* data-opens', shown) == ["later"]
    assert re.findall(r'name="(\w+)"[^>]* data-opened', shown) == ["day"]

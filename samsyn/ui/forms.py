"""Forms: one renderer, one base form, and the few fields that Django has not got."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms import BaseForm, BaseFormSet, BoundField
from django.forms.renderers import DjangoTemplates
from django.forms.widgets import ChoiceWidget
from django.utils.text import capfirst
from django.utils.translation import get_language_info, gettext_lazy
from django.utils.translation import gettext as _

from samsyn.core.texts import LANGUAGES, LangText

NOT_WHOLE = gettext_lazy("The form did not come whole. Open the page again and write anew.")
OPENED = {"data-opened": True}  # attributes of an input that one choice opens (`ChoiceCards`)
_FIRST_YEAR, _LAST_YEAR = 1900, 2199
_FAR = gettext_lazy("Give a year between %(first)s and %(last)s.")


class Renderer(DjangoTemplates):
    """The project's FORM_RENDERER: label above, hint, error, input."""

    form_template_name = "ui/forms/form.html"
    field_template_name = "ui/forms/field.html"


class Form(forms.Form):
    """The base of every form here: checked by the server, optional fields marked, errors that name their field."""

    use_required_attribute = False
    default_renderer = Renderer()  # one for all: each has an engine of its own that keeps what it has compiled

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            if field.error_messages.get("required") is forms.Field.default_error_messages["required"]:
                label = field.label or capfirst(name.replace("_", " "))
                field.error_messages["required"] = _missing(field) % {"label": label}


def _missing(field: forms.Field) -> str:
    if field.widget.is_hidden:  # nobody could have filled it in
        return str(NOT_WHOLE)
    match field:
        case PairField():
            return _("Write “%(label)s” in at least one language.")
        case forms.DateField() | forms.DateTimeField():
            return _("Give a date for “%(label)s”.")
        case forms.FileField():
            return _("Choose a file for “%(label)s”.")
        case forms.BooleanField():
            return _("Tick “%(label)s”.")
        case forms.ChoiceField() | forms.ModelChoiceField():
            return _("Choose one under “%(label)s”.")
        case _any:
            return _("Fill in “%(label)s”.")


def error_links(form: BaseForm | BaseFormSet[Any] | list[BaseForm]) -> Iterator[tuple[str, str]]:
    """(message, id of the input to put right, or "") for everything wrong in a form, a formset or several forms."""
    if isinstance(form, list):
        for part in form:
            yield from error_links(part)
        return
    if isinstance(form, BaseFormSet):
        yield from ((str(message), "") for message in form.non_form_errors())
        for part in form.forms:
            yield from error_links(part)
        return
    yield from ((str(message), "") for message in form.non_field_errors())
    for name, messages in form.errors.items():
        if name in form.fields:
            target = input_id(form[name])
            yield from ((str(message), target) for message in messages)


def input_id(bound: BoundField) -> str:
    """The id of the first input of a field; "" where it cannot take the focus."""
    if bound.is_hidden:
        return ""
    if bound.use_fieldset:
        return f"{bound.auto_id}_0"
    return bound.id_for_label or bound.auto_id


def _refuse_far(field: forms.Field, day: dt.date | None) -> None:
    if day is not None and not _FIRST_YEAR <= day.year <= _LAST_YEAR:
        params = {"first": _FIRST_YEAR, "last": _LAST_YEAR}
        raise ValidationError(field.error_messages["far"], code="far", params=params)


class DayInput(forms.DateInput):
    """The browser's own date input."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")


class DayField(forms.DateField):
    """A day within two centuries: what lies further away is a slip, and days are counted from it."""

    widget = DayInput
    default_error_messages = {
        "invalid": gettext_lazy("Give the date as year-month-day, for example 2026-03-12."),
        "far": _FAR,
    }

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(input_formats=["%Y-%m-%d"], **kwargs)

    def to_python(self, value: Any) -> dt.date | None:
        """The day; raises ValidationError for one that is none, or too far away."""
        day: dt.date | None = super().to_python(value)
        _refuse_far(self, day)
        return day


class MomentInput(forms.DateTimeInput):
    """The browser's own input for date and time."""

    input_type = "datetime-local"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%dT%H:%M")


class MomentField(forms.DateTimeField):
    """A day and a time in the active time zone, within the same two centuries; the value is aware."""

    widget = MomentInput
    default_error_messages = {
        "invalid": gettext_lazy("Give date and time, for example 2026-03-12 14:05."),
        "far": _FAR,
    }

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"], **kwargs)

    def to_python(self, value: Any) -> dt.datetime | None:
        """The moment; raises ValidationError for one that is none, or too far away."""
        moment: dt.datetime | None = super().to_python(value)
        _refuse_far(self, moment)
        return moment


class _Cards(ChoiceWidget):
    """Choices as cards with an explaining line each: hints = {value: line}.

    `opens`: the one choice that the fields whose inputs are `OPENED` belong to; with another they are not shown.
    """

    template_name = "ui/forms/choice_cards.html"

    def __init__(
        self,
        *args: Any,
        hints: Mapping[Any, Any] | None = None,
        across: bool = False,
        opens: str | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.opens = opens
        self.hints = {str(value): hint for value, hint in (hints or {}).items()}
        self.across = across

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(name, value, attrs)
        context["widget"]["across"] = self.across
        return context

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option: dict[str, Any] = super().create_option(name, value, *args, **kwargs)
        if str(value) == self.opens:
            option["attrs"]["data-opens"] = True
        if hint := self.hints.get(str(value)):
            option["hint"] = hint
            if "id" in option["attrs"]:
                option["attrs"]["aria-describedby"] = f"{option['attrs']['id']}_hint"
        return option


class ChoiceCards(_Cards, forms.RadioSelect):
    """One choice; for ChoiceField and ModelChoiceField."""


class ManyChoiceCards(_Cards, forms.CheckboxSelectMultiple):
    """Any number of choices; for MultipleChoiceField and ModelMultipleChoiceField."""


class PairInput(forms.MultiWidget):
    """One input for each language, each with its own label."""

    template_name = "ui/forms/pair.html"

    def __init__(self, attrs: dict[str, Any] | None = None, *, long: bool = False, **inner: Any) -> None:
        kind = forms.Textarea if long else forms.TextInput
        super().__init__({lang: kind(attrs={"lang": lang, **inner}) for lang in LANGUAGES}, attrs)

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(name, value, attrs)
        for lang, part in zip(LANGUAGES, context["widget"]["subwidgets"], strict=True):
            part["lang"], part["label"] = lang, capfirst(get_language_info(lang)["name_local"])
        return context

    def decompress(self, value: Mapping[str, str] | None) -> list[str]:
        return [(value or {}).get(lang, "") for lang in LANGUAGES]


class PairField(forms.MultiValueField):
    """A text in Swedish, English or both: the value is a LangText."""

    def __init__(
        self, *, long: bool = False, max_length: int | None = None, rows: int | None = None, **kwargs: Any
    ) -> None:
        inner: dict[str, Any] = {"maxlength": max_length} if max_length else {}
        if long:
            inner |= {"rows": rows or 4} | ({"data-count": True} if max_length else {})
        parts = [forms.CharField(required=False, max_length=max_length) for _lang in LANGUAGES]
        kwargs.setdefault("widget", PairInput(long=long, **inner))
        super().__init__(parts, require_all_fields=False, **kwargs)

    def compress(self, data_list: Iterable[str]) -> LangText:
        return LangText(dict(zip(LANGUAGES, data_list, strict=False)))

    def clean(self, value: Any) -> LangText:
        text: LangText = super().clean(value)
        if self.required and not text:
            raise ValidationError(self.error_messages["required"], code="required")
        return text


class LinesField(PairField):
    """A list of short texts, one on each line, in one language or in the same order in both: a list of LangText."""

    def __init__(self, *, fewest: int, most: int, longest: int, rows: int = 5, **kwargs: Any) -> None:
        self.fewest, self.most, self.longest = fewest, most, longest
        super().__init__(long=True, rows=rows, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        """Lines of a list; what was sent stays as it is."""
        if value and isinstance(value[0], Mapping):
            return LangText({lang: "\n".join(one.get(lang, "") for one in value).strip() for lang in LANGUAGES})
        return value

    def clean(self, value: Any) -> Any:
        written = super().clean(value)
        lines = {lang: [" ".join(line.split()) for line in text.splitlines()] for lang, text in written.items()}
        lines = {lang: [line for line in rows if line] for lang, rows in lines.items()}
        numbers = {lang: len(rows) for lang, rows in lines.items()}
        if len(set(numbers.values())) > 1:
            words = _("There are %(sv)d lines in Swedish and %(en)d in English. Write as many in both.")
            raise ValidationError(words % numbers)
        for line in (line for rows in lines.values() for line in rows if len(line) > self.longest):
            words = _("This is too long, shorten it to %(most)d characters: %(line)s")
            raise ValidationError(words % {"most": self.longest, "line": f"{line[:60]}…"})
        if any(len({line.casefold() for line in rows}) < len(rows) for rows in lines.values()):
            raise ValidationError(_("Two of the lines are the same."))
        number = next(iter(numbers.values()), 0)
        if not self.fewest <= number <= self.most:
            words = _("Write between %(fewest)d and %(most)d lines. Now there are %(number)d.")
            raise ValidationError(words % {"fewest": self.fewest, "most": self.most, "number": number})
        return [LangText({lang: rows[place] for lang, rows in lines.items()}) for place in range(number)]


class File(forms.ClearableFileInput):
    """A file input that says which file is there now."""

    template_name = "ui/forms/file.html"


class FileField(forms.FileField):
    """A file."""

    widget = File


class Files(File):
    """An input for several files at once."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files at once: a list."""

    widget = Files

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        return [super(FilesField, self).clean(one, initial) for one in data or [None]]

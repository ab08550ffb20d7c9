"""Forms of question time: they only check."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.functional import lazy
from django.utils.text import capfirst as _capfirst
from django.utils.translation import gettext_lazy as _

from samsyn.activities.questions.models import Question
from samsyn.activities.questions.rules import LONGEST
from samsyn.programmes.forms_contributions import SendForm
from samsyn.ui.forms import OPENED, ChoiceCards, DayField, DayInput, FileField, Form, PairField

capfirst = lazy(_capfirst, str)


class AskForm(SendForm):
    """One question."""

    text = forms.CharField(
        label=_("Your question"),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 4, "data-count": True, "autocomplete": "off"}),
        error_messages={
            "required": _("Write your question."),
            "max_length": _("The question is too long: shorten it to %(limit_value)d characters."),
        },
    )


class AnswerForm(Form):
    """How a question ends."""

    mark_optional = False  # what is needed depends on how it ends
    end = forms.ChoiceField(
        label=_("How does it end?"),
        choices=[(value, capfirst(label)) for value, label in Question.End.choices],
        widget=ChoiceCards(
            opens=Question.End.PROMISED,
            hints={
                "live": _("Somebody answered where everyone heard it. Write down the gist."),
                "written": _("You write the answer here."),
                "promised": _("You say what is done, by whom and by when: a promise that everyone can follow."),
                "declined": _("You cannot or will not answer. You say why."),
            },
        ),
    )
    text = PairField(label=_("Answer, promise or reason"), long=True, required=False, max_length=2000)
    answered_by = forms.ModelChoiceField(label=_("Who answers?"), queryset=None)
    due = DayField(
        label=_("Promised by"),
        required=False,
        help_text=_("Is needed for a promise, and only there."),
        widget=DayInput(OPENED),
    )
    owner = forms.ModelChoiceField(
        label=_("Who sees to it?"),
        queryset=None,
        required=False,
        widget=forms.Select(OPENED),
        help_text=_("Is needed for a promise, and only there."),
    )

    def __init__(self, *args: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("answered_by", "owner"):
            self.fields[name].queryset = people  # type: ignore[attr-defined]
            self.fields[name].empty_label = _("Nobody chosen")  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if "text" in values and not values["text"]:
            self.add_error("text", _("Write the answer, what you promise, or why it is not answered."))
        if values.get("end") == Question.End.PROMISED:
            if not values.get("due") and "due" not in self.errors:
                self.add_error("due", _("Give the day by which it will be done."))
            if not values.get("owner") and "owner" not in self.errors:
                self.add_error("owner", _("Choose who sees to it."))
        return values


class SettingsForm(Form):
    """What a facilitator chooses for a question time."""

    let_in = forms.BooleanField(
        label=_("Look at each question before others see it"),
        help_text=_(
            "Those who ask are told so. Otherwise questions are seen at once, and you can hide them with a reason."
        ),
        required=False,
    )
    likes = forms.BooleanField(label=_("Others can agree with a question"), required=False, initial=True)


class ImportForm(Form):
    """A file with questions from elsewhere."""

    file = FileField(
        label=_("File with questions"),
        help_text=_("CSV or XLSX, for example from Slido or Claper. Nothing is brought in until you have seen it."),
    )


class MappingForm(Form):
    """Which column holds what."""

    text = forms.TypedChoiceField(label=_("Column with the question"), coerce=int, choices=[])
    likes = forms.TypedChoiceField(
        label=_("Column with likes"), coerce=int, choices=[], required=False, empty_value=None
    )
    day = forms.TypedChoiceField(
        label=_("Column with the day"),
        help_text=_("Only the day is kept, never the time."),
        coerce=int,
        choices=[],
        required=False,
        empty_value=None,
    )
    keep = forms.TypedChoiceField(
        label=_("Column that says which to keep"),
        help_text=_("Rows with 0, no, rejected or hidden in it are left out."),
        coerce=int,
        choices=[],
        required=False,
        empty_value=None,
    )
    language = forms.ChoiceField(
        label=_("The questions are written in"), choices=[("sv", _("Swedish")), ("en", _("English"))]
    )
    content = forms.CharField(widget=forms.HiddenInput, strip=False)

    def __init__(self, *args: Any, columns: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(str(number), name or f"({number + 1})") for number, name in enumerate(columns)]
        self.fields["text"].choices = choices  # type: ignore[attr-defined]
        for name in ("likes", "day", "keep"):
            self.fields[name].choices = [("", _("none")), *choices]  # type: ignore[attr-defined]

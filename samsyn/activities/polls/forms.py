"""Forms of a poll: they only check."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from samsyn.activities.polls import rules
from samsyn.activities.polls.models import PollQuestion
from samsyn.programmes.forms_contributions import SendForm
from samsyn.ui.forms import ChoiceCards, Form, LinesField, PairField

_LONGEST_QUESTION, _LONGEST_OPTION = 200, 80


class WriteForm(SendForm):
    """An answer in one's own words."""

    text = forms.CharField(
        label=_("Your answer"),
        max_length=rules.LONGEST,
        widget=forms.Textarea(attrs={"rows": 2, "data-count": True, "autocomplete": "off"}),
        error_messages={
            "required": _("Write your answer."),
            "max_length": _("Your answer is too long: shorten it to %(limit_value)d characters."),
        },
    )


class QuestionForm(Form):
    """One question; `form` says which fields it has."""

    text = PairField(label=_("The question"), max_length=_LONGEST_QUESTION)
    options = LinesField(
        label=_("Answers to choose among"),
        help_text=_("One on each line, between 2 and 12, in the same order in both languages."),
        fewest=2,
        most=rules.MOST_OPTIONS,
        longest=_LONGEST_OPTION,
    )
    steps = forms.TypedChoiceField(
        label=_("How many steps has it?"), coerce=int, choices=[(str(number), str(number)) for number in rules.STEPS]
    )
    low = PairField(label=_("Words for 1"), max_length=_LONGEST_OPTION)
    high = PairField(label=_("Words for the highest"), max_length=_LONGEST_OPTION)
    at_once = forms.TypedChoiceField(
        label=_("When does everyone see the answers?"),
        coerce=lambda value: value == "1",
        choices=[("0", _("When you show them")), ("1", _("At once"))],
        widget=ChoiceCards(
            hints={
                "0": _("Until then they are sent to nobody, and nobody leans on what others have answered."),
                "1": _("They are shown as they come."),
            }
        ),
    )

    def __init__(self, form: str, *args: Any, question: PollQuestion | None = None, **kwargs: Any) -> None:
        self.form = form
        kwargs["initial"] = self._said(question) if question else {"at_once": "0", "steps": "5"}
        super().__init__(*args, **kwargs)
        scale, words = form == PollQuestion.Form.SCALE, form == PollQuestion.Form.WORDS
        for name in ("steps", "low", "high"):
            if not scale:
                del self.fields[name]
        if scale or words:
            del self.fields["options"]

    @staticmethod
    def _said(question: PollQuestion) -> dict[str, Any]:
        labels = question.labels
        said: dict[str, Any] = {"text": question.text, "at_once": "1" if question.at_once else "0", "options": labels}
        return said | ({"steps": str(len(labels)), "low": labels[0], "high": labels[-1]} if labels else {})

    def values(self) -> dict[str, Any]:
        """What the actions take."""
        said = self.cleaned_data
        options = said.get("options", [])
        if self.form == PollQuestion.Form.SCALE:
            options = rules.scale(said["steps"], said["low"], said["high"])
        return {"text": said["text"], "options": options, "at_once": said["at_once"]}


class SettingsForm(Form):
    """What a facilitator chooses for a poll."""

    let_in = forms.BooleanField(
        label=_("Look at each answer in people’s own words before others see it"),
        help_text=_("Those who write are told so. Otherwise you can hide what should not be seen, with a reason."),
        required=False,
    )
    tables = forms.BooleanField(
        label=_("One device may answer for a whole table"),
        help_text=_(
            "The answer then counts for as many as sit there. In an anonymous poll nothing is shown before five "
            "devices have answered, however many sit at each table."
        ),
        required=False,
    )
    table_count = forms.IntegerField(
        label=_("How many tables are there?"),
        help_text=_("So that you see how many have answered. Leave it empty if you do not know."),
        required=False,
        min_value=1,
        max_value=500,
    )

"""The form of a hand-written sentence: it only checks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from samsyn.casestudy.models import Heading
from samsyn.casestudy.queries import Choice
from samsyn.casestudy.rules import LONGEST
from samsyn.core.texts import LangText, within_quotes
from samsyn.ui.forms import ChoiceCards, Form, ManyChoiceCards, PairField
from samsyn.ui.templatetags.ui import day, text


class SentenceForm(Form):
    """A sentence, its heading and what it stands on."""

    heading = forms.ChoiceField(label=_("Under which heading?"), choices=Heading.choices, widget=ChoiceCards())
    text = PairField(label=_("The sentence"), long=True, rows=3, max_length=LONGEST)
    find = forms.CharField(
        label=_("Find evidence"),
        help_text=_("A word from what somebody said, promised, decided or replied. Leave it empty for the newest."),
        required=False,
        max_length=80,
    )
    evidence = forms.TypedMultipleChoiceField(
        label=_("What does it stand on?"),
        help_text=_("A sentence with nothing ticked is marked: no evidence linked."),
        coerce=int,
        required=False,
        widget=ManyChoiceCards,
        error_messages={"invalid_choice": _("Some of the evidence is not there any more. Choose again.")},
    )

    def __init__(self, *args: Any, choices: Sequence[Choice], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["evidence"]
        field.choices = [(str(choice.item_id), _words(choice)) for choice in choices]  # type: ignore[attr-defined]
        field.widget.hints = {str(choice.item_id): _where(choice) for choice in choices}

    def as_sent(self) -> dict[str, Any]:
        """What was typed and ticked, unchecked, to show the form again."""
        return {
            name: field.widget.value_from_datadict(self.data, self.files, self.add_prefix(name))
            for name, field in self.fields.items()
        }


def _words(choice: Choice) -> str:
    if not choice.telling.voice:
        return text(choice.text)
    inner = LangText({lang: within_quotes(words, lang) for lang, words in choice.text.items()})
    return format_html(gettext("“{words}”"), words=text(inner))


def _where(choice: Choice) -> str:
    return f"{choice.what} · {day(choice.telling.day)}" if choice.telling.day else str(choice.what)

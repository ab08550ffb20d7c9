"""Forms of steps: they only check."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from samsyn.thread.models import Item
from samsyn.ui.forms import DayField, Form, ManyChoiceCards, PairField


class ItemChoice(forms.ModelMultipleChoiceField):
    """Items to choose among, by their titles."""

    def label_from_instance(self, item: Item) -> str:
        return str(item.title)


class OutcomeForm(Form):
    """What came out of a step, when, and out of what."""

    text = PairField(label=_("What came out of it?"), long=True, rows=6, max_length=4000)
    day = DayField(label=_("When was it done?"))
    find = forms.CharField(
        label=_("Find what it came of"),
        help_text=_("A word from what somebody said, promised or decided. Leave it empty for the newest."),
        required=False,
        max_length=80,
    )
    made_out_of = ItemChoice(
        label=_("It came of"),
        help_text=_("Tick what people said or decided that led to this. They see it as what came of it."),
        queryset=None,
        required=False,
        widget=ManyChoiceCards,
    )

    def __init__(self, *args: Any, items: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["made_out_of"].queryset = items  # type: ignore[attr-defined]

    def as_sent(self) -> dict[str, Any]:
        """What was typed and ticked, unchecked, to show the form again."""
        return {
            name: field.widget.value_from_datadict(self.data, self.files, self.add_prefix(name))
            for name, field in self.fields.items()
        }

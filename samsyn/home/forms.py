"""Forms of the first pages."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from samsyn.ui.forms import OPENED, ChoiceCards, DayField, DayInput, Form, PairField


class ReceiptForm(Form):
    """The six words."""

    words = forms.CharField(
        label=_("The six words of your receipt"),
        help_text=_("With spaces between. å, ä and ö may be written a and o."),
        max_length=200,
        widget=forms.Textarea(
            attrs={
                "rows": 2,  # all six stand in sight on a phone
                "autocomplete": "off",
                "autocapitalize": "none",
                "spellcheck": "false",
                "data-receipt-words": True,
            }
        ),
    )


class FollowUpForm(Form):
    """What the one who asked says about the answer."""

    answered = forms.ChoiceField(
        label=_("Does this answer your question?"),
        choices=[("yes", _("Yes")), ("no", _("No"))],
        widget=ChoiceCards(across=True),
    )
    text = forms.CharField(
        label=_("In your own words"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )


def follow_up_form(item_id: int, data: Any = None) -> FollowUpForm:
    """The form for one of several items on a page: its fields have ids of their own."""
    return FollowUpForm(data, auto_id=f"f{item_id}_%s")


class PromiseForm(Form):
    """How a promise went."""

    state = forms.ChoiceField(
        label=_("How did it go?"),
        choices=[("kept", _("It is done")), ("later", _("It takes longer")), ("withdrawn", _("It will not be done"))],
        widget=ChoiceCards(opens="later"),
    )
    note = PairField(label=_("What came of it, or why"), long=True, max_length=2000)
    due = DayField(
        label=_("New day"),
        required=False,
        help_text=_("Only if it takes longer. The first day stays visible."),
        widget=DayInput(OPENED),
    )

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if values.get("state") == "later" and not values.get("due") and "due" not in self.errors:
            self.add_error("due", _("Give the new day."))
        return values


class NewsForm(Form):
    """A notice."""

    title = PairField(label=_("Heading"), max_length=120)
    text = PairField(label=_("Text"), long=True, max_length=2000)

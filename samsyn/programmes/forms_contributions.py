"""Forms of contributed texts: they only check."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.core.validators import MaxLengthValidator
from django.db.models import QuerySet
from django.utils.text import Truncator
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from samsyn.programmes.browsers import is_key
from samsyn.programmes.contributions import Contribution
from samsyn.programmes.models import Activity
from samsyn.programmes.queries_contributions import how_the_author_hears
from samsyn.programmes.rules import leaves_no_trace
from samsyn.thread import secrets
from samsyn.thread.models import FollowUp
from samsyn.ui.forms import ChoiceCards, Form, PairField

_SHOWN = 160


def other_than(language: str) -> str:
    """The language in which a text can be given too."""
    return "en" if language == "sv" else "sv"


_HEARD = {
    "receipt": _("The one who wrote it can read this with their receipt."),
    "account": _("The one who wrote it can read this on their own page."),
    "": _("It came without a name and without a receipt, so nobody can be told why. The reason stands on this desk."),
}


class Choosing(Form):
    """A form that chooses among rows: `rows`, by field."""

    def __init__(self, *args: Any, rows: Mapping[str, QuerySet[Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, found in rows.items():
            self.fields[name].queryset = found  # type: ignore[attr-defined]


class SendForm(Form):
    """What every text comes with. `post_key` makes sending twice the same as once; `words` is a receipt's."""

    post_key = forms.CharField(widget=forms.HiddenInput)
    words = forms.CharField(
        required=False, max_length=200, widget=forms.HiddenInput(attrs={"data-receipt-words": True})
    )

    def clean_post_key(self) -> str:
        key: str = self.cleaned_data["post_key"]
        if not is_key(key):
            raise forms.ValidationError(_("The form is damaged. Load the page again; your text is kept."))
        return key

    def receipt(self, activity: Activity) -> tuple[str | None, str | None]:
        """The receipt's words to attach, and those to show: new ones are drawn where the browser keeps none.

        Both are None where names are known: there the account is the receipt.
        """
        if not leaves_no_trace(activity):
            return None, None
        kept = secrets.clean_words(self.cleaned_data["words"])
        shown = None if kept else secrets.draw_words(get_language() or "sv")
        return kept or secrets.clean_words(shown or ""), shown


class HideForm(Form):
    """Why a text is hidden."""

    reason = PairField(label=_("Why is it hidden?"), max_length=300)

    def __init__(self, *args: Any, row: Contribution | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if row is not None:
            self.fields["reason"].help_text = _HEARD[how_the_author_hears(row)]


_IN = {"sv": _("In Swedish"), "en": _("In English")}


class TranslateForm(Form):
    """A text in the other language; and what its author said about the answer, where they said something."""

    text = forms.CharField(
        required=False,
        widget=forms.Textarea(attrs={"rows": 4, "data-count": True}),
        help_text=_("As close to the words as it goes. Leave it empty to take it away."),
    )
    said = forms.CharField(
        label=_("What the one who asked said about the answer"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, row: Contribution, said: FollowUp | None, *args: Any, most: int, **kwargs: Any) -> None:
        self.to, self.said_to = other_than(row.language), other_than(said.language) if said else ""
        kwargs["initial"] = {"text": row.translation.get(self.to, "")}
        if said is not None:
            kwargs["initial"]["said"] = said.translation.get(self.said_to, "")
        super().__init__(*args, **kwargs)
        text = self.fields["text"]
        text.label, text.max_length = _IN[self.to], most  # type: ignore[attr-defined]
        text.widget.attrs["maxlength"] = str(most)
        text.validators.append(MaxLengthValidator(most))
        if said is None or not said.text:
            del self.fields["said"]
        else:
            self.fields["said"].help_text = f"{_IN[self.said_to]}: “{said.text}”"


class JoinForm(Form):
    """Which text it is joined with. A few are offered, else all; any of `rows` may be chosen."""

    into = forms.ModelChoiceField(label=_("Join with"), queryset=None, empty_label=None, widget=ChoiceCards)

    def __init__(self, *args: Any, rows: QuerySet[Any], offered: Iterable[Any] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["into"]
        field.queryset = rows
        # In the reader's language where somebody has translated them.
        field.choices = [
            (row.pk, Truncator(str(row.words)).chars(_SHOWN)) for row in (rows if offered is None else offered)
        ]


class OriginForm(Form):
    """Where something that was imported comes from."""

    source = forms.CharField(
        label=_("Where do the answers come from?"),
        help_text=_("For example who asked, where and when."),
        max_length=300,
        required=False,
    )
    licence = forms.CharField(
        label=_("Under which licence?"), help_text=_("For example CC BY 4.0."), max_length=100, required=False
    )
    attribution = forms.CharField(
        label=_("Who is to be named?"),
        help_text=_("As the licence asks for. It stands beside the result, in the files and in the case study."),
        max_length=300,
        required=False,
    )

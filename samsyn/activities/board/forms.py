"""Forms of a board: they only check."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

from samsyn.activities.board import rules
from samsyn.activities.board.models import Column
from samsyn.programmes.forms_contributions import Choosing, SendForm
from samsyn.ui.forms import NOT_WHOLE, ChoiceCards, DayField, Form, PairField

_words = lazy(str, str)
LANGUAGES = [("sv", _("Swedish")), ("en", _("English"))]


class WriteForm(Choosing, SendForm):
    """One card."""

    column = forms.ModelChoiceField(label=_("Column"), queryset=None, empty_label=None, widget=ChoiceCards)
    text = forms.CharField(
        label=_("Your card"),
        help_text=_("One thing on each card. It is not shown to anyone before the cards are revealed."),
        max_length=rules.LONGEST,
        widget=forms.Textarea(attrs={"rows": 3, "data-count": True, "autocomplete": "off"}),
        error_messages={
            "required": _("Write something on the card."),
            "max_length": _("The card is too long: shorten it to %(limit_value)d characters."),
        },
    )
    table = forms.IntegerField(
        label=_("How many of you stand behind it?"),
        help_text=_("If you write for a table. The card is marked with the number."),
        required=False,
        min_value=1,
        max_value=rules.LARGEST_TABLE,
    )

    def __init__(self, *args: Any, columns: QuerySet[Column], tables: bool, **kwargs: Any) -> None:
        super().__init__(*args, rows={"column": columns}, **kwargs)
        hints = {str(column.pk): column.hint for column in columns if column.hint}
        self.fields["column"].widget.hints = hints  # type: ignore[attr-defined]
        if not tables:
            del self.fields["table"]


class TypeForm(Choosing):
    """Cards written down from paper."""

    column = forms.ModelChoiceField(label=_("Column"), queryset=None, empty_label=None)
    cards = forms.CharField(
        label=_("Cards, one on each line"),
        help_text=_("They are marked as written down by those who facilitate."),
        widget=forms.Textarea(attrs={"rows": 10}),
        error_messages={"required": _("Write at least one card.")},
    )
    language = forms.ChoiceField(label=_("They are written in"), choices=LANGUAGES)

    def clean_cards(self) -> list[str]:
        typed = (" ".join(line.split()) for line in self.cleaned_data["cards"].splitlines())
        lines = list(dict.fromkeys(line for line in typed if line))  # the same one twice is one card
        if len(lines) > rules.MOST_TYPED:
            words = _("There are %(number)d cards. Send at most %(most)d at a time.")
            raise forms.ValidationError(words % {"number": len(lines), "most": rules.MOST_TYPED})
        return lines


class GroupForm(Form):
    """A group's name."""

    name = PairField(label=_("Name of the group"), max_length=rules.LONGEST_NAME)


class JudgeForm(Form):
    """How the trial of a way of working ended."""

    verdict = forms.ChoiceField(
        label=_("How did it go?"),
        choices=[("kept", _("We keep it")), ("dropped", _("We drop it")), ("", _("It is still being tried"))],
        widget=ChoiceCards(across=True),
        required=False,
    )
    reason = PairField(label=_("Why?"), long=True, rows=3, required=False, max_length=300)
    day = DayField(label=_("Since which day?"))


class PromiseForm(Choosing):
    """What somebody will do because of a card or a group, by a day."""

    text = PairField(label=_("What will be done?"), long=True, rows=3, max_length=rules.LONGEST)
    owner = forms.ModelChoiceField(label=_("Who sees to it?"), queryset=None, empty_label=_("Nobody chosen"))
    due = DayField(label=_("By which day?"))
    the_one = forms.BooleanField(
        label=_("This is the one thing we change"),
        help_text=_("It stands first on the board, and first again at the next one in the series."),
        required=False,
    )


class ColumnForm(Form):
    """One column as it should be."""

    mark_optional = False
    column = forms.CharField(required=False, widget=forms.HiddenInput)
    name = PairField(label=_("Name"), required=False, max_length=rules.LONGEST_NAME)
    hint = PairField(label=_("What does one write here?"), required=False, max_length=120)
    place = forms.IntegerField(label=_("Place from the left"), min_value=1, max_value=99)
    tries = forms.BooleanField(label=_("What stands here is tried, and then kept or dropped"), required=False)
    remove = forms.BooleanField(label=_("Remove the column"), required=False)


class ColumnForms(forms.BaseFormSet):
    """All of them at once."""

    default_error_messages = {
        **forms.BaseFormSet.default_error_messages,
        "missing_management_form": NOT_WHOLE,
    }


Columns = forms.formset_factory(
    ColumnForm, ColumnForms, extra=0, max_num=rules.MOST_COLUMNS + 1, absolute_max=rules.MOST_COLUMNS + 1
)


def columns_formset(data: Any, there: Sequence[Column]) -> Any:
    """A form for each column that is there, and an empty one."""
    rows = [
        {"column": str(one.pk), "name": one.name, "hint": one.hint, "tries": one.tries, "place": number}
        for number, one in enumerate(there, 1)
    ]
    return Columns(data, initial=[*rows, {"place": len(there) + 1}])


def wanted_columns(formset: Any, there: Sequence[Column]) -> list[tuple[int | None, dict[str, Any]]]:
    """The columns as the form has them, from left to right; those that are removed and the empty new one left out."""
    known = {str(column.pk): column.pk for column in there}
    rows = [form.cleaned_data for form in formset if not form.cleaned_data.get("remove")]
    rows.sort(key=lambda row: row["place"])
    return [
        (known.get(row["column"]), {name: row[name] for name in ("name", "hint", "tries")})
        for row in rows
        if row["column"] in known or row["name"]
    ]


class LayoutForm(Form):
    """Which board to begin from."""

    layout = forms.ChoiceField(
        label=_("Begin from"),
        choices=[(key, _words(layout["name"])) for key, layout in rules.layouts().items()],
        widget=ChoiceCards(hints={key: layout["about"] for key, layout in rules.layouts().items()}),
    )


class SettingsForm(Form):
    """What a facilitator chooses for a board."""

    dots = forms.IntegerField(
        label=_("Dots for each to place"),
        help_text=_("0 where there is no vote."),
        min_value=0,
        max_value=rules.MOST_DOTS,
        initial=rules.Settings.dots,
    )
    tables = forms.BooleanField(
        label=_("One device may write for a table"),
        help_text=_("Whoever writes says for how many; the card is marked with the number."),
        required=False,
    )

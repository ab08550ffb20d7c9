"""Forms of an activity's life: the days it needs to open, our reply, and a reply that comes later."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from samsyn.core import clock
from samsyn.core.ids import encode_id
from samsyn.organisations.models import Person
from samsyn.programmes.models import Activity
from samsyn.programmes.queries import organisers
from samsyn.ui.forms import ChoiceCards, DayField, Form, PairField


class OpenForm(Form):
    """Asks only for days that have passed; most often for nothing at all."""

    ends = DayField(label=_("Closes"), help_text=_("The day in the plan has passed."))
    reply_by = DayField(
        label=_("People hear what came of it by"), help_text=_("Everyone who is asked sees this day from the start.")
    )

    def __init__(self, activity: Activity, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        today = clock.today()
        if activity.ends >= today:
            del self.fields["ends"]
        if activity.reply_by >= max(activity.ends, today) and "ends" not in self.fields:
            del self.fields["reply_by"]


class ReplyForm(Form):
    """Our reply to what people said."""

    heard = PairField(
        label=_("What we heard"), long=True, rows=4, help_text=_("In people’s own words as far as it goes.")
    )
    doing = PairField(
        label=_("What we do"),
        long=True,
        rows=4,
        required=False,
        help_text=_(
            "What, who and when. Leave out what is not sure. Fill in this, or what we do not do and why, or both."
        ),
    )
    not_doing = PairField(
        label=_("What we do not do, and why"),
        long=True,
        rows=4,
        required=False,
        help_text=_("The reasons are what people remember."),
    )
    next_date = DayField(label=_("When people hear more"), required=False)

    def __init__(self, activity: Activity, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("doing", "not_doing"):  # one of the two is needed
            self.fields[name].mark_optional = False  # type: ignore[attr-defined]
        self.fields["signed_by"] = SignerField(
            organisers(activity.programme),
            label=_("Signed by"),
            widget=ChoiceCards,
            empty_label=None,
            error_messages={"required": _("Choose who signs.")},
        )

    def clean_next_date(self) -> Any:
        day = self.cleaned_data["next_date"]
        if day and day <= clock.today():
            raise forms.ValidationError(_("Choose a day that is still to come."))
        return day


class SignerField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """Those who may sign, by the ids that addresses use, with their titles."""

    def label_from_instance(self, person: Person) -> str:
        return f"{person.name}, {person.title}" if person.title else person.name

    def prepare_value(self, value: Any) -> Any:
        return encode_id(value.pk) if isinstance(value, Person) else value

    def to_python(self, value: Any) -> Person | None:
        if value in self.empty_values:
            return None
        found: dict[str, Person] = {encode_id(person.pk): person for person in self.queryset or ()}
        if value in found:
            return found[value]
        raise forms.ValidationError(self.error_messages["invalid_choice"], code="invalid_choice")


class ReplyLaterForm(Form):
    """The day on which the reply comes instead."""

    reply_by = DayField(
        label=_("The reply comes by"), help_text=_("Everyone sees this day, and beside it the day first promised.")
    )


class LetterForm(Form):
    """Some words of the one who sends a letter."""

    own = PairField(
        label=_("Some words of your own"),
        help_text=_("They stand first in the letter. The rest is written from the activity itself."),
        long=True,
        rows=3,
        max_length=600,
        required=False,
    )


class CodeForm(Form):
    """The code from the wall or the notice board."""

    code = forms.CharField(
        label=_("Code"),
        help_text=_("Six characters, as they stand on the screen or the notice. Spaces and capitals do not matter."),
        max_length=20,
        widget=forms.TextInput(
            attrs={"class": "code", "autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
        ),
        error_messages={"required": _("Write the code.")},
    )

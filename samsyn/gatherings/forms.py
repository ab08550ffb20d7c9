"""Forms of planning: a session, a series of them, who hosts it, who came."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from samsyn.core import clock
from samsyn.gatherings.actions_making import MOST_IN_A_SERIES
from samsyn.gatherings.models import Session
from samsyn.organisations.models import Person, Unit
from samsyn.programmes.forms import frame_field
from samsyn.programmes.models import Activity, Programme
from samsyn.programmes.person_field import PersonField
from samsyn.ui.forms import ChoiceCards, Form, ManyChoiceCards, MomentField, PairField

MOST_PEOPLE = 100_000
_ENTRIES = {
    Activity.Entry.CODE: _("Everyone in the room, without an account. What they say is anonymous."),
    Activity.Entry.AUDIENCE: _("Only those it is for, signed in."),
}


class _WhereForm(Form):
    """What every form of a session asks: how, where, for how many, and who comes in."""

    purpose = PairField(label=_("Why we meet"), long=True, rows=3, max_length=600, required=False)
    mode = forms.ChoiceField(label=_("How do we meet?"))
    place = forms.CharField(label=_("Room and address"), max_length=200, required=False)
    link = forms.URLField(label=_("Link to the video meeting"), max_length=500, required=False, assume_scheme="https")
    preparation = PairField(
        label=_("Before one comes"), help_text=_("What to read, bring or think of."), long=True, rows=3, required=False
    )
    capacity = forms.IntegerField(
        label=_("How many is there room for?"),
        help_text=_("Leave empty where there is room for all. When it is full, the next ones stand in line."),
        min_value=1,
        max_value=MOST_PEOPLE,
        required=False,
    )
    entry = forms.ChoiceField(label=_("How do people come into the session on their phones?"))
    named = forms.BooleanField(
        label=_("Note by name who came"),
        help_text=_("Otherwise only how many. Everyone sees beforehand which it is."),
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, choices, hints in (
            ("mode", Session.Mode.choices, {}),
            ("entry", Activity.Entry.choices, _ENTRIES),
        ):
            self.fields[name].widget = ChoiceCards(hints=hints, across=name == "mode")
            self.fields[name].choices = [(value, capfirst(label)) for value, label in choices]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("entry") == Activity.Entry.CODE and cleaned.get("named"):
            self.add_error("named", _("With a code nobody knows who comes in. Let people sign in, or keep no names."))
        online = cleaned.get("mode") in {Session.Mode.ONLINE, Session.Mode.HYBRID}
        if online and not cleaned.get("link") and "link" not in self.errors:
            self.add_error("link", _("Give the link that people follow."))
        return cleaned


class SessionForm(_WhereForm):
    """One session."""

    title = PairField(label=_("What is it called?"), max_length=120)
    starts = MomentField(label=_("Begins"), help_text=_("When it ends follows from the agenda."))
    passcode = forms.CharField(
        label=_("Passcode beside the code"),
        help_text=_("Only where the code alone is not enough."),
        max_length=20,
        required=False,
    )

    def __init__(self, programme: Programme, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["frame"] = frame_field(programme)
        self.order_fields(["title", "purpose", "frame", "starts", "mode", "place", "link", "preparation"])


class SeriesForm(_WhereForm):
    """Several sessions: one after the other, or one in each of several units."""

    title = PairField(
        label=_("What are they called?"), help_text=_("A number or the unit’s name follows."), max_length=80
    )
    starts = MomentField(label=_("The first begins"))
    how = forms.ChoiceField(
        label=_("What kind of series?"),
        choices=[("days", _("One after the other")), ("units", _("One in each unit"))],
        widget=ChoiceCards(
            hints={
                "days": _("The same people meet several times, such as five leadership days."),
                "units": _("The same day in many units, each with its own host."),
            },
            across=True,
        ),
    )
    number = forms.IntegerField(label=_("How many?"), min_value=2, max_value=MOST_IN_A_SERIES, required=False)
    weeks = forms.IntegerField(label=_("Weeks between"), min_value=1, max_value=52, required=False)
    units = forms.MultipleChoiceField(label=_("In which units?"), widget=ManyChoiceCards, required=False)
    managers_host = forms.BooleanField(label=_("The unit’s manager is its host"), required=False)

    def __init__(self, programme: Programme, units: list[Unit], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.known = {unit.key: unit for unit in units}
        self.fields["units"].choices = [(unit.key, str(unit)) for unit in units]  # type: ignore[attr-defined]
        self.fields["frame"] = frame_field(programme)
        first = ["title", "purpose", "frame", "starts", "how", "number", "weeks", "units", "managers_host"]
        self.order_fields([*first, "mode", "place", "link", "preparation"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("how") == "days":
            for name in ("number", "weeks"):
                if cleaned.get(name) is None and name not in self.errors:
                    self.add_error(name, _("Give a number."))
        elif not 1 < len(cleaned.get("units") or ()) <= MOST_IN_A_SERIES:
            self.add_error("units", _("Choose between 2 and 60 units."))
        return cleaned

    def chosen(self) -> list[Unit]:
        """The units that were ticked, in their order."""
        wanted = set(self.cleaned_data["units"])
        return [unit for key, unit in self.known.items() if key in wanted]


class CopyForm(Form):
    """When the copy is."""

    starts = MomentField(label=_("The copy begins"))


class TemplateForm(Form):
    """What an own template is called."""

    name = PairField(
        label=_("What is the template called?"),
        help_text=_(
            "One name for each language: if you change one, change the other too. "
            "Instead of an empty one the other is shown."
        ),
        max_length=80,
    )


class HostForm(Form):
    """One more host."""

    person = PersonField(label=_("Who runs it?"))


class NumberForm(Form):
    """How many came."""

    came = forms.IntegerField(label=_("How many came?"), min_value=0, max_value=MOST_PEOPLE)


def tomorrow_at(begins: dt.time, day: dt.date | None = None) -> dt.datetime:
    """A suggestion for when a session begins."""
    wanted = max(day or clock.today(), clock.today() + dt.timedelta(days=1))
    start = clock.start_of(wanted)
    return start.replace(hour=begins.hour, minute=begins.minute)


def manager_of(unit: Unit) -> Person | None:
    """Who leads a unit, as far as the organisation's rows say it: a manager placed in it, by name."""
    rows = Person.objects.filter(unit=unit, external=False, erased=False, left__isnull=True)
    return rows.exclude(level=Person.Level.STAFF).order_by("sort_name", "id").first()

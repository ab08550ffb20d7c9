"""Forms of people, units and import. They validate; actions decide."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from samsyn.core import clock
from samsyn.core.texts import LangText
from samsyn.organisations import queries
from samsyn.organisations.imports.reading import too_large
from samsyn.organisations.models import Person, Unit
from samsyn.organisations.names import tidy
from samsyn.ui.forms import DayField, FileField, Form, PairField

_LISTED = 200  # so many units are chosen from a list; more are named by code or name
LANGUAGES = [("sv", _("Swedish")), ("en", _("English"))]


class UnitField(forms.CharField):
    """An open unit: chosen from a list where there are few, else named by code or name. The value is a Unit."""

    def __init__(self, *, nothing: Any = "", **kwargs: Any) -> None:
        self.nothing = nothing
        super().__init__(**kwargs)

    def ready(self) -> None:
        """Look at the organisation's units; called when a form with this field is made."""
        if queries.open_units().count() > _LISTED:
            self.help_text = _("The unit’s code, or its name where no other unit has it")
            return
        choices = [(node.key, f"{' ' * (node.level - 1)}{node.name}") for node in queries.in_order(queries.tree())]
        self.widget = forms.Select(choices=[("", self.nothing), *choices])
        self.widget.is_required = self.required

    def prepare_value(self, value: Any) -> Any:
        return value.key if isinstance(value, Unit) else value

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text:
            return None
        unit = queries.find_unit(text)
        if unit is None:
            raise ValidationError(
                _now("There is no open unit “%(text)s”, or more than one. Give the unit’s code.") % {"text": text}
            )
        return unit


class PersonField(forms.CharField):
    """Somebody who is there, by employment number or e-mail address. The value is a Person."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("help_text", _("Employment number or e-mail address"))
        super().__init__(**kwargs)

    def prepare_value(self, value: Any) -> Any:
        return value.key if isinstance(value, Person) else value

    def clean(self, value: Any) -> Any:
        text = tidy(super().clean(value))
        if not text:
            return None
        person = queries.find_person(text)
        if person is None:
            raise ValidationError(_now("Nobody here has “%(text)s” as employment number or address.") % {"text": text})
        return person


class DetailsField(forms.CharField):
    """Further details, one a line: “Profession: nurse”. The value is a dict."""

    widget = forms.Textarea

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(f"{name}: {text}" for name, text in value.items()) if isinstance(value, dict) else value

    def clean(self, value: Any) -> Any:
        found = {}
        for line in super().clean(value).splitlines():
            if not line.strip():
                continue
            name, colon, text = map(tidy, line.partition(":"))
            if not (name and colon and text) or len(name) > 60 or len(text) > 200:
                raise ValidationError(_now("Write one detail a line, as “Profession: nurse”."))
            found[name] = text
        return found


class _UnitsForm(Form):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if isinstance(field, UnitField):
                field.ready()


class PeopleFilter(_UnitsForm):
    """What to look for in the list of people."""

    mark_optional = False
    text = forms.CharField(label=_("Name or employment number"), required=False)
    unit = UnitField(label=_("Unit, with all below it"), required=False, nothing=_("All units"))


class PersonForm(Form):
    """What we know about a person."""

    name = forms.CharField(label=_("Name"), max_length=120)
    key = forms.CharField(
        label=_("Employment number"),
        max_length=60,
        help_text=_("Or another key that never changes; never a personal identity number"),
    )
    email = forms.EmailField(label=_("E-mail address"), required=False)
    title = PairField(label=_("Title"), required=False, max_length=120)
    manager = PersonField(label=_("Manager"), required=False)
    level = forms.ChoiceField(label=_("Level"), choices=Person.Level.choices)
    language = forms.ChoiceField(label=_("Language of letters"), choices=LANGUAGES)
    attributes = DetailsField(
        label=_("Other details"), required=False, help_text=_("One a line, for example “Profession: nurse”")
    )


class NewPersonForm(PersonForm, _UnitsForm):
    """The same for somebody new, with a place."""

    unit = UnitField(label=_("Unit"), required=False, nothing=_("No unit"))
    joined = DayField(label=_("First day"), initial=clock.today)
    field_order = ["name", "key", "email", "title", "unit", "joined", "manager", "level", "language", "attributes"]


class MovePersonForm(_UnitsForm):
    """Where to, and since when."""

    unit = UnitField(label=_("To the unit"), required=False, nothing=_("No unit"))
    day = DayField(label=_("From"), initial=clock.today)


class EndPersonForm(Form):
    """The last day."""

    last_day = DayField(
        label=_("Last day"), required=False, help_text=_("Leave it empty if the person stays, or is back")
    )


class TeamForm(Form):
    """Somebody to put into a team, or to leave out."""

    person = PersonField(label=_("Person"))
    included = forms.ChoiceField(
        label=_("In the team?"),
        choices=[("in", _("Put in")), ("out", _("Leave out")), ("", _("As it follows from who reports to whom"))],
        required=False,
    )

    def clean_included(self) -> bool | None:
        return {"in": True, "out": False}.get(self.cleaned_data["included"])


class NewUnitForm(_UnitsForm):
    """A unit to open."""

    name = PairField(label=_("Name"), max_length=120)
    key = forms.CharField(
        label=_("Unit code"), max_length=60, help_text=_("As in your personnel system; it never changes")
    )
    parent = UnitField(label=_("Lies below"), required=False, nothing=_("Nothing: it lies at the top"))
    day = DayField(label=_("From"), initial=clock.today)


class RenameUnitForm(Form):
    """A new name, and since when."""

    name = PairField(label=_("Name"), max_length=120)
    day = DayField(label=_("From"), initial=clock.today)


class MoveUnitForm(_UnitsForm):
    """A new place, and since when."""

    parent = UnitField(label=_("Shall lie below"), required=False, nothing=_("Nothing: it lies at the top"))
    day = DayField(label=_("From"), initial=clock.today)


class MergeUnitForm(_UnitsForm):
    """The unit that takes over."""

    into = UnitField(label=_("Which unit takes over?"), nothing=_("Choose a unit"))
    day = DayField(label=_("From"), initial=clock.today)


class CloseUnitForm(Form):
    """The first day without the unit."""

    day = DayField(label=_("Closed from"), initial=clock.today)


class TreeForm(Form):
    """A day to look back to."""

    mark_optional = False
    day = DayField(label=_("As it was on"), required=False)

    def clean_day(self) -> dt.date | None:
        day = self.cleaned_data["day"]
        if day is not None and day > clock.today():
            raise ValidationError(_now("Choose today or an earlier day."))
        return day


class UploadForm(Form):
    """The file with people."""

    file = FileField(label=_("File"), help_text=_("Excel (.xlsx) or CSV, at most 50 MB"))

    def __init__(self, *args: Any, cut_off: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.cut_off = cut_off
        if cut_off:
            self.fields["file"].error_messages["required"] = too_large()
        self.fields["file"].error_messages["empty"] = _now("The file is empty.")


class ConfirmForm(Form):
    """Whether those who are not in the file leave."""

    leavers = forms.BooleanField(
        required=False, error_messages={"required": _("Tick the box if they have left; else there is nothing to do.")}
    )

    def __init__(self, *args: Any, leavers: int = 0, nothing_else: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["leavers"].required = nothing_else
        self.fields["leavers"].label = _now("Yes, let these %(number)s leave today") % {"number": leavers}


def described(person: Person) -> dict[str, Any]:
    """What the form shows of somebody."""
    values = {name: getattr(person, name) for name in PersonForm.base_fields}
    return values | {"title": LangText(person.title)}

"""Forms of the storyboard: a programme, its chapters and its activities."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from samsyn.core import clock
from samsyn.core.ids import encode_id
from samsyn.organisations.models import Person
from samsyn.programmes import anonymity
from samsyn.programmes.audiences import active_people
from samsyn.programmes.kinds import all_kinds, kind_of
from samsyn.programmes.models import Activity, Frame, Programme
from samsyn.programmes.person_field import PersonField
from samsyn.ui.forms import ChoiceCards, DayField, Form, PairField

MOST_SUGGESTED = 40
REPLY_AFTER = dt.timedelta(days=14)
START_BACK = dt.timedelta(days=366)  # what began some months ago may be written down; what lies further back is a slip

LAWFUL_BASES = {
    "public-task": (_("A task in the public interest"), _("The usual one for an authority that develops its work.")),
    "legal-obligation": (_("A duty in law"), _("A law asks for it, for example on the working environment.")),
    "contract": (_("A contract"), _("It is needed for an agreement with the person, such as the employment.")),
    "legitimate-interest": (_("A legitimate interest"), _("For companies; an authority cannot use it for its tasks.")),
    "consent": (_("Consent"), _("Seldom fits at work, where it can be hard to say no.")),
}


def _leaders() -> list[Person]:
    """Those who are most often named as owners: offered while one types."""
    rows = active_people().filter(level__in=(Person.Level.SENIOR, Person.Level.TOP)).select_related("unit")
    return list(rows.order_by("sort_name", "id")[:MOST_SUGGESTED])


class StartForm(Form):
    """The three questions that start a programme."""

    title = forms.CharField(label=_("What is the programme called?"), max_length=120)
    starts = DayField(
        label=_("When does it begin?"),
        help_text=_("Every chapter and activity is dated from this day. All can be moved."),
    )
    owner = PersonField(
        label=_("Who is the owner?"),
        suggestions=_leaders,
        help_text=_("The leader in the line who answers for it, one of your own. Write a name or an e-mail address."),
    )

    def clean_starts(self) -> dt.date:
        day: dt.date = self.cleaned_data["starts"]
        if day < clock.today() - START_BACK:
            raise forms.ValidationError(_("The first day lies more than a year back. Check the year."))
        return day


class ProgrammeForm(Form):
    """What a programme says about itself."""

    title = PairField(label=_("Name"), max_length=120)
    from_state = PairField(label=_("From: where we are"), max_length=160, required=False)
    to_state = PairField(label=_("To: where we want to be"), max_length=160, required=False)
    ambition = PairField(label=_("Why"), long=True, rows=3, required=False)
    decided = PairField(label=_("What is decided"), long=True, rows=3, required=False)
    open_matters = PairField(label=_("What is open, and can be influenced"), long=True, rows=3, required=False)
    not_discussed = PairField(label=_("What is not up for discussion"), long=True, rows=3, required=False)
    contact = PersonField(label=_("Whom people can turn to"), required=False)
    starts = DayField(label=_("First day"))
    move_plan = forms.BooleanField(
        label=_("Move every chapter, and all that has not opened, by as many days"), required=False
    )
    ends = DayField(label=_("Last day"), required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        starts, ends = cleaned.get("starts"), cleaned.get("ends")
        follows = cleaned.get("move_plan") and ends == self.initial.get("ends")
        if starts and ends and ends < starts and not follows:
            self.add_error("ends", _("The last day comes before the first."))
        return cleaned


class FrameForm(Form):
    """A chapter."""

    name = PairField(label=_("Name"), max_length=60)
    purpose = PairField(label=_("What it is for"), long=True, rows=2, max_length=300, required=False)
    starts = DayField(label=_("First day"))
    ends = DayField(label=_("Last day"))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if "starts" in cleaned and "ends" in cleaned and cleaned["ends"] < cleaned["starts"]:
            self.add_error("ends", _("The last day comes before the first."))
        return cleaned


def frame_field(programme: Programme, **kwargs: Any) -> FrameField:
    """A choice among the chapters of a programme."""
    rows = Frame.objects.filter(programme=programme).order_by("position", "id")
    return FrameField(
        rows, label=_("Chapter"), empty_label=None, error_messages={"required": _("Choose a chapter.")}, **kwargs
    )


class FrameField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """Chapters, by the ids that addresses use."""

    def prepare_value(self, value: Any) -> Any:
        return encode_id(value.pk) if isinstance(value, Frame) else value

    def to_python(self, value: Any) -> Frame | None:
        found: dict[str, Frame] = {encode_id(frame.pk): frame for frame in self.queryset or ()}
        if value in self.empty_values:
            return None
        if value not in found:
            raise forms.ValidationError(self.error_messages["invalid_choice"], code="invalid_choice")
        return found[value]


class AddActivityForm(Form):
    """A new activity in few words; the rest has defaults."""

    title = forms.CharField(label=_("What is it called?"), max_length=120)
    kind = forms.ChoiceField(label=_("What do people do?"))
    starts = DayField(label=_("Opens"))
    ends = DayField(label=_("Closes"))

    def __init__(self, programme: Programme, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = all_kinds()
        self.fields["kind"].widget = ChoiceCards(hints={slug: kind.purpose for slug, kind in kinds.items()})
        self.fields["kind"].choices = [(slug, capfirst(str(kind.name))) for slug, kind in kinds.items()]  # type: ignore[attr-defined]
        self.fields["frame"] = frame_field(programme)
        self.order_fields(["title", "kind", "frame", "starts", "ends"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if "starts" in cleaned and "ends" in cleaned and cleaned["ends"] < cleaned["starts"]:
            self.add_error("ends", _("It closes before it opens."))
        return cleaned


class MoveForm(Form):
    """To which chapter an activity goes; with a place in it where it was dragged there."""

    to = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)

    def __init__(self, programme: Programme, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["frame"] = frame_field(programme, widget=ChoiceCards)


class ActivityForm(Form):
    """Everything about an activity that is not its kind's own."""

    title = PairField(label=_("Title"), max_length=120)
    purpose = PairField(
        label=_("Why"), help_text=_("Spoken to those who take part."), long=True, rows=3, required=False
    )
    instructions = PairField(label=_("What people do"), long=True, rows=3, required=False)
    material = PairField(label=_("What is needed"), long=True, rows=2, required=False)
    starts = DayField(label=_("Opens"))
    ends = DayField(label=_("Closes"), help_text=_("Closes by itself in the night after this day."))
    by_itself = forms.BooleanField(label=_("Open by itself on the first day"), required=False)
    reply_by = DayField(
        label=_("People hear what came of it by"), help_text=_("Everyone who is asked sees this day from the start.")
    )
    level = forms.ChoiceField(label=_("Who can see who wrote what?"))
    entry = forms.ChoiceField(label=_("How do people come in?"))
    responsible = PersonField(label=_("Responsible"), required=False)
    lawful_basis = forms.ChoiceField(
        label=_("On what ground are personal data used?"),
        choices=[(value, words[0]) for value, words in LAWFUL_BASES.items()],
        widget=ChoiceCards(hints={value: words[1] for value, words in LAWFUL_BASES.items()}),
    )
    retention_days = forms.IntegerField(
        label=_("How many days is it kept after publishing?"), min_value=1, max_value=36_500
    )
    disposal = PairField(
        label=_("What happens to it then"),
        help_text=_("As your records plan says: kept in the archive, or deleted."),
        max_length=300,
        required=False,
    )

    def __init__(self, activity: Activity, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.activity = activity
        levels: list[tuple[str, Any]] = [
            (level.value, capfirst(level.label)) for level in Activity.Level if level in kind_of(activity).levels
        ]
        if activity.level not in dict(levels):
            levels.append((activity.level, capfirst(activity.get_level_display())))
        self._cards("level", levels, {value: anonymity.short_of(value) for value, _label in levels})
        self._cards(
            "entry",
            [(value, capfirst(label)) for value, label in Activity.Entry.choices],
            {
                Activity.Entry.CODE: _("Only for anonymous activities: a code says nothing about who comes in."),
                Activity.Entry.AUDIENCE: _("By link or code, then sign-in."),
            },
        )
        if len(levels) == 1:  # nothing to choose: the kind knows one level only
            del self.fields["level"], self.fields["entry"]
        elif activity.contributed:
            self.fields["level"].disabled = self.fields["entry"].disabled = True
        if activity.state != Activity.State.DRAFT:
            del self.fields["reply_by"], self.fields["by_itself"]

    def _cards(self, name: str, choices: list[tuple[str, Any]], hints: dict[str, Any]) -> None:
        self.fields[name].widget = ChoiceCards(hints=hints)
        self.fields[name].choices = choices  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        starts, ends, reply_by = (cleaned.get(name) for name in ("starts", "ends", "reply_by"))
        if starts and ends and ends < starts:
            self.add_error("ends", _("It closes before it opens."))
        if ends and "reply_by" in self.fields and reply_by and reply_by <= ends:
            self.add_error("reply_by", _("Choose a day after it has closed."))
        by_name = cleaned.get("level") not in {None, Activity.Level.ANONYMOUS}
        if cleaned.get("entry") == Activity.Entry.CODE and by_name:
            self.add_error(
                "entry", _("With a code nobody knows who comes in. Choose anonymous, or let those invited sign in.")
            )
        return cleaned


def first_weekday() -> dt.date:
    """The next Monday: a day on which a programme may begin."""
    today = clock.today()
    return today + dt.timedelta(days=7 - today.weekday())

"""Forms about people: roles, partners, groups, audiences, guests; faults and erasure."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from samsyn.core import clock
from samsyn.core.ids import encode_id
from samsyn.core.texts import LangText
from samsyn.programmes.models import Activity, ErasureRequest, FaultReport, Role
from samsyn.programmes.person_field import PersonField
from samsyn.programmes.words import days
from samsyn.ui.forms import ChoiceCards, DayField, Form, ManyChoiceCards, PairField

_ROLES = [
    (Role.Name.LEAD.value, _("Programme lead")),
    (Role.Name.FACILITATOR.value, _("Facilitator")),
    (Role.Name.MEMBER.value, _("Working-group member")),
]
_FAULTS = [
    (FaultReport.State.NEW.value, _("New")),
    (FaultReport.State.KNOWN.value, _("Known, not yet mended")),
    (FaultReport.State.MENDED.value, _("Mended")),
]
_ROLE_HINTS = {
    Role.Name.LEAD: _("Plans the programme and decides who takes part in running it."),
    Role.Name.FACILITATOR: _("Plans with the lead and runs the rooms."),
    Role.Name.MEMBER: _("Works in a group between the gatherings."),
}


class OwnerForm(Form):
    """Who is the owner."""

    person = PersonField(
        label=_("Who becomes the owner?"),
        help_text=_("The leader in the line who answers for it, one of your own. Write a name or an e-mail address."),
    )


class AppointForm(Form):
    """A role for one of the organisation's own."""

    person = PersonField(label=_("Who?"))
    name = forms.ChoiceField(label=_("What will they do?"), widget=ChoiceCards(hints=_ROLE_HINTS))
    until = DayField(label=_("Last day"), help_text=_("Leave it empty if there is no last day."), required=False)

    def __init__(self, *args: Any, roles: Iterable[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].choices = [pair for pair in _ROLES if pair[0] in set(roles)]  # type: ignore[attr-defined]


class RoleForm(Form):
    """How long somebody has a role."""

    until = DayField(label=_("Last day"), required=False)

    def __init__(self, *args: Any, needed: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["until"].required = needed
        if not needed:
            self.fields["until"].help_text = _("Leave it empty if there is no last day.")


class PartnerForm(Form):
    """An organisation that helps."""

    name = forms.CharField(label=_("What is the partner called?"), max_length=120)
    until = DayField(
        label=_("Last day"), help_text=_("After this day its people no longer see anything of the programme.")
    )


class PartnerPersonForm(Form):
    """Somebody from a partner."""

    name = forms.CharField(label=_("Name"), max_length=120)
    email = forms.EmailField(
        label=_("E-mail address"), help_text=_("They sign in with a code that is sent to this address.")
    )
    role = forms.ChoiceField(label=_("What will they do?"), choices=_ROLES, widget=ChoiceCards(hints=_ROLE_HINTS))
    until = DayField(label=_("Last day"))
    language = forms.ChoiceField(label=_("Language of letters"), choices=settings.LANGUAGES)


class GroupForm(Form):
    """A group."""

    name = PairField(label=_("What is the group called?"), max_length=80)


class MemberForm(Form):
    """Somebody for a group."""

    person = PersonField(label=_("Who joins the group?"))


class GuestChangeForm(Form):
    """What a guest is invited to, and until when."""

    activities = forms.MultipleChoiceField(
        label=_("What is the guest invited to?"),
        help_text=_("The guest sees these and nothing else of the programme."),
        widget=ManyChoiceCards,
        error_messages={"required": _("Choose at least one activity that the guest is invited to.")},
    )
    until = DayField(
        label=_("Last day"),
        help_text=_(
            "After this day the link leads nowhere. Left empty, it is the day of the last reply to what the guest does."
        ),
        required=False,
    )

    def __init__(
        self,
        activities: Iterable[Activity],
        *args: Any,
        within: Mapping[int, LangText] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.by_id = {self.key(activity): activity for activity in activities}
        called = Counter(str(one.title) for one in self.by_id.values())
        places = {one.pk: one.frame.name for one in self.by_id.values() if called[str(one.title)] > 1} | dict(
            within or {}
        )
        field: Any = self.fields["activities"]
        field.widget = ManyChoiceCards(
            hints={
                key: " · ".join(filter(None, [days(one.starts, one.ends), str(places.get(one.pk, ""))]))
                for key, one in self.by_id.items()
            }
        )
        field.choices = [(key, str(activity.title)) for key, activity in self.by_id.items()]

    @staticmethod
    def key(activity: Activity) -> str:
        """How an activity is called in the form."""
        return encode_id(activity.pk)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("activities") and "until" in cleaned and cleaned["until"] is None:
            cleaned["until"] = last_day_of(self.chosen())
        return cleaned

    def chosen(self) -> list[Activity]:
        """The activities that were ticked."""
        return [self.by_id[key] for key in self.cleaned_data["activities"]]


def last_day_of(activities: Iterable[Activity]) -> dt.date:
    """The day by which the last of them is closed and replied to; today where that has passed."""
    return max([clock.today(), *(max(activity.ends, activity.reply_by) for activity in activities)])


class GuestForm(GuestChangeForm):
    """A guest to invite."""

    name = forms.CharField(label=_("Name"), max_length=120)
    email = forms.EmailField(label=_("E-mail address"))
    language = forms.ChoiceField(label=_("Language of the letter"), choices=settings.LANGUAGES)

    field_order = ("name", "email", "language", "activities", "until")


class AudienceForm(Form):
    """Everybody, or parts. The parts are drawn by the page itself."""

    whom = forms.ChoiceField(label=_("Who is it for?"), widget=ChoiceCards)
    find = forms.CharField(
        label=_("Find a unit, a management team or a person"), required=False, max_length=80, strip=True
    )

    def __init__(self, *args: Any, everybody: Any, parts: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("everybody", everybody), ("parts", parts)]
        self.fields["whom"].choices = choices  # type: ignore[attr-defined]


class FaultForm(Form):
    """What did not work on a page."""

    page = forms.CharField(
        label=_("Which page?"), help_text=_("Its address, or what it is about."), required=False, max_length=300
    )
    text = forms.CharField(
        label=_("What happened, and what had you wanted to do?"),
        widget=forms.Textarea(attrs={"rows": 4, "data-count": True}),
        max_length=2000,
    )
    email = forms.EmailField(
        label=_("Your e-mail address"),
        help_text=_("Only if you want an answer. It is deleted when the matter is settled."),
        required=False,
    )


class FaultStateForm(Form):
    """What an operator says about a fault."""

    state = forms.ChoiceField(label=_("How does it stand?"), choices=_FAULTS, widget=ChoiceCards)
    shown = PairField(
        label=_("What the accessibility page says about it"),
        help_text=_(
            "Shown while the fault is known and not mended: what does not work, for whom, and what to do instead."
        ),
        long=True,
        rows=2,
        max_length=500,
        required=False,
    )


class ErasureForm(Form):
    """A wish to be forgotten."""

    words = forms.CharField(
        label=_("Is there something we should know?"),
        widget=forms.Textarea(attrs={"rows": 3, "data-count": True}),
        required=False,
        max_length=1000,
    )


class ErasureAnswerForm(Form):
    """What is answered to a wish to be forgotten."""

    state = forms.ChoiceField(
        label=_("What happens now?"),
        choices=[
            (ErasureRequest.State.DONE, _("Erase for ever, at once")),
            (ErasureRequest.State.DECLINED, _("Do not erase")),
        ],
        widget=ChoiceCards,
    )
    answer = forms.CharField(
        label=_("Your answer to the person"),
        help_text=_("If you do not erase: why, and how the decision can be appealed."),
        widget=forms.Textarea(attrs={"rows": 3, "data-count": True}),
        required=False,
        max_length=1000,
    )

"""Forms after a session: a section in one's own words, what is left over, what one does differently next time."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils.translation import gettext_lazy as _

from samsyn.core import clock
from samsyn.gatherings.actions_minutes import LONGEST_LESSON
from samsyn.programmes.person_field import PersonField
from samsyn.ui.forms import DayField, Form, PairField


class SectionForm(Form):
    """A section of the minutes."""

    text = PairField(label=_("What stands here"), long=True, rows=10, required=False)


class CorrectionForm(Form):
    """A section of published minutes, put right."""

    text = PairField(label=_("What stands here from now on"), long=True, rows=10)
    reason = PairField(
        label=_("Why is it corrected?"),
        help_text=_("Everyone who reads the minutes sees the day, your name, the reason and what stood there before."),
        max_length=300,
    )


class LeftOverForm(Form):
    """Who answers something left over, and by when; or why nobody does. What is left empty waits for another time."""

    mark_optional = False  # each of the three is, and one of two is needed

    owner = PersonField(label=_("Who answers?"), required=False)
    due = DayField(label=_("By which day?"), required=False)
    reason = PairField(label=_("Or: why it gets no answer"), max_length=600, long=True, rows=2, required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if self.errors or self.is_empty:
            return cleaned
        if cleaned["owner"] is not None and cleaned["due"] is None:
            self.add_error("due", _("Give the day by which it is answered."))
        elif cleaned["due"] is not None and cleaned["due"] < clock.today():
            self.add_error("due", _("The day has already passed. Choose a later one."))
        return cleaned

    @property
    def is_empty(self) -> bool:
        """Whether neither a name nor a reason has been given; the day is there by itself."""
        return not self.errors and self.cleaned_data["owner"] is None and not self.cleaned_data["reason"]

    def ask(self) -> None:
        """Say what is missing, where nothing has been filled in at all."""
        self.add_error("owner", _("Give a name and a day, or say why it gets no answer."))


class LessonForm(Form):
    """Something to do differently."""

    text = PairField(label=_("What do we do differently next time?"), max_length=LONGEST_LESSON, long=True, rows=2)


def answer_day() -> dt.date:
    """A day by which a question left over is answered, unless somebody says otherwise."""
    return clock.today() + dt.timedelta(days=14)

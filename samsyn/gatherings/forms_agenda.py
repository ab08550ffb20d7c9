"""Forms of an agenda: a block, what to add, what people do in it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.text import capfirst
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from samsyn.core.ids import encode_id
from samsyn.gatherings import library, rules
from samsyn.gatherings.models import Block
from samsyn.programmes.kinds import all_kinds
from samsyn.programmes.models import Activity
from samsyn.ui.forms import ChoiceCards, Form, PairField

_MINUTES = {"min_value": rules.MINUTES[0], "max_value": rules.MINUTES[1]}


class AddBlockForm(Form):
    """One more block: in few words of one's own."""

    title = forms.CharField(label=_("What happens?"), max_length=120)
    minutes = forms.IntegerField(label=pgettext_lazy("how long", "Minutes"), **_MINUTES)


class ReadyForm(Form):
    """One or several blocks out of the library."""

    ready = forms.ChoiceField(label=_("Take a ready part"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        single = [(f"b-{key}", _named(str(one.title), one.minutes)) for key, one in library.ready_blocks().items()]
        whole = [
            (f"p-{key}", _named(str(one.name), sum(block.minutes for block in one.blocks)))
            for key, one in library.patterns().items()
        ]
        groups = [(_("Several parts that belong together"), whole), (_("One part"), single)]
        self.fields["ready"].choices = groups  # type: ignore[attr-defined]

    def planned(self) -> tuple[library.Planned, ...]:
        """What was chosen."""
        what, _dash, key = self.cleaned_data["ready"].partition("-")
        return library.patterns()[key].blocks if what == "p" else (library.ready_blocks()[key],)


def _named(title: str, minutes: int) -> str:
    return _now("%(title)s, %(minutes)d min") % {"title": title, "minutes": minutes}


class BlockForm(Form):
    """Everything about a block."""

    title = PairField(label=_("What happens?"), max_length=120)
    minutes = forms.IntegerField(label=pgettext_lazy("how long", "Minutes"), **_MINUTES)
    form = forms.ChoiceField(label=_("How?"), choices=[(value, capfirst(label)) for value, label in Block.Form.choices])
    who = PairField(label=_("Whose turn"), max_length=120, required=False)
    material = PairField(label=_("What is needed"), max_length=300, required=False)
    notes = PairField(
        label=_("Notes for those who run it"), help_text=_("Nobody else sees them."), long=True, rows=3, required=False
    )
    outcome = PairField(
        label=_("What came out of it"), help_text=_("Stands in the minutes."), long=True, rows=3, required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["form"].widget = ChoiceCards(across=True)
        self.fields["form"].choices = [(v, capfirst(label)) for v, label in Block.Form.choices]  # type: ignore[attr-defined]


class ChooseForm(Form):
    """An activity for a block, among those that somebody may choose, or none."""

    activity = forms.ChoiceField(label=_("An activity of the programme"), required=False)

    def __init__(self, found: QuerySet[Activity], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = found.exclude(state=Activity.State.PUBLISHED)
        self.known = {encode_id(row.pk): row for row in rows.order_by("starts", "position", "id")}
        named = [(key, f"{row.title} · {capfirst(str(all_kinds()[row.kind].name))}") for key, row in self.known.items()]
        self.fields["activity"].choices = [("", _("none")), *named]  # type: ignore[attr-defined]

    def chosen(self) -> Activity | None:
        """The activity; None where none was chosen."""
        return self.known.get(self.cleaned_data["activity"])


class MakeForm(Form):
    """A new activity for a block."""

    kind = forms.ChoiceField(label=_("Make a new one"))
    title = PairField(label=_("Title"), max_length=120)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = all_kinds()
        self.fields["kind"].widget = ChoiceCards(hints={slug: kind.purpose for slug, kind in kinds.items()})
        self.fields["kind"].choices = [(slug, capfirst(str(kind.name))) for slug, kind in kinds.items()]  # type: ignore[attr-defined]

"""Forms of a dialogue: they only check."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from samsyn.activities.dialogue import rules
from samsyn.activities.dialogue.models import Vote
from samsyn.core import packs
from samsyn.programmes.forms_contributions import OriginForm, SendForm
from samsyn.ui.forms import Files, FilesField, Form

_EXPORT = ("comments.csv", "participants-votes.csv", "votes.csv")
_MOST_UNPACKED = 300_000_000
LANGUAGES = [("sv", _("Swedish")), ("en", _("English"))]


class VoteForm(Form):
    """A stand on one statement."""

    value = forms.TypedChoiceField(choices=[(str(value), label) for value, label in Vote.Value.choices], coerce=int)
    important = forms.BooleanField(required=False)


class AddForm(SendForm):
    """A statement of one's own."""

    text = forms.CharField(
        label=_("Your statement"),
        help_text=_("One thought, so that others can agree or disagree. Not a question."),
        max_length=rules.LONGEST,
        widget=forms.Textarea(attrs={"rows": 3, "data-count": True, "autocomplete": "off"}),
        error_messages={
            "required": _("Write the statement."),
            "max_length": _("The statement is too long: shorten it to %(limit_value)d characters."),
        },
    )


class SeedForm(Form):
    """Statements to begin with, one on each line."""

    statements = forms.CharField(
        label=_("Statements, one on each line"),
        help_text=_("One thought in each. Put in some that you expect people to disagree about."),
        widget=forms.Textarea(attrs={"rows": 12}),
        error_messages={"required": _("Write at least one statement.")},
    )
    language = forms.ChoiceField(label=_("They are written in"), choices=LANGUAGES)

    def clean_statements(self) -> list[str]:
        lines = rules.split_seeds(self.cleaned_data["statements"])
        if len(lines) > rules.MOST_SEEDS:
            words = _("There are %(number)d statements. Send at most %(most)d at a time.")
            raise forms.ValidationError(words % {"number": len(lines), "most": rules.MOST_SEEDS})
        for line in rules.too_long(lines):
            words = _("This is too long, shorten it to %(most)d characters: %(line)s")
            self.add_error("statements", words % {"most": rules.LONGEST, "line": f"{line[:60]}…"})
        return lines


class SettingsForm(Form):
    """What a facilitator chooses for a dialogue."""

    add = forms.BooleanField(
        label=_("Those who take part can add statements of their own"), required=False, initial=True
    )
    let_in = forms.BooleanField(
        label=_("Look at each new statement before others see it"),
        help_text=_(
            "Those who write are told so. Otherwise they are seen at once, and you can hide them with a reason."
        ),
        required=False,
        initial=True,
    )


class ImportForm(OriginForm):
    """The files of a Polis export, or the pack that they come in. `export` becomes their content by name."""

    export = FilesField(
        widget=Files(attrs={"accept": ".csv,.zip"}),
        label=_("The files of the export"),
        help_text=_(
            "All of the folder, or the ZIP file that Samsyn makes. comments.csv is needed, "
            "and votes.csv or participants-votes.csv or both."
        ),
        error_messages={"required": _("Choose the files."), "empty": _("The file is empty.")},
    )
    language = forms.ChoiceField(label=_("The statements are written in"), choices=LANGUAGES)
    field_order = ("export", "language", "source", "licence", "attribution")

    def clean_export(self) -> dict[str, bytes]:
        try:
            found = packs.gather_files(self.cleaned_data["export"], _EXPORT, most=_MOST_UNPACKED)
        except packs.DamagedError:
            raise forms.ValidationError(_("The ZIP file is damaged.")) from None
        if "comments.csv" not in found:
            raise forms.ValidationError(_("Among the files there is no comments.csv."))
        return found

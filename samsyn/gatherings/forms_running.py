"""Forms at the door of a session."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from samsyn.ui.forms import Form


class PasscodeForm(Form):
    """The passcode, where the code alone does not let in."""

    passcode = forms.CharField(
        label=_("Passcode"), max_length=20, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )

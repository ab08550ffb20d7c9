"""Signing in and passwords."""

# mypy: allow-subclassing-any, no-warn-return-any
from __future__ import annotations

from typing import Any

from allauth.account import forms as allauth
from allauth.account.adapter import get_adapter
from allauth.account.internal.userkit import filter_users_by_email
from allauth.core import context
from django import forms
from django.utils.translation import gettext_lazy as _

from samsyn.accounts import claims, limits
from samsyn.accounts.sessions import is_code
from samsyn.ui.forms import Form

_NEW_HELP = _("At least 12 signs. Three or four words that do not belong together make a good one.")


def _address() -> forms.EmailField:
    return forms.EmailField(
        label=_("E-mail address"),
        widget=forms.EmailInput(attrs={"autocomplete": "username", "spellcheck": "false"}),
        error_messages={"invalid": _("Write the address as name@organisation.se.")},
    )


def _password(label: Any, autocomplete: str, **kwargs: Any) -> forms.CharField:
    widget = forms.PasswordInput(attrs={"autocomplete": autocomplete})
    return forms.CharField(label=label, strip=False, widget=widget, **kwargs)


class AskForCodeForm(Form, allauth.RequestLoginCodeForm):
    """The address to which a code is sent."""

    email = _address()

    def clean_email(self) -> str:
        """The account of the address, if there is one; whether there is shows nowhere."""
        email: str = self.cleaned_data["email"].strip().lower()
        if not limits.may_ask(get_adapter().get_client_ip(context.request), email):
            raise forms.ValidationError(
                _("Too many codes have been asked for. Use the latest one, or try again in an hour.")
            )
        claims.claim_account(email)
        users = filter_users_by_email(email, is_active=True, for_login=True)
        self._user = users[0] if users else None
        return email


class CodeForm(Form, allauth.ConfirmLoginCodeForm):
    """The code from the letter."""

    code = forms.CharField(
        label=_("The code from the letter"),
        help_text=_("Eight letters. Capitals and dashes do not matter."),
        max_length=40,
        widget=forms.TextInput(
            attrs={
                "autocomplete": "one-time-code",
                "autocapitalize": "characters",
                "spellcheck": "false",
            }
        ),
    )

    def clean_code(self) -> str:
        code: str = self.cleaned_data["code"]
        if not is_code(code, self.expected_code):
            raise get_adapter().validation_error("incorrect_code")
        return code


class _LoginForm(allauth.LoginForm):
    password = _password(_("Password"), "current-password")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"] = _address()

    def _setup_password_field(self) -> None:
        """The field stays, although nobody can sign up with a password."""


class PasswordSignInForm(Form, _LoginForm):
    """Address and password."""

    def clean(self) -> Any:
        try:
            return super().clean()
        except forms.ValidationError as error:
            self.add_error("password", error)
            return self.cleaned_data


class NewPasswordForm(Form, allauth.SetPasswordForm):
    """A new password, where the holder has just shown to be there."""

    password1 = _password(_("New password"), "new-password", help_text=_NEW_HELP)
    password2 = _password(_("New password once more"), "new-password")

    def clean_password1(self) -> str:
        return get_adapter().clean_password(self.cleaned_data["password1"], user=self.user)


class ChangePasswordForm(Form, allauth.ChangePasswordForm):
    """A new password, given the old one."""

    oldpassword = _password(_("The password you have now"), "current-password")
    password1 = _password(_("New password"), "new-password", help_text=_NEW_HELP)
    password2 = _password(_("New password once more"), "new-password")

    def clean_oldpassword(self) -> str:
        address, account = get_adapter().get_client_ip(context.request), self.user.email
        if not limits.may_try("password", address, account):
            raise get_adapter().validation_error("too_many_login_attempts")
        try:
            return super().clean_oldpassword()
        except forms.ValidationError:
            limits.was_wrong("password", address, account)
            raise

    def clean_password1(self) -> str:
        return get_adapter().clean_password(self.cleaned_data["password1"], user=self.user)

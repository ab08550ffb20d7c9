"""Signing in by a code or a password, signing out, one's own account. The rest of allauth is not exposed."""

# mypy: allow-subclassing-any, no-warn-return-any
from __future__ import annotations

import smtplib
from typing import Any

from allauth.account import views as allauth
from allauth.account.adapter import get_adapter
from allauth.account.internal.stagekit import clear_login
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from samsyn.accounts import limits, sessions
from samsyn.accounts.forms import AskForCodeForm, ChangePasswordForm, CodeForm, NewPasswordForm, PasswordSignInForm
from samsyn.core.access import Access, declare

_TOO_MANY = 429


class _OwnSite:
    """allauth gives its pages a `site` of its own, which would hide ours: languages, the strip, the footer."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)  # type: ignore[misc]
        context.pop("site", None)
        return context


class AskForCode(_OwnSite, allauth.RequestLoginCodeView):
    """The first choice: the address, to which a code is sent."""

    form_class = AskForCodeForm
    template_name = "accounts/sign_in.html"

    def get_form_class(self) -> Any:
        return self.form_class

    def _redirect_to_pending_stage(self, request: Any, stage: Any) -> Any:
        """Whoever waits for a code is led there; who wants another one, or gives another address, starts again."""
        if request.method == "POST" or "again" in request.GET:
            clear_login(request)
            return None
        return super()._redirect_to_pending_stage(request, stage)

    def form_valid(self, form: Any) -> HttpResponse:
        email = form.cleaned_data["email"]
        try:
            response = super().form_valid(form)
            if form._user is None:  # a letter goes out either way: nobody can tell by the time it takes
                get_adapter().send_mail("unknown_account", email, {})
        except (OSError, smtplib.SMTPException):
            form.add_error("email", _("The letter cannot be sent just now. Try again in a while."))
            clear_login(self.request)
            return self.form_invalid(form)
        sessions.seal_pending(self.request.session)
        sessions.remember_address(response, email)
        return response


class ConfirmCode(_OwnSite, allauth.ConfirmLoginCodeView):
    """The code from the letter."""

    form_class = CodeForm
    template_name = "accounts/code.html"

    def get_form_class(self) -> Any:
        return self.form_class

    @property
    def _who(self) -> tuple[str, str]:
        return get_adapter().get_client_ip(self.request), self._process.state["account"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if limits.may_try("code", *self._who):
            return super().post(request, *args, **kwargs)
        form = self.get_form()
        form.errors.clear()
        form.add_error("code", get_adapter().error_messages["too_many_login_attempts"])
        return self.render_to_response(self.get_context_data(form=form), status=_TOO_MANY)

    def form_invalid(self, form: Any) -> Any:
        if not form.data.get("code", "").strip():  # nothing was tried
            return self.render_to_response(self.get_context_data(form=form))
        limits.was_wrong("code", *self._who)
        return super().form_invalid(form)

    def form_valid(self, form: Any) -> Any:
        address, _account = self._who
        email = sessions.remembered_address(self.request)
        response = super().form_valid(form)
        limits.was_used(address, email)
        sessions.forget_address(response)
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {**super().get_context_data(**kwargs), "address": sessions.remembered_address(self.request)}


class SignInByPassword(_OwnSite, allauth.LoginView):
    """The second choice."""

    form_class = PasswordSignInForm
    template_name = "accounts/password.html"

    def get_form_class(self) -> Any:
        return self.form_class

    def _redirect_to_pending_stage(self, request: Any, stage: Any) -> Any:
        """Who waits for a code and rather uses the password may."""
        clear_login(request)
        return None


class SignOut(_OwnSite, allauth.LogoutView):
    """Asks once, for those who come by a link."""

    template_name = "accounts/sign_out.html"


class ChangePassword(_OwnSite, allauth.PasswordChangeView):
    """Change the password. Who signed in by a code a moment ago need not know the old one."""

    template_name = "accounts/new_password.html"

    def get_form_class(self) -> Any:
        lately = sessions.signed_in_by_code_lately(self.request.session)
        return NewPasswordForm if lately else ChangePasswordForm

    def get_default_success_url(self) -> str:
        return reverse("account")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {**super().get_context_data(**kwargs), "crumbs": _crumbs()}


class SetPassword(_OwnSite, allauth.PasswordSetView):
    """Set a password, for those who have none."""

    template_name = "accounts/new_password.html"

    def get_form_class(self) -> Any:
        return NewPasswordForm

    def get_default_success_url(self) -> str:
        return reverse("account")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {**super().get_context_data(**kwargs), "crumbs": _crumbs()}


def _crumbs() -> list[dict[str, str]]:
    return [{"label": _("Your account"), "url": reverse("account")}]


@login_required
def _account(request: HttpRequest) -> HttpResponse:
    """The account: its address, language and password."""
    return render(request, "accounts/account.html")


ask_for_code = declare(AskForCode.as_view(), Access("public"))
confirm_code = declare(ConfirmCode.as_view(), Access("public"))
sign_in_by_password = declare(SignInByPassword.as_view(), Access("public"))
sign_out = declare(SignOut.as_view(), Access("public"))
change_password = declare(ChangePassword.as_view(), Access("account"))
set_password = declare(SetPassword.as_view(), Access("account"))
account = declare(_account, Access("account"))

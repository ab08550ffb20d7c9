"""How sign-in behaves: nobody makes an account for themselves, errors tell nothing, letters are ours."""

# mypy: allow-subclassing-any, no-warn-return-any
from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.internal.httpkit import get_client_ip
from django.conf import settings
from django.contrib import messages
from django.core.mail import EmailMessage, get_connection
from django.shortcuts import redirect
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from samsyn.accounts import limits
from samsyn.accounts.models import User
from samsyn.accounts.sessions import keep_nothing_personal

_FILES = "django.core.mail.backends.filebased.EmailBackend"
_SAYINGS = {
    "logged_out": _("You are signed out."),
    "password_changed": _("The password is changed. Everywhere else you are signed out."),
    "password_set": _("The password is set. Everywhere else you are signed out."),
}


class Adapter(DefaultAccountAdapter):
    """Accounts come from the organisation's import, from an invitation or from an operator."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": _("The address or the password is wrong. Check both, or sign in with a code."),
        "incorrect_code": _("The code is wrong. Check the letter, and that it is the latest one."),
        "enter_current_password": _("The password is wrong."),
        "too_many_login_attempts": _("There have been too many attempts. Wait a quarter of an hour and try again."),
    }

    def is_open_for_signup(self, request: Any) -> bool:
        return False

    def get_client_ip(self, request: Any) -> str:
        """The visitor's address; behind a Unix socket without a proxy's word there is none."""
        return get_client_ip(request) or "unknown"

    def pre_authenticate(self, request: Any, **credentials: Any) -> None:
        if not limits.may_try("password", self.get_client_ip(request), credentials.get("email", "")):
            raise self.validation_error("too_many_login_attempts")

    def _rollback_login_failed_rl_usage(self) -> None:
        """Nothing was counted."""

    def authentication_failed(self, request: Any, **credentials: Any) -> None:
        limits.was_wrong("password", self.get_client_ip(request), credentials.get("email", ""))

    def respond_user_inactive(self, request: Any, user: Any) -> Any:
        messages.error(request, _("This account is closed."))
        return redirect("account_login")

    def post_login(self, request: Any, user: Any, **kwargs: Any) -> Any:
        """Go on in the language chosen in this browser or with the account, else as before. Keep nothing personal."""
        response = super().post_login(request, user, **kwargs)
        keep_nothing_personal(request.session)
        if not user.language or request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME) in dict(settings.LANGUAGES):
            return response
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            user.language,
            max_age=settings.LANGUAGE_COOKIE_AGE,
            secure=settings.SESSION_COOKIE_SECURE,
            samesite="Lax",
        )
        return response

    def add_message(
        self,
        request: Any,
        level: int,
        message_template: str | None = None,
        message_context: dict[str, Any] | None = None,
        extra_tags: str = "",
        message: str | None = None,
    ) -> None:
        """Only what we say ourselves; other news shows on the page anyway."""
        slug = (message_template or "").rsplit("/", 1)[-1].removesuffix(".txt")
        if words := message or _SAYINGS.get(slug):
            messages.add_message(request, level, words, extra_tags=extra_tags)

    def format_email_subject(self, subject: str) -> str:
        return str(subject)

    def render_mail(
        self,
        template_prefix: str,
        email: str | list[str],
        context: dict[str, Any],
        headers: dict[str, str] | None = None,
    ) -> EmailMessage:
        """Our letter, in the language of the account or else of the page.

        A made-up person's letter becomes a file and never leaves.
        """
        address = email if isinstance(email, str) else email[0]
        user = User.objects.filter(email=address.lower()).first()
        prefix = f"accounts/email/{template_prefix.rsplit('/', 1)[-1]}"
        with translation.override((user and user.language) or translation.get_language()):
            context = {**context, "origin": settings.ORIGIN}
            letter = super().render_mail(
                prefix, email, context, {"Auto-Submitted": "auto-generated", **(headers or {})}
            )
        if user is not None and user.is_synthetic:
            letter.connection = get_connection(_FILES, file_path=settings.EMAIL_FILE_PATH)
        return letter

    def send_notification_mail(
        self,
        template_prefix: str,
        user: Any,
        context: dict[str, Any] | None = None,
        email: str | None = None,
    ) -> None:
        """Tell the holder of an account that its password was changed."""
        self.send_mail(template_prefix, email or user.email, context or {})

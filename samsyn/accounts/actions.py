"""Writes to accounts. They belong to no organisation, so no organisation's record tells of them."""

from __future__ import annotations

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext_lazy as _

from samsyn.accounts.models import User
from samsyn.core.errors import RefusedError


def account_of(address: str) -> User:
    """The account of an address; it is made where it is missing. Raises RefusedError for what is no address."""
    try:
        validate_email(address.strip())
    except ValidationError:
        raise RefusedError(_("This is not an e-mail address.")) from None
    found: User | None = User.objects.filter(email=address.strip().lower()).first()
    return found or User.objects.create_user(address)


def make_operator(address: str) -> User:
    """Let whoever has an address look after the installation. Twice is the same as once."""
    user = account_of(address)
    user.is_operator = True
    user.save(update_fields=["is_operator"])
    return user


def choose_language(user: User, language: str) -> None:
    """Keep the language that somebody reads in; one that we do not speak changes nothing."""
    if language in dict(settings.LANGUAGES) and user.language != language:
        user.language = language
        user.save(update_fields=["language"])

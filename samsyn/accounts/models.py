"""The account: an address, perhaps a password. Nothing about work, organisation or opinions."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from samsyn.core.ids import RandomIdField


class UserManager(BaseUserManager["User"]):
    """Makes accounts; addresses are kept in lower case."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        user = self.model(email=email.strip().lower(), **fields)
        if password:
            user.set_password(password)
        else:
            user.set_unusable_password()
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(email=(username or "").strip().lower())


class User(AbstractBaseUser):
    """One who can sign in. Operators run the installation; all other rights come from programmes."""

    id = RandomIdField()
    last_login = None  # who signed in on the day of an anonymous question is nobody's business
    email = models.EmailField(_("e-mail address"), unique=True)
    language = models.CharField(max_length=2, blank=True)  # empty until the person chooses one
    is_active = models.BooleanField(default=True)
    is_operator = models.BooleanField(default=False)
    # The demo's own accounts, made by a rehearsal: the only ones that may be entered with one click.
    is_synthetic = models.BooleanField(default=False)

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"

    class Meta:
        constraints = [models.UniqueConstraint(Lower("email"), name="accounts_user_email_lower")]

    def __str__(self) -> str:
        return self.email

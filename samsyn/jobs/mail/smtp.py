"""Django's mail server connection, which also knows how far a letter had come when the connection broke."""

from __future__ import annotations

import smtplib
from typing import Any

from django.core.mail.backends.smtp import EmailBackend as DjangoBackend


class _Knowing:
    """Mixed into smtplib's classes: whether the letter itself has begun to go over the wire."""

    handed_over = False

    def mail(self, *args: Any, **kwargs: Any) -> Any:
        self.handed_over = False
        return super().mail(*args, **kwargs)  # type: ignore[misc]

    def data(self, msg: Any) -> Any:
        self.handed_over = True
        return super().data(msg)  # type: ignore[misc]


class _Smtp(_Knowing, smtplib.SMTP):
    pass


class _SmtpSsl(_Knowing, smtplib.SMTP_SSL):
    pass


class EmailBackend(DjangoBackend):
    """Sends through the mail server of the settings."""

    @property
    def connection_class(self) -> type[smtplib.SMTP]:
        return _SmtpSsl if self.use_ssl else _Smtp

    @property
    def handed_over(self) -> bool:
        """Whether the last letter may have reached the server although it never answered."""
        return bool(getattr(self.connection, "handed_over", False))

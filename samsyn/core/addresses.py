"""Addresses of pages within the active organisation."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.urls import reverse

from samsyn.core import tenancy


def address(name: str, **parts: Any) -> str:
    """The path of a named page of the active organisation; `parts` are the pattern's own."""
    return reverse(name, kwargs={"organisation": tenancy.active_slug(), **parts})


def absolute(path: str) -> str:
    """A path with the installation's own origin before it, for mail, QR codes and print."""
    return f"{settings.ORIGIN}{path}"

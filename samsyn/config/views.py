"""Pages that say no where no view can: what was typed is given back on them."""

from __future__ import annotations

import logging

from django.core.exceptions import RequestDataTooBig
from django.db import OperationalError, connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from samsyn.core.errors import NotAllowedError, RefusedError

logger = logging.getLogger(__name__)
_RETRY_AFTER = 5
# PostgreSQL's codes: a lock not to be had, a deadlock, a clash, too many connections.
_BUSY = {"55P03", "40P01", "40001", "53300"}


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The page had been open too long, or somebody else's page sent the form."""
    return render(request, "403_csrf.html", status=403)


def unreadable(request: HttpRequest, exception: Exception) -> HttpResponse:
    """A request that could not be read, or more than a form may hold."""
    if isinstance(exception, RequestDataTooBig):
        return render(request, "413.html", status=413)
    return render(request, "400.html", status=400)


def busy(request: HttpRequest) -> HttpResponse:
    """So many write at once that this one did not get its turn."""
    logger.error("the database was too busy for a visitor")
    response = render(request, "503.html", status=503)
    response._has_been_logged = True  # type: ignore[attr-defined]  # the address would say where somebody wrote
    response["Retry-After"] = str(_RETRY_AFTER)
    return response


def refused(request: HttpRequest, refusal: RefusedError) -> HttpResponse:
    """An action refused, and its page had no place to say so."""
    status = 403 if isinstance(refusal, NotAllowedError) else 409
    return render(request, "409.html", {"message": refusal.message}, status=status)


def is_busy(error: OperationalError) -> bool:
    """Whether the database only wants to be asked again."""
    if connection.vendor == "sqlite":
        return "locked" in str(error) or "busy" in str(error)
    return getattr(error.__cause__, "sqlstate", "") in _BUSY

"""Middleware of our own: the content security policy, and the organisation that an address names."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from django.db import OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone

from samsyn.config import views
from samsyn.core import clock, tenancy
from samsyn.core.errors import RefusedError
from samsyn.core.rows import one
from samsyn.organisations.models import Organisation

_POLICY = "; ".join(
    [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
        "manifest-src 'self'",
    ]
)
_IN_ORGANISATION = re.compile(r"^/o/([-a-z0-9]{1,40})/")

GetResponse = Callable[[HttpRequest], HttpResponse]


def content_security_policy(get_response: GetResponse) -> GetResponse:
    """Nothing from other hosts, nothing inline; answers about an organisation are never kept by shared caches."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.setdefault("Content-Security-Policy", _POLICY)
        response.setdefault("Permissions-Policy", "camera=(), microphone=(), geolocation=()")
        if request.path.startswith(("/o/", "/accounts/")):
            response.setdefault("Cache-Control", "private, no-store")
        return response

    return middleware


class tenant:  # noqa: N801  (Django middleware reads as a function in settings)
    """Enter the organisation that the address names: its rows, its clock, its time zone."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.organisation = request.programme = request.activity = None
        request.standing = frozenset()
        match = _IN_ORGANISATION.match(request.path_info)
        if not match:
            return self.get_response(request)
        organisation = one(Organisation.objects.filter(slug=match[1]))
        if organisation is None:
            request.unknown_organisation = True
            return self.get_response(request)
        request.organisation = organisation
        with (
            tenancy.scope(organisation.pk, organisation.slug),
            clock.simulated(organisation.simulated_day),
            timezone.override(organisation.time_zone),
        ):
            return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: list[Any], kwargs: dict[str, Any]) -> None:
        kwargs.pop("organisation", None)
        if getattr(request, "unknown_organisation", False):
            raise Http404

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """A refusal that no view has caught, and a database that is too busy: in words, with what was typed."""
        if isinstance(error, RefusedError):
            return views.refused(request, error)
        if isinstance(error, OperationalError) and views.is_busy(error):
            return views.busy(request)
        return None

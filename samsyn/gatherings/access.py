"""Views of a session: fetched through the tenant, opened only to the roles and states named."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from samsyn.core.access import Access, declare
from samsyn.core.rows import one
from samsyn.gatherings.models import Session
from samsyn.gatherings.standing import GUEST, in_session
from samsyn.programmes.access import stranger, visitor_of
from samsyn.programmes.standing import NOBODY, Standing

View = Callable[..., HttpResponse]


def session_view(roles: Standing, *states: str) -> Callable[[View], View]:
    """A page of one session, for any of the roles, in any of the states (none named: all).

    Who is nothing to the session learns nothing about it; in another state than those named, the page says so (409).
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, session: int, **kwargs: Any) -> HttpResponse:
            found = one(Session.objects.select_related("programme", "unit", "block__activity").filter(pk=session))
            standing = in_session(visitor_of(request), found) if found else NOBODY
            if found is None or not standing - {GUEST}:
                return stranger(request)
            request.session_row, request.programme, request.standing = found, found.programme, standing  # type: ignore[attr-defined]
            if not standing & roles:
                raise PermissionDenied
            if states and found.state not in states:
                return render(request, "gatherings/wrong_state.html", {"session": found}, status=409)
            return view(request, found, **kwargs)

        return declare(guarded, Access("session", roles, frozenset(states)))

    return decorate

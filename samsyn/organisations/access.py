"""Views of people and units: opened to those who administer them."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse

from samsyn.core.access import Access, declare
from samsyn.core.rows import one
from samsyn.organisations import rules
from samsyn.organisations.models import Person
from samsyn.ui.typed import sign_in_first

View = Callable[..., HttpResponse]
ADMINISTRATOR = "administrator"


def person_of(request: Any) -> Person | None:
    """The signed-in user's person in the organisation that the address names; None for strangers and who has left."""
    if not hasattr(request, "_person"):
        person = None
        if getattr(request, "organisation", None) is not None and request.user.is_authenticated:
            person = one(Person.objects.filter(user=request.user, erased=False).select_related("unit"))
        request._person = person if person is not None and rules.is_present(person) else None
    return request._person


def administrator_view(view: View) -> View:
    """A page for administrators of the organisation and for operators. The view is given the one who acts."""

    @wraps(view)
    def guarded(request: HttpRequest, **kwargs: Any) -> HttpResponse:
        if not request.user.is_authenticated:
            return sign_in_first(request)
        person = person_of(request)
        if not rules.can_administer(request.user, person):
            if person is None:
                raise Http404
            raise PermissionDenied
        actor = person if rules.may_change(person) and person is not None else request.user
        return view(request, actor, **kwargs)

    return declare(guarded, Access("organisation", frozenset({ADMINISTRATOR})))

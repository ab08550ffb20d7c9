"""Views of a programme or an activity: fetched through the tenant, opened only to the roles and states named."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.core import signing
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from samsyn.core.access import Access, declare
from samsyn.core.ids import encode_id
from samsyn.organisations.models import Person
from samsyn.programmes import standing as standings
from samsyn.programmes.models import Activity, Programme

View = Callable[..., HttpResponse]
_ENTRY_SALT = "samsyn.entry"


def person_of(request: HttpRequest) -> Person | None:
    """The signed-in user's person in the organisation that the address names; None where there is none."""
    if not hasattr(request, "_person"):
        person = None
        if request.organisation is not None and request.user.is_authenticated:
            person = Person.objects.filter(user=request.user, erased=False).select_related("unit").first()
        request._person = person
    return request._person


def member_view(view: View) -> View:
    """A page for whoever is a person of the organisation."""

    @wraps(view)
    def guarded(request: HttpRequest, **kwargs: Any) -> HttpResponse:
        person = person_of(request)
        if person is None:
            return _stranger(request)
        return view(request, person, **kwargs)

    return declare(guarded, Access("organisation"))


def operator_view(view: View) -> View:
    """A page for operators."""

    @wraps(view)
    def guarded(request: HttpRequest, **kwargs: Any) -> HttpResponse:
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        if not request.user.is_operator:
            raise Http404
        return view(request, **kwargs)

    return declare(guarded, Access("operator"))


def programme_view(roles: standings.Standing) -> Callable[[View], View]:
    """A page of one programme, for any of the roles."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, programme: int, **kwargs: Any) -> HttpResponse:
            found = Programme.objects.select_related("contact").filter(pk=programme).first()
            person = person_of(request)
            standing = standings.in_programme(person, found) if found else standings.NOBODY
            if found is None or not standing - {standings.GUEST}:
                return _stranger(request)
            if not standing & roles:
                raise PermissionDenied
            request.programme, request.standing = found, standing
            return view(request, found, **kwargs)

        return declare(guarded, Access("programme", roles))

    return decorate


def activity_view(roles: standings.Standing, *states: str) -> Callable[[View], View]:
    """A page of one activity, for any of the roles, in any of the states (none named: all).

    Before it opens only the organisers see it. In another state than those named, the page says so (409).
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, activity: int, **kwargs: Any) -> HttpResponse:
            found = Activity.objects.select_related("programme", "frame", "responsible").filter(pk=activity).first()
            person = person_of(request)
            standing = standings.NOBODY
            if found is not None:
                standing = standings.in_activity(person, found, entered=has_entered(request, found))
                if found.state == Activity.State.DRAFT and not standing & standings.ORGANISING:
                    standing = standings.NOBODY
            if found is None or not standing:
                return _stranger(request)
            if not standing & roles:
                raise PermissionDenied
            request.activity, request.programme, request.standing = found, found.programme, standing
            if states and found.state not in states:
                return render(request, "programmes/wrong_state.html", {"activity": found}, status=409)
            return view(request, found, **kwargs)

        return declare(guarded, Access("activity", roles, frozenset(states)))

    return decorate


def _stranger(request: HttpRequest) -> HttpResponse:
    """Who is not signed in may sign in; who is, learns nothing about what is there."""
    if not request.user.is_authenticated:
        return redirect_to_login(request.get_full_path())
    raise Http404


def activity_path(activity: Activity) -> str:
    """The address below which everything of one activity lies, and to which its cookies are scoped."""
    from samsyn.core.addresses import address

    return address("programmes:activity", activity=activity.pk)


def enter_by_code(response: HttpResponse, activity: Activity) -> None:
    """Let this browser into an activity that may be entered by code. The cookie is the same for everyone."""
    value = signing.dumps(encode_id(activity.pk), salt=_ENTRY_SALT)
    response.set_cookie(
        "entry", value, path=activity_path(activity), httponly=True, samesite="Lax", max_age=60 * 60 * 24 * 60
    )


def has_entered(request: HttpRequest, activity: Activity) -> bool:
    """Whether this browser came in with the activity's code."""
    try:
        return signing.loads(request.COOKIES.get("entry", ""), salt=_ENTRY_SALT) == encode_id(activity.pk)
    except signing.BadSignature:
        return False

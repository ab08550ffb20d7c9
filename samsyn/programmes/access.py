"""Views of a programme or an activity: fetched through the tenant, opened only to the roles and states named."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.core import signing
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from samsyn.core.access import Access, declare
from samsyn.core.addresses import address
from samsyn.core.ids import decode_id, encode_id
from samsyn.core.rows import one
from samsyn.organisations import access as organisations
from samsyn.organisations.models import Person
from samsyn.programmes.audience_choice import in_words
from samsyn.programmes.models import Activity, Programme
from samsyn.programmes.standing import GUEST, NOBODY, Standing, Visitor, is_told_of, reads
from samsyn.ui.typed import sign_in_first

View = Callable[..., HttpResponse]
_ENTRY_SALT = "samsyn.entry"
_ENTRY_AGE = 60 * 60 * 24 * 60


def person_of(request: HttpRequest) -> Person | None:
    """The signed-in user's person in the organisation that the address names; None for strangers and who has left."""
    return organisations.person_of(request)


def visitor_of(request: HttpRequest) -> Visitor:
    """Who is asking: the signed-in person, and what this browser entered by code."""
    if not hasattr(request, "_visitor"):
        request._visitor = Visitor(person_of(request), _entered(request))
    return request._visitor


def member_view(view: View) -> View:
    """A page for whoever is a person of the organisation."""

    @wraps(view)
    def guarded(request: HttpRequest, **kwargs: Any) -> HttpResponse:
        person = person_of(request)
        if person is None:
            return stranger(request)
        return view(request, person, **kwargs)

    return declare(guarded, Access("organisation"))


def operator_view(view: View) -> View:
    """A page for operators."""

    @wraps(view)
    def guarded(request: HttpRequest, **kwargs: Any) -> HttpResponse:
        if not request.user.is_authenticated:
            return sign_in_first(request)
        if not request.user.is_operator:
            raise Http404
        return view(request, **kwargs)

    return declare(guarded, Access("operator"))


def programme_view(roles: Standing) -> Callable[[View], View]:
    """A page of one programme, for any of the roles."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, programme: int, **kwargs: Any) -> HttpResponse:
            found = one(Programme.objects.filter(pk=programme))
            standing = visitor_of(request).in_programme(found) if found else NOBODY
            if found is None or not standing - {GUEST}:
                return stranger(request)
            if not standing & roles:
                raise PermissionDenied
            request.programme, request.standing = found, standing
            return view(request, found, **kwargs)

        return declare(guarded, Access("programme", roles))

    return decorate


def activity_view(roles: Standing, *states: str) -> Callable[[View], View]:
    """A page of one activity, for any of the roles, in any of the states (none named: all).

    Who may read what the activity holds is asked first (`standing.reads`): before it opens it is not there for others
    than those who run it; then others in the programme are told who it is for (403). In another state than those
    named, the page says so (409).
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, activity: int, **kwargs: Any) -> HttpResponse:
            found = one(Activity.objects.select_related("programme").filter(pk=activity))
            standing = visitor_of(request).in_activity(found) if found else NOBODY
            if found is None or not is_told_of(standing, found):
                return stranger(request)
            request.activity, request.programme, request.standing = found, found.programme, standing
            if not reads(standing, found):
                return _for_others(request, found)
            if not standing & roles:
                raise PermissionDenied
            if states and found.state not in states:
                return render(request, "programmes/wrong_state.html", {"activity": found}, status=409)
            return view(request, found, **kwargs)

        return declare(guarded, Access("activity", roles, frozenset(states)))

    return decorate


def stranger(request: HttpRequest) -> HttpResponse:
    """Who is not signed in may sign in; who is, learns nothing about what is there."""
    if not request.user.is_authenticated:
        return sign_in_first(request)
    raise Http404


def _for_others(request: HttpRequest, activity: Activity) -> HttpResponse:
    """Calm words for who is in the programme and not asked this time: who it is for, until when, what comes."""
    context = {"activity": activity, "audience": in_words(activity)}
    return render(request, "programmes/for_others.html", context, status=403)


def activity_path(activity: Activity) -> str:
    """The address below which everything of one activity lies, and to which its cookies are scoped."""
    return address("programmes:activity", activity=activity.pk)


def enter_by_code(response: HttpResponse, activity: Activity) -> None:
    """Let this browser into an activity that may be entered by code. The cookie says the same for everyone."""
    value = signing.Signer(salt=_ENTRY_SALT).sign(encode_id(activity.pk))
    path = activity_path(activity)
    response.set_cookie(
        "entry",
        value,
        path=path,
        httponly=True,
        secure=settings.SESSION_COOKIE_SECURE,
        samesite="Lax",
        max_age=_ENTRY_AGE,
    )


def _entered(request: HttpRequest) -> set[int]:
    try:
        return {decode_id(signing.Signer(salt=_ENTRY_SALT).unsign(request.COOKIES.get("entry", "")))}
    except (signing.BadSignature, ValueError):
        return set()

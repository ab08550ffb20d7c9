"""A session's code, where Django has to look at it: somebody is signed in, a passcode is asked for, or it is over."""

from __future__ import annotations

from functools import partial

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _

from samsyn.core import limits
from samsyn.gatherings import rules
from samsyn.gatherings.forms_running import PasscodeForm
from samsyn.gatherings.models import Session
from samsyn.gatherings.standing import READING, RUNNING, in_session
from samsyn.gatherings.views.running import give_ticket, room_path, say_not_open
from samsyn.live.registry import DESK, PHONE
from samsyn.programmes.access import visitor_of
from samsyn.programmes.doors import Door
from samsyn.ui.typed import sign_in_first

# As for codes: a full room shares one address, and each right passcode from there makes room for a wrong one.
_MOST_WRONG, _MOST_IN_A_ROOM, _WINDOW = 10, 100, 600


def find(code: str) -> Door | None:
    """The door of the session that has this code."""
    rows = Session.across.select_related("organisation", "programme", "unit")
    session = rows.filter(code=code).first()
    return Door(session.organisation, partial(enter, session=session)) if session is not None else None


def enter(request: HttpRequest, *, session: Session) -> HttpResponse:
    """Into the room: as the one who is signed in, or by the code alone where it lets in."""
    request.organisation = session.organisation  # type: ignore[attr-defined]  # a code's address names none
    visitor = visitor_of(request)
    standing = in_session(visitor, session)
    if not rules.is_in_the_room(session):
        return say_not_open(request, session, standing)
    person = visitor.person.pk if visitor.person is not None and standing & READING else 0
    if not person and session.entry != "code":
        if not request.user.is_authenticated:
            return sign_in_first(request)
        raise PermissionDenied
    if not person and session.passcode:
        refusal = _ask_passcode(request, session)
        if refusal is not None:
            return refusal
    response = redirect(room_path(session))
    give_ticket(response, session, DESK if standing & RUNNING else PHONE, person=person)
    return response


def _ask_passcode(request: HttpRequest, session: Session) -> HttpResponse | None:
    """A page that asks for it; None where it was right."""
    form = PasscodeForm(request.POST if request.method == "POST" else None)
    client = request.META.get("REMOTE_ADDR", "")
    status = 422 if form.is_bound else 200
    if request.method == "POST" and form.is_valid():
        right = limits.counted("passcode-right", client)
        if limits.exceeded("passcode", client, most=min(_MOST_WRONG + right, _MOST_IN_A_ROOM)):
            form.add_error("passcode", _("Too many wrong tries. Wait ten minutes."))
            status = 429
        elif constant_time_compare(form.cleaned_data["passcode"].strip().casefold(), session.passcode.casefold()):
            limits.count("passcode-right", client, seconds=_WINDOW)
            return None
        else:
            limits.count_wrong("passcode", client, seconds=_WINDOW)
            form.add_error("passcode", _("That is not the passcode. Ask whoever runs the session."))
    return render(request, "gatherings/passcode.html", {"session": session, "form": form}, status=status)

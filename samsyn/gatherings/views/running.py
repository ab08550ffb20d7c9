"""Running a session: the way in, the facilitator's desk, the screen, and the commands."""

from __future__ import annotations

import time

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from samsyn.core.addresses import address
from samsyn.core.errors import RefusedError
from samsyn.core.ids import encode_id
from samsyn.gatherings import actions_running, rules, scenes, viewing
from samsyn.gatherings.access import session_view
from samsyn.gatherings.models import Session
from samsyn.gatherings.standing import READING, RUNNING
from samsyn.live import tickets
from samsyn.live.registry import DESK, PHONE
from samsyn.programmes.access import person_of
from samsyn.programmes.standing import Standing
from samsyn.programmes.views.common import acting


def give_ticket(response: HttpResponse, session: Session, view: str, *, person: int = 0) -> None:
    """Let this browser into the session's room."""
    ticket = tickets.issue(session.pk, view, session.epoch, now=time.time(), person=person)
    response.set_cookie(
        tickets.COOKIE,
        tickets.write(ticket),
        path=room_path(session),
        max_age=tickets.KEPT,
        httponly=True,
        secure=settings.SESSION_COOKIE_SECURE,
        samesite="Lax",
    )


def room_path(session: Session) -> str:
    """The address of the session's room."""
    return f"/live/r/{encode_id(session.pk)}/"


def say_not_open(request: HttpRequest, session: Session, standing: Standing) -> HttpResponse:
    """Why nobody is in the room; where its minutes are published, the way to them for those who may read them."""
    published = session.state == Session.State.PUBLISHED and viewing.reads_minutes(standing, session)
    return render(request, "gatherings/not_open.html", {"session": session, "minutes": published})


@session_view(READING)
def enter(request: HttpRequest, session: Session) -> HttpResponse:
    """Into the room, or what there is to say where it is not open."""
    if not rules.is_in_the_room(session):
        return say_not_open(request, session, request.standing)  # type: ignore[attr-defined]
    response = redirect(room_path(session))
    person = person_of(request)
    view = DESK if request.standing & RUNNING else PHONE  # type: ignore[attr-defined]
    give_ticket(response, session, view, person=person.pk if person else 0)
    return response


@session_view(RUNNING)
def console(request: HttpRequest, session: Session) -> HttpResponse:
    """The desk from which a session is run: one key per step."""
    shown = scenes.parts(session, DESK, 0, csrf_token=get_token(request))
    is_live = rules.is_in_the_room(session)  # else, when it is over for one, the desk is an ordinary page
    context = {"session": session, "is_live": is_live, **scenes.console(session, shown)}
    response = render(request, "gatherings/console.html", context)
    if is_live:
        person = person_of(request)
        give_ticket(response, session, DESK, person=person.pk if person else 0)
    return response


@session_view(RUNNING)
def screen(request: HttpRequest, session: Session) -> HttpResponse:
    """The screen of the room, for a projector."""
    if not session.code:
        actions_running.draw_code(session, by=acting(request))
    theme = "&theme=light" if request.GET.get("theme") == "light" else ""
    response = redirect(f"{room_path(session)}?view=screen{theme}")
    give_ticket(response, session, DESK, person=acting(request).pk)
    return response


@require_POST
@session_view(RUNNING)
def command(request: HttpRequest, session: Session) -> HttpResponse:
    """Do one step. From the desk's script the answer is short; without scripts the desk comes again."""
    said, error = "", ""
    try:
        if "cue" in request.POST:
            actions_running.give_cue(session, request.POST["cue"], by=acting(request))
        elif request.POST.get("command") == "crowd":
            actions_running.call_crowd(session, by=acting(request))
        elif request.POST.get("command") == "code":
            actions_running.draw_code(session, by=acting(request), anew="anew" in request.POST)
        else:
            actions_running.command(session, request.POST.get("command", ""), by=acting(request))
        said = _("Done")
    except RefusedError as refusal:
        error = str(refusal.message)
    if "application/json" in request.headers.get("accept", ""):
        return JsonResponse({"said": said, "error": error or None}, status=409 if error else 200)
    if error:
        messages.error(request, error)
    then = request.POST.get("then")
    page = then if then in {"minutes", "leftovers"} else "console"
    return redirect(address(f"gatherings:{page}", session=session.pk))

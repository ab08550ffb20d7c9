"""The page of a session, for everyone it concerns: why, when, where, what happens; my answer; what came of it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from samsyn.core.addresses import address
from samsyn.files.queries import attachments_of
from samsyn.gatherings import actions_inviting, attachments, calendar_entry, queries, queries_people, rules
from samsyn.gatherings.access import session_view
from samsyn.gatherings.models import Invitee, Session
from samsyn.gatherings.standing import READING, RUNNING
from samsyn.programmes.access import person_of, visitor_of
from samsyn.programmes.audience_choice import in_words
from samsyn.programmes.standing import FACILITATION, ORGANISING, TAKING_PART
from samsyn.programmes.views.common import acting, show
from samsyn.programmes.views.form_page import do


@session_view(READING)
def session(request: HttpRequest, session: Session) -> HttpResponse:
    """Everything about a session."""
    standing = request.standing  # type: ignore[attr-defined]
    person = person_of(request)
    invitee = queries_people.invitee_of(session, person)
    slots = queries.agenda(session)
    runs = bool(standing & RUNNING)
    context = {
        "session": session,
        "programme": session.programme,
        "slots": queries.with_lacks(session, slots) if runs else slots,
        "begins": session.when,
        "ends": session.ended or (slots[-1].ends if slots else None),
        "audience": in_words(session),
        "hosts": queries.hosts_of(session),
        "attachments": attachments_of(attachments.OWNER, session.pk),
        "invitee": invitee,
        "in_line": queries_people.place_in_line(invitee) if invitee and invitee.answer == "waiting" else 0,
        "answers": bool(standing & TAKING_PART) and session.state == Session.State.PLANNED,
        "numbers": queries_people.numbers(session) if standing & (RUNNING | ORGANISING) else None,
        "untold": runs and session.state == Session.State.PLANNED and queries_people.has_untold(session),
        "carried": queries.carried_over(session, visitor_of(request)),
        "doors_open": rules.is_in_the_room(session),
        "runs": runs,
        "plans": bool(standing & FACILITATION),
        "organises": bool(standing & ORGANISING),
        "Answer": Invitee.Answer,
    }
    return show(request, "gatherings/session.html", context)


@require_POST
@session_view(TAKING_PART)
def answer(request: HttpRequest, session: Session) -> HttpResponse:
    """I come, or I cannot."""
    onward = address("gatherings:session", session=session.pk) + "#answer"
    said = request.POST.get("answer")
    if said not in {Invitee.Answer.COMING, Invitee.Answer.DECLINED}:
        return redirect(onward)
    coming = said == Invitee.Answer.COMING
    act = lambda: actions_inviting.answer(session, acting(request), coming=coming)  # noqa: E731
    return do(request, act, onward=onward, said=_("Noted."))


@session_view(READING)
def calendar(request: HttpRequest, session: Session) -> HttpResponse:
    """The session as an entry for one's own calendar."""
    _method, text = calendar_entry.write(session, queries.blocks_of(session))
    response = HttpResponse(text, content_type=f"{calendar_entry.MEDIA_TYPE}; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{session.rid}.ics"'
    return response

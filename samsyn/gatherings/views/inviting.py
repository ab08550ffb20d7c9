"""Who comes: invitations with a look at who gets them, who has answered, who came, and the letter with the answers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from samsyn.core.addresses import address
from samsyn.core.errors import RefusedError
from samsyn.core.ids import decode_id, encode_id
from samsyn.core.texts import LangText
from samsyn.gatherings import actions_inviting, letters, queries_people
from samsyn.gatherings.access import session_view
from samsyn.gatherings.forms import NumberForm
from samsyn.gatherings.models import Invitee, Session
from samsyn.gatherings.standing import RUNNING
from samsyn.jobs.mail.preview import Preview, preview
from samsyn.jobs.mail.queries import not_reached
from samsyn.organisations.models import Person
from samsyn.programmes.views.common import acting, refuse, sent, show
from samsyn.ui.words import count_in_words

A_PAGE = 100
State = Session.State


@session_view(RUNNING, State.PLANNED, State.CANCELLED)
def invite(request: HttpRequest, session: Session) -> HttpResponse:
    """Who gets the letter and what it says, before it is sent; who has answered what."""
    here = address("gatherings:invite", session=session.pk)
    if request.method == "POST":
        return _send(request, session, actions_inviting.send_letters, here)
    purpose = f"{letters.CALENDAR}.{session.sequence}"
    who = preview(purpose, session.pk, queries_people.to_tell(session))
    context = _letter(session, letters.invitation_words(session), who) | {
        "numbers": queries_people.numbers(session),
        "answers": _answers(session),
        "lost": _lost(session, purpose),
    }
    return show(request, "gatherings/invite.html", context)


def _letter(session: Session, words: tuple[LangText, LangText], who: Preview) -> dict[str, Any]:
    """What the page of a letter shows: who gets it, and how the first of them reads it."""
    lang = (get_language() or "sv")[:2]
    subject, body = (text.pick(lang)[0] for text in words)
    name = who.recipients[0].name if who.recipients else "…"
    return {"session": session, "who": who, "lang": lang, "subject": subject, "body": body.replace("{name}", name)}


def _send(request: HttpRequest, session: Session, send: Callable[..., int], onward: str) -> HttpResponse:
    """Send the letters, say how many, and go on."""
    try:
        number = send(session, by=acting(request), onward=onward)
    except RefusedError as refusal:
        messages.error(request, str(refusal.message))
    else:
        told = count_in_words("%(number)s letter is on its way.", "%(number)s letters are on their way.", number)
        messages.success(request, told)
    return redirect(onward)


def _answers(session: Session) -> list[tuple[str, list[Invitee]]]:
    Answer = Invitee.Answer  # noqa: N806  (its own name)
    headings = {Answer.COMING: _("Coming"), Answer.WAITING: _("In line"), Answer.DECLINED: _("Cannot come")}
    found = [(words, list(queries_people.answered(session, answer)[:A_PAGE])) for answer, words in headings.items()]
    return [(words, rows) for words, rows in found if rows]


def _lost(session: Session, purpose: str) -> list[Person]:
    ids = [pk for pk, _reason in not_reached(purpose, session.pk)]
    return list(Person.objects.filter(pk__in=ids).order_by("sort_name", "id"))


@session_view(RUNNING, State.RUNNING, State.ENDED, State.PUBLISHED)
def attendance(request: HttpRequest, session: Session) -> HttpResponse:
    """How many came; by name where the session keeps names."""
    here = address("gatherings:attendance", session=session.pk)
    if session.named:
        return _by_name(request, session, here)
    form = NumberForm(sent(request), initial={"came": session.came})
    if request.method == "POST" and form.is_valid():
        try:
            actions_inviting.note_number(session, form.cleaned_data["came"], by=acting(request))
        except RefusedError as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, _("Noted."))
            return redirect(address("gatherings:minutes", session=session.pk))
    context = {
        "session": session,
        "form": form,
        "numbers": queries_people.numbers(session),
        "phones": queries_people.phones_in_words(session) if session.most_present else "",
    }
    return show(request, "gatherings/attendance_number.html", context)


def _by_name(request: HttpRequest, session: Session, here: str) -> HttpResponse:
    """A page of names at a time: what is ticked on the other pages stays as it is."""
    page = Paginator(queries_people.people_to_tick(session).select_related("unit"), A_PAGE).get_page(
        request.GET.get("page")
    )
    came = set(Invitee.objects.filter(session=session, came=True).values_list("person_id", flat=True))
    if request.method == "POST":
        shown = {person.pk for person in page}
        actions_inviting.note_who_came(session, (came - shown) | (_ticked(request) & shown), by=acting(request))
        messages.success(request, _("Noted."))
        return redirect(f"{here}?page={page.number}")
    coming = set(Invitee.objects.filter(session=session, answer="coming").values_list("person_id", flat=True))
    rows: list[dict[str, Any]] = [
        {"person": one, "key": encode_id(one.pk), "came": one.pk in came, "coming": one.pk in coming} for one in page
    ]
    return show(request, "gatherings/attendance_names.html", {"session": session, "rows": rows, "page": page})


def _ticked(request: HttpRequest) -> set[int]:
    found = set()
    for key in request.POST.getlist("came"):
        try:
            found.add(decode_id(key))
        except ValueError:
            continue
    return found


@session_view(RUNNING, State.PUBLISHED)
def answers(request: HttpRequest, session: Session) -> HttpResponse:
    """The letter with what came of it: who gets it and what it says, before it is sent."""
    if request.method == "POST":
        onward = address("gatherings:session", session=session.pk)
        return _send(request, session, actions_inviting.send_answers, onward)
    who = preview(letters.ANSWERS, session.pk, queries_people.to_hear(session))
    return show(request, "gatherings/answers.html", _letter(session, letters.answers_words(session), who))

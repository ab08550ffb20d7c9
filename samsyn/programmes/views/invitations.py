"""Guests: inviting them, their letters and links, and the page that a link leads to."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth import login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from samsyn.core import clock, limits
from samsyn.core.access import public
from samsyn.core.addresses import address
from samsyn.core.errors import RefusedError
from samsyn.core.texts import LangText
from samsyn.jobs.mail.preview import preview
from samsyn.organisations.models import Person
from samsyn.programmes import actions_guests as actions
from samsyn.programmes import anonymity, beside, invitation_links, invitation_mail, queries_people, rules_people
from samsyn.programmes.access import person_of, programme_view, visitor_of
from samsyn.programmes.forms_people import GuestChangeForm, GuestForm, last_day_of
from samsyn.programmes.models import Activity, Invitation, Programme
from samsyn.programmes.queries_people import Guest
from samsyn.programmes.standing import FACILITATION
from samsyn.programmes.views.form_page import do, form_page
from samsyn.programmes.words import days
from samsyn.ui.paging import page_of
from samsyn.ui.words import count_in_words

WRONG_LINKS = 20  # from one address within an hour
_HOUR = 60 * 60
_STATES = {
    "invited": ("", lambda: pgettext("guest", "invited")),
    "opened": ("", lambda: pgettext("guest", "link opened")),
    "joined": ("", lambda: pgettext("guest", "has come in")),
    "ended": ("plain", lambda: pgettext("guest", "ended")),
}


def _by(request: HttpRequest) -> Person:
    person = person_of(request)
    assert person is not None
    return person


def _guests(programme: Programme) -> str:
    return address("programmes:guests", programme=programme.pk)


def _guest_address(programme: Programme, person_id: int) -> str:
    return address("programmes:guest", programme=programme.pk, person=person_id)


def _to_invite_to(programme: Programme, besides: list[Activity] | None = None) -> list[Activity]:
    """What a guest can be invited to: what one can still take part in, and what they are invited to already."""
    kept = {activity.pk for activity in besides or []}
    rows = programme.activities.select_related("frame").order_by("starts", "frame__position", "position", "id")
    over = {Activity.State.CLOSED, Activity.State.PUBLISHED}
    return [activity for activity in rows if activity.state not in over or activity.pk in kept]


def _guest_or_404(programme: Programme, person: int) -> Guest:
    found = queries_people.guest_of(programme, person)
    if found is None:
        raise Http404
    return found


@programme_view(FACILITATION)
def guests(request: HttpRequest, programme: Programme) -> HttpResponse:
    """Who is invited, and how far it has come."""
    page = page_of(queries_people.guests_of(programme), request.GET)
    rows = [(guest, *_STATES[guest.state]) for guest in page]
    within = beside.titles(programme, visitor_of(request))
    context = {
        "programme": programme,
        "plans": True,
        "page": page,
        "rows": [
            {"guest": guest, "css": css, "state": words(), "to": _invited_to(guest, within)}
            for guest, css, words in rows
        ],
        "silent": len(queries_people.silent_guests(programme)),
    }
    return render(request, "programmes/invitation_list.html", context)


def _invited_to(guest: Guest, within: dict[int, LangText]) -> list[tuple[LangText, LangText | None]]:
    """Titles of what a guest is invited to, with that of the session in which it is done."""
    return [(row.title, None) for row in guest.beside] + [(row.title, within.get(row.pk)) for row in guest.activities]


@programme_view(FACILITATION)
def invite(request: HttpRequest, programme: Programme) -> HttpResponse:
    """Invite somebody from outside."""
    by, to, offered = _by(request), request.GET.getlist("to"), _to_invite_to(programme)
    wanted = [activity for activity in offered if GuestForm.key(activity) in to]
    form = GuestForm(
        offered,
        request.POST or None,
        within=beside.titles(programme, visitor_of(request)),
        initial={
            "language": request.organisation.language,
            "activities": to,
            "until": last_day_of(wanted) if wanted else None,
        },
    )
    return form_page(
        request,
        "programmes/people_form.html",
        form,
        act=lambda cleaned: actions.invite_guest(
            programme,
            name=cleaned["name"],
            email=cleaned["email"],
            language=cleaned["language"],
            until=cleaned["until"],
            activities=form.chosen(),
            by=by,
        ),
        onward=lambda invitation: address(
            "programmes:guest_letter", programme=programme.pk, person=invitation.person_id
        ),
        programme=programme,
        heading=_("Invite a guest"),
        lead=_("An expert, an end user, a researcher, a union or safety representative from outside."),
        verb=_("Go on to the letter"),
        back=_guests(programme),
    )


@programme_view(FACILITATION)
def guest(request: HttpRequest, programme: Programme, person: int) -> HttpResponse:
    """What a guest is invited to and until when; the link; its end."""
    found = _guest_or_404(programme, person)
    by = _by(request)
    form = GuestChangeForm(
        _to_invite_to(programme, found.activities),
        request.POST or None,
        within=beside.titles(programme, visitor_of(request)),
        initial={"activities": [GuestChangeForm.key(activity) for activity in found.activities], "until": found.until},
    )
    return form_page(
        request,
        "programmes/invitation_guest.html",
        form,
        act=lambda cleaned: actions.change_guest(
            programme, found.person, activities=form.chosen(), until=cleaned["until"], by=by
        ),
        onward=_guests(programme),
        said=_("Noted. The link stays as it is."),
        programme=programme,
        guest=found,
        link=invitation_links.link_of(found.invitation) if found.invitation and found.state != "ended" else "",
        up=_guests(programme),
    )


@programme_view(FACILITATION)
def letter(request: HttpRequest, programme: Programme, person: int) -> HttpResponse:
    """Who gets the letter, and what it says, before it is sent."""
    found = _guest_or_404(programme, person)
    invitation = found.invitation
    if invitation is None or found.state == "ended":
        return redirect(_guest_address(programme, person))
    by = _by(request)
    if request.method == "POST":
        return do(
            request,
            lambda: actions.send_invitation(invitation, by=by, onward=_guests(programme)),
            onward=_guests(programme),
            said=_("The letter to %(name)s is on its way.") % {"name": found.person.name},
        )
    link = invitation_links.link_of(invitation)
    subject, body = invitation_mail.words(invitation, link=link)
    lang = found.person.language
    context = {
        "programme": programme,
        "guest": found,
        "link": link,
        "who": preview(queries_people.LETTER, invitation.pk, [found.person]),
        "lang": lang,
        "subject": subject.pick(lang)[0],
        "body": body.pick(lang)[0].replace("{name}", found.person.name),
        "up": _guests(programme),
    }
    return render(request, "programmes/invitation_letter.html", context)


@programme_view(FACILITATION)
def remind(request: HttpRequest, programme: Programme) -> HttpResponse:
    """Who is reminded, before it is done: those who have not come in, and nobody else."""
    by = _by(request)
    silent = queries_people.silent_guests(programme)
    if request.method == "POST":
        return do(
            request,
            lambda: actions.remind_guests(programme, by=by),
            onward=_guests(programme),
            said=count_in_words(
                "%(number)s reminder is on its way.", "%(number)s reminders are on their way.", len(silent)
            ),
        )
    context = {"programme": programme, "silent": silent, "up": _guests(programme)}
    return render(request, "programmes/invitation_remind.html", context)


@require_POST
@programme_view(FACILITATION)
def renew(request: HttpRequest, programme: Programme, person: int) -> HttpResponse:
    """A new link in place of the old one."""
    found = _guest_or_404(programme, person)
    by = _by(request)
    if found.invitation is None:
        raise Http404
    invitation = found.invitation
    return do(
        request,
        lambda: actions.renew_link(invitation, by=by),
        onward=address("programmes:guest_letter", programme=programme.pk, person=person),
        said=_("There is a new link. The old one leads nowhere any more."),
    )


@require_POST
@programme_view(FACILITATION)
def end(request: HttpRequest, programme: Programme, person: int) -> HttpResponse:
    """End a guest's part at once."""
    found = _guest_or_404(programme, person)
    by = _by(request)
    return do(
        request,
        lambda: actions.end_guest(programme, found.person, by=by),
        onward=_guests(programme),
        said=_("%(name)s is no longer a guest. The link leads nowhere any more.") % {"name": found.person.name},
    )


# --- what the link leads to -------------------------------------------------------------------------------------


@never_cache
@public
def invitation(request: HttpRequest, secret: str) -> HttpResponse:
    """The page of an invitation. Opening it changes nothing for the guest; the button on it lets them in."""
    caller = request.META.get("REMOTE_ADDR", "")
    if limits.exceeded("invitation", caller, most=WRONG_LINKS):
        return _closed(request, 429)
    rows = Invitation.objects.select_related("programme", "person", "invited_by")
    found = rows.filter(digest=invitation_links.digest_of(secret)).first()
    if found is None:
        limits.count("invitation", caller, seconds=_HOUR)
        return _closed(request, 404)
    if not rules_people.still_holds(found):
        return _closed(request, 410, found)
    here = address("programmes:invitation", secret=secret)
    if request.method == "POST":
        return _enter(request, found, here)
    page = _page(request, found, here)
    if request.method == "GET" and not page["somebody_else"]:
        actions.note_opened(found)
    return _unlogged(render(request, "programmes/invitation.html", page))


def _enter(request: HttpRequest, found: Invitation, here: str) -> HttpResponse:
    signed_in = request.user if request.user.is_authenticated else None
    if signed_in is not None and signed_in != queries_people.account_of(found.person):
        messages.error(request, _("You are signed in as somebody else. Sign out first."))
        return redirect(here)
    try:
        user = actions.enter_by_invitation(found, signed_in=signed_in)
    except RefusedError as error:
        messages.error(request, str(error.message))
        return redirect(here)
    if signed_in != user:
        login(request, user, backend="django.contrib.auth.backends.ModelBackend")
    activities = _open_to(found)
    if len(activities) == 1 and activities[0].state != Activity.State.DRAFT:
        return redirect("programmes:activity", organisation=request.organisation.slug, activity=activities[0].pk)
    return redirect(here)


def _page(request: HttpRequest, found: Invitation, here: str) -> dict[str, Any]:
    person = person_of(request)
    account = queries_people.account_of(found.person)
    signed_in = request.user.is_authenticated
    return {
        "invitation": found,
        "activities": [
            {"activity": activity, "card": anonymity.describe(activity), "days": days(activity.starts, activity.ends)}
            for activity in _open_to(found)
        ],
        "inside": person is not None and person.pk == found.person_id and found.accepted is not None,
        "somebody_else": signed_in and request.user != account,
        "sign_in_first": not signed_in and account is not None and not rules_people.link_signs_in(found, account),
        "here": here,
    }


def _open_to(found: Invitation) -> list[Activity]:
    return queries_people.activities_of_guest(found.programme, found.person)


def _closed(request: HttpRequest, status: int, found: Invitation | None = None) -> HttpResponse:
    over = found is not None and found.until < clock.today()
    context = {"status": status, "invitation": found, "over": over}
    return _unlogged(render(request, "programmes/invitation_closed.html", context, status=status))


def _unlogged(response: HttpResponse) -> HttpResponse:
    """Addresses of invitations are secrets: an answer of 404 or 410 does not put them into the server's log."""
    response._has_been_logged = True  # type: ignore[attr-defined]
    return response

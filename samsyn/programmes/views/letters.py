"""Letters about an activity: who gets one and what it says before it is sent, and what has been sent to whom."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from samsyn.core.addresses import address
from samsyn.core.errors import RefusedError
from samsyn.core.texts import LangText
from samsyn.jobs.mail.preview import Preview, preview, reachable
from samsyn.programmes import actions_letters as actions
from samsyn.programmes import letters
from samsyn.programmes import queries_letters as queries
from samsyn.programmes.access import activity_view
from samsyn.programmes.forms_lifecycle import LetterForm
from samsyn.programmes.models import Activity
from samsyn.programmes.queries import reply_to
from samsyn.programmes.standing import FACILITATION, ORGANISING
from samsyn.programmes.views.common import acting, refuse, sent, show

_BEGUN = ("open", "closed", "published")


@dataclass(frozen=True)
class Draft:
    """A letter before it is sent. `words`: subject and body, with some words of the one who sends it."""

    heading: str
    who: Preview
    words: Callable[[LangText], letters.Words]
    send: Callable[..., Any]
    discreet: bool = False


def _letters(activity: Activity) -> str:
    return address("programmes:letters", activity=activity.pk)


@activity_view(ORGANISING, *_BEGUN)
def overview(request: HttpRequest, activity: Activity) -> HttpResponse:
    """What can be sent now, and what has been sent."""
    facilitates, is_open = bool(request.standing & FACILITATION), activity.state == Activity.State.OPEN
    context = {
        "activity": activity,
        "asks": facilitates and is_open,
        "silence": queries.silence(activity) if facilitates and is_open else None,
        "reminded": queries.reminder_made(activity) if facilitates and is_open else None,
        "reply": reply_to(activity),
        "sent": queries.sent_about(activity),
        "facilitates": facilitates,
        "me": acting(request),
    }
    return show(request, "programmes/letters.html", context)


@activity_view(FACILITATION, "open")
def invitation(request: HttpRequest, activity: Activity) -> HttpResponse:
    """Ask those in the audience to take part."""
    me = acting(request)
    draft = Draft(
        _("Ask people to take part"),
        preview(letters.ASKING, activity.pk, queries.addressees(activity, guests=False)),
        lambda own: letters.asking(activity, me, own),
        actions.ask_audience,
    )
    return _before_sending(request, activity, draft)


@activity_view(FACILITATION, "open")
def reminder(request: HttpRequest, activity: Activity) -> HttpResponse:
    """Remind those who have not taken part, where that is known; in an anonymous activity unseen."""
    silent = queries.silence(activity)
    if not silent.known or (silent.discreet and queries.reminder_made(activity)):
        return redirect(_letters(activity))
    people = queries.addressees(activity, guests=False)
    if silent.discreet:
        who = reachable(letters.REMINDING, people)
    else:
        who = preview(letters.REMINDING, activity.pk, [person for person in people if person.pk in silent.ids])
    draft = Draft(
        _("Remind those who have not taken part"),
        who,
        lambda own: letters.reminding(activity, own),
        actions.remind_silent,
        discreet=silent.discreet,
    )
    return _before_sending(request, activity, draft)


@activity_view(ORGANISING, "published")
def reply(request: HttpRequest, activity: Activity) -> HttpResponse:
    """Send our reply to those who were asked. Offered when it is published, and never sent by itself."""
    found = reply_to(activity)
    if found is None:
        return redirect(_letters(activity))
    draft = Draft(
        _("Tell people what came of it"),
        preview(letters.TELLING, activity.pk, queries.addressees(activity, guests=True)),
        lambda own: letters.telling(activity, found, own),
        actions.tell_audience,
    )
    return _before_sending(request, activity, draft)


def _before_sending(request: HttpRequest, activity: Activity, draft: Draft) -> HttpResponse:
    """Show who gets it and what it says; send it at the press of that button alone."""
    form, onward = LetterForm(sent(request)), _letters(activity)
    own = form.cleaned_data["own"] if request.method == "POST" and form.is_valid() else LangText()
    if request.method == "POST" and form.is_valid() and "send" in request.POST:
        try:
            draft.send(activity, by=acting(request), own=own, onward=onward)
        except RefusedError as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, _("The letters are on their way."))
            return redirect(onward)
    subject, body = draft.words(own)
    context = {
        "activity": activity,
        "draft": draft,
        "who": draft.who,
        "form": form,
        "subject": subject,
        "body": LangText({lang: text.replace("{name}", _name(draft)) for lang, text in body.items()}),
        "synthetic": request.organisation.synthetic,
    }
    return show(request, "programmes/letter.html", context)


def _name(draft: Draft) -> str:
    return str(draft.who.recipients[0].name) if draft.who.recipients and not draft.discreet else "…"


@activity_view(FACILITATION, *_BEGUN)
def log(request: HttpRequest, activity: Activity, mailing: int) -> HttpResponse:
    """Who was sent a letter and on which day, and what failed. Nothing of a reminder that nobody may see into."""
    found = queries.mailings_about(activity).filter(pk=mailing, discreet=False).first()
    if found is None:
        raise Http404
    page = queries.log_of(found, request.GET.get("page"))
    context = {"activity": activity, "mailing": found, "what": queries.what_of(found), "page": page}
    return show(request, "programmes/letter_log.html", context)

"""In by code: from the wall, the notice board or a letter. Right codes are never counted, wrong ones are."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from samsyn.core import clock, limits, tenancy
from samsyn.core.access import public
from samsyn.organisations.models import Organisation
from samsyn.programmes import codes, doors, words
from samsyn.programmes.access import activity_path, enter_by_code
from samsyn.programmes.forms_lifecycle import CodeForm
from samsyn.programmes.models import Activity

# A full room shares one address: each right code from there makes room for a wrong one. 600 guesses of 309 million in
# ten minutes still find nothing.
_MOST_WRONG, _MOST_IN_A_ROOM, _WINDOW = 60, 600, 600


@public
def code(request: HttpRequest) -> HttpResponse:
    """One field. The code goes into the address, so that a reload or a shared link does the same."""
    typed = request.GET.get("code")
    if typed is None:
        return render(request, "programmes/join.html", {"form": CodeForm()})
    cleaned = codes.clean_code(typed)
    if not cleaned:
        return _ask_again(request, typed, _("Write the code."), status=422)
    return redirect("join:enter", code=cleaned)


@public
def enter(request: HttpRequest, code: str) -> HttpResponse:
    """Into the activity that the code opens, whichever organisation it belongs to."""
    client = request.META.get("REMOTE_ADDR", "")
    if limits.exceeded("code", client, most=min(_MOST_WRONG + limits.counted("code-right", client), _MOST_IN_A_ROOM)):
        response = render(request, "programmes/join_wait.html", status=429)
        response["Retry-After"] = str(_WINDOW)
        return response
    cleaned = codes.clean_code(code)
    activity = None
    if codes.is_code(cleaned):
        activity = Activity.across.select_related("organisation").filter(code=cleaned).first()
    door = doors.find(cleaned) if activity is None and codes.is_code(cleaned) else None
    if door is not None:
        limits.count("code-right", client, seconds=_WINDOW)
        with _inside(door.organisation):
            return door.enter(request)
    if activity is None:
        if codes.is_code(cleaned):
            limits.count_wrong("code", client, seconds=_WINDOW)
        wrong = _("There is nothing with the code %(code)s. Look at the screen or the notice, and write it again.")
        return _ask_again(request, cleaned, wrong % {"code": codes.spaced(cleaned).strip()}, status=404)
    limits.count("code-right", client, seconds=_WINDOW)
    with _inside(activity.organisation):
        if activity.state == Activity.State.OPEN:
            response = redirect(activity_path(activity))
            if activity.entry == Activity.Entry.CODE:
                enter_by_code(response, activity)
            return response
        return _closed(request, activity)


@contextmanager
def _inside(organisation: Organisation) -> Iterator[None]:
    with (
        tenancy.scope(organisation.pk, organisation.slug),
        clock.simulated(organisation.simulated_day),
        timezone.override(organisation.time_zone),
    ):
        yield


def _ask_again(request: HttpRequest, typed: str, message: str, *, status: int) -> HttpResponse:
    form = CodeForm({"code": typed})
    form.full_clean()
    form.errors.clear()
    form.add_error("code", message)
    return render(request, "programmes/join.html", {"form": form}, status=status)


def _closed(request: HttpRequest, activity: Activity) -> HttpResponse:
    """It has been open and is no longer: calm words, and when people hear what came of it."""
    by_code = activity.entry == Activity.Entry.CODE
    replied = words.has_reply(activity)
    context = {
        "activity": activity,
        "title": activity.title if by_code else "",  # a title that only those invited may read stays unsaid
        "replied": replied,
        "reply": words.reply_words(activity, replied=replied),
        "address": activity_path(activity),
        "organisation": activity.organisation,
    }
    return render(request, "programmes/join_closed.html", context)

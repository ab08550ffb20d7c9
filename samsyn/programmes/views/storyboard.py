"""The storyboard, its programme and its chapters."""

from __future__ import annotations

import datetime as dt

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from samsyn.core import clock
from samsyn.core.errors import RefusedError
from samsyn.programmes import actions, queries, starting
from samsyn.programmes.access import programme_view, visitor_of
from samsyn.programmes.forms import FrameForm, ProgrammeForm
from samsyn.programmes.models import Frame, Programme
from samsyn.programmes.standing import FACILITATION, INSIDE, ORGANISING
from samsyn.programmes.views.common import acting, sent, show, storyboard_of
from samsyn.ui.words import count_in_words

_TEXTS = ("title", "from_state", "to_state", "ambition", "decided", "open_matters", "not_discussed")
_MANY_CARDS = 6  # more of them in a chapter, and the page is printed smaller


@programme_view(INSIDE)
def storyboard(request: HttpRequest, programme: Programme) -> HttpResponse:
    """The plan: for those who plan it to change, for all inside to read."""
    columns = queries.storyboard(programme, visitor_of(request))
    context = {
        "programme": programme,
        "columns": columns,
        "crowded": any(len(column.cards) > _MANY_CARDS for column in columns),
        "in_july": queries.in_july(columns),
        "organises": bool(request.standing & ORGANISING),  # type: ignore[attr-defined]
        "today": clock.today(),
    }
    return show(request, "programmes/storyboard.html", context)


@programme_view(FACILITATION)
def edit_programme(request: HttpRequest, programme: Programme) -> HttpResponse:
    """What the programme says about itself, and its days."""
    initial = {name: getattr(programme, name) for name in (*_TEXTS, "contact", "starts", "ends")}
    form = ProgrammeForm(sent(request), initial=initial)
    if request.method == "POST" and form.is_valid():
        values = dict(form.cleaned_data)
        moved = starting.rewrite_programme(programme, by=acting(request), move=values.pop("move_plan"), **values)
        if moved:
            told = count_in_words("%(number)s activity moved.", "%(number)s activities moved.", moved)
            messages.success(request, told)
        return redirect(storyboard_of(programme))
    return show(request, "programmes/programme_form.html", {"programme": programme, "form": form})


# --- chapters ---------------------------------------------------------------------------------------------------


def _frame(programme: Programme, pk: int) -> Frame:
    frame: Frame | None = Frame.objects.filter(programme=programme, pk=pk).select_related("programme").first()
    if frame is None:
        raise Http404
    return frame


@programme_view(FACILITATION)
def add_frame(request: HttpRequest, programme: Programme) -> HttpResponse:
    """A new chapter at the end."""
    last = Frame.objects.filter(programme=programme).order_by("-position").first()
    starts = last.ends + dt.timedelta(days=1) if last else max(programme.starts, clock.today())
    form = FrameForm(sent(request), initial={"starts": starts, "ends": starts + dt.timedelta(days=27)})
    if request.method == "POST" and form.is_valid():
        actions.add_frame(programme, by=acting(request), **form.cleaned_data)
        return redirect(storyboard_of(programme))
    return show(request, "programmes/frame_form.html", {"programme": programme, "form": form})


@programme_view(FACILITATION)
def edit_frame(request: HttpRequest, programme: Programme, frame: int) -> HttpResponse:
    """A chapter's name, purpose and days."""
    found = _frame(programme, frame)
    initial = {name: getattr(found, name) for name in ("name", "purpose", "starts", "ends")}
    form = FrameForm(sent(request), initial=initial)
    if request.method == "POST" and form.is_valid():
        actions.change_frame(found, by=acting(request), **form.cleaned_data)
        return redirect(storyboard_of(programme))
    return show(request, "programmes/frame_form.html", {"programme": programme, "form": form, "frame": found})


@require_POST
@programme_view(FACILITATION)
def place_frame(request: HttpRequest, programme: Programme, frame: int) -> HttpResponse:
    """One place earlier or later, or where it was dropped."""
    found = _frame(programme, frame)
    order = list(Frame.objects.filter(programme=programme).order_by("position", "id").values_list("pk", flat=True))
    dropped = request.POST.get("to", "")
    to = order.index(found.pk) + (-1 if request.POST.get("go") == "earlier" else 1)
    if dropped.isascii() and dropped.isdigit() and len(dropped) < len("1000"):
        to = int(dropped)
    actions.move_frame(found, to=max(0, to), by=acting(request))
    return redirect(storyboard_of(programme))


@programme_view(FACILITATION)
def delete_frame(request: HttpRequest, programme: Programme, frame: int) -> HttpResponse:
    """Delete an empty chapter, once asked."""
    found = _frame(programme, frame)
    if request.method == "POST":
        try:
            actions.delete_frame(found, by=acting(request))
        except RefusedError as refusal:
            messages.error(request, str(refusal.message))
        else:
            messages.success(request, _("The chapter is deleted."))
        return redirect(storyboard_of(programme))
    context = {"programme": programme, "frame": found, "held": found.activities.count()}
    return show(request, "programmes/frame_delete.html", context)

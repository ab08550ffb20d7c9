"""For real rooms: the poster with the way in, and a form on paper for each activity."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from samsyn.core.addresses import absolute
from samsyn.core.rows import one
from samsyn.gatherings import actions_running, queries, rules
from samsyn.gatherings.access import session_view
from samsyn.gatherings.models import Block, Session
from samsyn.gatherings.standing import RUNNING
from samsyn.programmes import anonymity, codes
from samsyn.programmes.kinds import kind_of
from samsyn.programmes.views.common import acting, show

SIZES = ("a4", "a3")
_LINES = range(4)  # to write on, in each of the boxes
_BOXES = range(3)


@session_view(RUNNING, "planned", "running")
def poster(request: HttpRequest, session: Session) -> HttpResponse:
    """The way in, to print in A4 or A3. The code is drawn when somebody asks for the poster: doors open with it."""
    if request.method == "POST" and not session.code:
        actions_running.draw_code(session, by=acting(request))
    size = request.GET.get("size", SIZES[0])
    activity = next((block.activity for block in queries.blocks_of(session) if block.activity), None)
    context = {
        "session": session,
        "size": size if size in SIZES else SIZES[0],
        "sizes": SIZES,
        "way_in": absolute(reverse("join:enter", kwargs={"code": session.code})) if session.code else "",
        "join_address": absolute(reverse("join:code")).split("://", 1)[-1].rstrip("/"),
        "code": codes.spaced(session.code) if session.code else "",
        "card": anonymity.describe(activity) if activity is not None else None,
        "open": rules.is_in_the_room(session),
    }
    return show(request, "gatherings/poster.html", context)


@session_view(RUNNING)
def form(request: HttpRequest, session: Session, block: int) -> HttpResponse:
    """A form on paper for what people do in a block."""
    found = one(Block.objects.select_related("activity__programme").filter(pk=block, session=session))
    if found is None or found.activity is None:
        raise Http404
    context = {
        "session": session,
        "activity": found.activity,
        "kind": kind_of(found.activity),
        "card": anonymity.describe(found.activity),
        "boxes": _BOXES,
        "lines": _LINES,
    }
    return show(request, "gatherings/paper_form.html", context)

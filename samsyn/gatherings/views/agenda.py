"""The agenda: timed blocks that are added, changed, moved and deleted, and what people do in each of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import get_language
from django.views.decorators.http import require_POST

from samsyn.core.addresses import address
from samsyn.core.errors import RefusedError
from samsyn.core.ids import encode_id
from samsyn.core.rows import one
from samsyn.core.texts import LangText
from samsyn.gatherings import actions_agenda, actions_making, library, queries, rules
from samsyn.gatherings.access import session_view
from samsyn.gatherings.forms_agenda import AddBlockForm, BlockForm, ChooseForm, MakeForm, ReadyForm
from samsyn.gatherings.models import Block, Session
from samsyn.gatherings.standing import RUNNING
from samsyn.programmes.access import visitor_of
from samsyn.programmes.views.common import acting, refuse, sent, show

_FIELDS = ("title", "minutes", "form", "who", "material", "notes", "outcome")
_OPEN = ("planned", "running")
MINUTES = 5  # one press on longer or shorter


@session_view(RUNNING)
def agenda(request: HttpRequest, session: Session) -> HttpResponse:
    """The agenda with its times; below it, what can be added."""
    return _show(request, session)


def _show(request: HttpRequest, session: Session, *, own: Any = None, ready: Any = None) -> HttpResponse:
    slots = queries.with_lacks(session, queries.agenda(session))
    context = {
        "session": session,
        "slots": slots,
        "patterns": library.patterns(),
        "ends": slots[-1].ends if slots else None,
        "minutes": rules.length([slot.block for slot in slots]),
        "own_form": own or AddBlockForm(initial={"minutes": 15}, prefix="own"),
        "ready_form": ready or ReadyForm(prefix="ready"),
        "may_change": session.state in _OPEN,
        "carried": queries.carried_over(session, visitor_of(request)),
        "step": MINUTES,
    }
    return show(request, "gatherings/agenda.html", context)


@require_POST
@session_view(RUNNING, *_OPEN)
def add(request: HttpRequest, session: Session) -> HttpResponse:
    """A block of one's own at the end."""
    form = AddBlockForm(request.POST, prefix="own")
    if not form.is_valid():
        return _show(request, session, own=form)
    title = LangText.of(form.cleaned_data["title"], (get_language() or "sv")[:2])
    made = actions_agenda.add_block(session, by=acting(request), title=title, minutes=form.cleaned_data["minutes"])
    return _back(made)


@require_POST
@session_view(RUNNING, *_OPEN)
def add_ready(request: HttpRequest, session: Session) -> HttpResponse:
    """A block out of the library, or those of a pattern, at the end."""
    form = ReadyForm(request.POST, prefix="ready")
    if not form.is_valid():
        return _show(request, session, ready=form)
    made = actions_making.add_ready(session, form.planned(), by=acting(request))
    return _back(made[0])


def _block(session: Session, pk: int) -> Block:
    rows = Block.objects.select_related("session__programme", "activity__programme")
    found = one(rows.filter(pk=pk, session=session))
    if found is None:
        raise Http404
    return found


def _back(block: Block) -> HttpResponse:
    return redirect(address("gatherings:agenda", session=block.session_id) + f"#b-{encode_id(block.pk)}")


def _act(request: HttpRequest, block: Block, act: Callable[[], None]) -> HttpResponse:
    try:
        act()
    except RefusedError as refusal:
        messages.error(request, str(refusal.message))
    return _back(block)


@session_view(RUNNING)
def edit(request: HttpRequest, session: Session, block: int) -> HttpResponse:
    """Everything about a block."""
    found = _block(session, block)
    form = BlockForm(sent(request), initial={name: getattr(found, name) for name in _FIELDS})
    if request.method == "POST" and form.is_valid():
        try:
            actions_agenda.change_block(found, by=acting(request), **form.cleaned_data)
        except RefusedError as refusal:
            refuse(form, refusal)
        else:
            return _back(found)
    return show(request, "gatherings/block_form.html", {"session": session, "part": found, "form": form})


@require_POST
@session_view(RUNNING)
def stretch(request: HttpRequest, session: Session, block: int) -> HttpResponse:
    """Some minutes longer or shorter."""
    found = _block(session, block)
    by_minutes = -MINUTES if request.POST.get("go") == "shorter" else MINUTES
    return _act(request, found, lambda: actions_agenda.stretch_block(found, by_minutes, by=acting(request)))


@require_POST
@session_view(RUNNING)
def move(request: HttpRequest, session: Session, block: int) -> HttpResponse:
    """One place earlier or later, or to the place it was dragged to."""
    found = _block(session, block)
    order = list(Block.objects.filter(session=session).order_by("position", "id").values_list("pk", flat=True))
    to = request.POST.get("to", "")
    place = int(to) if to.isdigit() and len(to) < 6 else None
    if place is None:
        place = max(0, order.index(found.pk) + (-1 if request.POST.get("go") == "earlier" else 1))
    return _act(request, found, lambda: actions_agenda.move_block(found, to=place, by=acting(request)))


@session_view(RUNNING)
def delete(request: HttpRequest, session: Session, block: int) -> HttpResponse:
    """Take a block out, once asked."""
    found = _block(session, block)
    if request.method == "POST":
        try:
            actions_agenda.delete_block(found, by=acting(request))
        except RefusedError as refusal:
            messages.error(request, str(refusal.message))
        return redirect(address("gatherings:agenda", session=session.pk))
    return show(request, "gatherings/block_delete.html", {"session": session, "part": found})


@session_view(RUNNING)
def activity(request: HttpRequest, session: Session, block: int) -> HttpResponse:
    """What people do in a block: an activity of the programme, or a new one."""
    found = _block(session, block)
    by = acting(request)
    chosen = encode_id(found.activity_id) if found.activity_id else ""
    new = request.POST.get("do") == "make"
    known, posted = queries.activities_for(session, by), None if new else sent(request)
    choose = ChooseForm(known, posted, initial={"activity": chosen}, prefix="choose")
    make = MakeForm(request.POST if new else None, initial={"title": found.title}, prefix="make")
    form = make if new else choose
    if request.method == "POST" and form.is_valid():
        try:
            if new:
                values = form.cleaned_data
                actions_making.make_activity(found, kind=values["kind"], title=values["title"], by=by)
            else:
                actions_agenda.set_activity(found, choose.chosen(), by=by)
        except RefusedError as refusal:
            refuse(form, refusal)
        else:
            return _back(found)
    context = {"session": session, "part": found, "choose": choose, "make": make, "form": form}
    return show(request, "gatherings/block_activity.html", context)

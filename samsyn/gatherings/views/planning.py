"""Planning: sessions of a programme, made from a template, as a copy or as a series; changed, cancelled, deleted."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from samsyn.core import clock
from samsyn.core.addresses import address
from samsyn.core.errors import RefusedError
from samsyn.core.ids import decode_id, encode_id
from samsyn.core.rows import one
from samsyn.gatherings import actions, actions_inviting, actions_making, library, queries, queries_people
from samsyn.gatherings.access import session_view
from samsyn.gatherings.actions_making import Occasion
from samsyn.gatherings.forms import (
    CopyForm,
    HostForm,
    SeriesForm,
    SessionForm,
    TemplateForm,
    manager_of,
    tomorrow_at,
)
from samsyn.gatherings.library import Template
from samsyn.gatherings.models import OwnTemplate, Session
from samsyn.gatherings.standing import READING, RUNNING
from samsyn.organisations.models import Person, Unit
from samsyn.programmes.access import programme_view, visitor_of
from samsyn.programmes.models import Frame, Programme
from samsyn.programmes.standing import FACILITATION, INSIDE
from samsyn.programmes.views.common import acting, refuse, sent, show
from samsyn.programmes.views.form_page import do
from samsyn.ui.words import count_in_words

_FIELDS = ("frame", "title", "purpose", "starts", "mode", "place", "link", "preparation", "entry", "named", "passcode")
_EMPTY = "empty"


@programme_view(INSIDE)
def sessions(request: HttpRequest, programme: Programme) -> HttpResponse:
    """Every session of a programme that the visitor is asked to or runs, by day; series apart."""
    rows = list(queries.sessions_of(programme))
    standings = queries.standings(visitor_of(request), rows)
    plans = bool(request.standing & FACILITATION)  # type: ignore[attr-defined]
    seen = [row for row in rows if plans or standings[row.pk] & READING]
    past = [row for row in seen if row.state not in {"planned", "running"}]
    context = {
        "programme": programme,
        "ahead": [row for row in seen if row.state in {"planned", "running"}],
        "past": sorted(past, key=lambda row: row.when, reverse=True),
        "series": queries.series_of(programme) if plans else [],
    }
    return show(request, "gatherings/sessions.html", context)


@programme_view(FACILITATION)
def add(request: HttpRequest, programme: Programme) -> HttpResponse:
    """Which template to begin from."""
    context = {
        "programme": programme,
        "templates": library.shipped(),
        "own": library.own(),
        "shared": library.usual_origin(),
        "chapter": request.GET.get("chapter", ""),
    }
    return show(request, "gatherings/add.html", context)


def _template(slug: str) -> Template | None:
    if slug == _EMPTY:
        return None
    template = library.find(slug)
    if template is None:
        raise Http404
    return template


def _frame(request: HttpRequest, programme: Programme) -> Frame | None:
    frames = Frame.objects.filter(programme=programme).order_by("position", "id")
    try:
        wanted = frames.filter(pk=decode_id(request.GET.get("chapter", ""))).first()
    except ValueError:
        wanted = None
    return wanted or frames.filter(ends__gte=clock.today()).first() or frames.last()


def _suggested(template: Template | None, frame: Frame) -> dict[str, Any]:
    begins = template.begins if template else dt.time(9)
    found: dict[str, Any] = {
        "frame": frame,
        "mode": "here",
        "entry": "code",
        "starts": tomorrow_at(begins, frame.starts),
    }
    if template is not None:
        found |= {"title": template.name, "purpose": template.purpose, "preparation": template.preparation}
        found |= {"entry": template.entry, "named": template.named}
    return found


@programme_view(FACILITATION)
def add_with(request: HttpRequest, programme: Programme, template: str) -> HttpResponse:
    """A session, with the agenda of the template."""
    made_from, frame = _template(template), _frame(request, programme)
    if frame is None:
        return redirect(address("programmes:frame_add", programme=programme.pk))
    form = SessionForm(programme, sent(request), initial=_suggested(made_from, frame))
    if request.method == "POST" and form.is_valid():
        values = dict(form.cleaned_data)
        added = actions_making.make_session(values.pop("frame"), made_from, by=acting(request), **values)
        for_all = made_from is None or made_from.everybody
        messages.success(request, _("The session is planned. Nobody has been told of it yet."))
        page = "gatherings:agenda" if for_all else "gatherings:audience"
        return redirect(address(page, session=added.pk))
    context = {"programme": programme, "form": form, "template": made_from, "slug": template}
    return show(request, "gatherings/session_form.html", context)


@programme_view(FACILITATION)
def series_with(request: HttpRequest, programme: Programme, template: str) -> HttpResponse:
    """Several sessions with the agenda of the template."""
    made_from, frame = _template(template), _frame(request, programme)
    if frame is None:
        return redirect(address("programmes:frame_add", programme=programme.pk))
    units = list(Unit.objects.filter(closed__isnull=True).order_by("path"))
    initial = {**_suggested(made_from, frame), "how": "days", "number": 5, "weeks": 2, "managers_host": True}
    form = SeriesForm(programme, units, sent(request), initial=initial)
    if request.method == "POST" and form.is_valid():
        values = dict(form.cleaned_data)
        places = _places(form, values)
        try:
            series = actions_making.make_series(
                values.pop("frame"), made_from, places, title=values.pop("title"), by=acting(request), **_plain(values)
            )
        except RefusedError as refusal:
            refuse(form, refusal)
        else:
            told = count_in_words("%(number)s session is planned.", "%(number)s sessions are planned.", len(places))
            messages.success(request, told)
            return redirect(address("gatherings:series", programme=programme.pk, series=series.pk))
    context = {"programme": programme, "form": form, "template": made_from, "slug": template}
    return show(request, "gatherings/series_form.html", context)


def _places(form: SeriesForm, values: dict[str, Any]) -> list[Occasion]:
    starts = values["starts"]
    if values["how"] == "units":
        hosts = values["managers_host"]
        return [Occasion(starts, unit, manager_of(unit) if hosts else None) for unit in form.chosen()]
    # By the clock on the wall: nine o'clock stays nine o'clock over a change to summer time.
    return [Occasion(starts + dt.timedelta(weeks=values["weeks"]) * n) for n in range(values["number"])]


def _plain(values: dict[str, Any]) -> dict[str, Any]:
    kept = ("purpose", "mode", "place", "link", "preparation", "capacity", "entry", "named")
    return {name: values[name] for name in kept}


@session_view(RUNNING, "planned", "running")
def edit(request: HttpRequest, session: Session) -> HttpResponse:
    """What a session says of itself, when and where it is, how people come in."""
    initial = {name: getattr(session, name) for name in (*_FIELDS, "capacity")}
    form = SessionForm(session.programme, sent(request), initial=initial)
    if request.method == "POST" and form.is_valid():
        values = dict(form.cleaned_data)
        capacity = values.pop("capacity")
        try:
            actions.change_session(session, by=acting(request), **values)
            if capacity != session.capacity:
                actions_inviting.set_capacity(session, capacity, by=acting(request))
        except RefusedError as refusal:
            refuse(form, refusal)
        else:
            if queries_people.has_untold(session):
                messages.success(request, _("Saved. Those who are invited have not been told of the change yet."))
            return redirect(address("gatherings:session", session=session.pk))
    context = {"programme": session.programme, "session": session, "form": form}
    return show(request, "gatherings/session_form.html", context)


@session_view(FACILITATION)
def copy(request: HttpRequest, session: Session) -> HttpResponse:
    """The same on another day."""
    initial = {"starts": max(timezone.localtime(session.starts) + dt.timedelta(weeks=1), tomorrow_at(dt.time(9)))}
    form = CopyForm(sent(request), initial=initial)
    if request.method == "POST" and form.is_valid():
        made = actions_making.copy_session(session, starts=form.cleaned_data["starts"], by=acting(request))
        messages.success(request, _("The copy has the agenda and the people, and nothing that was said."))
        return redirect(address("gatherings:session", session=made.pk))
    context = {"session": session, "form": form, "heading": _("Copy the session"), "verb": _("Make the copy")}
    return show(request, "gatherings/small_form.html", context)


@session_view(FACILITATION)
def keep(request: HttpRequest, session: Session) -> HttpResponse:
    """Keep the agenda as a template of the organisation."""
    form = TemplateForm(sent(request), initial={"name": session.title})
    if request.method == "POST" and form.is_valid():
        actions_making.keep_as_template(session, name=form.cleaned_data["name"], by=acting(request))
        messages.success(request, _("The template is kept, for every programme of the organisation."))
        return redirect(address("gatherings:session", session=session.pk))
    context = {"session": session, "form": form, "heading": _("Keep as a template"), "verb": _("Keep the template")}
    context["words"] = _("The agenda with its parts and kinds of activities is kept. No people, no day, no place.")
    return show(request, "gatherings/small_form.html", context)


@require_POST
@programme_view(FACILITATION)
def drop_template(request: HttpRequest, programme: Programme, template: int) -> HttpResponse:
    """Delete one of the organisation's own templates."""
    found = one(OwnTemplate.objects.filter(pk=template))
    if found is None:
        raise Http404
    onward = address("gatherings:add", programme=programme.pk)
    act = lambda: actions_making.delete_template(found, programme, by=acting(request))  # noqa: E731
    return do(request, act, onward=onward, said=_("The template is deleted. Sessions made from it stay."))


@session_view(RUNNING)
def cancel(request: HttpRequest, session: Session) -> HttpResponse:
    """Call a session off, once asked; those who were invited get a letter that takes it out of their calendars."""
    if request.method == "POST":
        try:
            actions.cancel(session, by=acting(request))
        except RefusedError as refusal:
            messages.error(request, str(refusal.message))
            return redirect(address("gatherings:session", session=session.pk))
        told = queries_people.to_tell(session)
        page = "gatherings:invite" if told else "gatherings:session"
        messages.success(
            request,
            _("The session is cancelled. Tell those who were invited.") if told else _("The session is cancelled."),
        )
        return redirect(address(page, session=session.pk))
    return show(request, "gatherings/cancel.html", {"session": session})


@require_POST
@session_view(RUNNING)
def take_up(request: HttpRequest, session: Session) -> HttpResponse:
    """Plan a cancelled session after all."""
    onward = address("gatherings:session", session=session.pk)
    return do(
        request, lambda: actions.take_up_again(session, by=acting(request)), onward=onward, said=_("It is planned.")
    )


@session_view(FACILITATION)
def delete(request: HttpRequest, session: Session) -> HttpResponse:
    """Delete a session that nobody has been told of, once asked."""
    if request.method == "POST":
        programme = session.programme_id
        try:
            actions.delete_session(session, by=acting(request))
        except RefusedError as refusal:
            messages.error(request, str(refusal.message))
            return redirect(address("gatherings:session", session=session.pk))
        messages.success(request, _("The session is deleted."))
        return redirect(address("gatherings:sessions", programme=programme))
    return show(request, "gatherings/delete.html", {"session": session})


@session_view(FACILITATION)
def hosts(request: HttpRequest, session: Session) -> HttpResponse:
    """Who runs this session and no other."""
    there = queries.hosts_of(session)
    here = address("gatherings:hosts", session=session.pk)
    if "remove" in request.POST:
        kept = [person for person in there if encode_id(person.pk) != request.POST["remove"]]
        return _set_hosts(request, session, kept, here)
    form = HostForm(sent(request))
    if request.method == "POST" and form.is_valid():
        return _set_hosts(request, session, [*there, form.cleaned_data["person"]], here)
    rows = [(person, encode_id(person.pk)) for person in there]
    return show(request, "gatherings/hosts.html", {"session": session, "form": form, "rows": rows})


def _set_hosts(request: HttpRequest, session: Session, people: list[Person], here: str) -> HttpResponse:
    return do(request, lambda: actions.set_hosts(session, people, by=acting(request)), onward=here)

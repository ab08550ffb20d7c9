"""Pages of people: the list, one person, and a form for each action."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from samsyn.core.addresses import address
from samsyn.organisations import actions, export, forms, queries, rules
from samsyn.organisations.access import administrator_view
from samsyn.organisations.models import Person
from samsyn.organisations.rules import Actor
from samsyn.organisations.views.forms_page import crumb, form_page, posted, tried

_PAGE = 50
_SHOWS = ("here", "gone", "guests")
_TEAM = 100


@require_GET
@administrator_view
def people(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Everybody, by name and unit."""
    form = forms.PeopleFilter(request.GET)
    show = request.GET.get("show") if request.GET.get("show") in _SHOWS else _SHOWS[0]
    wanted = form.cleaned_data if form.is_valid() else {"text": "", "unit": None}
    found = queries.find_people(
        wanted["text"], unit=wanted["unit"], gone=show == "gone", external=show == "guests"
    ).select_related("unit")
    page = Paginator(found, _PAGE).get_page(request.GET.get("page"))
    context = {"form": form, "page": page, "show": show, "asked": bool(wanted["text"] or wanted["unit"])}
    return render(request, "organisations/people.html", context)


@require_GET
@administrator_view
def download(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Everybody as a file that can be imported again."""
    response = HttpResponse(export.people_csv(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="{}.csv"'.format(_("people"))
    return response


@require_GET
@administrator_view
def person(request: HttpRequest, actor: Actor, person: int) -> HttpResponse:
    """One person: what we know, where they have been, their team."""
    found = _fetch(person, tombstones=True)
    reports = queries.reports_of(found).count()
    team = queries.team_with_corrections(found) if 0 < reports <= _TEAM or _corrected(found) else []
    context = {
        "person": found,
        "present": rules.is_present(found),
        "placements": queries.placements_of(found),
        "reports": reports,
        "team": team,
        "crumbs": [crumb(_("People"), "organisations:people")],
        "language": dict(forms.LANGUAGES).get(found.language, found.language),
    }
    return render(request, "organisations/person.html", context)


def _corrected(person: Person) -> bool:
    return person.team_corrections.exists()


@require_http_methods(["GET", "POST"])
@administrator_view
def add(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Add somebody."""
    form = forms.NewPersonForm(posted(request), initial={"language": request.organisation.language})
    if form.is_valid() and tried(form, actions.add_person, by=actor, **form.cleaned_data):
        messages.success(request, _("%(name)s has been added.") % {"name": form.cleaned_data["name"]})
        return redirect(address("organisations:people"))
    crumbs = [crumb(_("People"), "organisations:people")]
    return form_page(request, form, crumbs, heading=_("Add somebody"), button=_("Add"))


@require_http_methods(["GET", "POST"])
@administrator_view
def edit(request: HttpRequest, actor: Actor, person: int) -> HttpResponse:
    """Change what we know about somebody."""
    found = _fetch(person)
    form = forms.PersonForm(posted(request), initial=forms.described(found))
    if form.is_valid() and tried(form, actions.change_person, found, by=actor, **form.cleaned_data):
        return _back(request, found, _("The changes are saved."))
    return _person_form(request, found, form, heading=_("Change what we know"), button=_("Save"))


@require_http_methods(["GET", "POST"])
@administrator_view
def move(request: HttpRequest, actor: Actor, person: int) -> HttpResponse:
    """Put somebody in another unit."""
    found = _fetch(person)
    form = forms.MovePersonForm(posted(request), initial={"unit": found.unit})
    if form.is_valid() and tried(form, actions.move_person, found, by=actor, **form.cleaned_data):
        return _back(request, found, _("The move is saved."))
    return _person_form(request, found, form, heading=_("Move to another unit"), button=_("Move"))


@require_http_methods(["GET", "POST"])
@administrator_view
def end(request: HttpRequest, actor: Actor, person: int) -> HttpResponse:
    """Say when the last day is."""
    found = _fetch(person)
    form = forms.EndPersonForm(posted(request), initial={"last_day": export.last_day(found)})
    if form.is_valid() and tried(form, actions.end_person, found, by=actor, **form.cleaned_data):
        return _back(request, found, _("The last day is saved."))
    return _person_form(request, found, form, heading=_("Last day"), button=_("Save"))


@require_http_methods(["GET", "POST"])
@administrator_view
def team(request: HttpRequest, actor: Actor, person: int) -> HttpResponse:
    """Correct a management team."""
    found = _fetch(person)
    form = forms.TeamForm(posted(request))
    if form.is_valid():
        answers = form.cleaned_data
        if tried(form, actions.correct_team, found, answers["person"], included=answers["included"], by=actor):
            return _back(request, found, _("The team is corrected."))
    lead = _("A team is a manager and those who report to them. Somebody else can be put in, and somebody left out.")
    return _person_form(request, found, form, heading=_("Correct the team"), button=_("Save"), lead=lead)


@require_POST
@administrator_view
def administrator(request: HttpRequest, actor: Actor, person: int) -> HttpResponse:
    """Let somebody look after people and units, or no longer."""
    found = _fetch(person)
    actions.set_administrator(found, request.POST.get("on") == "1", by=actor)
    return _back(request, found, _("Saved."))


@require_http_methods(["GET", "POST"])
@administrator_view
def erase(request: HttpRequest, actor: Actor, person: int) -> HttpResponse:
    """Erase somebody, after a question."""
    found = _fetch(person)
    if request.method == "POST":
        actions.erase_person(found, by=actor)
        messages.success(request, _("The person has been erased."))
        return redirect(address("organisations:people"))
    lead = _(
        "Name, employment number, address, title and details go, and the account if nobody else uses it. What the "
        "person wrote under their name stays without it or goes, as each activity says. What was anonymous cannot be "
        "found, not by you either. There is no way back."
    )
    return _person_form(
        request, found, None, heading=_("Erase this person?"), button=_("Erase"), lead=lead, danger=True
    )


def _fetch(person: int, *, tombstones: bool = False) -> Person:
    found = Person.objects.select_related("unit", "manager", "user").filter(pk=person).first()
    if found is None or (found.erased and not tombstones):
        raise Http404
    return found


def _back(request: HttpRequest, person: Person, words: str) -> HttpResponse:
    messages.success(request, words)
    return redirect(address("organisations:person", person=person.pk))


def _person_form(request: HttpRequest, person: Person, form: Any, **context: Any) -> HttpResponse:
    crumbs = [crumb(_("People"), "organisations:people"), crumb(person.name, "organisations:person", person=person.pk)]
    return form_page(request, form, crumbs, **context)

"""Who a programme or an activity is for: choose, count, see who is in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from samsyn.core.addresses import address
from samsyn.core.errors import RefusedError
from samsyn.core.ids import encode_id
from samsyn.organisations.models import Person, Unit
from samsyn.programmes import audience_choice, queries_people, rules_people
from samsyn.programmes.access import activity_view, person_of, programme_view
from samsyn.programmes.actions_people import narrowing_refused, set_audience
from samsyn.programmes.audience_choice import Target
from samsyn.programmes.forms_people import AudienceForm
from samsyn.programmes.models import Activity, Part, Programme
from samsyn.programmes.standing import FACILITATION
from samsyn.programmes.views.common import refuse, show, storyboard_of

MOST_UNITS_SHOWN = 150
MOST_NAMES = 12
A_PAGE = 60


@dataclass(frozen=True)
class Option:
    """A part that can be ticked."""

    key: str
    label: str
    hint: str = ""


@programme_view(FACILITATION)
def of_programme(request: HttpRequest, programme: Programme) -> HttpResponse:
    """Who a programme is for."""
    return _edit(request, programme)


@activity_view(FACILITATION)
def of_activity(request: HttpRequest, activity: Activity) -> HttpResponse:
    """Who an activity is for."""
    return _edit(request, activity)


@require_POST
@programme_view(FACILITATION)
def count_of_programme(request: HttpRequest, programme: Programme) -> HttpResponse:
    """How many the ticked parts come to."""
    return render(request, "programmes/audience_count.html", {"count": _count(request, programme)})


@require_POST
@activity_view(FACILITATION)
def count_of_activity(request: HttpRequest, activity: Activity) -> HttpResponse:
    """How many the ticked parts come to."""
    return render(request, "programmes/audience_count.html", {"count": _count(request, activity)})


@programme_view(FACILITATION)
def people_of_programme(request: HttpRequest, programme: Programme) -> HttpResponse:
    """Everyone a programme is for, by name."""
    return _names(request, programme)


@activity_view(FACILITATION)
def people_of_activity(request: HttpRequest, activity: Activity) -> HttpResponse:
    """Everyone an activity is for, by name."""
    return _names(request, activity)


def _edit(request: HttpRequest, target: Target) -> HttpResponse:
    saved = audience_choice.parts_of(target)
    keys = request.POST.getlist("part") if request.method == "POST" else [audience_choice.key_of(p) for p in saved]
    form = _form(request, target)
    valid = request.method == "POST" and form.is_valid()
    asked_for = request.POST.get("do", "")
    if valid and asked_for not in {"count", "find"} and not _undecided(form, target, keys):
        try:
            by = person_of(request)
            assert by is not None
            set_audience(target, everybody=form.cleaned_data["whom"] == "everybody", keys=keys, by=by)
        except RefusedError as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, _("The audience is noted."))
            return redirect(_way_back(target))
    find = form.cleaned_data.get("find", "") if valid and asked_for == "find" else ""
    parts = audience_choice.parts_from(keys, target)
    context = {
        "form": form,
        "programme": audience_choice.programme_of(target),
        "activity": target if isinstance(target, Activity) else None,
        "count": _count(request, target, parts),
        "count_url": _address(target, "count"),
        "names_url": _address(target, "people"),
        "way_back": _way_back(target),
        "find": find,
        "fixed": _fixed(target),
        **_options(target, parts, find),
    }
    return show(request, "programmes/audience.html", context)


def _undecided(form: AudienceForm, target: Target, keys: list[str]) -> bool:
    """Parts were ticked while “everybody” stayed chosen: ask, since one of the two would be lost."""
    if form.cleaned_data["whom"] != "everybody" or not target.everybody:
        return False
    parts = audience_choice.parts_from(keys, target)
    if len(parts) == len(audience_choice.with_guests_only(parts)):
        return False
    form.add_error("whom", _("You have ticked some parts. Choose whether it is for them or for everybody."))
    return True


def _form(request: HttpRequest, target: Target) -> AudienceForm:
    everybody = _("Everybody in the programme") if isinstance(target, Activity) else _("Everybody in the organisation")
    initial = {"whom": "everybody" if target.everybody else "parts"}
    data = request.POST if request.method == "POST" else None
    return AudienceForm(data, everybody=everybody, parts=_("Those chosen below"), initial=initial)


def _options(target: Target, parts: list[Part], find: str) -> dict[str, Any]:
    programme = audience_choice.programme_of(target)
    chosen = {audience_choice.key_of(part) for part in parts}
    as_tree = Unit.objects.filter(closed__isnull=True).count() <= MOST_UNITS_SHOWN
    guests = []
    if isinstance(target, Activity):
        outside = Person.objects.filter(pk__in=audience_choice.outsiders(programme)).order_by("sort_name", "id")
        guests = [Option(_key("person", person), person.name) for person in outside]
    groups = [
        Option(_key("group", group), str(group.name), _people(group.size))
        for group in queries_people.groups_of(programme)
    ]
    levels = [Option(f"level:{level}", capfirst(audience_choice.level_words(level))) for level in Person.Level.values]
    drawn = {option.key for option in (*guests, *groups, *levels)}
    tree = queries_people.tree({part.unit_id for part in parts if part.unit_id}) if as_tree else None
    picked = [
        Option(key, audience_choice.word_of(part))
        for part in parts
        if (key := audience_choice.key_of(part)) not in drawn and not (as_tree and part.unit_id)
    ]
    found = _found(find, with_units=not as_tree) if find else []
    return {
        "chosen": chosen,
        "guests": guests,
        "groups": groups,
        "levels": levels,
        "tree": tree,
        "picked": picked,
        "found": [option for option in found if option.key not in chosen],
    }


def _found(find: str, *, with_units: bool) -> list[Option]:
    people = queries_people.find_people(find)
    leading = queries_people.leading(people)
    units = queries_people.find_units(find) if with_units else []
    found = [Option(_key("unit", unit), str(unit), _("unit, with all below it")) for unit in units]
    for person in people:
        where = str(person.unit or "")
        if person.pk in leading:
            words = _("%(name)s and those who report to them") % {"name": person.name}
            found.append(Option(_key("team", person), words, _("management team")))
        found.append(Option(_key("person", person), person.name, where))
    return found


def _count(request: HttpRequest, target: Target, parts: list[Part] | None = None) -> dict[str, Any]:
    everybody = target.everybody
    if request.method == "POST":
        everybody = request.POST.get("whom") == "everybody"
    if parts is None:
        parts = audience_choice.parts_from(request.POST.getlist("part"), target)
    if everybody:
        parts = audience_choice.with_guests_only(parts)
    people = audience_choice.people_if(target, everybody=everybody, parts=parts)
    names = list(people.order_by("sort_name", "id").values_list("name", flat=True)[:MOST_NAMES])
    number = people.count()
    return {"number": number, "names": names, "more": number - len(names)}


def _names(request: HttpRequest, target: Target) -> HttpResponse:
    people = audience_choice.people_now(target).select_related("unit").order_by("sort_name", "id")
    context = {
        "programme": audience_choice.programme_of(target),
        "activity": target if isinstance(target, Activity) else None,
        "page": Paginator(people, A_PAGE).get_page(request.GET.get("page")),
        "editor": _address(target, ""),
    }
    return show(request, "programmes/audience_people.html", context)


def _fixed(target: Target) -> Any:
    if isinstance(target, Activity) and rules_people.narrowing_is_fixed(target):
        return narrowing_refused(target)
    return ""


def _address(target: Target, page: str) -> str:
    kind = "activity" if isinstance(target, Activity) else "programme"
    name = f"programmes:{kind}_audience" + (f"_{page}" if page else "")
    return address(name, **{kind: target.pk})


def _way_back(target: Target) -> str:
    if isinstance(target, Activity):
        return storyboard_of(target.programme_id, target)
    return address("programmes:people", programme=target.pk)


def _key(kind: str, row: Any) -> str:
    return f"{kind}:{encode_id(row.pk)}"


def _people(number: int) -> str:
    return ngettext("%(count)d person", "%(count)d people", number) % {"count": number}

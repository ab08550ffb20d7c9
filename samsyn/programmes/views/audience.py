"""Who a programme or an activity is for: choose, count, see who is in it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.text import capfirst
from django.utils.translation import gettext as _
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
from samsyn.ui.words import count_in_words

MOST_UNITS_SHOWN = 150
MOST_NAMES = 12
A_PAGE = 60


@dataclass(frozen=True)
class Place:
    """Where an audience is chosen: whose it is, the pages around, and what they say.

    `pages`: the address of the choice (""), of the count ("count") and of the names ("people"). `fixed`: why nobody
    can be taken out any more.
    """

    target: Target
    pages: Callable[[str], str]
    way_back: str
    kicker: Any
    heading: Any
    fixed: Any = ""
    save: Callable[..., None] = set_audience


@dataclass(frozen=True)
class Option:
    """A part that can be ticked."""

    key: str
    label: str
    hint: str = ""


@programme_view(FACILITATION)
def of_programme(request: HttpRequest, programme: Programme) -> HttpResponse:
    """Who a programme is for."""
    return edit(request, _place(programme))


@activity_view(FACILITATION)
def of_activity(request: HttpRequest, activity: Activity) -> HttpResponse:
    """Who an activity is for."""
    return edit(request, _place(activity))


@require_POST
@programme_view(FACILITATION)
def count_of_programme(request: HttpRequest, programme: Programme) -> HttpResponse:
    """How many the ticked parts come to."""
    return count(request, _place(programme))


@require_POST
@activity_view(FACILITATION)
def count_of_activity(request: HttpRequest, activity: Activity) -> HttpResponse:
    """How many the ticked parts come to."""
    return count(request, _place(activity))


@programme_view(FACILITATION)
def people_of_programme(request: HttpRequest, programme: Programme) -> HttpResponse:
    """Everyone a programme is for, by name."""
    return names(request, _place(programme))


@activity_view(FACILITATION)
def people_of_activity(request: HttpRequest, activity: Activity) -> HttpResponse:
    """Everyone an activity is for, by name."""
    return names(request, _place(activity))


def _place(target: Programme | Activity) -> Place:
    kind = "activity" if isinstance(target, Activity) else "programme"

    def pages(page: str) -> str:
        return address(f"programmes:{kind}_audience" + (f"_{page}" if page else ""), **{kind: target.pk})

    if isinstance(target, Activity):
        fixed = narrowing_refused(target) if rules_people.narrowing_is_fixed(target) else ""
        back = storyboard_of(target.programme_id, target)
        return Place(target, pages, back, target.title, _("Who takes part?"), fixed)
    back = address("programmes:people", programme=target.pk)
    return Place(target, pages, back, target.title, _("Who is the programme for?"))


def edit(request: HttpRequest, place: Place) -> HttpResponse:
    """Choose who something is for."""
    target = place.target
    saved = audience_choice.parts_of(target)
    keys = request.POST.getlist("part") if request.method == "POST" else [audience_choice.key_of(p) for p in saved]
    form = _form(request, target)
    valid = request.method == "POST" and form.is_valid()
    asked_for = request.POST.get("do", "")
    asks = valid and asked_for in {"count", "find"}
    if valid and not asks and not _undecided(form, target, keys) and not _gone(form, target, keys):
        try:
            by = person_of(request)
            assert by is not None
            place.save(target, everybody=form.cleaned_data["whom"] == "everybody", keys=keys, by=by)
        except RefusedError as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, _("The audience is noted."))
            return redirect(place.way_back)
    find = form.cleaned_data.get("find", "") if valid and asked_for == "find" else ""
    parts = audience_choice.parts_from(keys, target)
    context = {
        "form": form,
        "programme": audience_choice.programme_of(target),
        "place": place,
        "count": _count(request, target, parts),
        "count_url": place.pages("count"),
        "names_url": place.pages("people"),
        "way_back": place.way_back,
        "find": find,
        "fixed": place.fixed,
        **_options(target, parts, find),
    }
    return show(request, "programmes/audience.html", context)


def count(request: HttpRequest, place: Place) -> HttpResponse:
    """How many the ticked parts come to."""
    return render(request, "programmes/audience_count.html", {"count": _count(request, place.target)})


def _undecided(form: AudienceForm, target: Target, keys: list[str]) -> bool:
    """Parts were ticked while “everybody” stayed chosen: ask, since one of the two would be lost."""
    if form.cleaned_data["whom"] != "everybody" or not target.everybody:
        return False
    parts = audience_choice.parts_from(keys, target)
    if len(parts) == len(audience_choice.with_guests_only(parts)):
        return False
    form.add_error("whom", _("You have ticked some parts. Choose whether it is for them or for everybody."))
    return True


def _gone(form: AudienceForm, target: Target, keys: list[str]) -> bool:
    """Something that was ticked is no longer there: ask, since the audience would be another than the one chosen."""
    if len(audience_choice.parts_from(keys, target)) == len(set(keys)):
        return False
    form.add_error(None, _("Something that you ticked is no longer there. Look through the choice and save again."))
    return True


def _form(request: HttpRequest, target: Target) -> AudienceForm:
    everybody = _("Everybody in the organisation") if isinstance(target, Programme) else _("Everybody in the programme")
    initial = {"whom": "everybody" if target.everybody else "parts"}
    data = request.POST if request.method == "POST" else None
    return AudienceForm(data, everybody=everybody, parts=_("Those chosen below"), initial=initial)


def _options(target: Target, parts: list[Part], find: str) -> dict[str, Any]:
    programme = audience_choice.programme_of(target)
    chosen = {audience_choice.key_of(part) for part in parts}
    as_tree = Unit.objects.filter(closed__isnull=True).count() <= MOST_UNITS_SHOWN
    guests = []
    if not isinstance(target, Programme):
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


def names(request: HttpRequest, place: Place) -> HttpResponse:
    """Everyone the audience holds, by name."""
    people = audience_choice.people_now(place.target).select_related("unit").order_by("sort_name", "id")
    context = {
        "programme": audience_choice.programme_of(place.target),
        "place": place,
        "page": Paginator(people, A_PAGE).get_page(request.GET.get("page")),
        "editor": place.pages(""),
    }
    return show(request, "programmes/audience_people.html", context)


def _key(kind: str, row: Any) -> str:
    return f"{kind}:{encode_id(row.pk)}"


def _people(number: int) -> str:
    return count_in_words("%(number)s person", "%(number)s people", number)

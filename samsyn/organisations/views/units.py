"""Pages of units: the tree on any day, one unit, and a form for each action."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET, require_http_methods

from samsyn.core.addresses import address
from samsyn.organisations import actions, forms, queries
from samsyn.organisations.access import administrator_view
from samsyn.organisations.models import Unit
from samsyn.organisations.queries import Node
from samsyn.organisations.rules import Actor
from samsyn.organisations.views.forms_page import crumb, form_page, posted, tried

_PAGE = 50
_MOST_UNITS = 150  # in a tree on one page; deeper levels stand on the units' own pages


@dataclass(frozen=True)
class Branch:
    """A unit as the template needs it: whether a list opens below it, and how many lists end after it."""

    node: Node
    opens: bool
    ends: range


@require_GET
@administrator_view
def units(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The tree today, or as it was on a day."""
    form = forms.TreeForm(request.GET)
    day: dt.date | None = form.cleaned_data["day"] if form.is_valid() else None
    roots = queries.tree(day)
    depth = _depth_that_fits(roots)
    context = {
        "form": form,
        "day": day,
        "branches": list(_branches(roots, depth)),
        "depth": depth,
        "cut": _deepest(roots) > depth,
        "number": _count(roots),
    }
    return render(request, "organisations/units.html", context, status=422 if form.errors else 200)


@require_GET
@administrator_view
def unit(request: HttpRequest, actor: Actor, unit: int) -> HttpResponse:
    """One unit: its people, what lies below it, its history, its turnover."""
    found = _fetch(unit)
    below = queries.open_units().filter(parent=found)
    page = Paginator(queries.find_people(unit=found).select_related("unit"), _PAGE).get_page(request.GET.get("page"))
    above = queries.units_above(found)
    crumbs = [crumb(_("Units"), "organisations:units")]
    crumbs += [crumb(one.name, "organisations:unit", unit=one.pk) for one in above]
    years = [] if found.closed else queries.turnover_by_year(found)
    context = {
        "unit": found,
        "page": page,
        "below": sorted(below, key=lambda one: queries.name_order(one.name)),
        "versions": queries.versions_of(found),
        "years": years,
        "formula": years[0].formula if years else "",
        "crumbs": crumbs,
    }
    return render(request, "organisations/unit.html", context)


@require_http_methods(["GET", "POST"])
@administrator_view
def open_unit(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Open a unit."""
    form = forms.NewUnitForm(posted(request))
    if form.is_valid() and tried(form, actions.open_unit, by=actor, **form.cleaned_data):
        messages.success(request, _("The unit is open."))
        return redirect(address("organisations:units"))
    return form_page(
        request, form, [crumb(_("Units"), "organisations:units")], heading=_("Open a unit"), button=_("Open the unit")
    )


@require_http_methods(["GET", "POST"])
@administrator_view
def rename(request: HttpRequest, actor: Actor, unit: int) -> HttpResponse:
    """Give a unit another name."""
    found = _fetch(unit, open_only=True)
    form = forms.RenameUnitForm(posted(request), initial={"name": found.name})
    if form.is_valid() and tried(form, actions.rename_unit, found, by=actor, **form.cleaned_data):
        return _back(request, found, _("The name is saved."))
    return _unit_form(request, found, form, heading=_("Rename the unit"), button=_("Save the name"))


@require_http_methods(["GET", "POST"])
@administrator_view
def move(request: HttpRequest, actor: Actor, unit: int) -> HttpResponse:
    """Put a unit, with all below it, under another."""
    found = _fetch(unit, open_only=True)
    form = forms.MoveUnitForm(posted(request), initial={"parent": found.parent})
    if form.is_valid() and tried(form, actions.move_unit, found, by=actor, **form.cleaned_data):
        return _back(request, found, _("The move is saved."))
    lead = _("The units below it go along. People stay in their units.")
    return _unit_form(request, found, form, heading=_("Move the unit"), button=_("Move"), lead=lead)


@require_http_methods(["GET", "POST"])
@administrator_view
def merge(request: HttpRequest, actor: Actor, unit: int) -> HttpResponse:
    """Let another unit take over."""
    found = _fetch(unit, open_only=True)
    form = forms.MergeUnitForm(posted(request))
    if form.is_valid() and tried(form, actions.merge_units, [found], by=actor, **form.cleaned_data):
        return _back(request, form.cleaned_data["into"], _("The units are merged."))
    lead = _("People and the units right below move to the unit that takes over. This one closes; its history stays.")
    return _unit_form(request, found, form, heading=_("Merge with another unit"), button=_("Merge"), lead=lead)


@require_http_methods(["GET", "POST"])
@administrator_view
def close(request: HttpRequest, actor: Actor, unit: int) -> HttpResponse:
    """Close a unit in which nobody is."""
    found = _fetch(unit, open_only=True)
    form = forms.CloseUnitForm(posted(request))
    if form.is_valid() and tried(form, actions.close_unit, found, by=actor, **form.cleaned_data):
        return _back(request, found, _("The unit is closed."))
    lead = _("A unit is closed when nobody is in it and nothing lies below it. Its history stays.")
    return _unit_form(
        request, found, form, heading=_("Close the unit"), button=pgettext("unit", "Close"), lead=lead, danger=True
    )


def _fetch(unit: int, *, open_only: bool = False) -> Unit:
    found = Unit.objects.select_related("parent", "merged_into").filter(pk=unit).first()
    if found is None or (open_only and found.closed):
        raise Http404
    return found


def _back(request: HttpRequest, unit: Unit, words: str) -> HttpResponse:
    messages.success(request, words)
    return redirect(address("organisations:unit", unit=unit.pk))


def _unit_form(request: HttpRequest, unit: Unit, form: Any, **context: Any) -> HttpResponse:
    crumbs = [crumb(_("Units"), "organisations:units"), crumb(unit.name, "organisations:unit", unit=unit.pk)]
    return form_page(request, form, crumbs, **context)


# --- the tree on a page -----------------------------------------------------------------------------------------


def _walk(nodes: list[Node]) -> Iterator[Node]:
    for node in nodes:
        yield node
        yield from _walk(node.children)


def _count(roots: list[Node]) -> int:
    return sum(1 for _node in _walk(roots))


def _deepest(roots: list[Node]) -> int:
    return max((node.level for node in _walk(roots)), default=0)


def _depth_that_fits(roots: list[Node]) -> int:
    """The most levels that do not make the page too long; one at least."""
    levels = [node.level for node in _walk(roots)]
    deepest = max(levels, default=1)
    return next((depth for depth in range(deepest, 1, -1) if sum(at <= depth for at in levels) <= _MOST_UNITS), 1)


def _branches(nodes: list[Node], depth: int) -> Iterator[Branch]:
    """The tree as a flat list, since a template that calls itself is slow."""
    shown = [node for node in _walk(nodes) if node.level <= depth]
    for node, following in zip_longest(shown, shown[1:]):
        after = following.level if following else 1
        yield Branch(node, opens=after > node.level, ends=range(max(node.level - after, 0)))

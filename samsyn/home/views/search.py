"""The search of an organisation."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from samsyn.core.sheets import without_controls
from samsyn.home.search import find
from samsyn.organisations.models import Person
from samsyn.programmes.access import member_view, visitor_of

LONGEST = 100


@member_view
def search(request: HttpRequest, person: Person) -> HttpResponse:
    """What was said, promised and answered, and where, by words in it."""
    wanted = without_controls(request.GET.get("q", "")).strip()[:LONGEST]
    found = find(wanted, visitor_of(request), request.GET.get("page"))
    return render(request, "home/search.html", {"wanted": wanted, "found": found, "longest": LONGEST})

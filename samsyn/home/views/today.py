"""Today's page: what waits for me, what is asked of me, my programmes."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from samsyn.core import clock
from samsyn.home import queries
from samsyn.organisations.models import Person
from samsyn.programmes.access import member_view, visitor_of


@member_view
def today(request: HttpRequest, person: Person) -> HttpResponse:
    """One screen: zero clicks to what waits for my decision or answer."""
    found = queries.today_of(person, visitor_of(request))
    return render(request, "home/today.html", {"today": found, "person": person, "day": clock.today()})

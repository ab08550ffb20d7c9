"""Today's page: what waits for me, what is asked of me, my programmes."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from samsyn.core import clock
from samsyn.gatherings import queries as gatherings
from samsyn.home import queries
from samsyn.organisations.models import Person
from samsyn.programmes.access import member_view, visitor_of


@member_view
def today(request: HttpRequest, person: Person) -> HttpResponse:
    """One screen: zero clicks to what waits for my decision or answer."""
    visitor = visitor_of(request)
    found = queries.today_of(person, visitor)
    coming = gatherings.coming(visitor, visitor.programmes.values())
    begins = person.administrator and not found.programmes
    alone = begins and not Person.objects.exclude(pk=person.pk).exists()
    context = {"today": found, "person": person, "day": clock.today(), "coming": coming, "alone": alone}
    return render(request, "home/today.html", context)

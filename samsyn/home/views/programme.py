"""The programme page, its news, and You said – we did."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from samsyn.core.addresses import address
from samsyn.gatherings import queries as gatherings
from samsyn.home import queries
from samsyn.home.forms import NewsForm
from samsyn.programmes.access import person_of, programme_view, visitor_of
from samsyn.programmes.actions import add_news as act
from samsyn.programmes.models import Programme
from samsyn.programmes.standing import FACILITATION, INSIDE, ORGANISING


@programme_view(INSIDE)
def programme(request: HttpRequest, programme: Programme) -> HttpResponse:
    """From where to where, why, where we are, what is decided, what was answered, who to ask."""
    context = {
        "programme": programme,
        "page": queries.programme_page(programme, visitor_of(request)),
        "coming": gatherings.coming(visitor_of(request), [programme], organised=True),
        "plans": bool(request.standing & FACILITATION),
        "organises": bool(request.standing & ORGANISING),
    }
    return render(request, "home/programme.html", context)


@programme_view(ORGANISING)
def add_news(request: HttpRequest, programme: Programme) -> HttpResponse:
    """Write a short notice on the programme page."""
    form = NewsForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        act(programme, title=form.cleaned_data["title"], text=form.cleaned_data["text"], by=person_of(request))
        return redirect(address("home:programme", programme=programme.pk))
    status = 422 if form.errors else 200
    return render(request, "home/news_form.html", {"programme": programme, "form": form}, status=status)


@programme_view(INSIDE)
def said_and_done(request: HttpRequest, programme: Programme) -> HttpResponse:
    """You said – we did."""
    rows, page = queries.said_and_done(programme, visitor_of(request), request.GET.get("page"))
    return render(request, "home/said.html", {"programme": programme, "rows": rows, "page": page})

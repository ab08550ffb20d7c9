"""A series: its sessions, and what they come to over many units."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse

from samsyn.core.rows import one
from samsyn.gatherings import queries_series
from samsyn.gatherings.models import Series
from samsyn.programmes.access import programme_view
from samsyn.programmes.models import Programme
from samsyn.programmes.standing import ORGANISING
from samsyn.programmes.views.common import show


@programme_view(ORGANISING)
def series(request: HttpRequest, programme: Programme, series: int) -> HttpResponse:
    """Counts over one template in many units; nothing about a unit with fewer than five people."""
    found = one(Series.objects.filter(pk=series, programme=programme))
    if found is None:
        raise Http404
    context = {"programme": programme, "series": found, "sum": queries_series.roll_up(found)}
    return show(request, "gatherings/series.html", context)

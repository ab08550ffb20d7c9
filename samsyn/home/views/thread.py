"""The thread of one item, both ways."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from samsyn.core.access import Access, declare
from samsyn.programmes.access import stranger, visitor_of
from samsyn.programmes.models import Programme
from samsyn.thread import queries
from samsyn.thread.models import Item
from samsyn.thread.registry import visible_ids


def _item(request: HttpRequest, item: int) -> HttpResponse:
    """An item, what it came of and what came of it."""
    visitor = visitor_of(request)
    found = Item.objects.filter(pk=item).first()
    if found is None or not visible_ids(visitor, [found]):
        return stranger(request)
    context = {
        "item": found,
        "walk": queries.walk(found, visitor),
        "programme": Programme.objects.filter(pk=found.programme_id).first(),
        "follow_up": queries.follow_ups([found.pk]).get(found.pk),
    }
    return render(request, "home/item.html", context)


item = declare(_item, Access("item"))

"""The thread of one item, both ways."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from samsyn.core.access import Access, declare
from samsyn.core.addresses import address
from samsyn.core.errors import RefusedError
from samsyn.programmes.access import stranger, visitor_of
from samsyn.programmes.handover import may_hand_over, may_leave, offers_to
from samsyn.programmes.kinds import kind_of
from samsyn.programmes.models import Programme
from samsyn.programmes.standing import GUEST, NOBODY, ORGANISING
from samsyn.thread import queries
from samsyn.thread.models import Item
from samsyn.thread.registry import visible_ids


def _item(request: HttpRequest, item: int) -> HttpResponse:
    """An item, what it came of and what came of it."""
    visitor = visitor_of(request)
    found = Item.objects.filter(pk=item).first()
    if found is None or not visible_ids(visitor, [found]):
        return stranger(request)
    programme = Programme.objects.filter(pk=found.programme_id).first()
    standing = visitor.in_programme(programme) if programme is not None else NOBODY
    organises = bool(standing & ORGANISING)
    request.standing = standing - {GUEST}  # whoever is inside finds the way back to the programme's page
    context = {
        "item": found,
        "walk": queries.walk(found, visitor),
        "programme": programme,
        "offers": offers_to(visitor, found) if programme and may_hand_over(visitor, programme, found) else [],
        "held_back": organises and not may_leave(found),
        "follow_up": queries.follow_ups([found.pk]).get(found.pk),
    }
    return render(request, "home/item.html", context)


def _hand_over(request: HttpRequest, item: int) -> HttpResponse:
    """Make something of an item in another activity: for those who run the programme, or host where it was said."""
    visitor = visitor_of(request)
    found = Item.objects.filter(pk=item).first()
    if found is None or not visible_ids(visitor, [found]) or visitor.person is None:
        return stranger(request)
    programme = Programme.objects.get(pk=found.programme_id)
    if not may_hand_over(visitor, programme, found):
        raise PermissionDenied
    chosen = next((offer for offer in offers_to(visitor, found) if offer.key == request.POST.get("where")), None)
    try:
        if chosen is None:
            raise RefusedError(_("This cannot be made there."))
        made = chosen.receiver.make(chosen.activity, found, by=visitor.person)
    except RefusedError as refusal:
        messages.error(request, str(refusal.message))
        return redirect(address("home:item", item=found.pk))
    messages.success(request, _("It is noted. Change the words where they stand."))
    return redirect(kind_of(chosen.activity).item_address(made) or address("home:item", item=made.pk))


item = declare(_item, Access("item"))
hand_over = require_POST(declare(_hand_over, Access("item", ORGANISING)))

"""Saying how a promise went: kept, later, or withdrawn."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from samsyn.core.access import Access, declare
from samsyn.core.addresses import address
from samsyn.core.errors import RefusedError
from samsyn.home.forms import PromiseForm
from samsyn.programmes.access import person_of, stranger, visitor_of
from samsyn.programmes.models import Programme
from samsyn.programmes.standing import GUEST, ORGANISING
from samsyn.thread import actions
from samsyn.thread.models import Promise
from samsyn.thread.registry import visible_ids


def _settle(request: HttpRequest, item: int) -> HttpResponse:
    """For the one who promised, and for those who organise the programme."""
    promise = Promise.objects.filter(item_id=item).select_related("item", "item__owner").first()
    person, visitor = person_of(request), visitor_of(request)
    if promise is None or person is None:
        return stranger(request)
    programme = Programme.objects.get(pk=promise.item.programme_id)
    request.standing = visitor.in_programme(programme) - {GUEST}  # whoever is inside finds the way back
    owns = promise.item.owner_id == person.pk
    if not owns and not visible_ids(visitor, [promise.item]):
        return stranger(request)
    if not owns and not visitor.in_programme(programme) & ORGANISING:
        raise PermissionDenied
    form = PromiseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        try:
            if values["state"] == "later":
                actions.move_promise(promise, due=values["due"], note=values["note"], by=person)
            else:
                actions.settle_promise(promise, state=values["state"], note=values["note"], by=person)
            return redirect(address("home:item", item=promise.item_id))
        except RefusedError as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal.message))
    context = {"promise": promise, "form": form, "programme": programme}
    return render(request, "home/promise.html", context, status=422 if form.errors else 200)


settle = declare(_settle, Access("item"))

"""Saying how a promise went: kept, later, or withdrawn; and reminding the one who promised."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from samsyn.core import clock
from samsyn.core.access import Access, declare
from samsyn.core.addresses import address
from samsyn.core.errors import RefusedError
from samsyn.home.forms import PromiseForm
from samsyn.organisations.models import Person
from samsyn.programmes.access import person_of, stranger, visitor_of
from samsyn.programmes.actions_letters import remind_of_promise
from samsyn.programmes.models import Programme
from samsyn.programmes.queries_letters import days_reminded
from samsyn.programmes.standing import GUEST, ORGANISING
from samsyn.thread import actions
from samsyn.thread.models import Promise
from samsyn.thread.queries import is_late
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
    if request.method == "POST" and "remind" in request.POST:
        return _remind(request, promise, programme, person)
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
    context = {"promise": promise, "form": form, "programme": programme, "owns": owns}
    if not owns:
        reminded = days_reminded([item]).get(item)
        context |= {"reminded": reminded, "may_remind": is_late(promise) and reminded != clock.today()}
    return render(request, "home/promise.html", context, status=422 if form.errors else 200)


def _remind(request: HttpRequest, promise: Promise, programme: Programme, person: Person) -> HttpResponse:
    """Remind the one who promised, and go back to what waits."""
    onward = address("home:today")
    try:
        remind_of_promise(promise, programme, by=person, onward=onward)
    except RefusedError as refusal:
        messages.error(request, str(refusal.message))
    else:
        messages.success(request, _("A reminder to %(name)s is on its way.") % {"name": promise.item.owner.name})
    return redirect(onward)


settle = declare(_settle, Access("item"))

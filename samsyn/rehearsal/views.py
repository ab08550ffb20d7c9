"""One-click sign-in, only in a database that a demo made."""

from __future__ import annotations

from django.contrib.auth import login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from samsyn.core import tenancy
from samsyn.core.access import public
from samsyn.core.addresses import address
from samsyn.home.views.front import front as ordinary_front
from samsyn.organisations.models import Organisation
from samsyn.programmes.models import Role
from samsyn.rehearsal.queries import demo_front, demo_person


@public
def front(request: HttpRequest) -> HttpResponse:
    """In a demo: one voice and what came of it. Elsewhere the ordinary front page."""
    demo = demo_front()
    return render(request, "rehearsal/demo.html", {"demo": demo}) if demo else ordinary_front(request)


@public
@require_POST
def enter(request: HttpRequest, who: str) -> HttpResponse:
    """Become one of the demo's people. 404 everywhere but in a demo."""
    person = demo_person(who)
    if person is None or person.user is None:
        raise Http404
    login(request, person.user, backend="django.contrib.auth.backends.ModelBackend")
    organisation = Organisation.objects.get(pk=person.organisation_id)
    with tenancy.scope(organisation.pk, organisation.slug):
        role = Role.objects.filter(person=person, name="facilitator").first() if who == "facilitator" else None
        if role is not None:
            return redirect(address("programmes:storyboard", programme=role.programme_id))
        return redirect(address("home:today"))

"""The front page and the way from signing in to one's own page."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views import i18n as django_i18n
from django.views.decorators.http import require_POST

from samsyn.accounts.actions import choose_language
from samsyn.core import clock, tenancy
from samsyn.core.access import Access, declare, public
from samsyn.core.addresses import address
from samsyn.organisations.models import Organisation, Person


@public
def front(request: HttpRequest) -> HttpResponse:
    """What Samsyn is, and the two ways in."""
    return render(request, "home/front.html")


def _start(request: HttpRequest) -> HttpResponse:
    if not request.user.is_authenticated:
        return redirect("account_login")
    mine = Person.across.filter(user=request.user, erased=False)
    mine = mine.exclude(left__lte=clock.today()).values_list("organisation_id", flat=True)
    organisations = list(Organisation.objects.filter(pk__in=list(mine)).order_by("slug"))
    looked_after = list(Organisation.objects.order_by("slug")) if request.user.is_operator else []
    if len(organisations) == 1 and not request.user.is_operator:
        with tenancy.scope(organisations[0].pk, organisations[0].slug):
            return redirect(address("home:today"))
    return render(request, "home/start.html", {"organisations": organisations, "looked_after": looked_after})


start = declare(_start, Access("account"))


@public
@require_POST
def set_language(request: HttpRequest) -> HttpResponse:
    """Keep the chosen language in a cookie, and with the account where there is one."""
    response = django_i18n.set_language(request)
    if request.user.is_authenticated:
        choose_language(request.user, request.POST.get("language", ""))
    return response

"""The accessibility statement, the form to report a fault, and the faults for operators."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from samsyn.core import limits
from samsyn.core.access import public
from samsyn.organisations.models import Organisation
from samsyn.programmes import actions_requests as actions
from samsyn.programmes import queries_people
from samsyn.programmes.access import operator_view
from samsyn.programmes.forms_people import FaultForm, FaultStateForm
from samsyn.programmes.models import FaultReport
from samsyn.programmes.views.form_page import form_page
from samsyn.ui.paging import page_of

REPORTS = 10  # from one address within an hour
_HOUR = 60 * 60
# When the pages were last gone through, and in which version of the statement; moved with each release.
ASSESSED = dt.date(2026, 11, 23)
UPDATED = dt.date(2026, 11, 23)
LONGEST_NAME = 40  # in an address; what is longer is a secret


@public
def accessibility(request: HttpRequest) -> HttpResponse:
    """How accessible the place is, what is known not to work, and how to report a fault or complain."""
    form = FaultForm(request.POST or None, initial={"page": _page_before(request)})
    caller = request.META.get("REMOTE_ADDR", "")
    if request.method == "POST" and form.is_valid():
        if limits.exceeded("fault", caller, most=REPORTS):
            form.add_error(None, _("Many reports have come from your network. Wait an hour and send it again."))
        else:
            limits.count("fault", caller, seconds=_HOUR)
            actions.report_fault(**form.cleaned_data, language=(get_language() or "sv")[:2])
            messages.success(request, _("Thank you. Those who run the place have got your report."))
            return redirect("statement:accessibility")
    context: dict[str, Any] = {
        "form": form,
        "contact": getattr(settings, "CONTACT", ""),
        "responsible": getattr(settings, "RESPONSIBLE", "") or _only_organisation(),
        "origin": settings.ORIGIN,
        "known": queries_people.known_faults(),
        "assessed": ASSESSED,
        "updated": UPDATED,
    }
    return render(request, "programmes/accessibility.html", context, status=422 if form.errors else 200)


def _page_before(request: HttpRequest) -> str:
    """The page from which somebody came here, if it is one of ours and its address holds no secret."""
    before = request.headers.get("Referer", "")
    if not before.startswith(f"{settings.ORIGIN}/"):
        return ""
    path = before.removeprefix(settings.ORIGIN).partition("?")[0]
    secret = any(len(segment) > LONGEST_NAME for segment in path.split("/"))
    return "" if secret or path == reverse("statement:accessibility") else path


def _only_organisation() -> str:
    rows = list(Organisation.objects.filter(synthetic=False)[:2])
    return str(rows[0]) if len(rows) == 1 else ""


@operator_view
def reports(request: HttpRequest) -> HttpResponse:
    """Faults that have been reported, those that wait first."""
    page = page_of(queries_people.fault_reports(), request.GET)
    sections = [(label, [row for row in page if row.state == state]) for state, label in FaultReport.State.choices]
    return render(request, "programmes/accessibility_reports.html", {"sections": sections, "page": page})


@operator_view
def report(request: HttpRequest, report: int) -> HttpResponse:
    """One report: how it stands, and what the statement says about it."""
    found = get_object_or_404(FaultReport, pk=report)
    return form_page(
        request,
        "programmes/accessibility_report.html",
        FaultStateForm(request.POST or None, initial={"state": found.state, "shown": found.shown}),
        act=lambda cleaned: actions.settle_fault(found, **cleaned),
        onward=reverse("statement:reports"),
        said=_("Noted."),
        report=found,
    )

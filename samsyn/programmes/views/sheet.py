"""The information sheet of an activity, for everyone who sees the activity."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from samsyn.programmes import information_sheet
from samsyn.programmes.access import activity_view
from samsyn.programmes.models import Activity
from samsyn.programmes.standing import ANYONE_THERE


@activity_view(ANYONE_THERE)
def sheet(request: HttpRequest, activity: Activity) -> HttpResponse:
    """One page of paper: what is asked, who sees it, what is stored and for how long."""
    context = {
        "activity": activity,
        "programme": activity.programme,
        "lines": information_sheet.sheet_of(activity, request.organisation),
        "contact": getattr(settings, "CONTACT", ""),
    }
    return render(request, "programmes/sheet.html", context)

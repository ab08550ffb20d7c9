"""How far a job has come, and the way to decline letters."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from samsyn.core.access import public
from samsyn.core.addresses import address
from samsyn.jobs.access import job_view
from samsyn.jobs.actions import cancel_job
from samsyn.jobs.mail.actions import accept, decline
from samsyn.jobs.mail.messages import read_token
from samsyn.jobs.mail.purposes import purpose_of
from samsyn.jobs.mail.queries import declined_by
from samsyn.jobs.models import Job
from samsyn.jobs.registry import directory


@job_view
@require_GET
def show(request: HttpRequest, job: Job, person: Any) -> HttpResponse:
    """The job's page; asked by htmx, only the part that changes."""
    template = "jobs/_state.html" if request.headers.get("HX-Request") else "jobs/job.html"
    return render(request, template, {"job": job})


@job_view
@require_POST
def cancel(request: HttpRequest, job: Job, person: Any) -> HttpResponse:
    """Ask the job to end."""
    cancel_job(job, by=person)
    return redirect(address("jobs:job", job=job.pk))


@public
@csrf_exempt  # the token is the proof; mail programs post here without a page of ours
@require_http_methods(["GET", "POST"])
def letters(request: HttpRequest, token: str) -> HttpResponse:
    """Decline letters of one kind, or all that can be done without; no sign-in needed."""
    found = read_token(token)
    if found is None or not any(directory().addressees([found[0]])):  # a link of another organisation is none here
        raise Http404
    person_id, slug = found
    if request.method == "POST":
        if request.POST.get("what") == "none":
            accept(person_id)
            messages.success(request, _("You get letters again."))
        else:
            decline(person_id, "" if request.POST.get("what") == "all" else slug)
            messages.success(request, _("Noted."))
        return redirect(request.path)
    context = {"label": purpose_of(slug).label, "declined": declined_by(person_id), "slug": slug}
    return render(request, "jobs/mail/letters.html", context)

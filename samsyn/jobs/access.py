"""Pages of a job: for whoever started it and the organisation's administrators."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse

from samsyn.core.access import Access, declare
from samsyn.jobs import rules
from samsyn.jobs.models import Job
from samsyn.jobs.registry import directory
from samsyn.ui.typed import sign_in_first

View = Callable[..., HttpResponse]


def job_view(view: View) -> View:
    """A page of one job; for everybody else there is nothing at the address."""

    @wraps(view)
    def guarded(request: HttpRequest, job: int, **kwargs: Any) -> HttpResponse:
        if not request.user.is_authenticated:
            return sign_in_first(request)
        person = directory().person_of(request)
        found = Job.objects.filter(pk=job).first()
        if found is None or not rules.may_see(found, person):
            raise Http404
        return view(request, found, person, **kwargs)

    return declare(guarded, Access("item", frozenset({"starter", "administrator"})))

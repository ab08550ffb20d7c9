"""One page for every form here: heading, fields, one button; and an action's refusal shown at its field."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.forms import Form
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render

from samsyn.core.addresses import address
from samsyn.core.errors import RefusedError


def crumb(label: object, name: str, **parts: Any) -> dict[str, str]:
    """One step of the way back."""
    return {"label": str(label), "url": address(name, **parts)}


def posted(request: HttpRequest) -> QueryDict | None:
    """The answers, where there are any; a form without them is a fresh one."""
    return request.POST if request.method == "POST" else None


def tried(form: Form, action: Callable[..., Any], *args: Any, **kwargs: Any) -> bool:
    """Call an action with a valid form's answers; its refusal becomes an error of the form."""
    try:
        action(*args, **kwargs)
    except RefusedError as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal.message))
        return False
    return True


def form_page(request: HttpRequest, form: Form | None, crumbs: list[dict[str, str]], **context: Any) -> HttpResponse:
    """`heading`, `button`; perhaps `lead`, `danger`. The last crumb is where Cancel leads."""
    status = 422 if form is not None and form.is_bound and form.errors else 200
    context |= {"form": form, "crumbs": crumbs, "back": crumbs[-1]["url"]}
    return render(request, "organisations/form.html", context, status=status)

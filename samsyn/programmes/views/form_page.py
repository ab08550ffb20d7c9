"""One form on one page: check, act, go on; what is refused comes back beside its field with nothing lost."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from samsyn.core.errors import RefusedError
from samsyn.programmes.views.common import refuse
from samsyn.ui.forms import Form


def form_page(
    request: HttpRequest,
    template: str,
    form: Form,
    *,
    act: Callable[[dict[str, Any]], Any],
    onward: str | Callable[[Any], str],
    said: Any = "",
    **context: Any,
) -> HttpResponse:
    """Show the form, or do `act` with what it holds and go `onward` (an address, or made of what the act gave)."""
    if request.method == "POST" and form.is_valid():
        try:
            done = act(form.cleaned_data)
        except RefusedError as error:
            refuse(form, error)
        else:
            if said:
                messages.success(request, said)
            return redirect(onward(done) if callable(onward) else onward)
    return render(request, template, {"form": form, **context}, status=422 if form.errors else 200)


def do(request: HttpRequest, act: Callable[[], Any], *, onward: str, said: Any = "") -> HttpResponse:
    """An act without a form of its own: done, or refused in words on the page that follows."""
    try:
        act()
    except RefusedError as error:
        messages.error(request, str(error.message))
    else:
        if said:
            messages.success(request, said)
    return redirect(onward)

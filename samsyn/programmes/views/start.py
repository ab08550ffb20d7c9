"""Starting a programme: choose a playbook, answer three questions."""

from __future__ import annotations

from functools import wraps
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from samsyn.core.access import Access, View, declare
from samsyn.core.errors import RefusedError
from samsyn.core.texts import LangText
from samsyn.organisations.models import Person
from samsyn.programmes import starting
from samsyn.programmes.access import member_view
from samsyn.programmes.forms import StartForm, first_weekday
from samsyn.programmes.playbooks import all_playbooks, find_playbook
from samsyn.programmes.views.common import refuse, sent, show, storyboard_of

EMPTY = "empty"
STARTER = Access("organisation", frozenset({"starter"}))


def _starter_view(view: View) -> View:
    """A page for those who may start a programme."""

    def only_starters(request: HttpRequest, person: Person, **kwargs: Any) -> HttpResponse:
        if not starting.may_start(person):
            raise PermissionDenied
        return view(request, person, **kwargs)

    return declare(member_view(wraps(view)(only_starters)), STARTER)


@_starter_view
def start(request: HttpRequest, person: Person) -> HttpResponse:
    """Choose one of the playbooks, or begin with nothing."""
    return show(request, "programmes/start.html", {"playbooks": all_playbooks(), "empty": EMPTY})


@_starter_view
def start_with(request: HttpRequest, person: Person, playbook: str) -> HttpResponse:
    """A name, a first day and an owner; then everything is made and dated."""
    chosen = find_playbook(playbook)
    if chosen is None and playbook != EMPTY:
        raise Http404
    form = StartForm(sent(request), initial={"starts": first_weekday()})
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        answers = {
            "title": LangText.of(values["title"], (get_language() or "sv")[:2]),
            "starts": values["starts"],
            "owner": values["owner"],
            "by": person,
        }
        try:
            programme = starting.start_from_playbook(chosen, **answers) if chosen else starting.start_empty(**answers)
        except RefusedError as refusal:
            refuse(form, refusal)
        else:
            messages.success(
                request,
                _("The programme is made. Owner: %(name)s. Nobody has been told yet: you open one thing at a time.")
                % {"name": values["owner"].name},
            )
            return redirect(storyboard_of(programme))
    return show(request, "programmes/start_with.html", {"playbook": chosen, "form": form})

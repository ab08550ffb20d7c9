"""What the pages here share: the way back to the storyboard, and a refusal told at its field."""

from __future__ import annotations

from typing import Any

from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from samsyn.core.addresses import address
from samsyn.core.errors import RefusedError
from samsyn.core.ids import encode_id
from samsyn.organisations.models import Person
from samsyn.programmes.access import person_of
from samsyn.programmes.models import Activity, Programme
from samsyn.programmes.standing import FACILITATION, NOBODY, Standing


def storyboard_of(programme: Programme | int, activity: Activity | None = None) -> str:
    """The storyboard's address, at an activity's card where one is given."""
    pk = programme.pk if isinstance(programme, Programme) else programme
    place = f"#a-{encode_id(activity.pk)}" if activity is not None else ""
    return address("programmes:storyboard", programme=pk) + place


def to_storyboard(activity: Activity) -> HttpResponse:
    """Back to the storyboard, at the activity's card."""
    return redirect(storyboard_of(activity.programme_id, activity))


def acting(request: HttpRequest) -> Person:
    """The person who does it: where a role in the programme is asked for, there is one."""
    person = person_of(request)
    assert person is not None
    return person


def sent(request: HttpRequest) -> Any:
    """What a form is bound to: nothing until it has been sent, even where it has no field to fill in."""
    return request.POST if request.method == "POST" else None


def refuse(form: BaseForm, refusal: RefusedError) -> None:
    """Say at the form, and at its field where there is one, why an action would not."""
    form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal.message))


def show(request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    """Render a page; 422 where what was sent has to be put right."""
    forms = [value for value in context.values() if isinstance(value, BaseForm)]
    status = 422 if any(form.is_bound and form.errors for form in forms) else 200
    standing: Standing = getattr(request, "standing", NOBODY)
    return render(request, template, {"plans": bool(standing & FACILITATION), **context}, status=status)

"""A person's own data: read, download, ask to be forgotten; and the list of such wishes for administrators."""

from __future__ import annotations

import json

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from samsyn.core import clock
from samsyn.core.addresses import address
from samsyn.core.errors import RefusedError
from samsyn.organisations.access import administrator_view
from samsyn.organisations.models import Person
from samsyn.organisations.rules import Actor
from samsyn.programmes import actions_requests as actions
from samsyn.programmes import own_data, queries_people
from samsyn.programmes.access import member_view
from samsyn.programmes.forms_people import ErasureAnswerForm, ErasureForm
from samsyn.programmes.models import ErasureRequest
from samsyn.programmes.views.common import refuse, show
from samsyn.programmes.views.form_page import form_page
from samsyn.ui.paging import page_of
from samsyn.ui.templatetags.ui import day


@member_view
def my_data(request: HttpRequest, person: Person) -> HttpResponse:
    """What is stored about the one who asks; and the way to be forgotten."""
    form = ErasureForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.ask_for_erasure(person, words=form.cleaned_data["words"])
        except RefusedError as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, _("We have your request. The answer comes on this page."))
            return redirect(address("programmes:my_data"))
    latest = ErasureRequest.objects.filter(person=person).order_by("-day", "-id").first()
    context = {"form": form, "groups": own_data.data_of(person, day), "person": person, "latest": latest}
    return show(request, "programmes/people_data.html", context)


@member_view
def my_data_file(request: HttpRequest, person: Person) -> HttpResponse:
    """The same as a file that other programs can read."""
    body = json.dumps(own_data.as_json(person), ensure_ascii=False, indent=2)
    response = HttpResponse(body, content_type="application/json; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="my-data-{clock.today().isoformat()}.json"'
    return response


@administrator_view
def erasure_requests(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Who has asked to be forgotten."""
    page = page_of(queries_people.erasure_requests(), request.GET)
    waiting = [row for row in page if row.state == ErasureRequest.State.OPEN]
    answered = [row for row in page if row.state != ErasureRequest.State.OPEN]
    context = {"page": page, "waiting": waiting, "answered": answered}
    return render(request, "programmes/people_requests.html", context)


@administrator_view
def erasure_request(request: HttpRequest, actor: Actor, erasure: int) -> HttpResponse:
    """Answer one request: erase for ever, or say why not."""
    found = get_object_or_404(ErasureRequest.objects.select_related("person__unit"), pk=erasure)
    return form_page(
        request,
        "programmes/people_request.html",
        ErasureAnswerForm(request.POST or None),
        act=lambda cleaned: actions.answer_erasure(found, **cleaned, by=actor),
        onward=address("programmes:erasure_requests"),
        said=_("The request is answered."),
        erasure=found,
    )

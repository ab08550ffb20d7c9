"""What somebody has written under their name: where each stands, why one is hidden, the answer and the promise."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from samsyn.core.addresses import address
from samsyn.home import fates
from samsyn.home.forms import FollowUpForm, follow_up_form
from samsyn.organisations.models import Person
from samsyn.programmes.access import member_view, visitor_of
from samsyn.thread import actions


@member_view
def mine(request: HttpRequest, person: Person) -> HttpResponse:
    """The account is the receipt where names are kept."""
    return _show(request, person)


@require_POST
@member_view
def reply(request: HttpRequest, person: Person) -> HttpResponse:
    """The one who asked says whether the answer answers, in words too."""
    written = request.POST.get("item", "")
    if not (written.isascii() and written.isdigit()):
        messages.error(request, _("The form is damaged. Load the page again."))
        return _show(request, person, status=422)
    chosen = fates.own_items(person).filter(pk=int(written)).first()
    if chosen is None:
        raise Http404
    form = follow_up_form(chosen.pk, request.POST)
    if not form.is_valid():
        return _show(request, person, wrong=form, wrong_item=chosen.pk)
    values, language = form.cleaned_data, (get_language() or "sv")[:2]
    actions.follow_up(chosen, answered=values["answered"] == "yes", text=values["text"], language=language)
    return redirect(address("home:mine") + f"#i{chosen.pk}")


def _show(
    request: HttpRequest, person: Person, *, wrong: FollowUpForm | None = None, wrong_item: int = 0, status: int = 200
) -> HttpResponse:
    found, page = fates.fates_of_person(person, visitor_of(request), request.GET.get("page"))
    context = {"rows": with_forms(found, wrong, wrong_item), "page": page, "wrong": wrong}
    return render(request, "home/mine.html", context, status=422 if wrong else status)


def with_forms(
    found: list[fates.Fate], wrong: FollowUpForm | None, wrong_item: int
) -> list[tuple[fates.Fate, FollowUpForm]]:
    """Each with the form by which its author answers; `wrong`: what has to be put right, and at which item."""
    return [
        (fate, wrong if wrong and fate.telling.item.pk == wrong_item else follow_up_form(fate.telling.item.pk))
        for fate in found
    ]

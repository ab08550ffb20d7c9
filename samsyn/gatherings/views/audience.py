"""Who a session is for: the same choice as of an activity."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from samsyn.core.addresses import address
from samsyn.gatherings.access import session_view
from samsyn.gatherings.actions import set_audience
from samsyn.gatherings.models import Session
from samsyn.programmes.standing import FACILITATION
from samsyn.programmes.views import audience as choice
from samsyn.programmes.views.audience import Place


def _place(session: Session) -> Place:
    def pages(page: str) -> str:
        return address("gatherings:audience" + (f"_{page}" if page else ""), session=session.pk)

    back = address("gatherings:session", session=session.pk)
    return Place(session, pages, back, session.title, _("Who is the session for?"), save=set_audience)


@session_view(FACILITATION)
def edit(request: HttpRequest, session: Session) -> HttpResponse:
    """Choose who it is for."""
    return choice.edit(request, _place(session))


@require_POST
@session_view(FACILITATION)
def count(request: HttpRequest, session: Session) -> HttpResponse:
    """How many the ticked parts come to."""
    return choice.count(request, _place(session))


@session_view(FACILITATION)
def people(request: HttpRequest, session: Session) -> HttpResponse:
    """Everyone it is for, by name."""
    return choice.names(request, _place(session))

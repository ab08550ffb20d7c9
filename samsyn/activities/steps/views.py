"""Pages of steps: fetch, call one action or query, render."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from samsyn.activities.steps import actions, queries
from samsyn.activities.steps.forms import OutcomeForm
from samsyn.activities.steps.models import Outcome
from samsyn.core import clock
from samsyn.core.addresses import address
from samsyn.core.errors import RefusedError
from samsyn.core.ids import BITS
from samsyn.core.sheets import without_controls
from samsyn.programmes.access import activity_view, person_of, visitor_of
from samsyn.programmes.models import Activity
from samsyn.programmes.queries import reply_to
from samsyn.programmes.standing import ANYONE_THERE, AT_DESK
from samsyn.ui.paging import page_of

_LONGEST_ID = 20
_OPEN_OR_CLOSED = (Activity.State.OPEN, Activity.State.CLOSED)


@activity_view(ANYONE_THERE)
def page(request: HttpRequest, activity: Activity) -> HttpResponse:
    """Purpose, who, when, material, and what came out of it."""
    shown = page_of(queries.outcomes(activity), request.GET)
    sources = queries.sources_of(outcomes := list(shown), visitor_of(request))
    context = {
        "activity": activity,
        "page": shown,
        "outcomes": [(outcome, sources[outcome.item_id]) for outcome in outcomes],
        "reply": reply_to(activity),
        "organises": bool(request.standing & AT_DESK),
        "may_write": activity.state in _OPEN_OR_CLOSED and bool(request.standing & AT_DESK),
    }
    return render(request, "steps/page.html", context)


@activity_view(AT_DESK, *_OPEN_OR_CLOSED)
def write(request: HttpRequest, activity: Activity) -> HttpResponse:
    """Write down what came out of a step."""

    def act(values: dict[str, Any]) -> None:
        actions.write_outcome(
            activity,
            text=values["text"],
            day=values["day"],
            made_out_of=values["made_out_of"],
            by=person_of(request),
        )

    return _form(request, activity, {"day": clock.today(), "made_out_of": _ids(request.GET.getlist("of"))}, act)


def _ids(values: list[str]) -> list[int]:
    """Ids as they came in; what is none is passed over."""
    written = [value for value in values[:50] if value.isascii() and value.isdigit() and len(value) < _LONGEST_ID]
    return [int(value) for value in written if int(value) < 1 << BITS]


@activity_view(AT_DESK, *_OPEN_OR_CLOSED)
def change(request: HttpRequest, activity: Activity, outcome: int) -> HttpResponse:
    """Change the words, or add what it came of."""
    found = Outcome.objects.filter(pk=outcome, activity=activity).select_related("item", "activity__programme").first()
    if found is None:
        raise Http404

    def act(values: dict[str, Any]) -> None:
        actions.change_outcome(found, text=values["text"], made_out_of=values["made_out_of"], by=person_of(request))

    sources = queries.sources_of([found], visitor_of(request))[found.item_id]
    chosen = [telling.item.pk for telling in sources.told]
    return _form(request, activity, {"text": found.text, "day": found.item.day, "made_out_of": chosen}, act)


def _form(
    request: HttpRequest, activity: Activity, initial: dict[str, Any], act: Callable[[dict[str, Any]], None]
) -> HttpResponse:
    ticked = _ids(request.POST.getlist("made_out_of")) if request.method == "POST" else initial["made_out_of"]
    find = without_controls(request.POST.get("find", "")).strip()[:80]
    items = queries.possible_sources(activity.programme_id, visitor_of(request), find=find, chosen=ticked)
    form = OutcomeForm(request.POST or None, initial=initial, items=items)
    if "search" in request.POST:
        form = OutcomeForm(initial=form.as_sent(), items=items)
    elif request.method == "POST" and form.is_valid():
        try:
            act(form.cleaned_data)
            return redirect(address("steps:page", activity=activity.pk))
        except RefusedError as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal.message))
    status = 422 if form.errors else 200
    context = {
        "activity": activity,
        "form": form,
        "none_found": bool(find) and not any(item.pk not in ticked for item in items),
    }
    return render(request, "steps/outcome.html", context, status=status)

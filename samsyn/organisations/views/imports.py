"""Pages of an import: the file, the preview, the decision, the result."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from samsyn.core.addresses import address
from samsyn.core.errors import RefusedError
from samsyn.organisations import export
from samsyn.organisations.access import administrator_view
from samsyn.organisations.forms import ConfirmForm, UploadForm
from samsyn.organisations.imports import actions, planning
from samsyn.organisations.imports import preview as previews
from samsyn.organisations.models import ImportBatch, Person
from samsyn.organisations.rules import Actor
from samsyn.organisations.views.forms_page import crumb, posted, tried

_EARLIER = 10
_FAULTS = 50
State = ImportBatch.State


@require_http_methods(["GET", "POST"])
@administrator_view
def imports(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Choose a file; earlier imports stand below."""
    form = UploadForm(posted(request), request.FILES or None, cut_off=getattr(request, "upload_too_large", False))
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        made: list[ImportBatch] = []
        if tried(form, lambda: made.append(actions.stage(file, file.name, by=actor))):
            return redirect(address("organisations:import_preview", batch=made[0].pk))
    context = {
        "form": form,
        "earlier": [
            (batch, _("changes nothing") if previews.changes_nothing(batch) else batch.get_state_display())
            for batch in ImportBatch.objects.select_related("made_by").order_by("-made")[:_EARLIER]
        ],
        "crumbs": [crumb(_("People"), "organisations:people")],
    }
    return render(request, "organisations/import.html", context, status=422 if form.errors else 200)


@require_GET
@administrator_view
def template(request: HttpRequest, actor: Actor) -> HttpResponse:
    """An empty file with the right headings."""
    response = HttpResponse(export.template_csv(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="{}.csv"'.format(_("people"))
    return response


@require_GET
@administrator_view
def preview(request: HttpRequest, actor: Actor, batch: int) -> HttpResponse:
    """What the file would change. Nothing is written before it is confirmed."""
    found = _fetch(batch)
    if found.state not in {State.PLANNED, State.READING}:
        return redirect(address("organisations:import_result", batch=found.pk))
    return _preview(request, found, _confirm_form(found))


@require_POST
@administrator_view
def confirm(request: HttpRequest, actor: Actor, batch: int) -> HttpResponse:
    """Begin the import, or go on with one that stopped."""
    found = _fetch(batch)
    form = _confirm_form(found, request.POST)
    begun: list[bool] = []
    if not form.is_valid() or not tried(
        form, lambda: begun.append(actions.confirm(found, leavers=form.cleaned_data["leavers"], by=actor))
    ):
        return _preview(request, found, form)
    if not begun[0]:
        messages.warning(
            request, _("The organisation has changed since the file was read. Look through the changes once more.")
        )
        return redirect(address("organisations:import_preview", batch=found.pk))
    if found.state == State.APPLYING and found.job_id and isinstance(actor, Person):
        return redirect(address("jobs:job", job=found.job_id))
    return redirect(address("organisations:import_result", batch=found.pk))


@require_POST
@administrator_view
def discard(request: HttpRequest, actor: Actor, batch: int) -> HttpResponse:
    """Throw a planned or stopped import away."""
    found = _fetch(batch)
    try:
        actions.discard(found, by=actor)
    except RefusedError as refusal:
        messages.warning(request, str(refusal.message))
        return redirect(address("organisations:import_result", batch=found.pk))
    messages.success(request, _("The file has been thrown away. Nothing more is changed."))
    return redirect(address("organisations:imports"))


@require_GET
@administrator_view
def result(request: HttpRequest, actor: Actor, batch: int) -> HttpResponse:
    """How far the import has come, and what came of it."""
    found = _fetch(batch)
    if found.state in {State.PLANNED, State.READING}:
        return redirect(address("organisations:import_preview", batch=found.pk))
    moving = actions.is_under_way(found)
    done = found.state == State.DONE
    context = {
        "batch": found,
        "moving": moving,
        "done": done,
        "made": 0 if done else previews.how_far(found),
        "total": actions.size_of(found),
        "parts": [
            (_("Have left") if part == planning.LEFT else name, number)
            for part, name, number in previews.parts_of(found)
            if _applied(found, part)
        ],
        "set_aside": previews.set_aside_of(found),
        "faults": previews.lines_of(found, planning.FAULTS)[:_FAULTS],
        "crumbs": _crumbs(),
    }
    return render(request, "organisations/import_result.html", context)


def _applied(batch: ImportBatch, part: str) -> bool:
    return part != planning.FAULTS and (part != planning.LEFT or batch.leavers)


def _confirm_form(batch: ImportBatch, answers: QueryDict | None = None) -> ConfirmForm:
    left = batch.counts.get("left", 0)
    return ConfirmForm(answers, leavers=left, nothing_else=bool(left) and previews.changes_nothing(batch))


def _fetch(batch: int) -> ImportBatch:
    found = ImportBatch.objects.filter(pk=batch).first()
    if found is None:
        raise Http404
    return found


def _crumbs() -> list[dict[str, str]]:
    return [crumb(_("People"), "organisations:people"), crumb(_("Import"), "organisations:imports")]


def _preview(request: HttpRequest, batch: ImportBatch, form: ConfirmForm) -> HttpResponse:
    parts = previews.parts_of(batch)
    slugs = [part for part, _name, _number in parts]
    shown = request.GET.get("part") if request.GET.get("part") in slugs else next(iter(slugs), "")
    counts = batch.counts
    context = {
        "batch": batch,
        "form": form,
        "counts": counts,
        "changes": previews.changes_of(batch),
        "nothing": previews.changes_nothing(batch),
        "parts": parts,
        "shown": shown,
        "page": previews.page_of(batch, shown, request.GET.get("page")) if shown else None,
        "columns": previews.columns_of(batch),
        "reading": batch.state == State.READING,
        "crumbs": _crumbs(),
    }
    return render(request, "organisations/import_preview.html", context, status=422 if form.errors else 200)

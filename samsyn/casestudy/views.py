"""Pages of the case study: fetch, call one action or query, render."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from samsyn.casestudy import actions, queries
from samsyn.casestudy.forms import SentenceForm
from samsyn.casestudy.models import Heading, Sentence
from samsyn.casestudy.report import A_PAGE, Part
from samsyn.casestudy.rules import MOST_EVIDENCE
from samsyn.core import clock
from samsyn.core.addresses import address
from samsyn.core.errors import RefusedError
from samsyn.programmes.access import programme_view, visitor_of
from samsyn.programmes.models import Programme
from samsyn.programmes.standing import FACILITATION, INSIDE, ORGANISING

_LONGEST_ID = 20


@programme_view(INSIDE)
def page(request: HttpRequest, programme: Programme) -> HttpResponse:
    """The case study: five headings with their first sentences, or one heading page by page."""
    wanted = request.GET.get("heading", "")
    heading = wanted if wanted in Heading.values else ""
    report = queries.report_of(programme, visitor_of(request), Part(heading, request.GET.get("page")))
    sections = [section for section in report.sections if heading in {"", section.heading}]
    context = {
        "programme": programme,
        "report": report,
        "sections": sections,
        "page": Paginator(range(sections[0].total), A_PAGE).get_page(request.GET.get("page")) if heading else None,
        "plans": bool(request.standing & FACILITATION),
        "organises": bool(request.standing & ORGANISING),
    }
    return render(request, "casestudy/page.html", context)


@programme_view(INSIDE)
def on_paper(request: HttpRequest, programme: Programme) -> HttpResponse:
    """The same for paper, with numbered notes."""
    context = {
        "programme": programme,
        "report": queries.report_of(programme, visitor_of(request)),
        "day": clock.today(),
    }
    return render(request, "casestudy/print.html", context)


# --- sentences written by hand ----------------------------------------------------------------------------------


@programme_view(ORGANISING)
def write(request: HttpRequest, programme: Programme) -> HttpResponse:
    """Write a sentence of one's own."""

    def act(values: dict[str, Any]) -> None:
        actions.add_sentence(programme, visitor=visitor_of(request), **values)

    wanted = request.GET.get("heading")
    initial = {"heading": wanted if wanted in Heading.values else Heading.CHALLENGE.value, "evidence": []}
    return _form(request, programme, initial, act)


@programme_view(ORGANISING)
def change(request: HttpRequest, programme: Programme, sentence: int) -> HttpResponse:
    """Change a sentence, its heading or its evidence."""
    found = _sentence(programme, sentence)

    def act(values: dict[str, Any]) -> None:
        actions.change_sentence(found, visitor=visitor_of(request), **values)

    initial = {"heading": found.heading, "text": found.text, "evidence": queries.evidence_ids(found)}
    return _form(request, programme, initial, act, found)


def _sentence(programme: Programme, pk: int) -> Sentence:
    found = queries.sentence_of(programme, pk)
    if found is None:
        raise Http404
    return found


def _form(
    request: HttpRequest,
    programme: Programme,
    initial: dict[str, Any],
    act: Callable[[dict[str, Any]], None],
    sentence: Sentence | None = None,
) -> HttpResponse:
    ticked = initial["evidence"]
    if request.method == "POST":
        ticked = [int(pk) for pk in request.POST.getlist("evidence") if _is_id(pk)][: MOST_EVIDENCE + 1]
    find = request.POST.get("find", "").strip()[:80]
    choices = queries.choices(programme, visitor_of(request), find=find, chosen=ticked)
    form = SentenceForm(request.POST or None, initial=initial, choices=choices)
    if "search" in request.POST:
        form = SentenceForm(initial=form.as_sent(), choices=choices)
    elif request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        try:
            act({"heading": values["heading"], "text": values["text"], "item_ids": values["evidence"]})
            return redirect(_at(programme, values["heading"]))
        except RefusedError as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal.message))
    context = {"programme": programme, "form": form, "sentence": sentence, "none_found": _none(choices, ticked, find)}
    return render(request, "casestudy/sentence_form.html", context, status=422 if form.errors else 200)


def _none(choices: Iterable[queries.Choice], ticked: list[int], find: str) -> bool:
    return bool(find) and not any(choice.item_id not in ticked for choice in choices)


def _is_id(value: str) -> bool:
    return value.isascii() and value.isdigit() and len(value) < _LONGEST_ID and int(value) < 1 << 62


def _at(programme: Programme, heading: str) -> str:
    return address("casestudy:page", programme=programme.pk) + (f"#{heading}" if heading in Heading.values else "")


@require_POST
@programme_view(ORGANISING)
def place(request: HttpRequest, programme: Programme, sentence: int) -> HttpResponse:
    """One place earlier or later."""
    found = _sentence(programme, sentence)
    step = -1 if request.POST.get("go") == "earlier" else 1
    actions.move_sentence(found, step=step, visitor=visitor_of(request))
    return redirect(_at(programme, found.heading))


@programme_view(ORGANISING)
def delete(request: HttpRequest, programme: Programme, sentence: int) -> HttpResponse:
    """Delete a sentence, once asked."""
    found = _sentence(programme, sentence)
    if request.method == "POST":
        actions.delete_sentence(found, visitor=visitor_of(request))
        messages.success(request, _("The sentence is deleted."))
        return redirect(_at(programme, found.heading))
    return render(request, "casestudy/sentence_delete.html", {"programme": programme, "sentence": found})


# --- assembled sentences ----------------------------------------------------------------------------------------


@require_POST
@programme_view(ORGANISING)
def hide(request: HttpRequest, programme: Programme) -> HttpResponse:
    """Leave an assembled sentence out."""
    try:
        actions.hide_sentence(programme, key=request.POST.get("key", ""), visitor=visitor_of(request))
    except RefusedError as refusal:
        messages.error(request, str(refusal.message))
    else:
        messages.success(request, _("The sentence is hidden. It stands last under its heading, where you can show it."))
    return redirect(_at(programme, request.GET.get("heading", "")))


@require_POST
@programme_view(ORGANISING)
def show(request: HttpRequest, programme: Programme) -> HttpResponse:
    """Show an assembled sentence again."""
    actions.show_sentence(programme, key=request.POST.get("key", ""), visitor=visitor_of(request))
    return redirect(_at(programme, request.GET.get("heading", "")))

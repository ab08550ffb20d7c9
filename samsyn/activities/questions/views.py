"""Pages of question time: fetch, call one action or query, render."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from samsyn.activities.questions import actions, queries, rules
from samsyn.activities.questions.forms import AnswerForm, AskForm, HideForm, ImportForm, MappingForm, MergeForm
from samsyn.activities.questions.models import Question
from samsyn.core import sheets
from samsyn.core.addresses import address
from samsyn.core.errors import RefusedError
from samsyn.programmes.access import activity_view, person_of
from samsyn.programmes.browsers import draw_key, keep_key, voter_key
from samsyn.programmes.kinds import kind_of
from samsyn.programmes.models import Activity
from samsyn.programmes.queries import may_answer
from samsyn.programmes.rules import leaves_no_trace
from samsyn.programmes.standing import ANYONE_THERE, FACILITATION, ORGANISING, TAKING_PART
from samsyn.thread import secrets
from samsyn.thread.queries import replies_of

_PREVIEW = 20


def _fetch(activity: Activity, question: int) -> Question:
    found = Question.objects.select_related("item", "activity__programme").filter(pk=question, activity=activity)
    row = found.first()
    if row is None:
        raise Http404
    return row


def _show(request: HttpRequest, activity: Activity, form: AskForm, status: int = 200) -> HttpResponse:
    settings = rules.Settings.of(activity)
    reply = replies_of(activity.programme_id).filter(activity_id=activity.pk).first()
    rows = queries.rows(queries.visible_questions(activity), key=voter_key(request, activity))
    context = {
        "activity": activity,
        "form": form,
        "rows": rows,
        "reply": reply,
        "is_open": rules.can_contribute(activity),
        "takes_part": bool(request.standing & TAKING_PART),
        "organises": bool(request.standing & ORGANISING),
        "facilitates": bool(request.standing & FACILITATION),
        "may_like": settings.likes and rules.can_contribute(activity) and bool(request.standing & TAKING_PART),
        "let_in": settings.let_in,
        "receipts": leaves_no_trace(activity),
    }
    return render(request, "questions/page.html", context, status=status)


@activity_view(ANYONE_THERE)
def page(request: HttpRequest, activity: Activity) -> HttpResponse:
    """Ask, read and agree; afterwards the answers and our reply."""
    return _show(request, activity, AskForm(initial={"post_key": draw_key()}))


@require_POST
@activity_view(TAKING_PART)
def ask(request: HttpRequest, activity: Activity) -> HttpResponse:
    """Take a question. The page that answers shows a receipt's words, once: it is not a redirect on purpose."""
    form = AskForm(request.POST)
    if not form.is_valid():
        return _show(request, activity, form, status=422)
    words = shown = None
    if leaves_no_trace(activity):
        kept = secrets.clean_words(form.cleaned_data["words"])
        shown = None if kept else secrets.draw_words(get_language() or "sv")
        words = kept or secrets.clean_words(shown or "")
    try:
        question = actions.ask(
            activity,
            text=form.cleaned_data["text"],
            language=(get_language() or "sv")[:2],
            post_key=form.cleaned_data["post_key"],
            author=person_of(request),
            words=words,
        )
    except RefusedError as refusal:
        form.add_error(refusal.field, str(refusal.message))
        return _show(request, activity, form, status=409 if not rules.can_contribute(activity) else 422)
    context = {"activity": activity, "question": question, "words": shown, "kept": bool(words and not shown)}
    response = render(request, "questions/sent.html", context)
    response["Cache-Control"] = "no-store"
    return response


@require_POST
@activity_view(TAKING_PART)
def like(request: HttpRequest, activity: Activity, question: int) -> HttpResponse:
    """Agree with a question, or take it back."""
    found = _fetch(activity, question)
    key = voter_key(request, activity) or draw_key()
    on = request.POST.get("on") == "1"
    try:
        actions.like(found, key=key, person=person_of(request), on=on)
    except RefusedError as refusal:
        messages.error(request, str(refusal.message))
    if request.htmx:
        found.refresh_from_db()
        row = queries.rows(queries.visible_questions(activity).filter(pk=found.pk), key=key)
        response = render(
            request, "questions/_like.html", {"row": row[0] if row else None, "activity": activity, "may_like": True}
        )
    else:
        response = redirect(address("questions:page", activity=activity.pk) + f"#q{found.pk}")
    keep_key(response, activity, key)
    return response


# --- the desk ---------------------------------------------------------------------------------------------------


@activity_view(ORGANISING)
def desk(request: HttpRequest, activity: Activity) -> HttpResponse:
    """Where questions are let in, hidden, joined and answered."""
    found = Question.objects.filter(activity=activity).select_related("item", "answered_by", "author", "merged_into")
    groups = [
        (_("Waits to be let in"), found.filter(state=Question.State.WAITING), "waiting"),
        (_("Not answered yet"), found.filter(state=Question.State.VISIBLE, end=""), "unanswered"),
        (_("Answered"), found.filter(state=Question.State.VISIBLE).exclude(end=""), "answered"),
        (_("Hidden or joined"), found.filter(state__in=[Question.State.HIDDEN, Question.State.MERGED]), "away"),
    ]
    counted = queries.counts(activity)
    numbers = {
        "waiting": counted["waiting"],
        "unanswered": counted["visible"] - counted["ended"],
        "answered": counted["ended"],
        "away": counted["hidden"] + counted["merged"],
    }
    shown = request.GET.get("show", "")
    if shown not in numbers:
        shown = "waiting" if numbers["waiting"] else "unanswered"
    title, chosen = next((title, rows) for title, rows, name in groups if name == shown)
    context = {
        "activity": activity,
        "tabs": [(name, label, numbers[name], name == shown) for label, _rows, name in groups],
        "heading": title,
        "shown": shown,
        "rows": queries.rows(chosen.order_by(*queries.ORDER)),
        "facilitates": bool(request.standing & FACILITATION),
    }
    return render(request, "questions/desk.html", context)


def _desk_action(request: HttpRequest, activity: Activity, act: Callable[[], None]) -> HttpResponse:
    try:
        act()
    except RefusedError as refusal:
        messages.error(request, str(refusal.message))
    return redirect(_desk_address(request, activity))


def _desk_address(request: HttpRequest, activity: Activity) -> str:
    shown = request.POST.get("show") or request.GET.get("show") or ""
    suffix = f"?show={shown}" if shown in {"waiting", "unanswered", "answered", "away"} else ""
    return address("questions:desk", activity=activity.pk) + suffix


@require_POST
@activity_view(FACILITATION)
def let_in(request: HttpRequest, activity: Activity, question: int) -> HttpResponse:
    """Let a question be seen."""
    found = _fetch(activity, question)
    return _desk_action(request, activity, lambda: actions.let_in(found, by=person_of(request)))


@require_POST
@activity_view(FACILITATION)
def star(request: HttpRequest, activity: Activity, question: int) -> HttpResponse:
    """Put a question first."""
    found, on = _fetch(activity, question), request.POST.get("on") == "1"
    return _desk_action(request, activity, lambda: actions.star(found, on=on, by=person_of(request)))


def _with_form(
    request: HttpRequest, activity: Activity, question: Question, form: Any, act: Callable[[Any], None], page: str
) -> HttpResponse:
    status = 200
    if request.method == "POST":
        if form.is_valid():
            try:
                act(form.cleaned_data)
                return redirect(_desk_address(request, activity))
            except RefusedError as refusal:
                form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal.message))
        status = 422
    row = queries.rows(Question.objects.filter(pk=question.pk).select_related("item", "answered_by", "author"))[0]
    context = {"activity": activity, "row": row, "form": form, "show": request.GET.get("show", "")}
    return render(request, page, context, status=status)


@activity_view(FACILITATION)
def hide(request: HttpRequest, activity: Activity, question: int) -> HttpResponse:
    """Hide a question with a reason."""
    found = _fetch(activity, question)
    form = HideForm(request.POST or None)

    def act(values: dict[str, Any]) -> None:
        actions.hide(found, reason=values["reason"], by=person_of(request))

    return _with_form(request, activity, found, form, act, "questions/hide.html")


@activity_view(FACILITATION)
def merge(request: HttpRequest, activity: Activity, question: int) -> HttpResponse:
    """Join a question with another."""
    found = _fetch(activity, question)
    form = MergeForm(request.POST or None, questions=queries.visible_questions(activity).exclude(pk=found.pk))

    def act(values: dict[str, Any]) -> None:
        actions.merge(found, into=values["into"], by=person_of(request))

    return _with_form(request, activity, found, form, act, "questions/merge.html")


@activity_view(ORGANISING)
def answer(request: HttpRequest, activity: Activity, question: int) -> HttpResponse:
    """End a question in one of the four ways."""
    found = _fetch(activity, question)
    me = person_of(request)
    people = may_answer(activity.programme)
    initial = {"answered_by": me, "text": found.answer, "end": found.end}
    form = AnswerForm(request.POST or None, people=people, initial=initial)

    def act(values: dict[str, Any]) -> None:
        given = actions.Answer(values["end"], values["text"], due=values["due"], owner=values["owner"])
        actions.answer(found, given, answered_by=values["answered_by"], by=me)

    return _with_form(request, activity, found, form, act, "questions/answer.html")


# --- files ------------------------------------------------------------------------------------------------------


@activity_view(FACILITATION)
def import_file(request: HttpRequest, activity: Activity) -> HttpResponse:
    """Choose a file with questions from elsewhere."""
    posted = request.method == "POST"
    form = ImportForm(*(request.POST, request.FILES) if posted else ())
    if getattr(request, "upload_too_large", False):
        form.fields["file"].error_messages["required"] = str(sheets.TOO_LARGE)
    if posted and form.is_valid():
        try:
            rows = sheets.read_rows(form.cleaned_data["file"].read())
            if len(rows) < 2:
                raise RefusedError(_("There is no row below the headings."), "file")
            return _columns(request, activity, rows, None)
        except RefusedError as refusal:
            form.add_error("file", str(refusal.message))
    status = 422 if posted else 200
    return render(request, "questions/import.html", {"activity": activity, "form": form}, status=status)


@require_POST
@activity_view(FACILITATION)
def import_columns(request: HttpRequest, activity: Activity) -> HttpResponse:
    """Say which column holds what, see what it becomes, and bring it in."""
    rows: list[list[str]] = []
    with suppress(RefusedError):  # not what we wrote there
        rows = sheets.read_csv(request.POST.get("content", ""))
    if len(rows) < 2:
        return redirect(address("questions:import", activity=activity.pk))
    form = MappingForm(request.POST, columns=rows[0])
    if not form.is_valid() or "look" in request.POST:
        return _columns(request, activity, rows, form)
    values = form.cleaned_data
    plan = rules.plan_import(rows, text=values["text"], likes=values["likes"], keep=values["keep"])
    try:
        me = person_of(request)
        added, known = actions.import_questions(activity, plan.questions, language=values["language"], by=me)
    except RefusedError as refusal:
        form.add_error(None, str(refusal.message))
        return _columns(request, activity, rows, form)
    words = _("Brought in: %(added)d. Already here: %(known)d. Not brought in: %(left)d.")
    left = len(plan.faulty) + plan.left_out
    messages.info(request, words % {"added": added, "known": known, "left": left})
    return redirect(address("questions:desk", activity=activity.pk))


def _columns(request: HttpRequest, activity: Activity, rows: list[list[str]], form: MappingForm | None) -> HttpResponse:
    guessed = rules.guess_columns(rows[0])
    if form is None:
        content = sheets.write_plain(rows)
        form = MappingForm(columns=rows[0], initial={**guessed, "language": get_language(), "content": content})
        chosen = guessed
    else:
        chosen = {name: form.cleaned_data.get(name) for name in guessed} if form.is_valid() else guessed
    plan = rules.plan_import(rows, text=chosen["text"] or 0, likes=chosen["likes"], keep=chosen["keep"])
    context = {
        "activity": activity,
        "form": form,
        "plan": plan,
        "first": plan.questions[:_PREVIEW],
        "more": max(0, len(plan.questions) - _PREVIEW),
    }
    return render(request, "questions/import_columns.html", context, status=422 if form.errors else 200)


@activity_view(ORGANISING)
def export(request: HttpRequest, activity: Activity) -> HttpResponse:
    """Every visible question with its answer, as CSV."""
    table = kind_of(activity).tables(activity)[0]
    response = HttpResponse(sheets.write_csv(table.columns, table.rows), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{table.name}.csv"'
    return response

"""Pages of question time: fetch, call one action or query, render."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from samsyn.activities.questions import actions, queries, rules
from samsyn.activities.questions.forms import AnswerForm, AskForm, ImportForm, MappingForm
from samsyn.activities.questions.models import Question
from samsyn.core import clock, sheets
from samsyn.core.addresses import address
from samsyn.core.errors import RefusedError
from samsyn.programmes.access import activity_view, person_of, visitor_of
from samsyn.programmes.browsers import draw_key, keep_key, voter_key
from samsyn.programmes.kinds import kind_of
from samsyn.programmes.kinds_contributions import takes_contributions
from samsyn.programmes.models import Activity
from samsyn.programmes.queries import may_answer, reply_to
from samsyn.programmes.rules import leaves_no_trace
from samsyn.programmes.standing import ANYONE_THERE, AT_DESK, MODERATING, TAKING_PART
from samsyn.programmes.views.contributions import Desk, as_file, ask_first, do, take
from samsyn.thread.registry import visible_ids
from samsyn.ui.paging import page_of, place_of
from samsyn.ui.templatetags.ui import number as in_digits

_PREVIEW = 20


DESK = Desk(
    "questions",
    Question,
    queries.PLACES,
    {
        "waiting": gettext_lazy("Waits to be let in"),
        "unanswered": gettext_lazy("Not answered yet"),
        "answered": gettext_lazy("Answered"),
        "away": gettext_lazy("Hidden or joined"),
    },
    actions.merge,
    shared=frozenset({"unanswered", "answered"}),
    longest=rules.LONGEST,
)
let_in, hide, translate, merge = DESK.views()


def _show(request: HttpRequest, activity: Activity, form: AskForm, status: int = 200) -> HttpResponse:
    settings = rules.Settings.of(activity)
    page = page_of(queries.visible_questions(activity), request.GET)
    context = {
        "activity": activity,
        "form": form,
        "page": page,
        "rows": queries.rows(page.object_list, key=voter_key(request, activity)),
        "reply": reply_to(activity),
        "is_open": takes_contributions(activity),
        "takes_part": bool(request.standing & TAKING_PART),
        "organises": bool(request.standing & AT_DESK),
        "facilitates": bool(request.standing & MODERATING),
        "may_like": settings.likes and takes_contributions(activity) and bool(request.standing & TAKING_PART),
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
    """Take a question."""
    form = AskForm(request.POST)

    def again(status: int) -> HttpResponse:
        return _show(request, activity, form, status=status)

    if not form.is_valid():
        return again(422)
    return take(request, form, actions.ask, again, "questions/sent.html", {"activity": activity})


@require_POST
@activity_view(TAKING_PART)
def like(request: HttpRequest, activity: Activity, question: int) -> HttpResponse:
    """Agree with a question, or take it back."""
    found = DESK.fetch(activity, question)
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
        response = redirect(address("questions:page", activity=activity.pk) + f"{place_of(found)}#q{found.pk}")
    keep_key(response, activity, key)
    return response


# --- the desk ---------------------------------------------------------------------------------------------------


@activity_view(AT_DESK)
def desk(request: HttpRequest, activity: Activity) -> HttpResponse:
    """Where questions are let in, hidden, joined and answered."""
    context = DESK.context(request, activity, queries.on_the_desk)
    return render(request, "questions/desk.html", context | {"rows": queries.rows(context["page"].object_list)})


@require_POST
@activity_view(MODERATING)
def star(request: HttpRequest, activity: Activity, question: int) -> HttpResponse:
    """Put a question first."""
    found, me, on = DESK.fetch(activity, question), person_of(request), request.POST.get("on") == "1"
    return do(request, lambda: actions.star(found, on=on, by=me), DESK.back(request, activity))


@activity_view(AT_DESK)
def answer(request: HttpRequest, activity: Activity, question: int) -> HttpResponse:
    """End a question in one of the four ways."""
    found = DESK.fetch(activity, question)
    if not visible_ids(visitor_of(request), [found.item]):
        raise Http404
    me = person_of(request)
    people = may_answer(activity.programme)
    initial = {"answered_by": me, "text": found.answer, "end": found.end}
    form = AnswerForm(request.POST or None, people=people, initial=initial)

    def act(values: dict[str, Any]) -> None:
        given = actions.Answer(values["end"], values["text"], due=values["due"], owner=values["owner"])
        actions.answer(found, given, answered_by=values["answered_by"], by=me)
        messages.success(request, _("The answer is saved."))

    context = {"activity": activity, "words": found.words}
    return ask_first(request, form, act, DESK.back(request, activity), "questions/answer.html", context)


# --- files ------------------------------------------------------------------------------------------------------


@activity_view(MODERATING)
def import_file(request: HttpRequest, activity: Activity) -> HttpResponse:
    """Choose a file with questions from elsewhere."""
    posted = request.method == "POST"
    form = ImportForm(*(request.POST, request.FILES) if posted else ())
    if getattr(request, "upload_too_large", False):
        form.fields["file"].error_messages["required"] = str(sheets.TOO_LARGE)
    if posted and form.is_valid():
        try:
            rows = rules.below_title(sheets.read_file(form.cleaned_data["file"]))
            if len(rows) < 2:
                raise RefusedError(_("There is no row below the headings."), "file")
            return _columns(request, activity, rows, None)
        except RefusedError as refusal:
            form.add_error("file", str(refusal.message))
    status = 422 if posted else 200
    return render(request, "questions/import.html", {"activity": activity, "form": form}, status=status)


@require_POST
@activity_view(MODERATING)
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
    plan = _plan(activity, rows, {name: values[name] for name in rules.COLUMNS})
    try:
        me = person_of(request)
        added, known = actions.import_questions(activity, plan.questions, language=values["language"], by=me)
    except RefusedError as refusal:
        form.add_error(None, str(refusal.message))
        return _columns(request, activity, rows, form)
    words = _("Brought in: %(added)s. Already here: %(known)s. Not brought in: %(left)s.")
    left = len(plan.faulty) + plan.left_out
    messages.info(request, words % {"added": in_digits(added), "known": in_digits(known), "left": in_digits(left)})
    return redirect(address("questions:desk", activity=activity.pk))


def _plan(activity: Activity, rows: list[list[str]], columns: dict[str, int | None]) -> rules.Plan:
    return rules.plan_import(rows, **columns, today=clock.today(), anonymous=leaves_no_trace(activity))


def _columns(request: HttpRequest, activity: Activity, rows: list[list[str]], form: MappingForm | None) -> HttpResponse:
    guessed = rules.guess_columns(rows[0])
    if form is None:
        content = sheets.write_plain(rows)
        initial = {**guessed, "text": guessed["text"] or 0, "language": get_language(), "content": content}
        form = MappingForm(columns=rows[0], initial=initial)
        chosen = guessed
    else:
        chosen = {name: form.cleaned_data.get(name) for name in guessed} if form.is_valid() else guessed
    plan = _plan(activity, rows, chosen)
    context = {
        "activity": activity,
        "form": form,
        "plan": plan,
        "first": plan.questions[:_PREVIEW],
        "more": max(0, len(plan.questions) - _PREVIEW),
    }
    return render(request, "questions/import_columns.html", context, status=422 if form.errors else 200)


@activity_view(AT_DESK)
def export(request: HttpRequest, activity: Activity) -> HttpResponse:
    """Every visible question with its answer, as CSV."""
    table = kind_of(activity).tables(activity)[0]
    return as_file(sheets.write_csv(table.columns, table.rows), f"{table.name}.csv", "text/csv; charset=utf-8")

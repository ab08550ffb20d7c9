"""Pages of a poll: those who answer, and the desk of those who run it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from samsyn.activities.polls import actions, queries, rules
from samsyn.activities.polls.forms import QuestionForm, WriteForm
from samsyn.activities.polls.models import OpenAnswer, PollQuestion
from samsyn.core import rows
from samsyn.core.addresses import address
from samsyn.core.errors import RefusedError
from samsyn.programmes.access import activity_view, person_of
from samsyn.programmes.browsers import draw_key, keep_key, voter_key
from samsyn.programmes.forms_contributions import HideForm
from samsyn.programmes.kinds import kind_of
from samsyn.programmes.models import Activity
from samsyn.programmes.queries import reply_to
from samsyn.programmes.queries_contributions import history_of
from samsyn.programmes.standing import ANYONE_THERE, AT_DESK, MODERATING, TAKING_PART
from samsyn.programmes.views import contributions as desks
from samsyn.programmes.views.exports import send_tables

_A_PAGE = 50


def _fetch(activity: Activity, poll: int) -> PollQuestion:
    found = PollQuestion.objects.select_related("activity__programme").filter(pk=poll, activity=activity).first()
    if found is None:
        raise Http404
    return found


def _fetch_text(activity: Activity, answer: int) -> OpenAnswer:
    found = OpenAnswer.objects.select_related("item", "activity__programme", "run__question")
    row = found.filter(pk=answer, activity=activity).first()
    if row is None:
        raise Http404
    return row


def _context(request: HttpRequest, activity: Activity) -> dict[str, Any]:
    """What every page of a poll shows in its head."""
    return rules.told(activity) | {
        "may_answer": rules.can_contribute(activity) and bool(request.standing & TAKING_PART),
        "organises": bool(request.standing & AT_DESK),
        "facilitates": bool(request.standing & MODERATING),
    }


# --- answering --------------------------------------------------------------------------------------------------


@activity_view(ANYONE_THERE)
def page(request: HttpRequest, activity: Activity) -> HttpResponse:
    """One question at a time while it is open; then what one has answered, and what came out."""
    context = _context(request, activity)
    every = queries.asked(activity, key=voter_key(request, activity), organises=context["organises"])
    if context["may_answer"]:
        chosen = rows.id_in(request.GET, "q")
        wanted = next((one for one in every if one.question.pk == chosen), None)
        if wanted is None and not context["organises"] and "all" not in request.GET:
            wanted = queries.next_to_answer(every)
        if wanted is not None:
            return _turn(request, context, wanted, WriteForm(initial={"post_key": draw_key()}))
    return render(request, "polls/page.html", context | {"every": every, "reply": reply_to(activity)})


def _turn(
    request: HttpRequest, context: dict[str, Any], one: queries.Asked, form: Any, *, status: int = 200, **more: str
) -> HttpResponse:
    """A question to answer. `more`: what was wrong with what was sent."""
    context |= {"one": one, "form": form, "chosen": one.chosen, "people": one.mine.people if one.mine else 1}
    return render(request, "polls/answer.html", context | more, status=status)


@require_POST
@activity_view(TAKING_PART)
def answer(request: HttpRequest, activity: Activity, poll: int) -> HttpResponse:
    """Take an answer and show the next question. Sending it twice is the same as once."""
    question = _fetch(activity, poll)
    key = voter_key(request, activity) or draw_key()
    values, me, language = request.POST.dict(), person_of(request), (get_language() or "sv")[:2]
    try:
        actions.answer(question, values, key=key, person=me, language=language)
    except RefusedError as refusal:
        if refusal.field and rules.can_contribute(activity):
            return _again(request, activity, question, WriteForm(), fault=str(refusal.message), field=refusal.field)
        messages.error(request, str(refusal.message))
        return redirect(address("polls:page", activity=activity.pk))
    response = redirect(_onward(activity, question))
    keep_key(response, activity, key)
    return response


def _again(request: HttpRequest, activity: Activity, question: PollQuestion, form: Any, **more: Any) -> HttpResponse:
    context = _context(request, activity)
    every = queries.asked(activity, key=voter_key(request, activity), organises=context["organises"])
    one = next((one for one in every if one.question.pk == question.pk), None)
    if one is None:
        raise Http404
    return _turn(request, context, one, form, **{"status": 422, **more})


def _onward(activity: Activity, question: PollQuestion) -> str:
    """The question after this one, or all of them."""
    after = queries.after(question)
    return address("polls:page", activity=activity.pk) + (f"?q={after.rid}" if after else "?all=1")


@require_POST
@activity_view(TAKING_PART)
def write(request: HttpRequest, activity: Activity, poll: int) -> HttpResponse:
    """Take an answer in own words. The page that answers shows a receipt's words, once: no redirect on purpose."""
    question, form = _fetch(activity, poll), WriteForm(request.POST)
    if form.is_valid():
        words, shown = form.receipt(activity)
        try:
            made = actions.write(
                question,
                text=form.cleaned_data["text"],
                language=(get_language() or "sv")[:2],
                post_key=form.cleaned_data["post_key"],
                author=person_of(request),
                words=words,
            )
            context = {"answer": made, "words": shown, "kept": bool(words and not shown)}
            context["onward"] = _onward(activity, question)
            response = render(request, "polls/sent.html", _context(request, activity) | context)
            response["Cache-Control"] = "no-store"
            return response
        except RefusedError as refusal:
            form.add_error("text", str(refusal.message))
            return _again(request, activity, question, form, status=422 if rules.can_contribute(activity) else 409)
    return _again(request, activity, question, form)


@activity_view(ANYONE_THERE)
def words(request: HttpRequest, activity: Activity, poll: int) -> HttpResponse:
    """Everything that was written to one question and has been shown."""
    context = _context(request, activity)
    runs = queries.current_runs([activity]).filter(question_id=poll, question__form=PollQuestion.Form.WORDS)
    run = next((run for run in runs if rules.sees_result(run, activity, organises=context["organises"])), None)
    if run is None:
        raise Http404
    found = Paginator(queries.visible_texts(run), _A_PAGE).get_page(request.GET.get("page"))
    return render(request, "polls/words.html", context | {"question": run.question, "page": found})


@activity_view(AT_DESK)
def export(request: HttpRequest, activity: Activity) -> HttpResponse:
    """Figures and texts of all runs as a file, once it has closed; before that what has been shown."""
    return send_tables(kind_of(activity).tables(activity), request.GET.get("form", "csv"))


# --- the desk ---------------------------------------------------------------------------------------------------


@activity_view(AT_DESK)
def desk(request: HttpRequest, activity: Activity) -> HttpResponse:
    """Where questions are made and ordered, shown and started again."""
    fixed, sorts, runs = queries.answered(activity), queries.to_sort(activity), queries.every_run(activity)
    lines = []
    for one in queries.asked(activity, organises=True, few=0):
        earlier = [(run, found) for run, found in runs if run.over and run.question_id == one.question.pk]
        lines.append((one, one.question.pk in fixed, sorts.get(one.run.pk), earlier))
    context = {"rows": lines, "may_plan": rules.can_be_planned(activity) and bool(request.standing & MODERATING)}
    return render(request, "polls/desk.html", _context(request, activity) | context)


def _desk(activity: Activity, question: PollQuestion | None = None) -> str:
    return address("polls:desk", activity=activity.pk) + (f"#q{question.pk}" if question else "")


@activity_view(MODERATING, "draft", "open")
def add(request: HttpRequest, activity: Activity) -> HttpResponse:
    """Ready questions, or what sort of question; then the question."""
    chosen, ready, me = request.GET.get("form", ""), request.POST.get("set"), person_of(request)
    if ready in rules.SETS:
        return desks.do(request, lambda: actions.add_set(activity, ready, by=me), _desk(activity))
    if chosen not in PollQuestion.Form.values:
        return render(request, "polls/add.html", _context(request, activity))

    def save(values: dict[str, Any]) -> None:
        actions.add_question(activity, form=chosen, by=me, **values)

    return _question_form(request, activity, QuestionForm(chosen, request.POST or None), save)


@activity_view(MODERATING, "draft", "open")
def change(request: HttpRequest, activity: Activity, poll: int) -> HttpResponse:
    """Change a question that nobody has answered."""
    question = _fetch(activity, poll)

    def save(values: dict[str, Any]) -> None:
        actions.change_question(question, by=person_of(request), **values)

    form = QuestionForm(question.form, request.POST or None, question=question)
    return _question_form(request, activity, form, save, question)


def _question_form(
    request: HttpRequest, activity: Activity, form: QuestionForm, save: Callable[[Any], None],
    question: PollQuestion | None = None,
) -> HttpResponse:  # fmt: skip
    if request.method == "POST" and form.is_valid():
        try:
            save(form.values())
            return redirect(_desk(activity, question))
        except RefusedError as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal.message))
    context = _context(request, activity) | {"form": form, "question": question}
    context["sort"] = PollQuestion.Form(form.form).label
    return render(request, "polls/question.html", context, status=422 if form.errors else 200)


@require_POST
@activity_view(MODERATING)
def act(request: HttpRequest, activity: Activity, poll: int) -> HttpResponse:
    """What is done to a question at once: shown or not, put on in the room, moved."""
    question, me = _fetch(activity, poll), person_of(request)
    ways: dict[str, Callable[[], None]] = {
        "show": lambda: actions.show(question, on=True, by=me),
        "take-away": lambda: actions.show(question, on=False, by=me),
        "put-on": lambda: actions.put_on(question, by=me),
        "earlier": lambda: actions.move_question(question, earlier=True, by=me),
        "later": lambda: actions.move_question(question, earlier=False, by=me),
    }
    wanted = ways.get(request.POST.get("do", ""))
    return desks.do(request, wanted, _desk(activity, question)) if wanted else redirect(_desk(activity, question))


@activity_view(MODERATING, "draft", "open")
def delete(request: HttpRequest, activity: Activity, poll: int) -> HttpResponse:
    """Take a question away, once asked."""
    question, me = _fetch(activity, poll), person_of(request)
    if request.method == "POST":
        return desks.do(request, lambda: actions.delete_question(question, by=me), _desk(activity))
    return render(request, "polls/delete.html", {"activity": activity, "question": question})


@activity_view(MODERATING, "open")
def restart(request: HttpRequest, activity: Activity, poll: int) -> HttpResponse:
    """Start a question again, once asked."""
    question, me = _fetch(activity, poll), person_of(request)
    if request.method == "POST":
        return desks.do(request, lambda: actions.restart(question, by=me), _desk(activity, question))
    return render(request, "polls/restart.html", {"activity": activity, "question": question})


# --- sorting what was written -----------------------------------------------------------------------------------


@activity_view(AT_DESK)
def texts(request: HttpRequest, activity: Activity, poll: int) -> HttpResponse:
    """What was written to one question: let in, hidden, joined."""
    question = _fetch(activity, poll)
    run = queries.current_runs([activity]).filter(question=question, question__form=PollQuestion.Form.WORDS).first()
    if run is None:
        raise Http404
    headings = {"waiting": _("Waits to be let in"), "visible": _("Visible"), "away": _("Hidden or joined")}
    numbers = queries.to_sort(activity).get(run.pk, {})
    shown = request.GET.get("show", "")
    if shown not in headings:
        shown = "waiting" if numbers.get("waiting") else "visible"
    found = Paginator(queries.on_the_desk(run, shown), _A_PAGE).get_page(request.GET.get("page"))
    acts = history_of(page_of := list(found.object_list))
    context = {
        "question": question,
        "run": run,
        "tabs": [(name, label, numbers.get(name, 0), name == shown) for name, label in headings.items()],
        "heading": headings[shown],
        "shown": shown,
        "page": found,
        "rows": [(row, acts[row.pk]) for row in page_of],
    }
    return render(request, "polls/texts.html", _context(request, activity) | context)


def _texts(request: HttpRequest, text: OpenAnswer) -> str:
    shown = request.POST.get("show") or request.GET.get("show") or ""
    path = address("polls:texts", activity=text.activity_id, poll=text.run.question_id)
    return path + (f"?show={shown}" if shown in queries.PLACES else "")


@require_POST
@activity_view(MODERATING)
def let_in(request: HttpRequest, activity: Activity, answer: int) -> HttpResponse:
    """Let a text be seen."""
    text, me = _fetch_text(activity, answer), person_of(request)
    return desks.do(request, lambda: actions.let_in(text, by=me), _texts(request, text))


@activity_view(MODERATING)
def hide(request: HttpRequest, activity: Activity, answer: int) -> HttpResponse:
    """Hide a text with a reason."""
    text, me = _fetch_text(activity, answer), person_of(request)

    def act(values: dict[str, Any]) -> None:
        actions.hide(text, reason=values["reason"], by=me)

    form, back = HideForm(request.POST or None, row=text), _texts(request, text)
    return desks.ask_first(request, form, act, back, "polls/hide.html", {"activity": activity, "words": text.words})


@activity_view(MODERATING)
def merge(request: HttpRequest, activity: Activity, answer: int) -> HttpResponse:
    """Join a text with another answer to the same question."""
    text, me = _fetch_text(activity, answer), person_of(request)

    def act(values: dict[str, Any]) -> None:
        actions.merge(text, into=values["into"], by=me)

    others, back = queries.visible_texts(text.run).exclude(pk=text.pk), _texts(request, text)
    return desks.join(request, text, others, act, back, "polls/merge.html", {"activity": activity})

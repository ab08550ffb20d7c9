"""Pages of a dialogue: those who take part, the desk of those who run it, and the result."""

from __future__ import annotations

import json
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from samsyn.activities.dialogue import actions, queries, rules
from samsyn.activities.dialogue.forms import AddForm, ImportForm, SeedForm, VoteForm
from samsyn.activities.dialogue.models import Statement
from samsyn.core import sheets
from samsyn.core.addresses import address
from samsyn.core.errors import RefusedError
from samsyn.core.ids import read_id
from samsyn.programmes.access import activity_view, person_of
from samsyn.programmes.browsers import draw_key, keep_key, voter_key
from samsyn.programmes.forms_contributions import OriginForm
from samsyn.programmes.importing import is_imported, origin_of
from samsyn.programmes.kinds import kind_of
from samsyn.programmes.models import Activity
from samsyn.programmes.queries import reply_to
from samsyn.programmes.queries_contributions import history_of
from samsyn.programmes.rules import leaves_no_trace
from samsyn.programmes.standing import ANYONE_THERE, AT_DESK, MODERATING, TAKING_PART
from samsyn.programmes.views.contributions import Desk, as_file, ask_origin, do, take
from samsyn.ui.paging import page_of
from samsyn.ui.templatetags.ui import number as in_digits

_FORMS = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "json": "application/json",
    "zip": "application/zip",
}


DESK = Desk(
    "dialogue",
    Statement,
    queries.PLACES,
    {
        "waiting": gettext_lazy("Waits to be let in"),
        "visible": gettext_lazy("Visible"),
        "away": gettext_lazy("Hidden or joined"),
    },
    actions.merge,
    shared=frozenset({"visible"}),
    longest=rules.LONGEST,
    let_in=actions.let_in,
)
let_in, hide, translate, merge = DESK.views()


def context_of(request: HttpRequest, activity: Activity) -> dict[str, Any]:
    """What every page of a dialogue shows in its head."""
    return {
        **rules.told(activity),
        "imported": is_imported(activity),
        "origin": origin_of(activity),
        "has_result": rules.has_result(activity),
        "takes_part": bool(request.standing & TAKING_PART),
        "organises": bool(request.standing & AT_DESK),
        "facilitates": bool(request.standing & MODERATING),
        "rows_may_leave": rules.may_leave_row_by_row(activity) and bool(request.standing & MODERATING),
    }


@activity_view(ANYONE_THERE)
def page(request: HttpRequest, activity: Activity) -> HttpResponse:
    """One statement at a time while it is open; afterwards the way to the result, and our reply."""
    context = context_of(request, activity)
    asked = {"s", "last"} & set(request.GET)
    if context["is_open"] and context["takes_part"] and (asked or not context["organises"]):
        kept = voter_key(request, activity)
        key = kept or draw_key()
        context |= _turn(activity, key, request.GET.get("s"), last=request.GET.get("last"))
        response = render(request, "dialogue/vote.html", context | {"drawn": not kept})
        if not kept:  # so that one answer sent twice is one vote, also where no scripts run
            keep_key(response, activity, key)
        return response
    context["reply"] = reply_to(activity)
    return render(request, "dialogue/page.html", context)


def _turn(activity: Activity, key: str, wanted: str | None = None, *, last: str | None = None) -> dict[str, Any]:
    """What the card needs: the statement, how one voted on it before, and the vote that may be taken back.

    What was chosen is counted by statement and day.
    """
    turn = queries.next_turn(activity, key, wanted=read_id(wanted), last=read_id(last))
    actions.note_showing(turn)
    return {
        "turn": turn,
        "count": _("%(done)s of %(total)s") % {"done": in_digits(turn.done), "total": in_digits(turn.total)},
        "mine": turn.mine.get(turn.statement.pk) if turn.statement else None,
        "last": turn.mine.get(turn.last.pk) if turn.last else None,
    }


@require_POST
@activity_view(TAKING_PART)
def vote(request: HttpRequest, activity: Activity, statement: int) -> HttpResponse:
    """Take a vote and show the next statement. Sending it twice is the same as once."""
    found = DESK.fetch(activity, statement, "merged_into__item", "merged_into__activity")
    key = voter_key(request, activity) or draw_key()
    form = VoteForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Choose agree, disagree or pass."))
        return _onward(request, activity, key, f"?s={found.rid}")
    try:
        values = form.cleaned_data
        actions.vote(found, key=key, person=person_of(request), value=values["value"], important=values["important"])
    except RefusedError as refusal:
        messages.error(request, str(refusal.message))
        return _onward(request, activity, key, "")
    return _onward(request, activity, key, last=found)


def _onward(
    request: HttpRequest, activity: Activity, key: str, query: str = "", *, last: Statement | None = None
) -> HttpResponse:
    """The next card: in place where scripts run, else the page anew."""
    if last is not None:
        query = f"?last={last.rid}"
    response: HttpResponse
    if request.htmx and last is not None:
        context = context_of(request, activity) | _turn(activity, key, last=last.rid)
        response = render(request, "dialogue/_card.html", context)
    elif request.htmx:
        response = HttpResponse(
            status=204, headers={"HX-Redirect": address("dialogue:page", activity=activity.pk) + query}
        )
    else:
        response = redirect(address("dialogue:page", activity=activity.pk) + query)
    keep_key(response, activity, key)
    return response


@require_POST
@activity_view(TAKING_PART)
def take_back(request: HttpRequest, activity: Activity, statement: int) -> HttpResponse:
    """Take a vote back and show that statement again."""
    found = DESK.fetch(activity, statement, "merged_into__item", "merged_into__activity")
    try:
        actions.take_back(found, key=voter_key(request, activity), person=person_of(request))
    except RefusedError as refusal:
        messages.error(request, str(refusal.message))
    return redirect(address("dialogue:page", activity=activity.pk) + f"?s={found.rid}")


@activity_view(TAKING_PART)
def mine(request: HttpRequest, activity: Activity) -> HttpResponse:
    """What I have answered, and the way to change it."""
    votes = queries.my_votes(activity, voter_key(request, activity))
    known = queries.statements_by_id(votes)
    rows = sorted(((known[pk], row) for pk, row in votes.items()), key=lambda pair: pair[0].text.casefold())
    return render(request, "dialogue/mine.html", context_of(request, activity) | {"page": page_of(rows, request.GET)})


@activity_view(TAKING_PART)
def add(request: HttpRequest, activity: Activity) -> HttpResponse:
    """A statement of one's own. What is nearly the same already is shown before it is sent."""
    context = context_of(request, activity)
    form = AddForm(request.POST) if request.method == "POST" else AddForm(initial={"post_key": draw_key()})

    def again(status: int = 200, **more: Any) -> HttpResponse:
        return render(request, "dialogue/add.html", context | {"form": form} | more, status=status)

    if not form.is_bound:
        return again()
    if not form.is_valid():
        return again(422)
    near = [] if "sure" in request.POST else queries.similar(activity, form.cleaned_data["text"])
    if near:
        return again(near=near)
    return take(request, form, actions.add_statement, again, "dialogue/sent.html", context)


# --- the desk ---


@activity_view(AT_DESK)
def desk(request: HttpRequest, activity: Activity) -> HttpResponse:
    """Where statements are let in, hidden and joined."""
    context = DESK.context(request, activity, queries.on_the_desk)
    acts = history_of(rows := list(context["page"].object_list))
    chosen, surely = queries.choices_of(activity)
    context |= {
        "rows": [(row, acts[row.pk]) for row in rows],
        "chosen": chosen,
        "surely": surely,
        "staged": queries.import_of(activity),
        "nothing": not any(number for _name, _label, number, _now in context["tabs"]),
    }
    return render(request, "dialogue/desk.html", context_of(request, activity) | context)


@activity_view(MODERATING)
def seed(request: HttpRequest, activity: Activity) -> HttpResponse:
    """Put in the statements to begin with."""
    form = SeedForm(request.POST or None, initial={"language": get_language()})
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        try:
            me = person_of(request)
            added = actions.seed(activity, values["statements"], language=values["language"], by=me)
            messages.info(request, _("Put in: %(added)s.") % {"added": in_digits(added)})
            return redirect(address("dialogue:desk", activity=activity.pk) + "?show=visible")
        except RefusedError as refusal:
            form.add_error("statements", str(refusal.message))
    status = 422 if form.errors else 200
    return render(request, "dialogue/seed.html", context_of(request, activity) | {"form": form}, status=status)


@activity_view(MODERATING, "draft", "open")
def import_files(request: HttpRequest, activity: Activity) -> HttpResponse:
    """Bring in the files of a Polis export, or go on with what was cut off."""
    from samsyn.algorithms.opinion_map import polis_files

    posted = request.method == "POST"
    form = ImportForm(request.POST or None, request.FILES or None, initial={"language": get_language()})
    if posted and getattr(request, "upload_too_large", False):
        form.fields["export"].error_messages["required"] = str(sheets.TOO_LARGE)
    if posted and form.is_valid():
        values = form.cleaned_data
        origin = {name: values[name] for name in OriginForm.base_fields}
        try:
            read, me = polis_files.read_conversation(values["export"]), person_of(request)
            return _under_way(actions.bring_in(activity, read, origin, language=values["language"], by=me))
        except polis_files.FaultyFileError as fault:
            form.add_error("export", f"{fault.file}: {_in_words(fault)}")
        except RefusedError as refusal:
            form.add_error("export", str(refusal.message))
    context = context_of(request, activity) | {"form": form, "staged": queries.import_of(activity)}
    return render(request, "dialogue/import.html", context, status=422 if posted else 200)


def _under_way(staged: Any) -> HttpResponse:
    """To the job while there is one, else to what has been brought in."""
    if staged.job_id:
        return redirect(address("jobs:job", job=staged.job_id))
    return redirect(address("dialogue:desk", activity=staged.activity_id) + "?show=visible")


@require_POST
@activity_view(MODERATING)
def unfinished(request: HttpRequest, activity: Activity) -> HttpResponse:
    """Go on with an import that was cut off, or give it up."""
    staged, me = queries.import_of(activity), person_of(request)
    if staged is None:
        return redirect(address("dialogue:desk", activity=activity.pk))
    if "give_up" in request.POST:
        return do(request, lambda: actions.take_away(staged, by=me), address("dialogue:desk", activity=activity.pk))
    return _under_way(actions.go_on(staged, by=me))


@activity_view(MODERATING)
def origin(request: HttpRequest, activity: Activity) -> HttpResponse:
    """Say where an imported dialogue comes from."""
    back = address("dialogue:desk", activity=activity.pk)
    return ask_origin(request, activity, back, context_of(request, activity))


def _in_words(fault: Any) -> str:
    """What is wrong with a file, and where, in the reader's language."""
    sentences = {
        "missing": _("There are no votes in the files."),
        "empty": _("The file is empty."),
        "text": _("The file is not text."),
        "column": _("A column is missing: %(detail)s."),
        "row": _("The row cannot be read."),
        "vote": _("A vote is neither 1, 0 nor -1: %(detail)s."),
        "large": _("There is too much in the file."),
    }
    said = sentences[fault.fault] % {"detail": fault.detail}
    where = {"row": fault.row, "column": fault.column, "said": said}
    if fault.row and fault.column:
        return _("Row %(row)d, column “%(column)s”: %(said)s") % where
    return _("Row %(row)d: %(said)s") % where if fault.row else said


# --- the result ---


def _may_see(request: HttpRequest, activity: Activity) -> bool:
    """Once published it is for everyone there; before, for those who are to answer."""
    published = activity.state == Activity.State.PUBLISHED
    return rules.has_result(activity) and (published or bool(request.standing & AT_DESK))


@activity_view(ANYONE_THERE)
def result(request: HttpRequest, activity: Activity) -> HttpResponse:
    """What most agree on, what separates people, where they are unsure; the map and where I would stand."""
    if not _may_see(request, activity):
        return redirect(address("dialogue:page", activity=activity.pk))
    made = queries.result_of(activity)
    context = context_of(request, activity) | {
        "reply": reply_to(activity),
        "made": made,
        "too_few": _("Nobody has answered yet."),
    }
    if leaves_no_trace(activity):
        context["too_few"] = _("Fewer than five people have answered any statement, so nothing is shown.")
    if made is not None and not (outcome := queries.Outcome(made)).few:
        mine = queries.my_votes(activity, voter_key(request, activity))
        context |= {
            "outcome": outcome,
            **{name: outcome.found(name) for name in ("consensus", "divisive", "unsure")},
            "hardly_seen": outcome.hardly_seen(),
            "groups": outcome.groups(),
            "me": outcome.spot_of(mine),
            "few_mine": bool(mine),
        }
    return render(request, "dialogue/result.html", context)


@activity_view(ANYONE_THERE)
def statements(request: HttpRequest, activity: Activity) -> HttpResponse:
    """Every statement with its shares, in a table."""
    made = queries.result_of(activity) if _may_see(request, activity) else None
    if made is None:
        return redirect(address("dialogue:page", activity=activity.pk))
    context = context_of(request, activity) | {"page": page_of(queries.Outcome(made).lines(), request.GET)}
    return render(request, "dialogue/statements.html", context)


@activity_view(AT_DESK)
def export(request: HttpRequest, activity: Activity) -> HttpResponse:
    """The result as a file: figures of statements, never anyone's votes."""
    form = request.GET.get("form", "csv")
    made = queries.result_of(activity) if rules.has_result(activity) else None
    may_leave = rules.may_leave_row_by_row(activity) and bool(request.standing & MODERATING)  # hidden ones are in it
    if made is None or form not in _FORMS or (form == "zip" and not may_leave):
        raise Http404
    tables = kind_of(activity).tables(activity)
    content: Any
    if form == "csv":
        content = sheets.write_csv(tables[0].columns, tables[0].rows)
    elif form == "xlsx":
        content = sheets.write_xlsx([(table.name, table.columns, table.rows) for table in tables])
    elif form == "zip":
        content = queries.export_of(activity)
    else:
        content = json.dumps(_for_others(queries.Outcome(made), origin_of(activity)), ensure_ascii=False, indent=1)
    return as_file(content, f"{tables[0].name}.{form}", _FORMS[form])


def _for_others(outcome: queries.Outcome, origin: str) -> dict[str, Any]:
    """The result with the statements' words, without what only this product reads."""
    unsaid = {"model", "names"} | ({"people", "votes"} if outcome.few else set())
    kept = {name: value for name, value in outcome.data.items() if name not in unsaid}
    words = {name: dict(line.words) for name, line in outcome.by_name.items()}
    return {"origin": origin, "statements": words, **kept}

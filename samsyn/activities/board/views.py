"""Pages of a board: those who take part, the desk of those who run it, and what leaves on paper."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from samsyn.activities.board import actions, forms, queries, rules
from samsyn.activities.board.models import Board, Card, CardGroup
from samsyn.algorithms.text.groups import MOST as MOST_COMPARED
from samsyn.algorithms.text.groups import suggest_groups
from samsyn.core.addresses import absolute, address
from samsyn.core.clock import today
from samsyn.core.errors import RefusedError
from samsyn.core.texts import LangText
from samsyn.programmes import codes, contributing, handover, points
from samsyn.programmes.access import activity_view, person_of, visitor_of
from samsyn.programmes.browsers import draw_key, keep_key, voter_key
from samsyn.programmes.contributing import Sent
from samsyn.programmes.forms_contributions import HideForm, JoinForm
from samsyn.programmes.kinds import kind_of
from samsyn.programmes.models import Activity
from samsyn.programmes.queries import may_answer, reply_to
from samsyn.programmes.rules import leaves_no_trace
from samsyn.programmes.standing import ANYONE_THERE, AT_DESK, MODERATING, TAKING_PART
from samsyn.programmes.views.common import acting, refuse, sent
from samsyn.programmes.views.exports import send_tables
from samsyn.programmes.views.form_page import do, form_page
from samsyn.thread.registry import visible_ids
from samsyn.ui.forms import Form


def _language() -> str:
    return (get_language() or "sv")[:2]


def _context(request: HttpRequest, activity: Activity, board: Board) -> dict[str, Any]:
    """What every page of a board needs to know."""
    phases = rules.phases_of(activity)
    takes_part, facilitates = bool(request.standing & TAKING_PART), bool(request.standing & MODERATING)
    carried = queries.carried_over(activity)
    seen = visible_ids(visitor_of(request), [telling.item for telling in carried])
    return {
        "activity": activity,
        "board": board,
        "phases": [phase.label for phase in phases],
        "current": phases.index(Board.Phase(board.phase)) + 1 if board.phase in phases else 1,
        "settings": rules.Settings.of(activity),
        "takes_cards": rules.takes_cards(board) and takes_part,
        "takes_dots": rules.takes_dots(board) and takes_part,
        "organises": bool(request.standing & AT_DESK),
        "facilitates": facilitates,
        "arranges": rules.can_be_arranged(board) and facilitates,
        "names": activity.level == Activity.Level.NAMED,
        "receipts": leaves_no_trace(activity),
        "before": [telling for telling in carried if telling.item.pk in seen],
        "change": queries.change_of(board),
        "counts": queries.counts(activity),
    }


def _show(request: HttpRequest, activity: Activity, status: int = 200, **more: Any) -> HttpResponse:
    """The form where one can write or vote, and for those who run it where they ask for it; else the board."""
    context = _context(request, activity, queries.board_of(activity)) | {"reply": reply_to(activity)}
    wanted = "form" in more or "take-part" in request.GET or not context["organises"]
    if context["takes_cards"] and wanted:
        more.setdefault("form", _write_form(activity, context["settings"]))
        context["mine"] = queries.written_by(activity, person_of(request))
        return render(request, "board/write.html", context | more, status=status)
    if context["takes_dots"] and wanted:
        mine = queries.my_dots(activity, voter_key(request, activity))
        context |= {"lanes": queries.lanes(activity, mine), "choices": range(context["settings"].dots + 1)}
        return render(request, "board/vote.html", context, status=status)
    context |= {"lanes": queries.lanes(activity), "led_on": queries.led_on(activity)}
    return render(request, "board/page.html", context | more, status=status)


def _write_form(activity: Activity, settings: rules.Settings, data: Any = None, **initial: Any) -> forms.WriteForm:
    columns = queries.columns(activity)
    if columns.count() == 1:
        initial.setdefault("column", columns[0])
    initial["post_key"] = draw_key()
    return forms.WriteForm(data, columns=columns, tables=settings.tables, initial=initial)


@activity_view(ANYONE_THERE)
def page(request: HttpRequest, activity: Activity) -> HttpResponse:
    """Write, read, vote; afterwards what came out, and our reply."""
    return _show(request, activity)


@require_POST
@activity_view(TAKING_PART)
def write(request: HttpRequest, activity: Activity) -> HttpResponse:
    """Take a card. The page that answers shows a receipt's words, once: it is not a redirect on purpose."""
    settings = rules.Settings.of(activity)
    form = _write_form(activity, settings, request.POST)
    if not form.is_valid():
        return _show(request, activity, 422, form=form)
    words, shown = form.receipt(activity)
    values = form.cleaned_data
    try:
        said = Sent(values["text"], _language(), values["post_key"], person_of(request), words)
        card = actions.write(values["column"], said, table=values.get("table"))
    except RefusedError as refusal:
        refuse(form, refusal)
        return _show(request, activity, 409, form=form)
    again = _write_form(activity, settings, column=card.column)
    response = _show(request, activity, form=again, card=card, words=shown, kept=bool(words and not shown))
    response["Cache-Control"] = "no-store"
    return response


@require_POST
@activity_view(TAKING_PART)
def vote(request: HttpRequest, activity: Activity) -> HttpResponse:
    """Take dots. Sending them twice is the same as once."""
    key = voter_key(request, activity) or draw_key()
    try:
        ballot = points.read_ballot(request.POST, "dots")
        actions.place_dots(activity, ballot, key=key, person=person_of(request))
    except RefusedError as refusal:
        messages.error(request, str(refusal.message))
    else:
        messages.success(request, _("Your dots are placed. You can move them until voting ends."))
    response = redirect(address("board:page", activity=activity.pk))
    keep_key(response, activity, key)
    return response


# --- what leaves ------------------------------------------------------------------------------------------------


@activity_view(ANYONE_THERE)
def paper(request: HttpRequest, activity: Activity) -> HttpResponse:
    """The board on one sheet."""
    board = queries.board_of(activity)
    context = _context(request, activity, board) | {"lanes": queries.lanes(activity)}
    return render(request, "board/paper.html", context)


@activity_view(ANYONE_THERE)
def paper_form(request: HttpRequest, activity: Activity) -> HttpResponse:
    """An empty board to write on by hand, with the way in and the anonymity card."""
    way_in = absolute(reverse("join:enter", kwargs={"code": activity.code})) if activity.code else ""
    context = {"activity": activity, "columns": queries.columns(activity), "way_in": way_in}
    context["code"] = codes.spaced(activity.code or "")
    context["address"] = absolute(reverse("join:code")).split("://", 1)[-1].rstrip("/")
    return render(request, "board/paper_form.html", context)


@activity_view(AT_DESK)
def export(request: HttpRequest, activity: Activity) -> HttpResponse:
    """Every card that is shown, as CSV or XLSX."""
    return send_tables(kind_of(activity).tables(activity), request.GET.get("form", "csv"))


# --- the desk ---------------------------------------------------------------------------------------------------


@activity_view(AT_DESK)
def desk(request: HttpRequest, activity: Activity) -> HttpResponse:
    """Where those who run the board lead from phase to phase, arrange the cards and take them further."""
    board = queries.board_of(activity)
    context = _context(request, activity, board) | {
        "lanes": queries.lanes(activity),
        "away": queries.shown_cards(activity, Card.State.HIDDEN, Card.State.MERGED),
        "onward": rules.phase_after(board),
        "back": rules.phase_after(board, steps=-1),
    }
    return render(request, "board/desk.html", context)


def _desk(activity: Activity, place: str = "") -> str:
    return address("board:desk", activity=activity.pk) + place


@require_POST
@activity_view(MODERATING)
def phase(request: HttpRequest, activity: Activity) -> HttpResponse:
    """Go to another phase."""
    wanted, me = request.POST.get("phase", ""), acting(request)
    return do(request, lambda: actions.set_phase(activity, wanted, by=me), onward=_desk(activity))


@require_POST
@activity_view(MODERATING)
def arrange(request: HttpRequest, activity: Activity) -> HttpResponse:
    """Move the chosen cards to a column, into a group or into a new one."""
    ticked, to = set(request.POST.getlist("cards")), request.POST.get("to", "")
    cards = [card for card in queries.shown_cards(activity) if str(card.pk) in ticked]
    places = [*queries.columns(activity), *CardGroup.objects.filter(activity=activity).select_related("item")]
    place = next((place for place in places if to == str(place.pk)), None)

    def act() -> None:
        if not cards or len(cards) != len(ticked) or (place is None and to != "new"):
            raise RefusedError(_("Tick at least one card that is still here, and choose where the cards go."))
        name = " ".join(request.POST.get("name", "").split())[: rules.LONGEST_NAME]
        actions.arrange(activity, cards, to=place or LangText.of(name, _language()), by=acting(request))

    back = "board:suggest" if request.POST.get("back") == "suggest" else "board:desk"
    return do(request, act, onward=address(back, activity=activity.pk))


@activity_view(MODERATING)
def suggest(request: HttpRequest, activity: Activity) -> HttpResponse:
    """Groups that could be made of the cards that are in none, column by column; somebody accepts them or not."""
    lanes = queries.lanes(activity)
    found, left_out = [], []
    for lane in lanes:
        cards = lane.cards[:MOST_COMPARED]
        suggested = suggest_groups([card.text for card in cards])
        found += [(lane.column, one.name, [cards[place] for place in one.places]) for one in suggested.groups]
        left_out += [cards[place] for place in suggested.left_out] + lane.cards[MOST_COMPARED:]
    inside = sum(len(cards) for _column, _name, cards in found)
    context = {"activity": activity, "found": found, "left_out": left_out, "inside": inside}
    context["all"] = inside + len(left_out)
    context["share"] = round(100 * inside / context["all"]) if inside else 0
    return render(request, "board/suggest.html", context)


@activity_view(MODERATING)
def type_cards(request: HttpRequest, activity: Activity) -> HttpResponse:
    """Write down what stands on a flipchart, beside its photo."""
    form = forms.TypeForm(sent(request), rows={"column": queries.columns(activity)}, initial={"language": _language()})

    def act(values: dict[str, Any]) -> int:
        me = acting(request)
        return actions.type_cards(values["column"], values["cards"], language=values["language"], by=me)

    return form_page(request, "board/type.html", form, act=act, onward=_desk(activity), activity=activity)


@activity_view(MODERATING)
def columns(request: HttpRequest, activity: Activity) -> HttpResponse:
    """Name, add, order and remove columns; or begin from another board."""
    there, here, me = list(queries.columns(activity)), address("board:columns", activity=activity.pk), acting(request)
    layout = forms.LayoutForm(request.POST if "layout" in request.POST else None)
    if "layout" in request.POST and layout.is_valid():
        return do(request, lambda: actions.choose_layout(activity, layout.cleaned_data["layout"], by=me), onward=here)
    formset = forms.columns_formset(sent(request), there)
    if formset.is_valid():
        try:
            actions.arrange_columns(activity, forms.wanted_columns(formset, there), by=me)
            return redirect(address("board:page", activity=activity.pk))
        except RefusedError as refusal:
            formset.non_form_errors().append(str(refusal.message))
    empty = not Card.objects.filter(activity=activity).exists()
    context = {"activity": activity, "formset": formset, "layout": layout, "empty": empty}
    return render(request, "board/columns.html", context, status=422 if sent(request) else 200)


# --- one card or group ------------------------------------------------------------------------------------------


def _fetch(activity: Activity, thing: int, *wanted: type) -> Any:
    """A card that has been revealed (before that nobody reads it), or a group; or 404. `wanted`: which of the two."""
    rows = Card.objects.select_related("item", "activity__programme", "column", "group__item", "author")
    card = rows.filter(pk=thing, activity=activity).exclude(state=Card.State.WAITING).first()
    groups = CardGroup.objects.select_related("item", "activity__programme", "column")
    found = card or groups.filter(pk=thing, activity=activity).first()
    if found is None or (wanted and not isinstance(found, wanted)):
        raise Http404
    return found


def _ask(request: HttpRequest, page: str, mark: actions.Mark, form: Form, act: Callable[..., Any]) -> HttpResponse:
    """Ask for what is needed about a card or a group, do it, and go back to it."""
    activity, me = mark.activity, acting(request)
    onward = _desk(activity, f"#t{mark.pk}")
    context = {"activity": activity, "mark": mark, "words": mark.item.title}
    return form_page(
        request, f"board/{page}.html", form, act=lambda values: act(mark, by=me, **values), onward=onward, **context
    )


@activity_view(AT_DESK)
def thing(request: HttpRequest, activity: Activity, thing: int) -> HttpResponse:
    """One card or group, and all that can be done with it."""
    mark, board = _fetch(activity, thing), queries.board_of(activity)
    is_card = isinstance(mark, Card)
    context = _context(request, activity, board) | {
        "mark": mark,
        "words": mark.words if is_card else mark.name,
        "is_card": is_card,
        "cards": [mark] if is_card else queries.shown_cards(activity).filter(group=mark.pk),
        "lanes": queries.lanes(activity),
        "offers": handover.offers_to(visitor_of(request), mark.item)
        if not is_card or mark.state == Card.State.VISIBLE
        else [],
    }
    return render(request, "board/thing.html", context)


@activity_view(MODERATING)
def rename(request: HttpRequest, activity: Activity, cardgroup: int) -> HttpResponse:
    """Give a group another name."""
    mark = _fetch(activity, cardgroup, CardGroup)
    return _ask(request, "rename", mark, forms.GroupForm(sent(request), initial={"name": mark.name}), actions.rename)


@activity_view(MODERATING)
def hide(request: HttpRequest, activity: Activity, card: int) -> HttpResponse:
    """Hide a card with a reason."""
    found = _fetch(activity, card, Card)
    return _ask(request, "hide", found, HideForm(sent(request), row=found), actions.hide)


@require_POST
@activity_view(MODERATING)
def restore(request: HttpRequest, activity: Activity, card: int) -> HttpResponse:
    """Let a hidden card be seen again."""
    found, me = _fetch(activity, card, Card), acting(request)
    return do(request, lambda: contributing.let_in(found, by=me), onward=_desk(activity, f"#t{found.pk}"))


@activity_view(MODERATING)
def merge(request: HttpRequest, activity: Activity, card: int) -> HttpResponse:
    """Join a card with another that says the same."""
    found = _fetch(activity, card, Card)
    others = queries.shown_cards(activity).exclude(pk=found.pk)
    form = JoinForm(sent(request), rows=others, offered=others.order_by("text"))
    return _ask(request, "merge", found, form, actions.merge)


@activity_view(AT_DESK)
def judge(request: HttpRequest, activity: Activity, card: int) -> HttpResponse:
    """Say that a way of working is kept or dropped."""
    found = _fetch(activity, card, Card)
    initial = {"verdict": found.verdict, "reason": found.verdict_reason, "day": found.verdict_day or today()}
    return _ask(request, "judge", found, forms.JudgeForm(sent(request), initial=initial), actions.judge)


@activity_view(AT_DESK)
def promise(request: HttpRequest, activity: Activity, thing: int) -> HttpResponse:
    """Promise something out of a card or a group; it may be the one thing we change."""
    mark = _fetch(activity, thing)
    initial = {"text": mark.item.title, "owner": acting(request), "the_one": "one" in request.GET}
    people = may_answer(activity.programme)
    form = forms.PromiseForm(sent(request), rows={"owner": people}, initial=initial)
    return _ask(request, "promise", mark, form, actions.promise)

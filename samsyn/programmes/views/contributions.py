"""The desk of a kind whose people contribute texts: where each stands, and how it is let in, hidden and joined."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Page
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise as LazyText
from django.utils.translation import get_language
from django.views.decorators.http import require_POST

from samsyn.core.addresses import address
from samsyn.core.errors import RefusedError
from samsyn.core.sheets import without_controls
from samsyn.core.texts import LangText
from samsyn.programmes import contributing
from samsyn.programmes.access import activity_view, person_of
from samsyn.programmes.contributions import Contribution
from samsyn.programmes.forms_contributions import HideForm, JoinForm, OriginForm, TranslateForm
from samsyn.programmes.importing import tell_origin
from samsyn.programmes.kinds_contributions import takes_contributions
from samsyn.programmes.models import Activity
from samsyn.programmes.queries_contributions import counts, to_join_with
from samsyn.programmes.standing import MODERATING
from samsyn.programmes.views.common import acting, refuse
from samsyn.thread.queries import follow_ups
from samsyn.ui.paging import page_of

_KEPT = ("show", "page")  # of the desk's address, so that one comes back to where one was
_LONGEST_SEARCH = 80


@dataclass(frozen=True)
class Desk:
    """One kind's desk. `places`: the tabs by name; who lets texts in begins at the first, if anything waits there.

    `shared`: the tabs of those who run the programme and do not facilitate: what others do not see yet is not theirs.
    """

    slug: str
    model: type[Contribution]
    places: Mapping[str, Q]
    headings: Mapping[str, LazyText]
    merge: Callable[..., None]
    shared: frozenset[str]
    longest: int
    let_in: Callable[..., None] = contributing.let_in

    def fetch(self, activity: Activity, pk: int, *related: str) -> Any:
        """A text of the activity, or 404."""
        rows = self.model._default_manager.select_related("item", "activity__programme", *related)
        row = rows.filter(pk=pk, activity=activity).first()
        if row is None:
            raise Http404
        return row

    def back(self, request: HttpRequest, activity: Activity) -> str:
        """The address of the desk as one left it."""
        kept = {name: request.GET[name] for name in _KEPT if request.GET.get(name)}
        return address(f"{self.slug}:desk", activity=activity.pk) + (f"?{urlencode(kept)}" if kept else "")

    def context(
        self, request: HttpRequest, activity: Activity, standing_in: Callable[[Activity, str], QuerySet[Any]]
    ) -> dict[str, Any]:
        """What a desk's page shows: tabs, and a page of the texts that stand in one of them."""
        facilitates = bool(request.standing & MODERATING)
        places = [name for name in self.places if facilitates or name in self.shared]
        numbers, shown = counts(self.model, activity, self.places), request.GET.get("show", "")
        if shown not in places:
            first, second = list(self.places)[:2]
            shown = first if numbers[first] and facilitates else second
        page: Page[Any] = page_of(standing_in(activity, shown), request.GET)
        return {
            "activity": activity,
            "tabs": [(name, self.headings[name], numbers[name], name == shown) for name in places],
            "heading": self.headings[shown],
            "shown": shown,
            "page": page,
            "empty": not any(numbers.values()),
            "kept": urlencode({"show": shown} | ({"page": page.number} if page.number > 1 else {})),
            "facilitates": facilitates,
        }

    def views(self) -> tuple[Callable[..., HttpResponse], ...]:
        """The pages `let_in`, `hide`, `translate` and `merge`; the text's id is the last part of their addresses."""

        @require_POST
        @activity_view(MODERATING)
        def let_in(request: HttpRequest, activity: Activity, **row: int) -> HttpResponse:
            """Let a text be seen."""
            found, me = self.fetch(activity, *row.values()), person_of(request)
            return do(request, lambda: self.let_in(found, by=me), self.back(request, activity))

        @activity_view(MODERATING)
        def hide(request: HttpRequest, activity: Activity, **row: int) -> HttpResponse:
            """Hide a text with a reason."""
            found, me = self.fetch(activity, *row.values()), person_of(request)

            def act(values: dict[str, Any]) -> None:
                contributing.hide(found, reason=values["reason"], by=me)

            context = {"activity": activity, "words": found.words}
            form, back = HideForm(request.POST or None, row=found), self.back(request, activity)
            return ask_first(request, form, act, back, f"{self.slug}/hide.html", context)

        @activity_view(MODERATING)
        def translated(request: HttpRequest, activity: Activity, **row: int) -> HttpResponse:
            """Give a text in the other language too."""
            found, back = self.fetch(activity, *row.values()), self.back(request, activity)
            context = {"activity": activity, "words": found.words, "row": found}
            return translate(request, found, back, f"{self.slug}/translate.html", context, most=self.longest)

        @activity_view(MODERATING)
        def merge(request: HttpRequest, activity: Activity, **row: int) -> HttpResponse:
            """Join a text with another: one that is alike, or one found by a word."""
            found, me = self.fetch(activity, *row.values()), person_of(request)
            visible = self.model._default_manager.filter(activity=activity, state=Contribution.State.VISIBLE)

            def act(values: dict[str, Any]) -> None:
                self.merge(found, into=values["into"], by=me)

            others, back = visible.exclude(pk=found.pk), self.back(request, activity)
            return join(request, found, others, act, back, f"{self.slug}/merge.html", {"activity": activity})

        return let_in, hide, translated, merge


def do(request: HttpRequest, act: Callable[[], None], back: str) -> HttpResponse:
    """Do it at once and go back; a refusal is said there."""
    try:
        act()
    except RefusedError as refusal:
        messages.error(request, str(refusal.message))
    return redirect(back)


def join(
    request: HttpRequest,
    text: Contribution,
    others: QuerySet[Any],
    act: Callable[[Any], None],
    back: str,
    page: str,
    context: dict[str, Any],
) -> HttpResponse:
    """Ask with which of the others a text is joined: those that are alike are offered, or those that hold a word."""
    find = without_controls(request.GET.get("find", "")).strip()[:_LONGEST_SEARCH]
    offered = to_join_with(others, text.text, find)
    form = JoinForm(request.POST or None, rows=others, offered=offered)
    context |= {"words": text.words, "find": find, "offered": offered}
    context["kept"] = [(name, request.GET[name]) for name in _KEPT if request.GET.get(name)]
    return ask_first(request, form, act, back, page, context)


def translate(
    request: HttpRequest, row: Contribution, back: str, page: str, context: dict[str, Any], *, most: int
) -> HttpResponse:
    """Give a text in the other language, and what its author said about the answer. `most`: the longest it may be."""
    said = follow_ups([row.item_id]).get(row.item_id)
    form = TranslateForm(row, said, request.POST if request.method == "POST" else None, most=most)

    def act(values: dict[str, Any]) -> None:
        spoken = LangText.of(values["said"], form.said_to) if "said" in values else None
        contributing.translate(row, LangText.of(values["text"], form.to), said=spoken, by=acting(request))

    return ask_first(request, form, act, back, page, context)


def ask_first(
    request: HttpRequest, form: Any, act: Callable[[Any], None], back: str, page: str, context: dict[str, Any]
) -> HttpResponse:
    """Ask for what is needed in a form, do it and go back; a refusal is said at its field."""
    status = 200
    if request.method == "POST":
        if form.is_valid():
            try:
                act(form.cleaned_data)
                return redirect(back)
            except RefusedError as refusal:
                refuse(form, refusal)
        status = 422
    return render(request, page, context | {"form": form, "back": back}, status=status)


def take(
    request: HttpRequest,
    form: Any,
    send: Callable[..., Contribution],
    again: Callable[[int], HttpResponse],
    page: str,
    context: dict[str, Any],
) -> HttpResponse:
    """Take a text. The page that answers shows a receipt's words, once: it is not a redirect on purpose.

    Args:
        send: the kind's action. again: the form's page once more, with a status.
        context: of the page that answers; the text stands in it under the name of its model.
    """
    activity: Activity = context["activity"]
    words, shown = form.receipt(activity)
    try:
        row = send(
            activity,
            text=form.cleaned_data["text"],
            language=(get_language() or "sv")[:2],
            post_key=form.cleaned_data["post_key"],
            author=person_of(request),
            words=words,
        )
    except RefusedError as refusal:
        refuse(form, refusal)
        return again(422 if takes_contributions(activity) else 409)
    told = {str(row._meta.model_name): row, "words": shown, "kept": bool(words and not shown)}
    response = render(request, page, context | told)
    response["Cache-Control"] = "no-store"
    return response


def as_file(content: Any, name: str, content_type: str) -> HttpResponse:
    """Something to keep as a file."""
    response = HttpResponse(content, content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def ask_origin(request: HttpRequest, activity: Activity, back: str, context: dict[str, Any]) -> HttpResponse:
    """Ask where what was imported comes from, and under which licence."""
    form = OriginForm(request.POST or None, initial=activity.settings.get("origin"))

    def act(values: dict[str, Any]) -> None:
        tell_origin(activity, values, by=person_of(request))

    return ask_first(request, form, act, back, "programmes/origin.html", context | {"back": back})

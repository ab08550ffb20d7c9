"""Receipts: six words open the fate of one's own contributions. Look-ups are POST, limited, and never logged."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from samsyn.core import limits
from samsyn.core.access import public
from samsyn.home.fates import fates_of_words
from samsyn.home.forms import ReceiptForm, follow_up_form
from samsyn.home.views.mine import with_forms
from samsyn.programmes.access import visitor_of
from samsyn.thread import actions, secrets

_MOST, _WINDOW = 20, 600
_STRANGE = 6  # words that are said back


def _address_of(request: HttpRequest) -> str:
    return request.META.get("REMOTE_ADDR", "")


@public
@sensitive_post_parameters("words")
def receipts(request: HttpRequest) -> HttpResponse:
    """Type or let the browser fill in the six words; see what came of one's questions."""
    if request.method != "POST":
        return _answer(request, {"form": ReceiptForm()})
    form = ReceiptForm(request.POST)
    if limits.exceeded("receipt", _address_of(request), most=_MOST):
        form.add_error("words", _("Too many wrong words from here. Wait ten minutes and try again."))
        return _answer(request, {"form": form}, status=429)
    words = secrets.clean_words(form.data.get("words", "")) if form.is_valid() else None
    if words is None:
        if form.is_valid():
            form.add_error("words", _what_is_wrong_with(form.data["words"]))
        return _answer(request, {"form": form}, status=422)
    fates = fates_of_words(words, visitor_of(request))
    if not fates:
        limits.count("receipt", _address_of(request), seconds=_WINDOW)
        form.add_error("words", _("Nothing was sent with these words here."))
        return _answer(request, {"form": form}, status=422)
    return _answer(request, {"form": form, "rows": with_forms(fates, None, 0), "words": form.data["words"]})


@public
@require_POST
@sensitive_post_parameters("words", "text")
def reply(request: HttpRequest) -> HttpResponse:
    """The one who asked says whether the answer answers, in words too."""
    words = secrets.clean_words(request.POST.get("words", ""))
    if words is None or limits.exceeded("receipt", _address_of(request), most=_MOST):
        return _answer(request, {"form": ReceiptForm()}, status=422)
    fates = fates_of_words(words, visitor_of(request))
    chosen = next((fate for fate in fates if str(fate.telling.item.pk) == request.POST.get("item")), None)
    if chosen is None:
        limits.count("receipt", _address_of(request), seconds=_WINDOW)
        return _answer(request, {"form": ReceiptForm()}, status=422)
    form = follow_up_form(chosen.telling.item.pk, request.POST)
    wrong = None if form.is_valid() else form
    if wrong is None:
        values = form.cleaned_data
        language = (get_language() or "sv")[:2]
        actions.follow_up(
            chosen.telling.item, answered=values["answered"] == "yes", text=values["text"], language=language
        )
        fates = fates_of_words(words, visitor_of(request))
    rows = with_forms(fates, wrong, chosen.telling.item.pk)
    return _answer(request, {"form": ReceiptForm(), "rows": rows, "words": request.POST["words"], "wrong": wrong})


def _what_is_wrong_with(text: str) -> str:
    if strange := secrets.unknown_words(text):
        words = {"words": ", ".join(strange[:_STRANGE])}
        return _("No receipt has these words: %(words)s. Look at the spelling.") % words
    return _("A receipt has six words. Write them all, with spaces between.")


def _answer(request: HttpRequest, context: dict[str, object], status: int = 200) -> HttpResponse:
    response = render(request, "home/receipts.html", context, status=status)
    response["Cache-Control"] = "no-store"
    return response

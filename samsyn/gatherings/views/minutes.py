"""After a session: its minutes, what is left over, what one does differently next time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from samsyn.core.addresses import address
from samsyn.core.errors import RefusedError
from samsyn.core.ids import encode_id
from samsyn.core.rows import one
from samsyn.core.texts import LangText
from samsyn.gatherings import actions_minutes, minutes, queries, viewing
from samsyn.gatherings.access import session_view
from samsyn.gatherings.forms_minutes import CorrectionForm, LeftOverForm, LessonForm, SectionForm, answer_day
from samsyn.gatherings.models import Minutes, Session
from samsyn.gatherings.standing import READING, RUNNING
from samsyn.organisations.models import Person
from samsyn.programmes.access import visitor_of
from samsyn.programmes.models import Activity
from samsyn.programmes.standing import INSIDE, ORGANISING
from samsyn.programmes.views.common import acting, refuse, sent, show
from samsyn.programmes.views.form_page import do, form_page
from samsyn.thread.models import Item
from samsyn.thread.registry import tell, visible_ids
from samsyn.ui.paging import page_of
from samsyn.ui.words import count_in_words

State = Session.State


@session_view(READING | INSIDE, State.RUNNING, State.ENDED, State.PUBLISHED)
def page(request: HttpRequest, session: Session) -> HttpResponse:
    """The minutes: as they are made, for those who run it; when they are published, for all they are for."""
    standing = request.standing  # type: ignore[attr-defined]
    if not viewing.reads_minutes(standing, session):
        raise PermissionDenied
    runs = bool(standing & RUNNING)
    if session.state == State.PUBLISHED or not runs:
        found = one(Minutes.objects.select_related("signed_by").filter(session=session))
    else:
        found = actions_minutes.refresh(session, by=acting(request))
    rest, running_on = queries.still_open(session) if runs else ([], [])
    context = {
        "session": session,
        "programme": session.programme,
        "minutes": found,
        "rest": rest,
        "running_on": running_on,
        "do": address("gatherings:command", session=session.pk),
        "sections": _sections(request, found),
        "left": len(minutes.left_over(session)) if runs and session.state == State.ENDED else 0,
        "runs": runs,
        "may_correct": runs and session.state == State.PUBLISHED,
        "may_edit": runs and session.state in {State.RUNNING, State.ENDED},
    }
    return show(request, "gatherings/minutes.html", context)


def _sections(request: HttpRequest, found: Minutes | None) -> list[dict[str, Any]]:
    """The sections with links to those of their items that have a thread of their own to show this visitor."""
    if found is None:
        return []
    wanted = {pk for section in found.sections for pk in section["items"] if section["key"] in {"promises", "handed"}}
    items = list(Item.objects.filter(pk__in=wanted))
    seen = visible_ids(visitor_of(request), items) if items else set()
    told = tell([item for item in items if item.pk in seen])
    corrected = queries.corrections_of(found)
    return [
        {
            "key": section["key"],
            "heading": LangText(section["heading"]),
            "text": LangText(section["text"]),
            "edited": section.get("edited"),
            "corrections": corrected.get(section["key"], []),
            "links": [told[pk] for pk in section["items"] if pk in told],
        }
        for section in found.sections
    ]


@session_view(RUNNING, State.RUNNING, State.ENDED)
def edit(request: HttpRequest, session: Session, key: str) -> HttpResponse:
    """A section in one's own words; or let it write itself again."""
    found = actions_minutes.refresh(session, by=acting(request))
    section = next((row for row in found.sections if row["key"] == key), None)
    if section is None:
        raise Http404
    onward = address("gatherings:minutes", session=session.pk) + f"#{key}"
    if request.POST.get("do") == "anew":
        act = lambda: actions_minutes.let_it_write_itself(found, key, by=acting(request))  # noqa: E731
        return do(request, act, onward=onward)
    form = SectionForm(request.POST or None, initial={"text": LangText(section["text"])})
    return form_page(
        request,
        "gatherings/minutes_section.html",
        form,
        act=lambda cleaned: actions_minutes.edit_section(found, key, cleaned["text"], by=acting(request)),
        onward=onward,
        session=session,
        heading=LangText(section["heading"]),
        edited=section.get("edited"),
    )


@session_view(RUNNING, State.PUBLISHED)
def correct(request: HttpRequest, session: Session, key: str) -> HttpResponse:
    """Put a section of published minutes right, in the open."""
    found = one(Minutes.objects.select_related("item", "session__programme").filter(session=session))
    section = next((row for row in found.sections if row["key"] == key), None) if found is not None else None
    if found is None or section is None:
        raise Http404
    return form_page(
        request,
        "gatherings/minutes_correct.html",
        CorrectionForm(request.POST or None, initial={"text": LangText(section["text"])}),
        act=lambda cleaned: actions_minutes.correct(found, key, **cleaned, by=acting(request)),
        onward=address("gatherings:minutes", session=session.pk) + f"#{key}",
        session=session,
        heading=LangText(section["heading"]),
    )


@require_POST
@session_view(RUNNING, State.ENDED)
def publish(request: HttpRequest, session: Session) -> HttpResponse:
    """Publish the minutes into the thread."""
    try:
        actions_minutes.publish(session, by=acting(request))
    except RefusedError as refusal:
        messages.error(request, str(refusal.message))
        return redirect(address("gatherings:leftovers", session=session.pk))
    messages.success(
        request, _("The minutes are published. Those whom the session was for can get a letter about it now.")
    )
    return redirect(address("gatherings:answers", session=session.pk))


@session_view(RUNNING, State.RUNNING, State.ENDED, State.PUBLISHED)
def leftovers(request: HttpRequest, session: Session) -> HttpResponse:
    """What was asked and has no answer: each gets a name and a day, or a reason. What is left empty stays for later.

    What is right is kept, whatever is wrong beside it; the rest comes back as it was written.
    """
    here = address("gatherings:leftovers", session=session.pk)
    rows = [
        LeftOver(activity, item, _left_over_form(item, sent(request))) for activity, item in minutes.left_over(session)
    ]
    if request.method == "POST":
        filled = [row for row in rows if row.form.is_valid() and not row.form.is_empty]
        if not filled and all(row.form.is_valid() for row in rows):
            for row in rows:
                row.form.ask()
        noted = [row for row in filled if _hand_on(session, row, by=acting(request))]
        if noted:
            told = count_in_words("%(number)s is noted.", "%(number)s are noted.", len(noted))
            messages.success(request, told)
        rows = [row for row in rows if row not in noted]
        if not any(row.form.errors for row in rows):
            return redirect(here)
    wrong = [row.form for row in rows if row.form.errors]
    blocks = queries.blocks_of(session)
    rest, running_on = queries.still_open(session, blocks)
    context = {
        "session": session,
        "rows": rows,
        "wrong": wrong,
        "rest": rest,
        "running_on": running_on,
        "do": address("gatherings:command", session=session.pk),
        "awaiting": queries.awaiting_reply(blocks),
        "organises": bool(request.standing & ORGANISING),  # type: ignore[attr-defined]
    }
    return render(request, "gatherings/leftovers.html", context, status=422 if wrong else 200)


@dataclass(frozen=True, eq=False)
class LeftOver:
    """Something left over with its part of the page's form."""

    activity: Activity
    item: Item
    form: LeftOverForm

    @property
    def key(self) -> str:
        """Its id as the page has it."""
        return encode_id(self.item.pk)


def _left_over_form(item: Item, data: QueryDict | None) -> LeftOverForm:
    return LeftOverForm(data, initial={"due": answer_day()}, prefix=f"l{encode_id(item.pk)}")


def _hand_on(session: Session, row: LeftOver, *, by: Person) -> bool:
    """Whether it could be handed on; what was refused stands at its field."""
    try:
        actions_minutes.hand_on(session, row.activity, row.item, **row.form.cleaned_data, by=by)
    except RefusedError as refusal:
        refuse(row.form, refusal)
        return False
    return True


@session_view(RUNNING, State.RUNNING, State.ENDED, State.PUBLISHED)
def lessons(request: HttpRequest, session: Session) -> HttpResponse:
    """What those who run it do differently next time, written while one remembers."""
    here = address("gatherings:lessons", session=session.pk)
    kept = queries.lessons_of(session)
    if "remove" in request.POST:
        gone = next((item for item in kept if encode_id(item.pk) == request.POST["remove"]), None)
        if gone is None:
            return redirect(here)
        return do(request, lambda: actions_minutes.delete_lesson(session, gone, by=acting(request)), onward=here)
    said = minutes.learned(session) if session.state != State.PUBLISHED else []
    if "choose" in request.POST:
        chosen = next((item for _activity, item in said if encode_id(item.pk) == request.POST["choose"]), None)
        if chosen is None:
            return redirect(here)
        return do(request, lambda: actions_minutes.choose_lesson(session, chosen, by=acting(request)), onward=here)
    page = page_of([item for _activity, item in said], request.GET)
    told = tell(list(page))
    return form_page(
        request,
        "gatherings/lessons.html",
        LessonForm(request.POST or None),
        act=lambda cleaned: actions_minutes.add_lesson(session, cleaned["text"], by=acting(request)),
        onward=here,
        session=session,
        rows=[(item, encode_id(item.pk)) for item in kept],
        page=page,
        written=[(told[item.pk], encode_id(item.pk)) for item in page if item.pk in told],
    )

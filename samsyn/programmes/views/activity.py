"""One activity of the storyboard: made, changed, moved, copied, deleted; and the way to its kind's own page."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from samsyn.core import clock
from samsyn.core.addresses import address
from samsyn.core.errors import RefusedError
from samsyn.core.ids import decode_id, encode_id
from samsyn.core.texts import LangText
from samsyn.programmes import actions, anonymity, audiences, queries
from samsyn.programmes.access import activity_view, programme_view
from samsyn.programmes.audience_choice import in_words
from samsyn.programmes.forms import LAWFUL_BASES, REPLY_AFTER, ActivityForm, AddActivityForm, MoveForm
from samsyn.programmes.kinds import all_kinds, kind_of
from samsyn.programmes.models import Activity, Frame, Programme
from samsyn.programmes.standing import ANYONE_THERE, FACILITATION
from samsyn.programmes.starting import weekday
from samsyn.programmes.views.common import acting, refuse, sent, show, storyboard_of, to_storyboard
from samsyn.programmes.words import days

_FIELDS = (
    "title",
    "purpose",
    "instructions",
    "material",
    "starts",
    "ends",
    "reply_by",
    "level",
    "entry",
    "responsible",
    "lawful_basis",
    "retention_days",
    "disposal",
)


@activity_view(ANYONE_THERE)
def activity(request: HttpRequest, activity: Activity) -> HttpResponse:
    """To the page of the activity's kind."""
    kind = kind_of(activity)
    return redirect(address(f"{kind.slug}:{kind.home}", activity=activity.pk))


@activity_view(ANYONE_THERE)
def who_sees(request: HttpRequest, activity: Activity) -> HttpResponse:
    """The whole anonymity card, and for what and how long things are kept."""
    context = {
        "activity": activity,
        "card": anonymity.describe(activity),
        "ground": LAWFUL_BASES.get(activity.lawful_basis, ("", ""))[0],
        "audience": in_words(activity),
    }
    return show(request, "programmes/who_sees.html", context)


@programme_view(FACILITATION)
def add(request: HttpRequest, programme: Programme) -> HttpResponse:
    """A new activity at the end of a chapter. What is not asked has a default that can be changed."""
    frame = _wanted_frame(request, programme)
    if frame is None:
        return redirect(address("programmes:frame_add", programme=programme.pk))
    starts = weekday(max(frame.starts, clock.today()))
    initial = {"frame": frame, "kind": next(iter(all_kinds())), "starts": starts, "ends": starts}
    form = AddActivityForm(programme, sent(request), initial=initial)
    if request.method == "POST" and form.is_valid():
        values = dict(form.cleaned_data)
        added = actions.add_activity(values.pop("frame"), by=acting(request), **_with_defaults(values, request))
        messages.success(request, _("The activity is added as a draft."))
        return to_storyboard(added)
    return show(request, "programmes/activity_add.html", {"programme": programme, "form": form})


def _wanted_frame(request: HttpRequest, programme: Programme) -> Frame | None:
    frames = Frame.objects.filter(programme=programme).order_by("position", "id")
    try:
        wanted = frames.filter(pk=decode_id(request.GET.get("chapter", ""))).first()
    except ValueError:
        wanted = None
    current = frames.filter(ends__gte=clock.today()).first()
    return wanted or current or frames.last()


def _with_defaults(values: dict[str, Any], request: HttpRequest) -> dict[str, Any]:
    """Anonymous, and open to all who have the code, where the kind can be; a reply two weeks after."""
    anonymous = Activity.Level.ANONYMOUS in all_kinds()[values["kind"]].levels
    person = acting(request)
    return values | {
        "title": LangText.of(values["title"], (get_language() or "sv")[:2]),
        "reply_by": weekday(values["ends"] + REPLY_AFTER),
        "level": Activity.Level.ANONYMOUS if anonymous else Activity.Level.NAMED,
        "entry": Activity.Entry.CODE if anonymous else Activity.Entry.AUDIENCE,
        "responsible": None if person.external else person,
    }


@activity_view(FACILITATION)
def edit(request: HttpRequest, activity: Activity) -> HttpResponse:
    """What the activity says, when it is, who can see what, and the kind's own settings."""
    initial = {name: getattr(activity, name) for name in _FIELDS}
    initial["by_itself"] = bool(activity.settings.get("by_itself"))
    form = ActivityForm(activity, sent(request), initial=initial)
    own, back = _settings_form(request, activity), _came_from(request, activity)
    if request.method == "POST" and form.is_valid() and (own is None or own.is_valid()):
        try:
            actions.change_activity(activity, by=acting(request), **_changes(activity, form, own))
        except RefusedError as refusal:
            refuse(form, refusal)
        else:
            return redirect(back) if back else to_storyboard(activity)
    context = {"activity": activity, "programme": activity.programme, "form": form, "own": own, "back": back}
    context |= {"kind": kind_of(activity), "audience": audiences.describe(activity)}
    return show(request, "programmes/activity_form.html", context)


def _came_from(request: HttpRequest, activity: Activity) -> str:
    """The page of the activity to go back to; nothing for the storyboard."""
    name = {"page": "programmes:activity", "open": "programmes:open"}.get(request.GET.get("back", ""))
    return address(name, activity=activity.pk) if name else ""


def _settings_form(request: HttpRequest, activity: Activity) -> BaseForm | None:
    made = kind_of(activity).settings_form
    return made(sent(request), initial=activity.settings, prefix="own") if made else None


def _changes(activity: Activity, form: ActivityForm, own: BaseForm | None) -> dict[str, Any]:
    values = dict(form.cleaned_data)
    settings = {**activity.settings, **(own.cleaned_data if own else {})}
    if "by_itself" in values:
        settings["by_itself"] = values.pop("by_itself")
    return values | {"settings": settings}


@activity_view(FACILITATION)
def move(request: HttpRequest, activity: Activity) -> HttpResponse:
    """To another chapter, or to a place in it; `go` earlier or later: one place within its own.

    At the chapter's edge this page comes instead, and says which chapter is next and that the days stay.
    """
    go = request.POST.get("go")
    if go in {"earlier", "later"}:
        return _one_place(request, activity, earlier=go == "earlier")
    form = MoveForm(activity.programme, sent(request), initial={"frame": request.GET.get("chapter") or activity.frame})
    if request.method == "POST" and form.is_valid():
        frame, place = form.cleaned_data["frame"], form.cleaned_data["to"]
        end, elsewhere = frame.activities.count(), frame.pk != activity.frame_id
        actions.move_activity(activity, frame=frame, to=end if place is None else place, by=acting(request))
        if elsewhere:
            messages.success(request, _moved_in_words(activity, frame))
        return to_storyboard(activity)
    context = {
        "activity": activity,
        "programme": activity.programme,
        "form": form,
        "days": days(activity.starts, activity.ends),
    }
    return show(request, "programmes/activity_move.html", context)


def _one_place(request: HttpRequest, activity: Activity, *, earlier: bool) -> HttpResponse:
    place = queries.place_beside(activity, earlier=earlier)
    if place is not None:
        actions.move_activity(activity, frame=activity.frame, to=place, by=acting(request))
        return to_storyboard(activity)
    frame = queries.frame_beside(activity, earlier=earlier)
    if frame is None:
        return to_storyboard(activity)
    return redirect(f"{address('programmes:activity_move', activity=activity.pk)}?chapter={encode_id(frame.pk)}")


def _moved_in_words(activity: Activity, frame: Frame) -> str:
    """Where it stands now, and what became of its days: nothing, even where they lie outside the chapter's."""
    own = days(activity.starts, activity.ends)
    told = _("It stands in “%(chapter)s” now. Its days stay as they are: %(days)s.")
    said = told % {"chapter": frame.name, "days": own}
    if frame.starts <= activity.starts and activity.ends <= frame.ends:
        return said
    outside = _("They lie outside the chapter’s days, %(days)s: change them under “Edit”.")
    return f"{said} {outside % {'days': days(frame.starts, frame.ends)}}"


@require_POST
@activity_view(FACILITATION)
def copy(request: HttpRequest, activity: Activity) -> HttpResponse:
    """A draft like this one, after it."""
    copied = actions.copy_activity(activity, by=acting(request))
    messages.success(request, _("The copy is a draft. It has the set-up, and nothing that people have written."))
    return to_storyboard(copied)


@activity_view(FACILITATION)
def delete(request: HttpRequest, activity: Activity) -> HttpResponse:
    """Delete a draft, once asked."""
    if request.method == "POST":
        try:
            actions.delete_activity(activity, by=acting(request))
        except RefusedError as refusal:
            messages.error(request, str(refusal.message))
            return to_storyboard(activity)
        messages.success(request, _("The activity is deleted."))
        return redirect(storyboard_of(activity.programme_id))
    return show(request, "programmes/activity_delete.html", {"activity": activity, "programme": activity.programme})

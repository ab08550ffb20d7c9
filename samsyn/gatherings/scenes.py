"""What a session's room shows: on a phone, on the screen, on the desk of those who run it. HTML, part by part."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy as _

from samsyn.core import clock
from samsyn.core.addresses import absolute, address
from samsyn.core.ids import encode_id
from samsyn.gatherings import queries, rules
from samsyn.gatherings.models import Block, Session
from samsyn.gatherings.rules import Slot
from samsyn.gatherings.standing import room_reads
from samsyn.live.registry import DESK, PHONE, SCREEN
from samsyn.programmes import anonymity, codes
from samsyn.programmes.audience_choice import in_words
from samsyn.programmes.kinds import Scene, kind_of
from samsyn.programmes.models import Activity

_SHELLS = {PHONE: "gatherings/room.html", SCREEN: "gatherings/screen.html"}
_FRAMES = {
    PHONE: ("head", "body", "next", "foot"),
    SCREEN: ("kicker", "now", "next", "way_in", "level"),
    DESK: ("clock", "now", "next", "agenda"),
}


def parts(session: Session, view: str, present: int, *, csrf_token: str = "") -> dict[str, str]:
    """The parts of a view by name, in the order in which they stand.

    `csrf_token`: of the browser that they are for, so that the desk's forms work without scripts; what the hub sends is
    the same for all and has none.
    """
    context = {**_context(session, view, present), "csrf_token": csrf_token}
    scene: Scene = context.pop("scene")
    shown: dict[str, str] = {}
    for name in _FRAMES[view]:
        if view == PHONE and name == "body" and scene.phone:
            for part, template in scene.phone.items():
                shown[f"k-{part}"] = _render(template, {**scene.context, **context})
        elif name in scene.screen and _shows(session, view, name):
            shown[name] = _render(scene.screen[name], {**scene.context, **context})
        else:
            shown[name] = _render(f"gatherings/{view}/{name}.html", context)
    return shown


def _shows(session: Session, view: str, name: str) -> bool:
    """Whether a part of a scene's screen stands in this view. The desk has what stands below: how many have answered,
    and what comes next. It stays there when the screen is kept back."""
    return not session.hidden if view == SCREEN else view == DESK and name == "next"


def page(session: Session, view: str, language: str, shown: Mapping[str, str]) -> str:
    """The whole page around the parts."""
    safe = {name: mark_safe(html) for name, html in shown.items()}
    return _render(
        _SHELLS.get(view, _SHELLS[PHONE]),
        {**_frame(session), "view": view, "language": language, "parts": safe.items(), "part": safe},
    )


def console(session: Session, shown: Mapping[str, str]) -> dict[str, Any]:
    """What the page of the desk needs, with its parts as they are now."""
    frame = {name: value for name, value in _frame(session).items() if name != "site"}  # the page has its own
    return {**frame, "part": {name: mark_safe(html) for name, html in shown.items()}}


def _render(template: str, context: Mapping[str, Any]) -> str:
    return render_to_string(template, dict(context)).strip()


def _frame(session: Session) -> dict[str, Any]:
    """What stands around everything: whose room it is, the way in, where forms go."""
    organisation = session.organisation
    way_in = absolute(reverse("join:enter", kwargs={"code": session.code})) if session.code else ""
    path = f"/live/r/{encode_id(session.pk)}/"
    return {
        "session": session,
        "room": {"path": path, "send": f"{path}send"},
        "site": {
            "organisation_name": str(organisation.name),
            "synthetic": organisation.synthetic,
            "synthetic_day": organisation.simulated_day,
        },
        "way_in": way_in,
        "join_address": absolute(reverse("join:code")).split("://", 1)[-1].rstrip("/"),
        "code": codes.spaced(session.code) if session.code else "",
    }


def _context(session: Session, view: str, present: int) -> dict[str, Any]:
    """What templates of a view need. What only the desk shows is not read for the others, nor the other way round."""
    blocks = list(
        Block.objects.filter(session=session).select_related("activity__programme").order_by("position", "id")
    )
    timed = rules.time_blocks(session, blocks, clock.now())
    slots = queries.with_lacks(session, timed) if view == DESK else timed
    now = next((slot for slot in slots if slot.block.pk == session.block_id), None)
    activity = now.block.activity if now else None
    waiting = activity is not None and activity.state == Activity.State.DRAFT
    shown = activity is not None and not waiting and room_reads(session, activity)
    at_desk = view == DESK
    scene = kind_of(activity).snapshot(activity) if activity is not None and shown else Scene()
    cues = kind_of(activity).cues(activity) if activity is not None and not waiting and at_desk else []
    cued = session.state == Session.State.RUNNING and any(cue.first for cue in cues)
    rest, running_on = queries.still_open(session, blocks)
    return {
        **_frame(session),
        "present": present,
        "slots": slots,
        "now": now,
        "next": _after(slots, now),
        "left": _left(now),
        "ends": slots[-1].ends if slots else session.starts,
        "activity": activity,
        "waiting": waiting,
        "for_others": in_words(activity) if activity is not None and not waiting and not shown else "",
        "card": anonymity.describe(activity) if activity is not None else None,
        "cues": cues,
        "cued": cued,
        "own_place": _own_place(activity) if activity is not None and at_desk else None,
        "on_stage": next((cue.about for cue in cues if cue.about), ""),  # the kind has read it for them already
        "scene": scene,
        "staged": bool(scene.screen) and not session.hidden,
        "do": address("gatherings:command", session=session.pk),
        "rest": rest,
        "running_on": running_on,
        "commands": (
            commands(session, now, activity, _after(slots, now), rest=bool(rest), cued=cued) if at_desk else []
        ),
    }


def _own_place(activity: Activity) -> tuple[str, Any]:
    """Where the activity itself is led, and what that place is called: its desk; where it has none, its page."""
    kind = kind_of(activity)
    name, label = ("desk", kind.desk) if kind.desk else (kind.home, _("To the activity"))
    return address(f"{kind.slug}:{name}", activity=activity.pk), label


Command = tuple[str, Any, str, bool]  # name, label, key, whether it is the one to do next


def commands(
    session: Session,
    now: Slot | None,
    activity: Activity | None,
    later: Slot | None,
    *,
    rest: bool = False,
    cued: bool = False,
) -> list[Command]:
    """What those who run it can do now; one of them is the one to do next, unless a cue of the activity's is."""
    found: list[Command] = []
    if session.state == Session.State.PLANNED:
        found.append(("start", _("Start"), "s", True))
    elif session.state == Session.State.RUNNING:
        opens = activity is not None and activity.state in {Activity.State.DRAFT, Activity.State.CLOSED}
        if opens:
            found.append(("open", _("Open"), "o", activity is not None and activity.state == Activity.State.DRAFT))
        elif activity is not None and activity.state == Activity.State.OPEN:
            found.append(("close", _("Close"), "c", False))
        if activity is not None:
            kept = ("show", _("Show on the screen"), "s", False), ("hide", _("Keep back from the screen"), "h", False)
            found.append(kept[0] if session.hidden else kept[1])
        onward = not cued and not any(row[3] for row in found)
        if later is not None:
            found.append(("next", _("Next part"), "n", onward))
        else:
            found.append(("end", _("End the session"), "e", onward))
        if now is not None and now.block.position > 0:
            found.append(("back", _("One part back"), "b", False))
    elif rest:
        found.append(("close_rest", _("Close what is still open"), "c", False))
    if session.undo and session.state != Session.State.PUBLISHED:
        found.append(("undo", _("Undo"), "u", False))
    return found


def _left(now: Slot | None) -> int:
    """Seconds left of what is on; below nothing where it goes on for longer than planned."""
    if now is None or now.block.began is None:
        return 0
    planned = now.block.began + dt.timedelta(minutes=now.block.minutes)
    return int((planned - clock.now()).total_seconds())


def _after(slots: Sequence[Slot], now: Slot | None) -> Slot | None:
    later = [slot for slot in slots if slot.state == "later"]
    if now is None:
        return later[0] if later else None
    place = slots.index(now)
    return slots[place + 1] if place + 1 < len(slots) else None

"""Writes while a session goes on: one command per step, each of which can be taken back where that is possible."""

from __future__ import annotations

from collections.abc import Callable

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from samsyn.audit.actions import record
from samsyn.core import clock, rows
from samsyn.core.errors import NotAllowedError, RefusedError
from samsyn.gatherings.models import Block, Session
from samsyn.gatherings.queries import still_open
from samsyn.gatherings.standing import may_run
from samsyn.live import bus
from samsyn.organisations.models import Person
from samsyn.programmes import actions as programme_actions
from samsyn.programmes import codes
from samsyn.programmes.kinds import kind_of
from samsyn.programmes.models import Activity
from samsyn.programmes.rules import can_plan, leaves_no_trace

State = Session.State
_LIFE = ("state", "code", "block_id", "hidden", "undo", "began", "ended", "epoch", "came")


def command(session: Session, name: str, *, by: Person) -> None:
    """Do one of the commands, by its name in `_COMMANDS`. Raises RefusedError."""
    act = _COMMANDS.get(name)
    if act is None:
        raise RefusedError(_("There is no such command."))
    if not may_run(by, session):
        raise NotAllowedError(_("Only those who run this session may do this."))
    with transaction.atomic():
        if not rows.hold(session, *_LIFE):
            raise RefusedError(_("This session is gone."))
        act(session, by)
        record(f"session.{name}", session, by=by)
        bus.tell_room(session.pk)


def give_cue(session: Session, name: str, *, by: Person) -> None:
    """Give a cue to the activity that is on. Raises RefusedError."""
    if not may_run(by, session):
        raise NotAllowedError(_("Only those who run this session may do this."))
    activity = _activity_on(session)
    known = {cue.name for cue in kind_of(activity).cues(activity)}
    if name not in known:
        raise RefusedError(_("That cannot be done now."))
    kind_of(activity).give_cue(activity, name, by=by)
    record(f"session.cue.{name}"[:60], session, by=by, day_only=leaves_no_trace(activity))
    bus.tell_room(session.pk)


def call_crowd(session: Session, *, by: Person) -> None:
    """In a rehearsal: let made-up people come in. Raises RefusedError elsewhere."""
    if not may_run(by, session):
        raise NotAllowedError(_("Only those who run this session may do this."))
    if not session.organisation.synthetic:
        raise RefusedError(_("Made-up people come only into a rehearsal."))
    record("session.crowd", session, by=by)
    bus.call_crowd(session.pk)


def note_presence(session_id: int, phones: int) -> None:
    """Keep how many phones are in the room, where there were never more. Done by the room itself, of its own count.

    One statement, so that of several processes the highest stays; no record of it, since nobody did it.
    """
    open_rooms = Session.across.filter(state__in=[State.PLANNED, State.RUNNING])
    open_rooms.filter(pk=session_id, most_present__lt=phones).update(most_present=phones)


def draw_code(session: Session, *, by: Person, anew: bool = False) -> None:
    """Open the doors: from now on people can come in with the code. `anew`: whoever is in has to come in again."""
    if not may_run(by, session):
        raise NotAllowedError(_("Only those who run this session may do this."))
    with transaction.atomic():
        rows.hold(session, *_LIFE)
        if session.state not in {State.PLANNED, State.RUNNING}:
            raise RefusedError(_("This session is over."))
        if anew:
            session.code, session.epoch = None, session.epoch + 1
        _draw(session)
        session.save(update_fields=["code", "epoch"])
        record("session.code", session, by=by)
        bus.tell_room(session.pk)


def _draw(session: Session) -> None:
    while session.code is None:
        candidate = codes.draw_code()
        if Activity.across.filter(code=candidate).exists():
            continue
        try:
            with transaction.atomic():
                Session.objects.filter(pk=session.pk).update(code=candidate)
        except IntegrityError:
            continue
        session.code = candidate


# --- the commands; each runs within the transaction of `command` ------------------------------------------------------


def _start(session: Session, by: Person) -> None:
    if session.state != State.PLANNED:
        raise RefusedError(_("This session has begun already."))
    _draw(session)
    session.state, session.began = State.RUNNING, clock.now()
    first = _blocks(session)[:1]
    _enter(session, first[0] if first else None)
    _keep(session, {"do": "start"})


def _next(session: Session, by: Person) -> None:
    _must_run(session)
    blocks = _blocks(session)
    place = next((number for number, one in enumerate(blocks) if one.pk == session.block_id), -1)
    if place + 1 >= len(blocks):
        raise RefusedError(_("This is the last part. End the session when you are done."))
    _leave(session)
    _enter(session, blocks[place + 1])
    _keep(session, {"do": "next"})


def _back(session: Session, by: Person) -> None:
    _must_run(session)
    blocks = _blocks(session)
    place = next((number for number, one in enumerate(blocks) if one.pk == session.block_id), 0)
    if place < 1:
        raise RefusedError(_("This is the first part."))
    Block.objects.filter(pk=blocks[place].pk).update(began=None, ended=None)
    Block.objects.filter(pk=blocks[place - 1].pk).update(ended=None)
    session.block, session.hidden = blocks[place - 1], False
    _keep(session, {})


def _open(session: Session, by: Person) -> None:
    _must_run(session)
    activity = _activity_on(session)
    if activity.state == Activity.State.OPEN:
        raise RefusedError(_("It is open already."))
    _open_today(activity, by)
    _keep(session, {"do": "open", "activity": activity.pk})


def _open_today(activity: Activity, by: Person) -> None:
    """With days that hold, where those in the plan have passed."""
    later = max(activity.ends, clock.today())
    programme_actions.open_activity(
        activity, by=_planner(by, activity), ends=later, reply_by=max(activity.reply_by, later)
    )


def _close(session: Session, by: Person) -> None:
    _must_run(session)
    activity = _activity_on(session)
    programme_actions.close_activity(activity, by=_planner(by, activity))
    _keep(session, {"do": "close", "activity": activity.pk})


def _show(session: Session, by: Person) -> None:
    _must_run(session)
    session.hidden = False
    _keep(session, {"do": "show"})


def _hide(session: Session, by: Person) -> None:
    _must_run(session)
    session.hidden = True
    _keep(session, {"do": "hide"})


def _end(session: Session, by: Person) -> None:
    _must_run(session)
    _leave(session)
    session.state, session.ended, session.block = State.ENDED, clock.now(), None
    _keep(session, {"do": "end"})


def _close_rest(session: Session, by: Person) -> None:
    """Close what is open though the session is over; what is meant to run on stays open."""
    rest, _on = still_open(session)
    if not rest:
        raise RefusedError(_("Nothing of it is open any more."))
    for activity in rest:
        programme_actions.close_activity(activity, by=_planner(by, activity))
    _keep(session, {"do": "close_rest", "activities": [activity.pk for activity in rest]})


def _undo(session: Session, by: Person) -> None:
    if session.state == State.PUBLISHED:
        raise RefusedError(_("The minutes have been published. They stay as they are."))
    last = session.undo.get("do", "")
    if last == "start":
        Block.objects.filter(session=session).update(began=None, ended=None)
        session.state, session.began, session.block = State.PLANNED, None, None
    elif last == "next":
        _back(session, by)
    elif last in {"show", "hide"}:
        session.hidden = last == "show"
    elif last == "close":
        _open(session, by)
    elif last == "open":
        _close(session, by)
    elif last == "close_rest":
        for activity in Activity.objects.select_related("programme").filter(pk__in=session.undo["activities"]):
            _open_today(activity, by)
    elif last == "end":
        session.state, session.ended = State.RUNNING, None
        latest = Block.objects.filter(session=session, began__isnull=False).order_by("-position").first()
        if latest is not None:
            latest.ended = None
            latest.save(update_fields=["ended"])
        session.block = latest
    else:
        raise RefusedError(_("There is nothing to undo."))
    _keep(session, {})


_COMMANDS: dict[str, Callable[[Session, Person], None]] = {
    "start": _start,
    "next": _next,
    "back": _back,
    "open": _open,
    "close": _close,
    "show": _show,
    "hide": _hide,
    "undo": _undo,
    "end": _end,
    "close_rest": _close_rest,
}


def _must_run(session: Session) -> None:
    if session.state != State.RUNNING:
        raise RefusedError(_("Start the session first."))


def _blocks(session: Session) -> list[Block]:
    return list(Block.objects.filter(session=session).order_by("position", "id"))


def _enter(session: Session, block: Block | None) -> None:
    session.block, session.hidden = block, False
    if block is not None:
        block.began, block.ended = block.began or clock.now(), None
        block.save(update_fields=["began", "ended"])


def _leave(session: Session) -> None:
    Block.objects.filter(pk=session.block_id).update(ended=clock.now())


def _keep(session: Session, undo: dict[str, object]) -> None:
    session.undo = undo
    session.save(update_fields=[name.removesuffix("_id") for name in _LIFE])


def _activity_on(session: Session) -> Activity:
    block = Block.objects.select_related("activity__programme").filter(pk=session.block_id).first()
    if block is None or block.activity is None:
        raise RefusedError(_("This part of the session has no activity."))
    return block.activity


def _planner(by: Person, activity: Activity) -> Person | None:
    """Who is noted as the one who opened or closed it: a host has no part in the programme, the session opens it."""
    return by if can_plan(by, activity.programme) else None

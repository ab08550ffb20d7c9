"""The sessions of a story: planned, held and remembered on their days, through the same actions as anybody's."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils import timezone

from samsyn.activities.dialogue import actions as dialogue
from samsyn.core import clock
from samsyn.core.ids import encode_id
from samsyn.core.texts import LangText
from samsyn.gatherings import (
    actions,
    actions_agenda,
    actions_inviting,
    actions_making,
    actions_minutes,
    actions_running,
)
from samsyn.gatherings.models import Block, Session
from samsyn.organisations.models import Person
from samsyn.programmes import contributing
from samsyn.programmes.handover import offers
from samsyn.programmes.kinds import kind_of
from samsyn.programmes.models import Activity, Frame, Programme
from samsyn.programmes.rehearsing import publish_as_told
from samsyn.rehearsal.crowd import StoryCrowd
from samsyn.rehearsal.story import Story, pair

_TEXTS = ("title", "who", "notes")


class StorySessions:
    """The sessions of one rehearsal, by their keys in the story."""

    def __init__(self, story: Story, programme: Programme, crowd: StoryCrowd) -> None:
        self._programme = programme
        self._crowd = crowd
        self._today = story.today
        self._rows = {row["key"]: row for row in story.sessions()}
        self._series = story.series()
        self._planned: dict[str, Session] = {}
        self._held: set[str] = set()
        self._own: dict[str, Activity] = {}  # activities made for a session, by their keys in the story

    def plan(self) -> None:
        """Plan every session with its agenda, on the day on which the story says that it was planned."""
        for series in self._series:
            with clock.simulated(series["planned"]), transaction.atomic():
                self._plan_series(series)
        for key, row in self._rows.items():
            if key not in self._planned:
                with clock.simulated(row["planned"]), transaction.atomic():
                    names = ("entry", "everybody", "named", "place")
                    values = {name: row[name] for name in names} | _words_of(row)
                    starts, by = _moment(row["starts"]), self._by(row)
                    session = actions_making.make_session(self._frame(starts), None, by=by, starts=starts, **values)
                    self._plan_agenda(session, row)

    def hold(self, *, before: str = "") -> None:
        """Hold the sessions that the story puts before an activity of the playbook; without one, all that are left."""
        for key, row in self._rows.items():
            over = "ended" in row and key not in self._held
            if over and (not before or row.get("before") == before):
                self._held.add(key)
                with transaction.atomic():
                    self._run(self._planned[key], row)
                if not row.get("tied"):
                    self._publish(self._planned[key], row)

    def publish_tied(self) -> None:
        """Publish the minutes that tell what went on elsewhere, once the links of the story are there."""
        for key, row in self._rows.items():
            if row.get("tied"):
                self._publish(self._planned[key], row)

    # --- planning -----------------------------------------------------------------------------------------------

    def _plan_series(self, series: dict[str, Any]) -> None:
        """The same people meet again and again, signed in, and it is noted who came."""
        rows = [row for row in self._rows.values() if row.get("series") == series["key"]]
        occasions = [actions_making.Occasion(_moment(row["starts"])) for row in rows]
        by = self._by(series)
        values = {"entry": Activity.Entry.AUDIENCE, "everybody": False, "named": True}
        frame = self._frame(occasions[0].starts)
        made = actions_making.make_series(frame, None, occasions, title=pair(series["title"]), by=by, **values)
        team = f"team:{encode_id(self._crowd.person(series['team_of']).pk)}"
        for row, session in zip(rows, made.sessions.order_by("starts"), strict=True):
            actions.change_session(session, by=by, place=row["place"], **_words_of(row))
            actions.set_audience(session, everybody=False, keys=[team], by=by)
            self._plan_agenda(session, row)

    def _plan_agenda(self, session: Session, row: dict[str, Any]) -> None:
        by = self._by(row)
        for told in row["blocks"]:
            words = {name: pair(told[name]) for name in _TEXTS if name in told}
            block = actions_agenda.add_block(session, by=by, minutes=told["minutes"], form=told["form"], **words)
            key = told.get("activity")
            if key in row.get("activities", {}):
                self._make(key, block, row["activities"][key], by)
            elif key:
                activity = Activity.objects.select_related("programme").get(programme=self._programme, key=key)
                actions_agenda.set_activity(block, activity, by=by)
        self._planned[row["key"]] = session

    def _make(self, key: str, block: Block, script: dict[str, Any], by: Person) -> None:
        """An activity for a block; what its kind lays out beforehand is there before anybody comes."""
        level, settings = script.get("level", ""), script.get("settings")
        made = actions_making.make_activity(block, kind=script["kind"], level=level, settings=settings, by=by)
        self._own[key] = made
        self._crowd.give_script(made, script, key)
        if script.get("statements"):
            kind_of(made).rehearse(made, self._crowd)

    # --- the day itself -----------------------------------------------------------------------------------------

    def _run(self, session: Session, row: dict[str, Any]) -> None:
        by, begun = self._by(row), list(Block.objects.filter(session=session).order_by("position"))
        on: Activity | None = None
        for number, told in enumerate(told for told in row["blocks"] if "at" in told):
            with clock.simulated(_moment(row["starts"], told["at"])):
                if on is not None:
                    actions_running.command(session, "close", by=by)
                actions_running.command(session, "next" if number else "start", by=by)
                on = self._own.get(told.get("activity", ""))
                if on is not None:
                    actions_running.command(session, "open", by=by)
                    on.refresh_from_db()
                    kind_of(on).rehearse(on, self._crowd)
        with clock.simulated(_moment(row["starts"], row["ended"])):
            if on is not None:
                actions_running.command(session, "close", by=by)
            actions_running.command(session, "end", by=by)
            for block, told in zip(begun, row["blocks"], strict=True):
                if told.get("outcome"):
                    block.session = session
                    actions_agenda.change_block(block, by=by, outcome=pair(told["outcome"]))
            for lesson in row["lessons"]:
                actions_minutes.add_lesson(session, pair(lesson), by=by)
            self._note_who_came(session, row["came"], by)

    def _note_who_came(self, session: Session, came: int | list[str], by: Person) -> None:
        if isinstance(came, int):
            actions_inviting.note_number(session, came, by=by)
        else:
            actions_inviting.note_who_came(session, [self._crowd.person(key).pk for key in came], by=by)

    # --- afterwards ---------------------------------------------------------------------------------------------

    def _publish(self, session: Session, row: dict[str, Any]) -> None:
        by, minutes = self._by(row), row["minutes"]
        with transaction.atomic():
            for key, script in row.get("activities", {}).items():
                activity = self._own[key]
                activity.refresh_from_db()
                publish_as_told(activity, script["reply"], self._crowd, by)
                if told := script.get("handed_on"):
                    with clock.simulated(script["reply"]["day"]):
                        self._hand_on(told["card"], told["to"], by)
            with clock.simulated(minutes["day"]):
                session.refresh_from_db()
                made = actions_minutes.refresh(session, by=by)
                for key, words in minutes.get("edit", {}).items():
                    actions_minutes.edit_section(made, key, pair(words), by=by)
                actions_minutes.publish(session, by=by)
        if not session.everybody:  # a letter to each of three hundred would take as long as a question time
            with clock.simulated(minutes["day"]):
                actions_inviting.send_answers(session, by=by)

    def _hand_on(self, card: str, to: str, by: Person) -> None:
        """Take a card further to a dialogue of the playbook, see to its words there in both languages, let it in."""
        item = self._crowd.recall(card)
        assert item is not None
        item.refresh_from_db()
        offer = next(offer for offer in offers(item) if offer.activity.key == to)
        made = offer.receiver.make(offer.activity, item, by=by)
        others = {lang: text for lang, text in item.title.items() if lang != made.statement.language}
        contributing.translate(made.statement, LangText(others), by=by)
        dialogue.let_in(made.statement, by=by)

    def _by(self, row: dict[str, Any]) -> Person:
        return self._crowd.person(row["by"])

    def _frame(self, starts: dt.datetime) -> Frame:
        found = actions_making.frame_at(self._programme, starts)
        assert found is not None
        return found


def _words_of(row: dict[str, Any]) -> dict[str, Any]:
    return {name: pair(row[name]) for name in ("title", "purpose", "preparation") if name in row}


def _moment(starts: str, at: str = "") -> dt.datetime:
    """A time of the story in the organisation's zone; `at`: another time of the same day."""
    day, begins = starts.split()
    time = dt.time.fromisoformat(at or begins)
    local = dt.datetime.combine(dt.date.fromisoformat(day), time, tzinfo=timezone.get_current_timezone())
    return local.astimezone(dt.UTC)

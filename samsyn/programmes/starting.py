"""Starting a programme: three answers in, a dated storyboard out; and moving what lies ahead to other days."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from samsyn.audit.actions import record
from samsyn.core import search, tenancy
from samsyn.core.errors import NotAllowedError
from samsyn.core.texts import LangText
from samsyn.organisations.models import Person
from samsyn.programmes import beside, rules
from samsyn.programmes.actions import add_frame, add_programme, change_programme
from samsyn.programmes.kinds import all_kinds, kind_of
from samsyn.programmes.models import Activity, Frame, Group, News, Part, Programme
from samsyn.programmes.playbooks import Chapter, Playbook, Step

_WEEK = dt.timedelta(weeks=1)
_DAY = dt.timedelta(days=1)
_EMPTY_CHAPTER_WEEKS = 4
_GROUPS = {
    "working-group": LangText(sv="Arbetsgruppen", en="Working group"),
    "volunteers": LangText(sv="Frivilliga", en="Volunteers"),
    "guests": LangText(sv="Gäster", en="Guests"),
}
_MANAGERS = (Person.Level.MANAGER, Person.Level.SENIOR, Person.Level.TOP)
_FIRST_CHAPTER = LangText(sv="Första skedet", en="First chapter")


def may_start(person: Person | None) -> bool:
    """Managers of the organisation, its administrators and operators may start a programme."""
    if person is None or person.external or person.erased:
        return False
    if person.level != Person.Level.STAFF or person.administrator:
        return True
    return bool(person.user and person.user.is_operator)


def is_told() -> Q:
    """For a query of programmes: whether people have been told of it, by something that opened or by a notice."""
    activities = Activity.objects.filter(programme=OuterRef("pk")).exclude(state=Activity.State.DRAFT)
    return Exists(activities) | Exists(News.objects.filter(programme=OuterRef("pk")))


def weekday(day: dt.date) -> dt.date:
    """The day itself, or the Monday after where it is a Saturday or Sunday."""
    return day + max(0, 7 - day.weekday()) * _DAY if day.weekday() > 4 else day


def days_of_chapter(chapter: Chapter, programme_starts: dt.date) -> tuple[dt.date, dt.date]:
    """First and last day of a chapter."""
    first = programme_starts + chapter.starts_week * _WEEK
    return first, first + chapter.weeks * _WEEK - _DAY


def days_of_step(step: Step, chapter_starts: dt.date) -> tuple[dt.date, dt.date, dt.date]:
    """The days on which a step opens, closes and is replied to; none on a Saturday or Sunday.

    A step that lasts one day opens and closes on the same day.
    """
    starts = weekday(chapter_starts + step.starts_day * _DAY)
    ends = weekday(starts + (step.lasts_days - 1) * _DAY)
    reply_by = weekday(ends + max(1, step.reply_after_days) * _DAY)
    return starts, ends, reply_by


def start_from_playbook(
    playbook: Playbook, *, title: LangText, starts: dt.date, owner: Person, by: Person
) -> Programme:
    """Make a programme with every chapter and activity of a playbook, dated from its first day, in one transaction.

    Everything is a draft; nobody is told anything. Raises NotAllowedError, and RefusedError for a guest as owner.
    """
    _authorise(may_start(by))
    with transaction.atomic():
        programme = add_programme(
            by=by,
            owner=owner,
            title=title,
            playbook=playbook.slug,
            from_state=playbook.from_state,
            to_state=playbook.to_state,
            ambition=playbook.ambition,
            decided=playbook.decided,
            open_matters=playbook.open_matters,
            not_discussed=playbook.not_discussed,
            starts=starts,
            ends=starts + playbook.length_weeks * _WEEK - _DAY,
            contact=by if not by.external else owner,
        )
        frames, activities = _plan(playbook, programme, responsible=by)
        Frame.objects.bulk_create(frames)
        Activity.objects.bulk_create(activities)
        _invite(playbook, programme, activities, owner)
        for activity in activities:
            kind_of(activity).created(activity, by=by)
        search.refresh("activity", [activity.pk for activity in activities])
    return programme


def start_empty(*, title: LangText, starts: dt.date, owner: Person, by: Person) -> Programme:
    """Make a programme with one chapter of four weeks and nothing in it. Raises as `start_from_playbook`."""
    _authorise(may_start(by))
    with transaction.atomic():
        programme = add_programme(by=by, owner=owner, title=title, starts=starts, contact=by)
        ends = starts + _EMPTY_CHAPTER_WEEKS * _WEEK - _DAY
        add_frame(programme, by=by, name=_FIRST_CHAPTER, starts=starts, ends=ends)
    return programme


def _authorise(allowed: bool) -> None:
    if not allowed:
        raise NotAllowedError(_("Only managers and administrators of the organisation may start a programme."))


def _plan(playbook: Playbook, programme: Programme, *, responsible: Person) -> tuple[list[Frame], list[Activity]]:
    """The rows of the storyboard, not yet stored. A chapter lasts at least until its last activity has closed."""
    organisation_id = tenancy.active_id()
    frames: list[Frame] = []
    activities: list[Activity] = []
    for place, chapter in enumerate(playbook.frames):
        first, last = days_of_chapter(chapter, programme.starts)
        frame = Frame(
            organisation_id=organisation_id,
            programme=programme,
            position=place,
            name=chapter.name,
            purpose=chapter.purpose,
            starts=first,
            ends=last,
        )
        for position, step in enumerate(chapter.activities):
            starts, ends, reply_by = days_of_step(step, first)
            frame.ends = max(frame.ends, ends)
            activities.append(
                Activity(
                    organisation_id=organisation_id,
                    programme=programme,
                    frame=frame,
                    position=position,
                    responsible=responsible if not responsible.external else None,
                    starts=starts,
                    ends=ends,
                    reply_by=reply_by,
                    **_values_of(step),
                )
            )
        frames.append(frame)
    return frames, activities


def _values_of(step: Step) -> dict[str, Any]:
    kind = all_kinds()[step.kind_today]
    settings: dict[str, Any] = {"made_out_of": list(step.made_out_of)} if step.made_out_of else {}
    settings |= step.settings if step.kind_today == step.kind else {}
    level = step.level
    if (
        level not in kind.levels
    ):  # nobody contributes in a step done by hand; the kind that takes over keeps the promise
        settings["planned_level"], level = level, Activity.Level.NAMED
    # Anonymous and for everybody: the code lets people in who have no account, which many of them have not.
    by_code = level == Activity.Level.ANONYMOUS and step.audience == "everybody"
    return {
        "key": step.key,
        "kind": kind.slug,
        "planned_kind": step.planned_kind,
        "title": step.name,
        "purpose": step.purpose,
        "instructions": step.people_do,
        "material": step.material,
        "settings": settings,
        "level": level,
        "entry": Activity.Entry.CODE if by_code else Activity.Entry.AUDIENCE,
        "everybody": step.audience == "everybody",
    }


def _invite(playbook: Playbook, programme: Programme, activities: list[Activity], owner: Person) -> None:
    """Turn the playbook's word for each audience into its parts; a group begins empty."""
    organisation_id = tenancy.active_id()
    groups: dict[str, Group] = {}
    parts: list[Part] = []
    for step, activity in zip(playbook.steps(), activities, strict=True):
        wanted: list[dict[str, Any]] = []
        if step.audience in {"managers", "management-teams"}:
            wanted = [{"level": level} for level in _MANAGERS]
        elif step.audience == "leadership":
            wanted = [{"team_of": owner}]
        elif step.audience in _GROUPS:
            if step.audience not in groups:
                name = _GROUPS[step.audience]
                groups[step.audience] = Group(organisation_id=organisation_id, programme=programme, name=name)
            wanted = [{"group": groups[step.audience]}]
        parts += [Part(organisation_id=organisation_id, activity=activity, **part) for part in wanted]
    Group.objects.bulk_create(groups.values())
    Part.objects.bulk_create(parts)


def move_plan(programme: Programme, *, starts: dt.date, by: Person) -> int:
    """Let the programme begin on another day: every chapter, and all that has not opened yet, moves by as many days.

    Returns how many activities moved. Days of what has opened are promises, and stay.
    """
    if not rules.can_plan(by, programme):
        raise NotAllowedError(_("You may not do this."))
    by_days = starts - programme.starts
    with transaction.atomic():
        frames = list(Frame.objects.filter(programme=programme))
        drafts = list(Activity.objects.filter(programme=programme, state=Activity.State.DRAFT))
        for frame in frames:
            frame.starts, frame.ends = frame.starts + by_days, frame.ends + by_days
        for activity in drafts:
            activity.starts = weekday(activity.starts + by_days)
            activity.ends = max(activity.starts, weekday(activity.ends + by_days))
            activity.reply_by = max(activity.ends + _DAY, weekday(activity.reply_by + by_days))
        Frame.objects.bulk_update(frames, ["starts", "ends"])
        Activity.objects.bulk_update(drafts, ["starts", "ends", "reply_by"])
        programme.starts = starts
        programme.ends = programme.ends + by_days if programme.ends else None
        programme.save(update_fields=["starts", "ends"])
        beside.move(programme, by_days, by=by)
        record("programme.moved", programme, by=by)
    return len(drafts)


def rewrite_programme(programme: Programme, *, by: Person, move: bool, **values: Any) -> int:
    """Change what a programme says about itself; with `move`, a new first day takes the plan along.

    A last day that was left as it stood moves too. Returns how many activities moved.
    """
    moved = 0
    with transaction.atomic():
        if move and values["starts"] != programme.starts:
            ends_as_it_stood = values["ends"] == programme.ends
            moved = move_plan(programme, starts=values["starts"], by=by)
            values["ends"] = programme.ends if ends_as_it_stood else values["ends"]
        change_programme(programme, by=by, **values)
    return moved

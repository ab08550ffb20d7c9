"""Making sessions: from a template, as a copy, as a series; and keeping one as a template."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from samsyn.audit.actions import record
from samsyn.core import clock, tenancy
from samsyn.core.errors import NotAllowedError, RefusedError
from samsyn.core.texts import LangText
from samsyn.gatherings import library
from samsyn.gatherings.actions import add_session, reply_day, share_audience
from samsyn.gatherings.actions_agenda import add_planned, put_activity
from samsyn.gatherings.library import Planned, Template
from samsyn.gatherings.models import Block, Host, OwnTemplate, Series, Session, SessionPart
from samsyn.gatherings.standing import may_run
from samsyn.organisations.models import Person, Unit
from samsyn.programmes import actions as programme_actions
from samsyn.programmes.kinds import all_kinds
from samsyn.programmes.models import Activity, Frame, Programme
from samsyn.programmes.rules import can_plan

MOST_IN_A_SERIES = 60


@dataclass(frozen=True)
class Occasion:
    """One of a series: when it is and, where it is a unit's, whose and who hosts it."""

    starts: dt.datetime
    unit: Unit | None = None
    host: Person | None = None


def make_session(frame: Frame, template: Template | None, *, by: Person, **values: Any) -> Session:
    """Plan a session with the agenda of a template; where a block's kind is installed, its activity is made too."""
    with transaction.atomic():
        session = add_session(frame, by=by, **values, template=template.slug[:60] if template else "")
        _fill(session, template.blocks if template else (), by=by)
    return session


def _fill(
    session: Session, planned: Sequence[Planned], *, by: Person, before: dict[int, list[int]] | None = None
) -> list[Block]:
    """`before`: by place on the agenda, the same activity of the earlier sessions: what they left open comes first."""
    blocks = add_planned(session, planned, by=by)
    for place, (one, block) in enumerate(zip(planned, blocks, strict=True)):
        if one.kind in all_kinds():
            earlier = {"before": before[place]} if before and place in before else {}
            settings = {**one.settings, **earlier}
            made = make_activity(block, kind=one.kind, level=one.level, by=by, settings=settings)
            if before is not None:
                before[place] = [*before.get(place, []), made.pk]
    return blocks


def add_ready(session: Session, planned: Sequence[Planned], *, by: Person) -> list[Block]:
    """Add ready parts at the end of the agenda, with what people do in them. Raises RefusedError."""
    with transaction.atomic():
        return _fill(session, planned, by=by)


def make_activity(
    block: Block,
    *,
    kind: str,
    by: Person,
    level: str = "",
    title: LangText | None = None,
    settings: dict[str, Any] | None = None,
) -> Activity:
    """Make an activity for a block, for those whom the session is for, on its day.

    Where everyone comes in with the code it is anonymous and open to the code, if the kind can be; where people sign
    in, it goes by names where the session does. `level`: anonymous all the same, as a check of the mood is.
    A host may make one too: what a programme fixes follows from the session, so they have no say in it.
    """
    session = block.session
    if not may_run(by, session):
        raise NotAllowedError(_("You may not do this."))
    day = clock.day_of(session.starts)
    with transaction.atomic():
        activity = programme_actions.place_activity(
            session.frame,
            by=by,
            kind=kind,
            title=title or block.title,
            purpose=session.purpose,
            settings={**(settings or {}), "of_session": True},
            starts=day,
            ends=day,
            reply_by=reply_day(day),
            responsible=None if by.external else by,
            **level_and_entry(session, kind, level),
        )
        share_audience(session, activity)
        put_activity(block, activity, by=by)
    return activity


def level_and_entry(session: Session, kind: str, wanted: str = "") -> dict[str, str]:
    """Who can see who wrote what, and how people come in, as fits the session."""
    levels = all_kinds()[kind].levels
    anonymous = Activity.Level.ANONYMOUS in levels and (not session.named or wanted == Activity.Level.ANONYMOUS)
    level = Activity.Level.ANONYMOUS if anonymous else Activity.Level.NAMED
    by_code = anonymous and session.entry == Activity.Entry.CODE
    return {"level": level, "entry": Activity.Entry.CODE if by_code else Activity.Entry.AUDIENCE}


def copy_session(session: Session, *, starts: dt.datetime, by: Person) -> Session:
    """A planned session like this one on another day, with its people and hosts, and nothing that was said."""
    blocks = list(Block.objects.filter(session=session).select_related("activity").order_by("position", "id"))
    kept = ("series", "unit", "title", "purpose", "mode", "place", "link", "preparation", "capacity", "entry")
    kept += ("everybody", "named", "passcode", "retention_days")
    with transaction.atomic():
        frame = frame_at(session.programme, starts) or session.frame
        copy = add_session(
            frame,
            by=by,
            starts=starts,
            template=session.template,
            **{name: getattr(session, name) for name in kept},
        )
        for part in SessionPart.objects.filter(session=session):
            part.pk, part.session, part._state.adding = SessionPart._meta.pk.get_default(), copy, True
            part.save(force_insert=True)
        for person_id in Host.objects.filter(session=session).values_list("person_id", flat=True):
            Host.objects.create(organisation_id=tenancy.active_id(), session=copy, person_id=person_id)
        planned = library.template_of(session, blocks).blocks
        for old, new in zip(blocks, add_planned(copy, planned, by=by), strict=True):
            if old.activity is not None:
                _copy_activity(old.activity, new, by=by)
    return copy


def _copy_activity(activity: Activity, block: Block, *, by: Person) -> Activity:
    """Copy what people do with its kind's own set-up, such as the questions of a poll, for the new session's day."""
    session = block.session
    day = clock.day_of(session.starts)
    made = programme_actions.copy_activity(activity, by=by)
    programme_actions.change_activity(
        made,
        by=by,
        title=activity.title,
        starts=day,
        ends=day,
        reply_by=reply_day(day),
        settings={**made.settings, "of_session": True},
    )
    if made.frame_id != session.frame_id:
        programme_actions.move_activity(made, frame=session.frame, to=session.frame.activities.count(), by=by)
    share_audience(session, made)
    put_activity(block, made, by=by)
    return made


def make_series(
    frame: Frame,
    template: Template | None,
    occasions: Sequence[Occasion],
    *,
    title: LangText,
    by: Person,
    **values: Any,
) -> Series:
    """Plan sessions that belong together: one after the other, or one in each of many units.

    Each is made in a transaction of its own, so that others need not wait for forty of them.
    """
    if not can_plan(by, frame.programme):
        raise NotAllowedError(_("You may not do this."))
    if not 1 < len(occasions) <= MOST_IN_A_SERIES:
        raise RefusedError(_("A series has between 2 and 60 sessions."))
    with transaction.atomic():
        series = Series.objects.create(organisation_id=tenancy.active_id(), programme=frame.programme, title=title)
        record("series.added", series, by=by)
    before: dict[int, list[int]] = {}
    for number, occasion in enumerate(occasions, start=1):
        earlier = before if occasion.unit is None else None  # the same people meet again; units never do
        _make_one(series, frame, template, occasion, number, earlier, by=by, **values)
    return series


def _make_one(
    series: Series,
    frame: Frame,
    template: Template | None,
    occasion: Occasion,
    number: int,
    before: dict[int, list[int]] | None,
    *,
    by: Person,
    **values: Any,
) -> Session:
    with transaction.atomic():
        title = _titled(series.title, occasion, number)
        if occasion.unit is not None:
            values = {**values, "everybody": False}
        session = add_session(
            frame_at(series.programme, occasion.starts) or frame,
            by=by,
            series=series,
            unit=occasion.unit,
            title=title,
            starts=occasion.starts,
            template=template.slug[:60] if template else "",
            **values,
        )
        if occasion.unit is not None:
            SessionPart.objects.create(organisation_id=tenancy.active_id(), session=session, unit=occasion.unit)
        if occasion.host is not None:
            host = Host.objects.create(organisation_id=tenancy.active_id(), session=session, person=occasion.host)
            record("host.added", host, by=by)
        _fill(session, template.blocks if template else (), by=by, before=before)
    return session


def _titled(title: LangText, occasion: Occasion, number: int) -> LangText:
    if occasion.unit is None:
        return LangText({lang: f"{words} {number}" for lang, words in title.items()})
    return LangText({lang: f"{words}: {occasion.unit.name.pick(lang)[0]}" for lang, words in title.items()})


def frame_at(programme: Programme, starts: dt.datetime) -> Frame | None:
    """The chapter that a moment lies in."""
    day = clock.day_of(starts)
    rows = Frame.objects.filter(programme=programme, starts__lte=day, ends__gte=day)
    return rows.order_by("position", "id").first()


def keep_as_template(session: Session, *, name: LangText, by: Person) -> OwnTemplate:
    """Keep the agenda as a template of the organisation: for every programme of it."""
    if not can_plan(by, session.programme):
        raise NotAllowedError(_("You may not do this."))
    blocks = Block.objects.filter(session=session).select_related("activity").order_by("position", "id")
    with transaction.atomic():
        template = OwnTemplate.objects.create(
            organisation_id=tenancy.active_id(),
            name=name,
            content=library.content_of(session, blocks),
            day=clock.today(),
        )
        record("sessiontemplate.kept", template, by=by)
    return template


def delete_template(template: OwnTemplate, programme: Programme, *, by: Person) -> None:
    """Delete one of the organisation's own templates; sessions made from it stay."""
    if not can_plan(by, programme):
        raise NotAllowedError(_("You may not do this."))
    with transaction.atomic():
        record("sessiontemplate.deleted", template, by=by)
        template.delete()

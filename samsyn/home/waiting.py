"""What waits for a person: promises, others' late ones too, replies, activities to open, and what the kinds say."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from django.utils.translation import gettext as _

from samsyn.core import clock
from samsyn.core.addresses import address
from samsyn.organisations.models import Person
from samsyn.programmes.kinds import Waiting, all_kinds
from samsyn.programmes.models import Activity
from samsyn.programmes.queries_letters import days_reminded
from samsyn.programmes.standing import FACILITATION, ORGANISING, OWNER, Standing
from samsyn.thread import queries as thread
from samsyn.thread.models import Promise
from samsyn.ui.templatetags.ui import day as in_words

OVER = {Activity.State.CLOSED, Activity.State.PUBLISHED}


def gather(
    person: Person, activities: Sequence[Activity], standings: Mapping[int, Standing], replied: set[int], day: dt.date
) -> list[Waiting]:
    """Everything, what is late or has waited longest first. One query, and those of the kinds.

    `standings`: what the person is to each programme, by id. `replied`: ids of activities that have our reply.
    """
    owned = {pk for pk, standing in standings.items() if OWNER in standing}
    found = _promises(person, owned)
    found += _replies_due(activities, standings, replied)
    found += _to_open(activities, standings)
    for kind in all_kinds().values():
        found += kind.waits_for(person)
    found.sort(key=place)
    return found


def place(waiting: Waiting) -> tuple[dt.date, str]:
    """Where it stands in the list: what is late, or has waited longest, first."""
    return waiting.due or waiting.since or dt.date.max, str(waiting.title)


def _promises(person: Person, owned: set[int]) -> list[Waiting]:
    """The person's own, and late ones of others: those one reminds of, once a day."""
    promises = list(thread.promises_waiting_for(person, owned))
    others = [promise.item_id for promise in promises if promise.item.owner_id not in {None, person.pk}]
    reminded = days_reminded(others) if others else {}
    return [
        _of_another(promise, reminded.get(promise.item_id)) if promise.item_id in others else _own(promise)
        for promise in promises
    ]


def _own(promise: Promise) -> Waiting:
    return Waiting(
        title=promise.item.title,
        address=address("home:settle", item=promise.item_id),
        verb=_("Say how it went"),
        due=promise.item.due,
        note=_("Your promise"),
    )


def _of_another(promise: Promise, reminded: dt.date | None) -> Waiting:
    note = _("%(name)s has promised it") % {"name": promise.item.owner.name}
    if reminded:
        note += " · " + _("reminded on %(day)s") % {"day": in_words(reminded)}
    again = reminded != clock.today()
    return Waiting(
        title=promise.item.title,
        address=address("home:settle", item=promise.item_id),
        verb=_("Send a reminder") if again else _("Look at the promise"),
        due=promise.item.due,
        note=note,
        press="remind" if again else "",
    )


def _replies_due(activities: Sequence[Activity], standings: Mapping[int, Standing], replied: set[int]) -> list[Waiting]:
    return [
        Waiting(
            title=activity.title,
            address=address("programmes:publish", activity=activity.pk),
            verb=_("Write our reply"),
            due=activity.reply_by,
            note=_unanswered(activity),
        )
        for activity in activities
        if activity.state in OVER and activity.pk not in replied and standings[activity.programme_id] & ORGANISING
    ]


def _unanswered(activity: Activity) -> str:
    if activity.state == Activity.State.PUBLISHED:
        return _("Published without a reply; people wait for it")
    return _("Closed %(day)s and not published; people wait for your reply") % {"day": in_words(activity.closed)}


def _to_open(activities: Sequence[Activity], standings: Mapping[int, Standing]) -> list[Waiting]:
    return [
        Waiting(
            title=activity.title,
            address=address("programmes:activity", activity=activity.pk),
            verb=_("Look and open"),
            due=activity.starts,
            note=_("Planned to open"),
        )
        for activity in activities
        if activity.state == Activity.State.DRAFT and standings[activity.programme_id] & FACILITATION
    ]

"""Who may take part in an activity from the room, and under which key. Looked up once and kept for a minute."""

from __future__ import annotations

import time
from collections import OrderedDict, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace

from django.utils import translation
from django.utils.translation import gettext as _

from samsyn.live.sendings import Sending
from samsyn.programmes import audiences, rules
from samsyn.programmes.actions_voting import admit_voters
from samsyn.programmes.browsers import key_of
from samsyn.programmes.kinds import kind_of
from samsyn.programmes.models import Activity

_KEPT = 60.0  # seconds
_MOST = 20_000
_takes_part: OrderedDict[tuple[int, int], tuple[float, bool]] = OrderedDict()
_admitted: OrderedDict[tuple[int, str], bool] = OrderedDict()


def refusal(activity: Activity | None, sending: Sending) -> str:
    """Why this may not be sent, in the sender's language; "" where it may. `look_up` has been told of the sender."""
    with translation.override(sending.language):
        if activity is None or sending.name not in kind_of(activity).intake():
            return _("That is not done in this room.")
        if activity.state != Activity.State.OPEN:
            return _("This is closed. Your text is still here: copy it if you want to keep it.")
        if _by_name(activity) and not sending.person:
            return _("This one is for those who are signed in.")
        if sending.person and not _has_a_part(activity, sending.person):
            return _("This one is for those invited.")
        if rules.is_anonymous(activity) and not _admitted.get((activity.pk, sending.key)):
            return _("You have already voted here from another browser. Use that one to change your vote.")
    return ""


def with_key(activity: Activity, sending: Sending) -> Sending:
    """The sending under the key that the activity knows the voter by: their own where names are known."""
    if rules.is_anonymous(activity):
        return replace(sending, person=0)
    return replace(sending, key=key_of(sending.person) if sending.person else "")


def admit(activities: Mapping[int, Activity], sendings: Sequence[Sending]) -> None:
    """Let new voters into anonymous activities; each activity in a transaction of its own, tickets in another."""
    new: dict[int, dict[str, int]] = defaultdict(dict)
    for sending in sendings:
        activity = activities.get(sending.activity)
        if activity is not None and rules.is_anonymous(activity) and (activity.pk, sending.key) not in _admitted:
            new[activity.pk].setdefault(sending.key, sending.person)
    for activity_id, people in new.items():
        activity = activities[activity_id]
        if activity.state != Activity.State.OPEN:
            continue
        for key in admit_voters(activity, people):
            _keep(_admitted, (activity_id, key), True)


def _by_name(activity: Activity) -> bool:
    """Whether who takes part must be known: by level, or because a given audience has tickets."""
    return not rules.is_anonymous(activity) or activity.entry == Activity.Entry.AUDIENCE


def look_up(activities: Mapping[int, Activity], sendings: Sequence[Sending]) -> None:
    """Find out who takes part, of all who send: at most three queries an activity, however many they are."""
    now = time.monotonic()
    unknown: dict[int, set[int]] = defaultdict(set)
    for sending in sendings:
        activity = activities.get(sending.activity)
        if activity is not None and sending.person and _by_name(activity) and not _known(activity, sending.person, now):
            unknown[activity.pk].add(sending.person)
    for activity_id, people in unknown.items():
        there = audiences.people_of_activity(activities[activity_id]).filter(pk__in=people).order_by()
        taking_part = set(there.values_list("pk", flat=True))
        for person in people:
            _keep(_takes_part, (activity_id, person), (now + _KEPT, person in taking_part))


def _known(activity: Activity, person_id: int, now: float) -> bool:
    return now <= _takes_part.get((activity.pk, person_id), (0.0, False))[0]


def _has_a_part(activity: Activity, person_id: int) -> bool:
    return not _by_name(activity) or _takes_part.get((activity.pk, person_id), (0.0, False))[1]


def _keep(kept: OrderedDict, key: tuple[int, object], value: object) -> None:  # type: ignore[type-arg]
    kept[key] = value
    while len(kept) > _MOST:
        kept.popitem(last=False)

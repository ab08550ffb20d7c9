"""What the demo's front page shows."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from typing import Any

from django.urls import reverse

from samsyn.core import clock, tenancy
from samsyn.core.addresses import address
from samsyn.organisations.models import Organisation, Person
from samsyn.programmes.models import Activity, Role
from samsyn.programmes.playbooks import Playbook, all_playbooks
from samsyn.rehearsal.models import DemoMark
from samsyn.thread.models import Item
from samsyn.thread.registry import Telling, tell

_OTHERS = {
    str(one.value): one.label for one in (Role.Name.LEAD, Person.Level.MANAGER, Role.Name.MEMBER, Role.Name.GUEST)
}
_ORDER = ("questions.question", "promise", "steps.outcome", "reply")


@dataclass(frozen=True)
class DemoFront:
    """One voice and what came of it; the three doors; the four playbooks."""

    stations: list[Telling]
    staff_address: str
    facilitator: str
    owner: str
    others: list[tuple[str, str, Any]]  # through whose eyes one may look, too: the door, a name, what they are
    playbooks: tuple[Playbook, ...]
    organisation: Organisation
    day: dt.date | None


def demo_organisation() -> Organisation | None:
    """The demo's organisation; None in every database that a demo did not make."""
    mark = DemoMark.objects.filter(finished=True).first()
    return Organisation.objects.filter(pk=mark.organisation_id, synthetic=True).first() if mark else None


def demo_front() -> DemoFront | None:
    """The front page of a demo; None elsewhere."""
    organisation = demo_organisation()
    if organisation is None:
        return None
    with tenancy.scope(organisation.pk, organisation.slug), clock.simulated(organisation.simulated_day):
        items = list(Item.objects.filter(visibility="public"))
        told = tell(items)
        stations = [
            replace(told[item.pk], address=address("home:item", item=item.pk), note=_note(told[item.pk]))
            for item in sorted(items, key=lambda item: _ORDER.index(item.kind) if item.kind in _ORDER else 9)
            if item.pk in told
        ]
        open_now = Activity.objects.filter(state="open", entry="code", kind="questions").order_by("starts").first()
        names = dict(Role.objects.filter(name__in=["facilitator", "owner"]).values_list("name", "person__name"))
        return DemoFront(
            stations=stations,
            staff_address=reverse("join:enter", kwargs={"code": open_now.code}) if open_now else reverse("join:code"),
            facilitator=names.get("facilitator", ""),
            owner=names.get("owner", ""),
            others=[(who, person.name, _OTHERS[who]) for who in _OTHERS if (person := _person(who))],
            playbooks=all_playbooks(),
            organisation=organisation,
            day=organisation.simulated_day,
        )


def _note(telling: Telling) -> object:
    return None if telling.voice else telling.note


def demo_person(who: str) -> Person | None:
    """The made-up person behind one of the doors: those who have a role, and a manager who has none."""
    organisation = demo_organisation()
    if organisation is None or who not in {"facilitator", "owner", *_OTHERS}:
        return None
    with tenancy.scope(organisation.pk, organisation.slug):
        return _person(who)


def _person(who: str) -> Person | None:
    people = Person.objects.filter(user__is_synthetic=True).select_related("user").order_by("sort_name", "id")
    if who == "manager":
        return people.filter(level=Person.Level.MANAGER, roles=None).first()
    return people.filter(roles__name=who).first()

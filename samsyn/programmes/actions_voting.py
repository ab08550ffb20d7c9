"""Letting voters into an anonymous activity many at a time, for the live room."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction

from samsyn.core import locks, tenancy
from samsyn.programmes.models import Activity, Ticket, VoterKey


def admit_voters(activity: Activity, people: Mapping[str, int]) -> set[str]:
    """Let keys vote in an anonymous activity. Which of them may.

    With a given audience each new key needs the unspent ticket of its person; tickets are spent in a transaction of
    their own, as flags without a time, while nobody else votes with them. Outside of any transaction.

    Args:
        people: key → id of the person behind it, 0 where nobody is known.
    """
    known = set(VoterKey.objects.filter(activity=activity, key__in=list(people)).values_list("key", flat=True))
    new = {key: person for key, person in people.items() if key not in known}
    if activity.entry == Activity.Entry.CODE:
        _keep(activity, sorted(new))
        return set(people)
    persons = {person for person in new.values() if person}
    if not persons:
        return known
    with locks.all_alone("ticket", activity.pk, numbers=sorted(persons)):
        tickets = Ticket.objects.filter(activity=activity, person_id__in=persons, spent=False)
        unspent = set(tickets.values_list("person_id", flat=True))
        admitted: dict[int, str] = {}
        for key, person in sorted(new.items()):
            if person in unspent:
                admitted.setdefault(person, key)  # of two browsers at once, one
        _keep(activity, sorted(admitted.values()))
        with transaction.atomic():
            Ticket.objects.filter(activity=activity, person_id__in=list(admitted)).update(spent=True)
    return known | set(admitted.values())


def _keep(activity: Activity, keys: list[str]) -> None:
    rows = [VoterKey(organisation_id=tenancy.active_id(), activity=activity, key=key) for key in keys]
    rows.sort(key=lambda row: row.pk)
    with transaction.atomic():
        VoterKey.objects.bulk_create(rows, ignore_conflicts=True)

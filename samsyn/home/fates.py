"""What came of one's own contributions: for the holder of six words, and by account where names are kept."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import reduce
from operator import or_

from django.core.paginator import Page, Paginator
from django.db.models import Q, QuerySet

from samsyn.core.texts import LangText
from samsyn.organisations.models import Person
from samsyn.programmes.kinds import all_kinds
from samsyn.programmes.models import Activity
from samsyn.programmes.queries import LISTED
from samsyn.programmes.standing import Visitor
from samsyn.programmes.viewing import everyone_sees
from samsyn.programmes.words import reply_words
from samsyn.thread import queries as thread
from samsyn.thread.models import FollowUp, Item, Link, Reply
from samsyn.thread.registry import Telling, tell, visible_ids

ON_A_PAGE = 20


@dataclass(frozen=True)
class Fate:
    """One's own contribution, where it stands and what came of it. `reason`: why it is hidden."""

    telling: Telling
    after: list[Telling]
    follow_up: FollowUp | None
    to_come: str = ""  # when our reply comes, where it has not
    reason: LangText | None = None
    activity: Activity | None = None


def fates_of_words(words: str, visitor: Visitor) -> list[Fate]:
    """The fate of everything that the holder of these words contributed.

    The holder took part, so what those who took part there may see is shown, and what everyone in the programme may
    see, whether or not they are signed in; nothing of what is for others.
    """
    return _fates(thread.items_of_words(words), visitor)


def own_items(person: Person) -> QuerySet[Item]:
    """The items that a person has contributed under their name, the newest first."""
    mine = reduce(or_, (Q(pk__in=kind.own_items(person)) for kind in all_kinds().values()))
    return Item.objects.filter(mine).order_by("-day", "id")


def fates_of_person(person: Person, visitor: Visitor, number: str | None = None) -> tuple[list[Fate], Page[Item]]:
    """A page of the fates of what a person has contributed under their name."""
    page = Paginator(own_items(person), ON_A_PAGE).get_page(number)
    return _fates(list(page.object_list), visitor), page


def _fates(items: list[Item], visitor: Visitor) -> list[Fate]:
    own = Visitor(visitor.person, visitor.entered, {item.activity_id for item in items if item.activity_id})
    told = tell(items)
    said = thread.follow_ups(item.pk for item in items)
    led = _what_followed(items)
    after = {item.pk: item for item in Item.objects.filter(pk__in={pk for targets in led.values() for pk in targets})}
    seen = visible_ids(own, list(after.values()))
    seen |= {pk for pk, item in after.items() if everyone_sees(item, own.activities.get(item.activity_id or 0))}
    after_told = tell([item for pk, item in after.items() if pk in seen])
    activities = {a.pk: a for a in Activity.objects.filter(pk__in={item.activity_id for item in items}).only(*LISTED)}
    replied = set(Reply.objects.filter(activity_id__in=activities).values_list("activity_id", flat=True))
    to_come = {pk: reply_words(a, replied=False).words for pk, a in activities.items() if pk not in replied}
    return [
        Fate(
            telling=_own_words(told[item.pk]),
            after=[after_told[target] for target in led.get(item.pk, []) if target in after_told],
            follow_up=said.get(item.pk),
            to_come="" if item.state == "hidden" else to_come.get(item.activity_id or 0, ""),
            reason=told[item.pk].text if item.state == "hidden" else None,
            activity=activities.get(item.activity_id or 0),
        )
        for item in items
        if item.pk in told
    ]


def _own_words(telling: Telling) -> Telling:
    """Whoever wrote what has been hidden sees their own words; everybody else is told the reason in their place."""
    return replace(telling, text=telling.item.title, voice=True) if telling.item.state == "hidden" else telling


def _what_followed(items: list[Item]) -> dict[int, list[int]]:
    """The ids of what came of each item; of one that was joined with another also what came of that. Two queries."""
    led = _targets(item.pk for item in items)
    joined = {item.pk for item in items if item.state == "merged"}
    further = _targets(target for pk in joined for target in led.get(pk, []))
    for pk in joined & set(led):
        led[pk] = list(dict.fromkeys([*led[pk], *(later for target in led[pk] for later in further.get(target, []))]))
    return led


def _targets(source_ids: Iterable[int]) -> dict[int, list[int]]:
    led: dict[int, list[int]] = {}
    links = Link.objects.filter(source_id__in=set(source_ids)).order_by("id")
    for source, target in links.values_list("source_id", "target_id"):
        led.setdefault(source, []).append(target)
    return led

"""Reads of contributed texts: where they stand, which are alike, and what was done with them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, TypeVar

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.utils.functional import Promise as LazyText
from django.utils.translation import gettext_lazy as _

from samsyn.algorithms.text.similar import most_alike
from samsyn.audit.models import Entry
from samsyn.core import clock
from samsyn.core.addresses import address
from samsyn.core.ids import decode_id
from samsyn.organisations.models import Person
from samsyn.programmes.contributions import Contribution
from samsyn.programmes.kinds import Notice, Words
from samsyn.programmes.models import Activity, Ticket
from samsyn.programmes.rules import leaves_no_trace
from samsyn.thread.models import Receipt

OFFERED = 10  # so many to join with at a time; the others are found by a word
_HARDLY_ALIKE = 0.2

Row = TypeVar("Row", bound=Contribution)
_FOR_THE_AUTHOR: dict[str, LazyText] = {
    "let_in": _("Others see it now"),
    "hidden": _("Hidden, with a reason that you can read"),
    "merged": _("Joined with another one"),
}
_WORDS: dict[str, LazyText] = {
    "let_in": _("let in"),
    "hidden": _("hidden with a reason"),
    "held": _("taken back to wait"),
    "merged": _("joined with another"),
    "translated": _("translated"),
    "received": _("made out of something else"),
}


def counts(model: type[Contribution], activity: Activity, places: Mapping[str, Q]) -> dict[str, int]:
    """How many texts stand in each place of the desk."""
    numbers = {name: Count("id", filter=place) for name, place in places.items()}
    return model._default_manager.filter(activity=activity).aggregate(**numbers)


def to_join_with(rows: QuerySet[Any], text: str, find: str = "") -> list[Contribution]:
    """The texts to offer: those that hold every word of `find`, else the most alike, the most alike first."""
    known = list(rows.order_by("id").values_list("pk", "text", "translation"))
    if find:
        words = find.casefold().split()
        held = [(pk, " ".join((own, *others.values())).casefold()) for pk, own, others in known]
        known = [row for row, (_pk, folded) in zip(known, held, strict=True) if all(word in folded for word in words)]
    least = 0.0 if find else _HARDLY_ALIKE
    places = most_alike(text, [own for _pk, own, _others in known], most=OFFERED, least=least)
    ids = [known[place][0] for place in places]
    found = rows.select_related(None).only("text", "language", "translation").in_bulk(ids)
    return [found[pk] for pk in ids if pk in found]


@dataclass(frozen=True)
class Act:
    """What somebody did with a text, and on which day."""

    day: dt.date
    what: LazyText
    by: str


def own_texts(model: type[Row], person: Person, since: dt.date) -> QuerySet[Row]:
    """What a person wrote under their name. `done`, `done_at`: what was last done with it since a day, and when."""
    noun = model._meta.model_name
    acts = Entry.objects.filter(object_id=OuterRef("pk"), at__gte=clock.start_of(since))
    acts = acts.filter(verb__in=[f"{noun}.{verb}" for verb in _FOR_THE_AUTHOR]).order_by("-at")
    rows = model._default_manager.filter(author=person).order_by("id")
    return rows.annotate(done=Subquery(acts.values("verb")[:1]), done_at=Subquery(acts.values("at")[:1]))


def notice_of(row: Any, day: dt.date | None = None, what: Words = "") -> Notice:
    """A notice to whoever wrote a text: what happened, or else what was last done with it (`own_texts`)."""
    if day is None:
        day, what = clock.day_of(row.done_at), _FOR_THE_AUTHOR[row.done.partition(".")[2]]
    return Notice(day, row.words, address("home:mine") + f"#i{row.item_id}", what, said=True)


def spent_tickets(activity: Activity) -> set[int]:
    """Ids of the people who have voted in an anonymous activity with a given audience. Never shown, nor how many."""
    return set(Ticket.objects.filter(activity=activity, spent=True).values_list("person_id", flat=True))


def taken_part(model: type[Contribution], activity: Activity, votes: QuerySet[Any]) -> set[int]:
    """Ids of those who have written or voted; in an anonymous activity of those who have spent their tickets."""
    if leaves_no_trace(activity):
        return spent_tickets(activity)
    wrote = model._default_manager.filter(activity=activity, author__isnull=False)
    found = set(wrote.values_list("author_id", flat=True))
    for key in votes.values_list("key", flat=True):
        with suppress(ValueError):  # not the key of a person who is known
            found.add(decode_id(key.removeprefix("p")))
    return found


def how_the_author_hears(row: Contribution) -> str:
    """How whoever wrote a text learns what became of it: "account", "receipt", or "" where nobody can be told."""
    if row.author_id is not None:
        return "account"
    return "receipt" if Receipt.objects.filter(item=row.item_id).exists() else ""


def history_of(rows: Sequence[Contribution]) -> dict[int, list[Act]]:
    """What was done with each of the texts, the first first: two queries. Who wrote one is never among it."""
    noun = rows[0]._meta.model_name if rows else ""
    verbs = {f"{noun}.{verb}": words for verb, words in _WORDS.items()}
    entries = list(Entry.objects.filter(object_id__in=[row.pk for row in rows], verb__in=verbs).order_by("at", "id"))
    names = dict(Person.objects.filter(pk__in={entry.actor_id for entry in entries}).values_list("pk", "name"))
    found: dict[int, list[Act]] = {row.pk: [] for row in rows}
    for entry in entries:
        act = Act(clock.day_of(entry.at), verbs[entry.verb], names.get(entry.actor_id or 0, ""))
        found[entry.object_id or 0].append(act)
    return found

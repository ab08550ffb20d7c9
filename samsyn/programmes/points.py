"""Points that people place on items: so many each, moved until voting ends, told under the rule of five.

A table of points has `item`, `key` (of the voter), `points`, and `counted`: how many of them the figure shown has.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.db.models import F, Model, QuerySet
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from samsyn.core import tenancy
from samsyn.core.errors import NotAllowedError, RefusedError
from samsyn.live.sendings import Sending, Taken
from samsyn.programmes import figures

_NUMBER = re.compile(r"[0-9]{1,3}")
_ID = re.compile(r"[0-9]{1,19}")
_ROWS_AT_ONCE = 250

Ballot = Mapping[int, int]  # id of what is voted on → points


def read_ballot(values: Mapping[str, Any], prefix: str) -> dict[int, int]:
    """The points of a form: `<prefix>-<id>` = how many; or `target` and `<prefix>`. Raises RefusedError."""
    start = f"{prefix}-"
    written = {name.removeprefix(start): value for name, value in values.items() if name.startswith(start)}
    if "target" in values:
        written[str(values["target"])] = values.get(prefix)
    numbers = {target: str(value or "0").strip() for target, value in written.items()}
    if not all(_NUMBER.fullmatch(number) and _ID.fullmatch(target) for target, number in numbers.items()):
        raise RefusedError(_("Give the dots as a number."), prefix)
    return {int(target): int(number) for target, number in numbers.items()}


def take_many(
    sendings: Sequence[Sending], prefix: str, place: Callable[[list[tuple[str, Ballot]]], list[RefusedError | None]]
) -> list[Taken]:
    """Ballots from the live room, all of them in one `place`; a faulty one costs the others nothing."""
    read: list[tuple[str, Ballot] | RefusedError] = []
    for sending in sendings:
        try:
            if not sending.key:
                raise NotAllowedError(_("This vote is for those invited."))
            read.append((sending.key, read_ballot(sending.values, prefix)))
        except RefusedError as refusal:
            read.append(refusal)
    placed = iter(place([one for one in read if isinstance(one, tuple)]))
    taken = []
    for sending, one in zip(sendings, read, strict=True):
        refusal = one if isinstance(one, RefusedError) else next(placed)
        with override(sending.language):
            taken.append(Taken() if refusal is None else Taken(str(refusal.message), refusal.field or ""))
    return taken


def place(
    votes: QuerySet[Any], items: Mapping[int, int], ballots: Sequence[tuple[str, Ballot]], most: int
) -> list[RefusedError | None]:
    """Take ballots, one after the other, within the caller's transaction; what became of each. A retry is as once.

    What a ballot does not name stays as it is. The caller keeps others from placing points meanwhile.

    Args:
        votes: the points of the activity. items: what can be voted on now → its item. ballots: (key, ballot) of each.
        most: how many points each has.
    """
    cast: dict[str, dict[int, int]] = defaultdict(dict)
    stored = votes.filter(key__in={key for key, _ballot in ballots}, item__in=items.values())
    for key, item_id, points in stored.values_list("key", "item_id", "points"):
        cast[key][item_id] = points
    changed: dict[tuple[str, int], int] = {}
    refusals: list[RefusedError | None] = []
    for key, ballot in ballots:
        placed = cast[key] | {items[target]: points for target, points in ballot.items() if target in items}
        refusal = _refusal(placed, most) if set(ballot) <= set(items) else RefusedError(_("This is no longer here."))
        refusals.append(refusal)
        if refusal is None:
            changed |= {(key, pk): points for pk, points in placed.items() if points != cast[key].get(pk, 0)}
            cast[key] = placed
    _store(votes.model, changed)
    return refusals


def _refusal(placed: Ballot, most: int) -> RefusedError | None:
    spent = sum(placed.values())
    words = _("You have placed {spent} dots, and there are {most}. Take some back.")
    return RefusedError(format_lazy(words, spent=spent, most=most), "dots") if spent > most else None


def _store(model: type[Model], changed: Mapping[tuple[str, int], int]) -> None:
    rows = [
        model(organisation_id=tenancy.active_id(), key=key, item_id=item_id, points=points)
        for (key, item_id), points in changed.items()
    ]
    rows.sort(key=lambda row: row.pk)  # not in the order in which they came
    known = {"unique_fields": ["item", "key"], "update_fields": ["points"]}
    model._default_manager.bulk_create(rows, update_conflicts=True, batch_size=_ROWS_AT_ONCE, **known)


def count(votes: QuerySet[Any], *, anonymous: bool) -> dict[int, int]:
    """The figures to show from now on, by item: those that may change. Notes what they have counted."""
    cast = defaultdict(list)
    for item_id, points, counted in votes.order_by().values_list("item_id", "points", "counted"):
        cast[item_id].append((points, counted))
    found = {pk: figures.next_sum(points, anonymous=anonymous) for pk, points in cast.items()}
    told = {pk: figure for pk, figure in found.items() if figure is not None}
    forget_which_came_last(votes.filter(item__in=told))
    return told


def forget_which_came_last(votes: QuerySet[Any]) -> None:
    """Points that no figure has counted yet would show as the last ones: let all look alike."""
    votes.update(counted=F("points"))


def voters(votes: QuerySet[Any]) -> int:
    """How many have placed points, or have had some on something that is still there."""
    return votes.order_by().values("key").distinct().count()

"""Reads of a dialogue."""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Q, QuerySet, Sum
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from samsyn.activities.dialogue.models import Import, Result, Showing, Statement, Vote
from samsyn.algorithms.text.similar import most_alike
from samsyn.core.ids import decode_id, encode_id
from samsyn.core.texts import LangText
from samsyn.organisations.models import Person
from samsyn.programmes.figures import FEWEST
from samsyn.programmes.importing import origin_of
from samsyn.programmes.kinds_contributions import tell_contribution
from samsyn.programmes.models import Activity
from samsyn.thread.models import Item
from samsyn.thread.registry import Telling
from samsyn.ui.charts import Picture, whole_per_cent

if TYPE_CHECKING:
    from samsyn.algorithms.opinion_map.reading import Group, Mark, Share

_SHOWN = ("item", "activity", "text", "language", "translation", "state", "reason", "seeded", *Person.named("author"))
Luck = tuple[float, float]
_RING = 13.0  # the smallest ring around where one stands, in the picture's measures
_SIDES = ("agree", "neither", "disagree")
_NOW = ("now_agree", "now_neither", "now_disagree")
PLACES = {  # of the desk
    "waiting": Q(state=Statement.State.WAITING),
    "visible": Q(state=Statement.State.VISIBLE),
    "away": Q(state__in=[Statement.State.HIDDEN, Statement.State.MERGED]),
}


def visible_statements(activity: Activity) -> QuerySet[Statement]:
    """What can be voted on, in random order (the ids are random)."""
    return Statement.objects.filter(activity=activity, state=Statement.State.VISIBLE).order_by("id")


def my_votes(activity: Activity, key: str) -> dict[int, Vote]:
    """One voter's votes on visible statements, by statement."""
    if not key:
        return {}
    found = Vote.objects.filter(key=key, statement__activity=activity, statement__state=Statement.State.VISIBLE)
    found = found.exclude(value=None)
    return {vote.statement_id: vote for vote in found}


@dataclass(frozen=True)
class Turn:
    """What a voter is shown: the next statement (None: all are done), and how far they have come.

    `mine`: the voter's votes on visible statements. `last`: what they have just voted on. `luck`: how far from chance
    the choice was, if it was one.
    """

    statement: Statement | None
    candidates: Sequence[int]
    total: int
    mine: dict[int, Vote]
    last: Statement | None = None
    luck: Luck | None = None

    @property
    def done(self) -> int:
        return len(self.mine)


def next_turn(activity: Activity, key: str, *, wanted: int | None = None, last: int | None = None) -> Turn:
    """The next statement for a voter; `wanted`: one they have asked for, voted on or not. Counts no votes.

    `last`: the one they have just voted on. Left to themselves they get the one about which one more vote says most.
    """
    from samsyn.algorithms.opinion_map.routing import choose

    counted = {pk: tuple(row) for pk, *row in visible_statements(activity).values_list("pk", *_NOW)}
    mine = my_votes(activity, key)
    left = [pk for pk in counted if pk not in mine]
    chance = random.SystemRandom()
    pk, luck = (wanted, None) if wanted in counted else choose({pk: counted[pk] for pk in left}, chance)
    both = Statement.objects.in_bulk([one for one in (pk, last if last in mine else None) if one])
    return Turn(both.get(pk or 0), left, len(counted), mine, both.get(last or 0), luck)


def next_for(activity: Activity, voters: Mapping[str, int | None]) -> dict[str, tuple[int | None, Luck | None]]:
    """The statement to go on with for each of several voters, in two queries; None where they have voted on all.

    `voters`: key → the statement that they have before them already, which is not chosen.
    """
    from samsyn.algorithms.opinion_map.routing import choose

    counted = {pk: tuple(row) for pk, *row in visible_statements(activity).values_list("pk", *_NOW)}
    cast = Vote.objects.filter(key__in=list(voters), statement__activity=activity, value__isnull=False).order_by()
    known: dict[str, set[int | None]] = {key: {before} for key, before in voters.items()}
    for key, pk in cast.values_list("key", "statement_id"):
        known[key].add(pk)
    chance = random.SystemRandom()
    return {
        key: choose({pk: row for pk, row in counted.items() if pk not in seen}, chance) for key, seen in known.items()
    }


def in_the_room(activity: Activity) -> Any:
    """What everybody in the room may see: the statements, the figures under the rule of five, what came out once it is
    published.
    """
    statements = list(visible_statements(activity).only(*_SHOWN[2:6]))
    _number, votes = figures_of([activity]).get(activity.pk, (0, 0))
    made = result_of(activity) if activity.state == Activity.State.PUBLISHED else None
    outcome = Outcome(made) if made is not None else None
    return {
        "statements": statements,
        "votes": votes,
        "agreed": [line for line in outcome.found("consensus") if line.shown][:3] if outcome else [],
        "apart": [line for line in outcome.found("divisive") if line.shown][:2] if outcome else [],
    }


def similar(activity: Activity, text: str) -> list[Statement]:
    """Visible statements that say nearly the same in either language, the most alike first."""
    every = list(visible_statements(activity).only("text", "language", "translation"))
    told = [(statement, words) for statement in every for words in statement.words.values()]
    near = [told[place][0] for place in most_alike(text, [words for _one, words in told], most=6)]
    return list(dict.fromkeys(near))[:3]


def on_the_desk(activity: Activity, place: str) -> QuerySet[Statement]:
    """The statements in one place of the desk."""
    rows = Statement.objects.filter(PLACES[place], activity=activity).select_related("item", "author").order_by("id")
    shown = (*_SHOWN, "agree", "neither", "disagree", "item__day", "merged_into")
    return rows.only(*shown).prefetch_related("merged_into")


def figures_of(activities: Iterable[Activity]) -> dict[int, tuple[int, int]]:
    """By activity: how many visible statements there are, and how many votes may be told of. One query."""
    rows = Statement.objects.filter(activity__in=list(activities), state=Statement.State.VISIBLE).order_by()
    counted = rows.values_list("activity_id").annotate(
        statements=Count("id"), agree=Sum("agree"), neither=Sum("neither"), disagree=Sum("disagree")
    )
    return {pk: (number, agree + neither + disagree) for pk, number, agree, neither, disagree in counted}


def cast_votes(activity: Activity, before: Sequence[int]) -> tuple[list[int], list[tuple[str, int, int, bool]]]:
    """The statements of the result in order, and the votes on them that figures show: key, statement, value, whether it
    matters. `before`: those that were in it before; where one has been hidden since, it stays, without its words.
    """
    there = Q(state=Statement.State.VISIBLE) | Q(state=Statement.State.HIDDEN, pk__in=list(before))
    ids = list(Statement.objects.filter(there, activity=activity).order_by("id").values_list("pk", flat=True))
    rows = Vote.objects.filter(statement__activity=activity, shown__isnull=False).order_by()
    part, found = set(ids), rows.values_list("key", "statement_id", "shown", "shown_important")
    return ids, [row for row in found if row[1] in part]


def export_of(activity: Activity) -> bytes:
    """A dialogue as a Polis export has it, packed: with new numbers for everything every time."""
    from samsyn.algorithms.opinion_map.polis_export import About, Said, make_conversation, pack_export

    rows = Statement.objects.filter(activity=activity).select_related("item").exclude(state=Statement.State.WAITING)
    there = Statement.State.VISIBLE
    said = [Said(row.pk, row.text, row.state == there, row.item.day.isoformat()) for row in rows]
    votes = Vote.objects.filter(statement__in=rows, value__isnull=False).values_list("key", "statement_id", "value")
    made = result_of(activity)
    groups = len(made.data.get("groups", [])) if made else 0
    about = About(str(activity.title), str(activity.purpose), groups, origin_of(activity))
    return pack_export(*make_conversation(said, votes, random.SystemRandom()), about)


def import_of(activity: Activity) -> Import | None:
    """What is being brought in and is not all there yet."""
    found = Import.objects.select_related("activity__programme").defer("votes", "statements")
    return found.filter(activity=activity).first()


def result_of(activity: Activity) -> Result | None:
    """The result, once it has been worked out."""
    return Result.objects.filter(activity=activity).first()


def results_of(activities: Iterable[Activity]) -> dict[int, Result]:
    """The results of several, in one query."""
    return {row.activity_id: row for row in Result.objects.filter(activity__in=list(activities))}


def statements_by_id(ids: Iterable[int]) -> dict[int, Statement]:
    """Statements with what a list shows of them."""
    rows = Statement.objects.filter(pk__in=list(ids)).select_related("author").only(*_SHOWN, "foreign_id")
    return {row.pk: row for row in rows}


def choices_of(activity: Activity) -> tuple[int, bool]:
    """How many statements were chosen, and whether it is sure that chance did not choose them."""
    from samsyn.algorithms.opinion_map.routing import SURELY, certainty

    rows = Showing.objects.filter(statement__activity=activity)
    sums = rows.aggregate(chosen=Sum("shown"), ahead=Sum("ahead"), spread=Sum("spread"))
    return sums["chosen"] or 0, certainty(sums["ahead"] or 0.0, sums["spread"] or 0.0) >= SURELY


@dataclass(frozen=True)
class Line:
    """One statement of the result: `words` say why where it is no longer shown. Shares in per cent, none without votes;
    `sure`: the same with their intervals.
    """

    statement: Statement
    words: LangText
    votes: int = 0
    agree: int = 0
    neither: int = 0
    disagree: int = 0
    sure: dict[str, Share] = field(default_factory=dict)
    against: bool = False
    important: int | None = None

    @property
    def shown(self) -> bool:
        return self.statement.state == Statement.State.VISIBLE


class Outcome:
    """The result of one dialogue, ready for a page, as its statements are now: two queries."""

    def __init__(self, result: Result) -> None:
        self.data: dict[str, Any] = result.data
        self.people, self.votes = int(result.data["people"]), int(result.data["votes"])
        self.few, self.axes = bool(result.data.get("few")), int(result.data.get("axes", 0))
        self.exact, self.mainly_agreeing = bool(result.data.get("exact")), bool(result.data.get("mainly_agreeing"))
        self.columns = (_("left"), pgettext("from left to right", "middle"), _("right"))
        self.rows = (_("top"), pgettext("from top to bottom", "middle"), _("bottom"))

    @cached_property
    def _read(self) -> Any:
        """What reads the numbers: imported where a result is shown, since it brings much with it."""
        from samsyn.algorithms.opinion_map import reading

        return reading

    @cached_property
    def by_name(self) -> dict[str, Line]:
        """The lines by the name that the data has for their statements."""
        names = self.data["names"]
        known = statements_by_id(decode_id(name) for name in names)
        counts = [row or [0, 0, 0, None] for row in self.data.get("counts") or [None] * len(names)]
        totals = [sum(row[:3]) for row in counts]
        sides = [self._read.shares_of([row[side] for row in counts], totals) if counts else [] for side in range(3)]
        found = {}
        for place, name in enumerate(names):
            if decode_id(name) in known:
                whole = whole_per_cent(counts[place][:3])
                shares = [replace(side[place], share=one) for side, one in zip(sides, whole, strict=True)]
                sure = dict(zip(_SIDES, shares, strict=True)) if totals[place] else {}
                statement = known[decode_id(name)]
                words, more = statement.told, counts[place][3]
                found[name] = Line(statement, words, totals[place], *whole, sure=sure, important=more)
        return found

    def lines(self) -> list[Line]:
        """Every statement, the most voted on first; those that too few have voted on without shares."""
        return sorted(self.by_name.values(), key=lambda line: (-line.votes, str(line.words).casefold()))

    def found(self, what: str) -> list[Line]:
        """The lines of `consensus`, `divisive` or `unsure`, in their order."""
        rows = [(self.by_name.get(row["statement"]), row) for row in self.data.get(what, [])]
        return [replace(line, against=row.get("direction") == "disagree") for line, row in rows if line and line.votes]

    def hardly_seen(self) -> list[Line]:
        """Statements that too few have voted on to say anything."""
        return [self.by_name[name] for name in self.data.get("hardly_seen", []) if name in self.by_name]

    def groups(self) -> list[tuple[Group, list[tuple[Mark, Line]]]]:
        """The groups, the largest first, with what marks them."""
        found = self._read.groups(self.data)
        return [(g, [(m, self.by_name[m.statement]) for m in g.marks if m.statement in self.by_name]) for g in found]

    def ends(self) -> list[tuple[list[Line], list[Line]]]:
        """What lies at the two ends of each axis, without what is no longer shown."""
        shown = {name: line for name, line in self.by_name.items() if line.shown}
        return [
            ([shown[name] for name in end.low if name in shown], [shown[name] for name in end.high if name in shown])
            for end in self._read.ends(self.data)
        ]

    def thirds(self) -> list[tuple[str, list[int]]]:
        """How many people stand in each ninth of the map, from the top."""
        return list(zip(self.rows, self._read.thirds(self.data), strict=True))

    def whereabouts(self) -> list[tuple[str, str, str]]:
        """Where each group stands: its letter, and two words."""
        return [(label, self.columns[x], self.rows[y]) for label, x, y in self._read.whereabouts(self.data)]

    def not_placed(self) -> int:
        """How many took part and are not on the map."""
        return int(self._read.not_placed(self.data))

    @cached_property
    def picture(self) -> Picture:
        """The map's picture."""
        return Picture.around([(x, y) for x, y, _people, _group in self.data.get("circles", [])])

    @cached_property
    def circles(self) -> list[tuple[float, float, float, str]]:
        """The map's circles in the picture's own measures: from the left, from the top, how large, which group."""
        labels = [row["label"] for row in self.data.get("groups", [])]
        return [
            (*self.picture.spot(x, y), 5 + 1.6 * people**0.5, labels[int(group)] if group >= 0 else "")
            for x, y, people, group in self.data.get("circles", [])
        ]

    def spot_of(self, votes: dict[int, Vote]) -> tuple[float, ...] | None:
        """Where somebody with these votes would stand in the picture, and how far off that may be; None for too few."""
        from samsyn.algorithms.opinion_map.release import locate

        named = {encode_id(pk): vote.value for pk, vote in votes.items() if vote.value is not None}
        spot = locate(self.data, named, least=FEWEST) if named else None
        if spot is None:
            return None
        # Along a line that the map does not have nobody is any way off; the ring is seen around the dot all the same.
        wide = [max(away * self.picture.scale, _RING) for away in (spot.across, spot.along)]
        return (*self.picture.spot(spot.x, spot.y), *wide)


def tell(items: list[Item]) -> dict[int, Telling]:
    """Statements as the thread tells them."""
    known = {item.pk: item for item in items}
    rows = Statement.objects.filter(item_id__in=known).select_related("author").only(*_SHOWN)
    what, states = _("statement"), {value: str(label) for value, label in Statement.State.choices}
    return {row.item_id: _tell(row, known[row.item_id], what, states[row.state]) for row in rows}


def _tell(row: Statement, item: Item, what: str, state: str) -> Telling:
    visible, hidden = row.state == Statement.State.VISIBLE, row.state == Statement.State.HIDDEN
    voice = not hidden and not row.seeded
    return tell_contribution(row, item, what=what, state=state, happened=visible, voice=voice)

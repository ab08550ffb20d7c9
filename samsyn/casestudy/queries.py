"""Reads of the case study: a fixed number of queries, whatever the number of activities, items and promises."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Count, F, Max, Window
from django.db.models.functions import RowNumber

from samsyn.casestudy.models import HiddenSentence, Sentence, SentenceEvidence
from samsyn.casestudy.report import EVIDENCE_READ, Part, Report, assemble, cut
from samsyn.casestudy.sources import Material, Voices, figures, sources
from samsyn.core import clock, search
from samsyn.core.texts import LangText
from samsyn.programmes.contributions import Contribution
from samsyn.programmes.kinds import Summary, all_kinds
from samsyn.programmes.models import Activity, Programme
from samsyn.programmes.queries import LISTED
from samsyn.programmes.standing import ORGANISING, Visitor, reads
from samsyn.thread import queries as thread
from samsyn.thread.models import Item, Link, Reply, Visibility
from samsyn.thread.registry import Telling, Words, tell, visible_ids
from samsyn.thread.tellers import tell_promise, tell_reply

CHOICES = 15
_LOOKED_AT = 200
_SEEN_BY = ("item__programme_id", "item__activity_id", "item__visibility", "item__kind")


def report_of(programme: Programme, visitor: Visitor, part: Part | None = None) -> Report:
    """The case study of a programme as one visitor may see it: the whole of it, or a part that stands on one page."""
    material = _material(programme, visitor)
    found = sources(material)
    wanted = {pk for source in found for pk in source.read()}
    items = list(Item.objects.filter(pk__in=wanted))
    seen = visible_ids(visitor, items)
    hidden = set(HiddenSentence.objects.filter(programme=programme).values_list("key", flat=True))
    found, elsewhere = cut(found, part, seen=seen, hidden=hidden) if part else (found, {})
    shown = seen & {pk for source in found for pk in source.read()}
    told = _told([item for item in items if item.pk in shown], material)
    return assemble(found, seen=seen, told=told, hidden=hidden, figures=figures(material), elsewhere=elsewhere)


def _told(items: list[Item], material: Material) -> dict[int, Telling]:
    """The items as pages tell them. Promises and replies have been read already."""
    promises = {promise.item_id: promise for promise in material.promises}
    replies = {reply.item_id: reply for reply in material.replies}
    told = {item.pk: tell_promise(promises[item.pk], item) for item in items if item.pk in promises}
    told |= {item.pk: tell_reply(replies[item.pk], item) for item in items if item.pk in replies}
    return told | tell(item for item in items if item.pk not in told)


def _material(programme: Programme, visitor: Visitor) -> Material:
    activities = list(
        Activity.objects.filter(programme=programme)
        .exclude(state=Activity.State.DRAFT)
        .select_related("frame")
        .only(*LISTED, "settings", "frame__name", "frame__starts", "frame__ends")
        .order_by("frame__position", "frame_id", "position", "id")
    )
    for activity in activities:
        activity.programme = programme
    visitor.prepare([programme], activities)
    replies = sorted(thread.replies_of(programme.pk), key=lambda reply: (reply.day, reply.pk))
    told = [activity for activity in activities if _is_told_to(visitor, activity)]
    promises = list(thread.promises_of(programme.pk).only(*thread.PROMISE, *_SEEN_BY))
    return Material(
        programme=programme,
        today=clock.today(),
        frames=list(dict.fromkeys(activity.frame for activity in activities)),
        activities=activities,
        summaries=_summaries(told),
        open_to=frozenset(activity.pk for activity in told if reads(visitor.in_activity(activity), activity)),
        promises=promises,
        promised_to=frozenset(visible_ids(visitor, [promise.item for promise in promises])),
        replies=replies,
        voices=_voices(replies),
        written=_written(programme),
    )


def _is_told_to(visitor: Visitor, activity: Activity) -> bool:
    """Whether what came out may be told already; whether its words may be read is asked for each."""
    kind = all_kinds().get(activity.kind)
    waits = kind is not None and kind.result_waits and activity.state != Activity.State.PUBLISHED
    return not waits or bool(visitor.in_activity(activity) & ORGANISING)


def _summaries(activities: Sequence[Activity]) -> dict[int, Summary]:
    kinds = all_kinds()
    by_kind: dict[str, list[Activity]] = defaultdict(list)
    for activity in activities:
        if activity.contributed and activity.kind in kinds:
            by_kind[activity.kind].append(activity)
    return {pk: summary for slug, rows in by_kind.items() for pk, summary in kinds[slug].summary_of(rows).items()}


def _voices(replies: Sequence[Reply]) -> dict[int, Voices]:
    """The first items that each reply answers, and how many there are: one query."""
    first: dict[int, list[int]] = defaultdict(list)
    totals: dict[int, int] = {}
    rows = (
        Link.objects.filter(target_id__in=[reply.item_id for reply in replies])
        .exclude(source__visibility__in=[Visibility.GROUP, Visibility.FACILITATORS])  # never let in, or hidden
        .exclude(source__state=Contribution.State.MERGED)  # its words live with the one it was joined with
        .annotate(
            place=Window(RowNumber(), partition_by=F("target_id"), order_by=F("source_id").asc()),
            total=Window(Count("id"), partition_by=F("target_id")),
        )
        .filter(place__lt=EVIDENCE_READ)
        .order_by("target_id", "place")
        .values_list("target_id", "source_id", "total")
    )
    for target, source, total in rows:
        first[target].append(source)
        totals[target] = total
    return {target: Voices(tuple(ids), totals[target]) for target, ids in first.items()}


def _written(programme: Programme) -> list[tuple[Sentence, tuple[int, ...]]]:
    """Each hand-written sentence with the items that it stands on: one query, a row for each pair."""
    rows = (
        Sentence.objects.filter(programme=programme)
        .select_related("written_by")
        .annotate(stands_on=F("evidence__item_id"))
        .order_by("position", "id", "evidence__item__day", "stands_on")
    )
    sentences: dict[int, Sentence] = {}
    evidence: dict[int, list[int]] = defaultdict(list)
    for row in rows:
        sentences.setdefault(row.pk, row)
        evidence[row.pk] += [row.stands_on] if row.stands_on else []
    return [(sentence, tuple(evidence[pk])) for pk, sentence in sentences.items()]


# --- sentences written by hand ----------------------------------------------------------------------------------


def sentence_of(programme: Programme, pk: int) -> Sentence | None:
    """A hand-written sentence of this programme."""
    return Sentence.objects.filter(programme=programme, pk=pk).select_related("programme").first()


def under(programme: Programme, heading: str) -> list[Sentence]:
    """The hand-written sentences under a heading, in their order."""
    return list(Sentence.objects.filter(programme=programme, heading=heading).order_by("position", "id"))


def next_position(programme: Programme, heading: str) -> int:
    """The place after the last one under a heading."""
    last = Sentence.objects.filter(programme=programme, heading=heading).aggregate(last=Max("position"))["last"]
    return 0 if last is None else last + 1


def evidence_ids(sentence: Sentence) -> list[int]:
    """What a hand-written sentence stands on."""
    rows = SentenceEvidence.objects.filter(sentence=sentence).order_by("item__day", "item_id")
    return list(rows.values_list("item_id", flat=True))


def seen_items(programme: Programme, visitor: Visitor, ids: Iterable[int]) -> set[int]:
    """Which of these are items of the programme that the visitor may see."""
    return visible_ids(visitor, list(Item.objects.filter(programme_id=programme.pk, pk__in=list(ids))))


@dataclass(frozen=True)
class Choice:
    """An item that can be chosen as evidence."""

    item_id: int
    what: Words
    text: LangText
    telling: Telling


def choices(programme: Programme, visitor: Visitor, *, find: str = "", chosen: Iterable[int] = ()) -> list[Choice]:
    """Items to choose as evidence: those already chosen, then the newest ones, or those whose words hold `find`.

    Only what the visitor may see, at most `CHOICES` beside the chosen. A fixed number of queries.
    """
    rows = Item.objects.filter(programme_id=programme.pk)
    first = list(rows.filter(pk__in=list(chosen)).order_by("day", "id"))
    latest = rows.exclude(pk__in=[item.pk for item in first]).order_by("-day", "id")
    if find:
        latest = latest.filter(search.holding("item", find))
    items = [*first, *latest[:_LOOKED_AT]]
    seen = visible_ids(visitor, items)
    shown = [item for item in items if item.pk in seen][: len(first) + CHOICES]
    told = tell(shown)
    return [
        Choice(item.pk, told[item.pk].what, told[item.pk].text if told[item.pk].voice else item.title, told[item.pk])
        for item in shown
        if item.pk in told
    ]

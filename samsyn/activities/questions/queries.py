"""Reads of question time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Count, F, Q, QuerySet
from django.utils.translation import gettext as _

from samsyn.activities.questions.models import Like, Question
from samsyn.core.texts import LangText
from samsyn.programmes.models import Activity
from samsyn.thread.models import FollowUp, Item, Promise
from samsyn.thread.registry import Telling

ORDER = (F("starred").desc(), (F("likes") + F("imported_likes")).desc(), "id")


def words(question: Question) -> LangText:
    """The question in its own language, and in the other where somebody has translated it."""
    return LangText({**question.translation, question.language: question.text})


def agreed(question: Question) -> int:
    """The figure shown beside a question: likes given here and likes brought from elsewhere."""
    return question.likes + question.imported_likes


def visible_questions(activity: Activity) -> QuerySet[Question]:
    """What everyone in the activity sees, the most agreed first; ties in random order (the ids are random)."""
    rows = Question.objects.filter(activity=activity, state=Question.State.VISIBLE)
    return rows.select_related("item", "answered_by", "author").order_by(*ORDER)


def visible_by_activity(activities: Iterable[Activity]) -> dict[int, list[Question]]:
    """The visible questions of several activities, the most agreed first: one query."""
    found: dict[int, list[Question]] = {activity.pk: [] for activity in activities}
    rows = Question.objects.filter(activity_id__in=found, state=Question.State.VISIBLE)
    for question in rows.order_by(*ORDER):
        found[question.activity_id].append(question)
    return found


@dataclass(frozen=True)
class Row:
    """A question as a page shows it."""

    question: Question
    text: LangText
    agreed: int
    mine: bool
    promise: Promise | None
    follow_up: FollowUp | None
    joined: int


def rows(questions: QuerySet[Question], *, key: str = "") -> list[Row]:
    """Questions with what belongs to them, in five queries whatever their number."""
    found = list(questions)
    ids = [question.pk for question in found]
    item_ids = [question.item_id for question in found]
    mine = set()
    if key:
        mine = set(Like.objects.filter(question_id__in=ids, key=key, on=True).values_list("question_id", flat=True))
    promises: dict[int, Promise] = {}
    made = Promise.objects.filter(item__made_out_of__source_id__in=item_ids).select_related("item", "item__owner")
    for promise, source in _with_source(made, item_ids):
        promises.setdefault(source, promise)
    follow_ups = {row.item_id: row for row in FollowUp.objects.filter(item_id__in=item_ids)}
    joined = dict(
        Question.objects.filter(merged_into_id__in=ids)
        .order_by()
        .values_list("merged_into_id")
        .annotate(number=Count("id"))
    )
    return [
        Row(
            question=question,
            text=words(question),
            agreed=agreed(question),
            mine=question.pk in mine,
            promise=promises.get(question.item_id),
            follow_up=follow_ups.get(question.item_id),
            joined=joined.get(question.pk, 0),
        )
        for question in found
    ]


def _with_source(promises: QuerySet[Promise], item_ids: list[int]) -> list[tuple[Promise, int]]:
    annotated = promises.annotate(source_id=F("item__made_out_of__source_id")).filter(source_id__in=item_ids)
    return [(promise, promise.source_id) for promise in annotated.order_by("id")]


def counts(activity: Activity) -> dict[str, int]:
    """How many questions there are, by state and by end."""
    ends = {end: Count("id", filter=Q(end=end)) for end in Question.End.values}
    states = {state: Count("id", filter=Q(state=state)) for state in Question.State.values}
    ended = Count("id", filter=~Q(end="") & Q(state=Question.State.VISIBLE))
    return Question.objects.filter(activity=activity).aggregate(ended=ended, **ends, **states)


def visible_and_ended(activities: Sequence[Activity]) -> dict[int, tuple[int, int]]:
    """By activity: how many visible questions have ended, and how many there are. One query."""
    rows = Question.objects.filter(activity__in=activities, state=Question.State.VISIBLE).order_by()
    ended = Count("id", filter=~Q(end=""))
    counted = rows.values("activity_id").annotate(ended=ended, all=Count("id"))
    return {row["activity_id"]: (row["ended"], row["all"]) for row in counted}


def tell(items: list[Item]) -> dict[int, Telling]:
    """Questions as the thread tells them."""
    found = Question.objects.filter(item__in=items).select_related("item", "answered_by", "author")
    told = {}
    for question in found:
        hidden = question.state == Question.State.HIDDEN
        told[question.item_id] = Telling(
            item=question.item,
            what=_("question"),
            text=question.reason if hidden else words(question),
            state=_("hidden") if hidden else end_in_words(question),
            happened=True,
            by=question.author.name if question.author and question.item.level == "named" else "",
            day=question.item.day,
            note=question.answer or None,
            note_by=question.answered_by.name if question.answered_by else "",
            agreed=agreed(question) or None,
            voice=not hidden,
        )
    return told


def end_in_words(question: Question) -> str:
    """How a question ended, or that it has not."""
    if question.state == Question.State.MERGED:
        return _("joined with another question")
    return str(Question.End(question.end).label) if question.end else _("not answered yet")

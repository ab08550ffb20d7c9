"""Reads of question time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery, Window
from django.db.models.functions import RowNumber
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from samsyn.activities.questions.models import Like, Question
from samsyn.activities.questions.rules import Settings
from samsyn.core.texts import LangText
from samsyn.organisations.models import Person
from samsyn.programmes import fairness
from samsyn.programmes.kinds_contributions import tell_contribution
from samsyn.programmes.models import Activity
from samsyn.programmes.queries_contributions import own_texts
from samsyn.programmes.rules import leaves_no_trace
from samsyn.thread.models import FollowUp, Item, Promise
from samsyn.thread.queries import PROMISE
from samsyn.thread.registry import Telling
from samsyn.ui.templatetags.ui import number as in_digits

_WORDS = ("text", "language", "translation")
_STATE = ("item", "state", "reason", "starred", "likes", "imported_likes", "end", "answer", "answered")
_SHOWN = (*_WORDS, *_STATE, *Person.named("answered_by"), *Person.named("author"))
PLACES = {  # of the desk
    "waiting": Q(state=Question.State.WAITING),
    "unanswered": Q(state=Question.State.VISIBLE, end=""),
    "answered": Q(state=Question.State.VISIBLE) & ~Q(end=""),
    "away": Q(state__in=[Question.State.HIDDEN, Question.State.MERGED]),
}
ORDER = (F("starred").desc(), (F("likes") + F("imported_likes")).desc(), "id")


def agreed(question: Question) -> int:
    """The figure shown beside a question: likes given here and likes brought from elsewhere."""
    return question.likes + question.imported_likes


def imported_in_words(question: Question) -> str:
    """Which of the likes shown came from elsewhere, in words; empty where none did."""
    if not question.imported_likes:
        return ""
    if not question.likes:
        return pgettext("likes", "imported")
    return _("%(number)s of them imported") % {"number": in_digits(question.imported_likes)}


def visible_questions(activity: Activity) -> QuerySet[Question]:
    """What everyone in the activity sees, the most agreed first; ties in random order (the ids are random)."""
    return shown(activity).filter(state=Question.State.VISIBLE)


def shown(activity: Activity) -> QuerySet[Question]:
    """The questions of an activity with what a list shows of them, the most agreed first."""
    rows = Question.objects.filter(activity=activity).select_related("item", "answered_by", "author")
    return rows.only(*_SHOWN, "item__day").order_by(*ORDER)


def on_the_desk(activity: Activity, place: str) -> QuerySet[Question]:
    """The questions that stand in one place of the desk, the most agreed first."""
    rows = shown(activity).filter(PLACES[place])
    return rows.only(*_SHOWN, "item__day", "merged_into").prefetch_related("merged_into")


def left_over(activity: Activity) -> QuerySet[Question]:
    """The visible questions that have not ended, the most agreed first."""
    rows = Question.objects.filter(activity=activity, state=Question.State.VISIBLE, end="")
    return rows.select_related("item", "activity__programme").order_by(*ORDER)


def visible_by_activity(activities: Iterable[Activity]) -> dict[int, list[Question]]:
    """The visible questions of several activities, the most agreed first: one query."""
    found: dict[int, list[Question]] = {activity.pk: [] for activity in activities}
    rows = Question.objects.filter(activity_id__in=found, state=Question.State.VISIBLE)
    for question in rows.only(*_WORDS, "activity", "item", "end").order_by(*ORDER):
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

    @property
    def imported(self) -> str:
        """Which of the likes came from elsewhere, in words."""
        return imported_in_words(self.question)


def rows(questions: QuerySet[Question], *, key: str = "") -> list[Row]:
    """Questions with what belongs to them, in five queries whatever their number."""
    found = list(questions)
    ids = [question.pk for question in found]
    item_ids = [question.item_id for question in found]
    mine = set()
    if key:
        mine = set(Like.objects.filter(question_id__in=ids, key=key, on=True).values_list("question_id", flat=True))
    made = Promise.objects.annotate(source=F("item__made_out_of__source_id")).filter(source__in=item_ids)
    made = made.select_related("item", "item__owner").only(*PROMISE).order_by("-id")  # of several, the lowest id stays
    promises = {promise.source: promise for promise in made}
    follow_ups = {row.item_id: row for row in FollowUp.objects.filter(item_id__in=item_ids)}
    merged = Question.objects.filter(merged_into_id__in=ids).order_by().values_list("merged_into_id")
    joined = dict(merged.annotate(number=Count("id")))
    return [
        Row(
            question=question,
            text=question.words,
            agreed=agreed(question),
            mine=question.pk in mine,
            promise=promises.get(question.item_id),
            follow_up=follow_ups.get(question.item_id),
            joined=joined.get(question.pk, 0),
        )
        for question in found
    ]


_IN_THE_ROOM = 25  # on a phone; the rest stands on the page of the activity
_ON_THE_SCREEN = 3


def on_stage(activity: Activity) -> Question | None:
    """The question that is being answered now."""
    return Question.objects.filter(activity=activity, on_stage=True, state=Question.State.VISIBLE).first()


def next_to_take(activity: Activity) -> Question | None:
    """The question that is first in the fair order, of those without an answer."""
    return next(iter(_in_fair_order(activity, _going_on(activity))), None)


def _going_on(activity: Activity) -> list[Question]:
    """The question that is being answered now, and those without an answer. One query."""
    found = Question.objects.filter(Q(end="") | Q(on_stage=True), activity=activity, state=Question.State.VISIBLE)
    more = ("activity", "author", "starred", "likes", "imported_likes", "end", "on_stage")
    return list(found.only(*_WORDS, *more).order_by(*ORDER))


def _in_fair_order(activity: Activity, going_on: list[Question]) -> list[Question]:
    waiting = [question for question in going_on if not question.on_stage]
    return fairness.of(activity.pk).order(waiting, agreed)


def in_the_room(activity: Activity) -> dict[str, Any]:
    """What the room shows: the question that is answered now, and those that come next, in a fair order."""
    going_on = _going_on(activity)
    now, waiting = next((one for one in going_on if one.on_stage), None), _in_fair_order(activity, going_on)
    shown = waiting[:_IN_THE_ROOM]
    fairness.of(activity.pk).note_shown(question.pk for question in shown[:_ON_THE_SCREEN])
    return {
        "now_answered": now,
        "now_agreed": agreed(now) if now else 0,
        "waiting_questions": [(question, agreed(question)) for question in shown],
        "next_questions": [(question, agreed(question)) for question in shown[:_ON_THE_SCREEN]],
        "more_questions": len(waiting) - len(shown),
        "is_open": activity.state == Activity.State.OPEN,
        "receipts": leaves_no_trace(activity),
        **vars(Settings.of(activity)),
    }


def visible_and_ended(activities: Sequence[Activity]) -> dict[int, tuple[int, int]]:
    """By activity: how many visible questions have ended, and how many there are. One query."""
    rows = Question.objects.filter(activity__in=activities, state=Question.State.VISIBLE).order_by()
    ended = Count("id", filter=~Q(end=""))
    counted = rows.values("activity_id").annotate(ended=ended, all=Count("id"))
    return {row["activity_id"]: (row["ended"], row["all"]) for row in counted}


def first_unanswered(programmes: QuerySet[Any]) -> QuerySet[Question]:
    """The unanswered question that most agree with in each activity of the programmes; `number`: of how many."""
    rows = Question.objects.filter(PLACES["unanswered"], activity__programme_id__in=programmes)
    rows = rows.select_related("activity").annotate(
        place=Window(RowNumber(), partition_by=F("activity_id"), order_by=ORDER),
        number=Window(Count("id"), partition_by=F("activity_id")),
    )
    shown = ("likes", "imported_likes", "activity__title", "activity__reply_by")
    return rows.filter(place=1).only(*_WORDS, *shown).order_by("id")


def own_questions(person: Person, since: dt.date) -> QuerySet[Question]:
    """Questions that a person has asked under their name and to which something has happened since a day. One query.

    `settled`, `kept`: when the promise made to it was kept or withdrawn, and which. See `own_texts` for the others.
    """
    made = Promise.objects.filter(item__made_out_of__source=OuterRef("item_id"), settled__gte=since)
    settled, kept = (Subquery(made.order_by("-settled").values(name)[:1]) for name in ("settled", "item__state"))
    rows = own_texts(Question, person, since).annotate(settled=settled, kept=kept).select_related("merged_into")
    answered = Q(answered__gte=since) | Q(merged_into__answered__gte=since)
    rows = rows.filter(answered | Q(settled__isnull=False) | Q(done__isnull=False))
    return rows.only("item", *_WORDS, "state", "end", "answered", "merged_into__end", "merged_into__answered")


def tell(items: list[Item]) -> dict[int, Telling]:
    """Questions as the thread tells them."""
    known = {item.pk: item for item in items}
    found = Question.objects.filter(item_id__in=known).select_related("answered_by", "author")
    told, what, hidden_words, ends = {}, _("question"), _("hidden"), _ends()
    for question in found.only(*_SHOWN):
        hidden = question.state == Question.State.HIDDEN
        told[question.item_id] = tell_contribution(
            question,
            known[question.item_id],
            what=what,
            state=hidden_words if hidden else ends[_end(question)],
            note=question.answer or None,
            note_by=question.answered_by.name if question.answered_by else "",
            agreed=agreed(question) or None,
            agreed_note=imported_in_words(question),
        )
    return told


def end_in_words(question: Question) -> str:
    """How a question ended, or that it has not."""
    return _ends()[_end(question)]


def _end(question: Question) -> str:
    apart = {Question.State.WAITING, Question.State.MERGED}
    return str(question.state) if question.state in apart else question.end


def _ends() -> dict[str, str]:
    """The words for each end: looked up once, where there are many questions."""
    words = {value: str(label) for value, label in Question.End.choices}
    words |= {Question.State.MERGED.value: _("joined with another question"), "": _("not answered yet")}
    return words | {Question.State.WAITING.value: str(Question.State.WAITING.label)}

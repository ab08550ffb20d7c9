"""Reads of a poll."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest
from typing import Any

from django.db.models import Count, F, Q, QuerySet, Window
from django.db.models.functions import RowNumber
from django.utils.translation import gettext as _

from samsyn.activities.polls import rules
from samsyn.activities.polls.models import Answer, OpenAnswer, PollQuestion, Run
from samsyn.core.ids import decode_id
from samsyn.core.texts import LangText
from samsyn.organisations.models import Person
from samsyn.programmes.distributions import Distribution, in_both, places_of
from samsyn.programmes.models import Activity
from samsyn.thread.models import Item
from samsyn.thread.registry import Telling

A_FEW = 50  # texts below a question; the others stand on a page of their own
State = OpenAnswer.State
_ORDER = ("question__position", "question__id")
PLACES = {  # where texts are sorted
    "waiting": Q(state=State.WAITING),
    "visible": Q(state=State.VISIBLE),
    "away": Q(state__in=[State.HIDDEN, State.MERGED]),
}


@dataclass(frozen=True)
class Asked:
    """A question as a page shows it.

    `figures` hold no more than how many have answered, and `texts` nothing, where `seen` is false: what is not shown
    yet is not sent. `mine`: the visitor's own answer. `written`: how many texts may be seen. `number` of `total`: its
    place; `after`: the question that comes next.
    """

    question: PollQuestion
    run: Run
    seen: bool
    figures: Distribution
    mine: Answer | None = None
    texts: Sequence[OpenAnswer] = ()
    written: int = 0
    tables_there: int | None = None
    number: int = 1
    total: int = 1
    after: PollQuestion | None = None

    @property
    def basis(self) -> str:
        """On how many the figures stand."""
        return self.figures.basis(self.tables_there)

    @property
    def in_words(self) -> bool:
        """Whether people answer in their own words."""
        return self.question.form == PollQuestion.Form.WORDS

    @property
    def chosen(self) -> list[int]:
        """Which answers the visitor has picked."""
        return places_of(self.mine.picked) if self.mine else []


def current_runs(activities: Iterable[Activity]) -> QuerySet[Run]:
    """The runs that go on, in the order of their questions."""
    rows = Run.objects.filter(question__activity__in=list(activities), over=False)
    return rows.select_related("question").order_by(*_ORDER)


def asked(activity: Activity, *, key: str = "", organises: bool = False, few: int = A_FEW) -> list[Asked]:
    """The questions of a poll as somebody may see them: three queries, whatever their number.

    `key`: the visitor's own, for what they have answered. `organises`: whether they are to reply. `few`: texts each.
    """
    runs = list(current_runs([activity]))
    own = Answer.objects.filter(run__in=runs, key=key).select_related("run__question") if key else ()
    mine = {row.run_id: row for row in own}
    seen = {run.pk for run in runs if rules.sees_result(run, activity, organises=organises)}
    in_words = {run.pk for run in runs if run.question.form == PollQuestion.Form.WORDS}
    texts = _texts_of(sorted(seen & in_words) if few else [], few)
    tables, found = rules.Settings.of(activity).table_count, []
    for number, (run, later) in enumerate(zip_longest(runs, runs[1:]), 1):
        shown, few_texts = run.pk in seen, texts.get(run.pk, [])
        figures = rules.figures_of(run) if shown else replace(rules.figures_of(run), lines=())
        there = few_texts[0].number if few_texts else 0  # type: ignore[attr-defined]
        place = number, len(runs), later.question if later else None
        found.append(Asked(run.question, run, shown, figures, mine.get(run.pk), few_texts, there, tables, *place))
    return found


def _texts_of(runs: Sequence[int], few: int) -> dict[int, list[OpenAnswer]]:
    """The first visible texts of each run, in random order (the ids are random); `number`: how many there are."""
    rows = OpenAnswer.objects.filter(run__in=runs, state=State.VISIBLE).annotate(
        place=Window(RowNumber(), partition_by=F("run_id"), order_by="id"),
        number=Window(Count("id"), partition_by=F("run_id")),
    )
    rows = rows.filter(place__lte=few).select_related("author").only(*_SHOWN).order_by("id") if runs else rows.none()
    found: dict[int, list[OpenAnswer]] = {}
    for row in rows:
        found.setdefault(row.run_id, []).append(row)
    return found


_SHOWN = ("item", "activity", "run", "text", "language", "translation", "state", "reason", *Person.named("author"))


def visible_texts(run: Run) -> QuerySet[OpenAnswer]:
    """What people have written in a run and everyone may see, in random order."""
    return OpenAnswer.objects.filter(run=run, state=State.VISIBLE).select_related("author").only(*_SHOWN).order_by("id")


def next_to_answer(every: Sequence[Asked]) -> Asked | None:
    """Where somebody begins who comes in: the first question to choose at that they have not answered.

    What one has written is not known to be one's own, so that a question of that sort comes of itself only where there
    is no other.
    """
    to_choose = [one for one in every if not one.in_words]
    return next((one for one in to_choose or every if one.mine is None), None)


def in_the_room(every: Sequence[Asked]) -> Asked | None:
    """The question that the room shows: the one put on, else the first."""
    return next((one for one in every if one.question.on), every[0] if every else None)


def after(question: PollQuestion) -> PollQuestion | None:
    """The question that comes after this one."""
    order = list(PollQuestion.objects.filter(activity=question.activity).order_by("position", "id"))
    return next(iter(order[[one.pk for one in order].index(question.pk) + 1 :]), None)


def every_run(activity: Activity) -> list[tuple[Run, Distribution]]:
    """All runs with their figures, in the order of the questions; those that were kept as a record among them."""
    rows = Run.objects.filter(question__activity=activity).select_related("question").order_by(*_ORDER, "number")
    return [(run, rules.figures_of(run)) for run in rows]


def is_answered(run: Run) -> bool:
    """Whether anybody has answered in this run."""
    return Answer.objects.filter(run=run).exists() or OpenAnswer.objects.filter(run=run).exists()


def answered(activity: Activity) -> set[int]:
    """The questions that somebody has answered, in any run; they stay as they are. Two queries."""
    runs = Run.objects.filter(question__activity=activity)
    with_answers = Answer.objects.filter(run__question__activity=activity).values("run_id")
    chosen = runs.filter(pk__in=with_answers).values_list("question_id", flat=True)
    written = OpenAnswer.objects.filter(activity=activity).order_by().values_list("run__question_id", flat=True)
    return {*chosen, *written}


def to_sort(activity: Activity) -> dict[int, dict[str, int]]:
    """How many texts stand in each place, by run: one query."""
    rows = OpenAnswer.objects.filter(activity=activity).order_by().values("run_id")
    return {row["run_id"]: row for row in rows.annotate(**{n: Count("id", filter=q) for n, q in PLACES.items()})}


def on_the_desk(run: Run, place: str) -> QuerySet[OpenAnswer]:
    """The texts of a run that stand in one place."""
    rows = OpenAnswer.objects.filter(PLACES[place], run=run).select_related("item", "author").order_by("id")
    return rows.only(*_SHOWN, "item__day", "merged_into").prefetch_related("merged_into")


def written(activities: Iterable[Activity]) -> dict[int, int]:
    """How many texts have been written that are not hidden, shown yet or not, by activity: one query."""
    rows = OpenAnswer.objects.filter(activity__in=list(activities), state=State.VISIBLE).order_by()
    return dict(rows.values_list("activity_id").annotate(number=Count("id")))


def every_text(activity: Activity) -> QuerySet[OpenAnswer]:
    """What was written in all runs and is not hidden, in the order of the questions."""
    rows = OpenAnswer.objects.filter(activity=activity, state=State.VISIBLE).select_related(
        "run__question", "item", "author"
    )
    return rows.order_by("run__question__position", "run__number", "id")


def answers_by_name(activity: Activity) -> list[tuple[str, Answer]]:
    """Who answered what, where names are known: (name, answer). Two queries."""
    rows = Answer.objects.filter(run__question__activity=activity).select_related("run__question")
    found = [(decode_id(row.key[1:]), row) for row in rows.order_by("run__question__position", "run__number", "id")]
    people = Person.objects.in_bulk({person for person, _row in found})
    return [(people[person].name if person in people else "", row) for person, row in found]


def tell(items: list[Item]) -> dict[int, Telling]:
    """Texts and results as the thread tells them."""
    known: dict[int, Item] = {item.pk: item for item in items}
    texts = OpenAnswer.objects.filter(item_id__in=known).select_related("author").only(*_SHOWN)
    told = {row.item_id: _tell_text(row, known[row.item_id]) for row in texts}
    runs: Any = Run.objects.filter(question__item__in=known, over=False).select_related("question")
    for run in runs:
        pk = run.question.item_id
        told[pk] = Telling(
            item=known[pk],
            what=_("result of a poll"),
            text=run.question.text,
            state=_("published"),
            day=known[pk].day,
            note=result_in_words(run),
        )
    return told


def _tell_text(row: OpenAnswer, item: Item) -> Telling:
    hidden = row.state == State.HIDDEN
    return Telling(
        item=item,
        what=_("answer"),
        text=row.reason if hidden else row.words,
        state=str(State(row.state).label),
        happened=row.state == State.VISIBLE,
        by=row.author.name if row.author and item.level == "named" else "",
        day=item.day,
        voice=not hidden,
    )


def result_in_words(run: Run) -> LangText:
    """What came out of a run, in both languages; nothing where there is too little to show."""
    return in_both(rules.figures_of(run).sentence)

"""Poll: one or several questions, answered on a phone; what came out is shown when somebody shows it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from random import Random
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from samsyn.activities.polls import actions, queries, rehearse, rules
from samsyn.activities.polls.models import Answer, OpenAnswer, PollQuestion, Run
from samsyn.core.addresses import address
from samsyn.core.texts import LANGUAGES, LangText, within_quotes
from samsyn.live.sendings import Batch
from samsyn.organisations.models import Person
from samsyn.programmes.browsers import key_of
from samsyn.programmes.contributing import take_receipts
from samsyn.programmes.distributions import Distribution, in_both
from samsyn.programmes.kinds import (
    ActivityKind,
    Crowd,
    Cue,
    Figure,
    Finding,
    Lack,
    PersonalData,
    Progress,
    Removal,
    Scene,
    Summary,
    Table,
)
from samsyn.programmes.models import Activity
from samsyn.thread.models import Item
from samsyn.thread.registry import Telling
from samsyn.ui.words import count_in_words_lazy

Form = PollQuestion.Form
_TEXTS_IN_A_ROOM = 24


class Polls(ActivityKind):
    slug = "polls"
    name = _("poll")
    purpose = _("People choose an answer, place themselves on a scale or write a few words; all see what came out.")
    icon = "poll"
    urlconf = "samsyn.activities.polls.urls"
    desk = _("The questions")

    @property
    def settings_form(self) -> Any:  # type: ignore[override]
        from samsyn.activities.polls.forms import SettingsForm

        return SettingsForm

    def created(self, activity: Activity, *, by: Person | None) -> None:
        """A session's template may name a set of ready questions; one that is not known is left out."""
        ready = activity.settings.get("set")
        if by is not None and ready in rules.SETS:
            actions.add_set(activity, ready, by=by)

    def copied(self, source: Activity, target: Activity, *, by: Person | None) -> None:
        actions.copy_questions(source, target)

    def refusal_to_delete(self, activity: Activity) -> Any:
        return _("Somebody has answered here.") if queries.answered(activity) else None

    def lacking_of(self, activities: Sequence[Activity]) -> dict[int, Lack]:
        asked = set(PollQuestion.objects.filter(activity__in=activities).values_list("activity_id", flat=True))
        empty = [one.pk for one in activities if one.pk not in asked]
        return {pk: Lack(_("There are no questions in it."), address("polls:desk", activity=pk)) for pk in empty}

    def progress(self, activity: Activity) -> Progress:
        return self.progress_of([activity])[activity.pk]

    def progress_of(self, activities: Sequence[Activity]) -> dict[int, Progress]:
        runs = _by_activity(activities)
        words = _("questions shown")
        return {pk: Progress(sum(run.revealed for run in rows), len(rows), words) for pk, rows in runs.items()}

    def summary(self, activity: Activity) -> Summary:
        return self.summary_of([activity])[activity.pk]

    def summary_of(self, activities: Sequence[Activity]) -> dict[int, Summary]:
        runs, texts = _by_activity(activities), queries.written(activities)
        return {pk: _summary(rows, texts.get(pk, 0)) for pk, rows in runs.items()}

    def tables(self, activity: Activity) -> list[Table]:
        columns = [_now("Question"), _now("Run"), _now("Day"), _now("Answer"), _now("People"), _now("Share, %")]
        columns += [_now("All who answered"), _now("Tables"), _now("People at tables")]
        found = [Table(_now("poll results"), columns, _rows(activity))]
        columns = [_now("Question"), _now("Run"), _now("Answer"), _now("Day"), _now("By")]
        found.append(Table(_now("own words"), columns, _texts(activity)))
        if activity.level == Activity.Level.NAMED:
            columns = [_now("Question"), _now("Run"), _now("By"), _now("Answer"), _now("People")]
            found.append(Table(_now("who answered what"), columns, _by_name(activity)))
        return found

    # --- the room ---

    def snapshot(self, activity: Activity) -> Scene:
        one = queries.in_the_room(queries.asked(activity, few=_TEXTS_IN_A_ROOM))
        return Scene(
            phone={"poll": "polls/room_question.html", "poll-result": "polls/room_result.html"},
            screen={"now": "polls/screen_now.html", "next": "polls/screen_next.html"},
            context={**rules.told(activity), "one": one},
        )

    def intake(self) -> dict[str, Batch]:
        receipt = partial(take_receipts, OpenAnswer)
        return {"answer": actions.take_answers, "text": actions.take_texts, "receipt": receipt}

    def cues(self, activity: Activity) -> list[Cue]:
        one = queries.in_the_room(queries.asked(activity, few=0))
        if one is None:
            return []
        is_open, shown = rules.can_contribute(activity), one.run.revealed
        found = [Cue("next", _("Next question"), "f", first=is_open and shown)] if one.after else []
        found += [Cue("previous", _("Previous question"), "p")] if one.number > 1 else []
        label, first = _("Hide the answers") if shown else _("Show the answers"), is_open and not shown
        found.append(Cue("show", label, "r", on=shown, about=one.question.text, first=first))
        if is_open:
            found.append(Cue("restart", _("Start the question again"), "z"))
        return found

    def give_cue(self, activity: Activity, name: str, *, by: Person) -> None:
        every = queries.asked(activity, few=0)
        one = queries.in_the_room(every)
        if one is None or name not in {"next", "previous", "show", "restart"}:
            raise KeyError(name)
        goal = {"next": min(one.number, one.total - 1), "previous": max(one.number - 2, 0)}.get(name, one.number - 1)
        question = every[goal].question
        question.activity = activity
        if name == "show":
            actions.show(question, on=not one.run.revealed, by=by)
        elif name == "restart":
            actions.restart(question, by=by)
        else:
            actions.put_on(question, by=by)

    def improvise(self, activity: Activity, key: str, chance: Random) -> tuple[str, dict[str, str]] | None:
        return rehearse.improvise(activity, key, chance)

    def learned(self, activity: Activity) -> list[Item]:
        if activity.settings.get("set") != rules.LESSONS:
            return []
        return [row.item for row in queries.every_text(activity)]

    # --- people ---

    def personal_data(self, person: Person) -> list[PersonalData]:
        answers = Answer.objects.filter(key=key_of(person.pk)).select_related("run__question")
        rows = [{"question": str(row.run.question.text), "answer": str(row)} for row in answers]
        texts = OpenAnswer.objects.filter(author=person).select_related("run__question")
        rows += [{"question": str(row.run.question.text), "answer": row.text} for row in texts]
        return [PersonalData(_("answers in polls"), rows)] if rows else []

    def erase(self, person: Person) -> Removal:
        return Removal(actions.forget(person, key_of(person.pk)))

    def let_go(self, activity: Activity) -> None:
        actions.let_go(activity)

    def closed(self, activity: Activity) -> None:
        actions.close(activity)

    def published(self, activity: Activity) -> None:
        actions.publish(activity)

    def anonymous_rows(self, activity: Activity) -> list[QuerySet[Any]]:
        return [
            OpenAnswer.objects.filter(activity=activity),
            Answer.objects.filter(run__question__activity=activity),
            Run.objects.filter(question__activity=activity),
        ]

    def tell(self, items: list[Item]) -> dict[int, Telling]:
        return queries.tell(items)

    def item_address(self, item: Item) -> str | None:
        return address("polls:page", activity=item.activity_id) + "?all=1"

    def rehearse(self, activity: Activity, crowd: Crowd) -> None:
        rehearse.rehearse(activity, crowd)


def _by_activity(activities: Sequence[Activity]) -> dict[int, list[Run]]:
    found: dict[int, list[Run]] = {activity.pk: [] for activity in activities}
    for run in queries.current_runs(activities):
        found[run.question.activity_id].append(run)
    return found


def _summary(runs: Sequence[Run], texts: int) -> Summary:
    told = [(run, rules.figures_of(run)) for run in runs]
    people = max((figures.people for _run, figures in told), default=0)
    none = _("No questions were asked.")
    said = count_in_words_lazy("One question was asked.", "%(number)s questions were asked.", len(runs), none)
    figures = [
        Figure(
            pgettext_lazy("number of", "questions"),
            len(runs),
            sentence=said,
            one=pgettext_lazy("number of", "question"),
        )
    ]
    if any(run.question.form != Form.WORDS for run in runs):  # of what people write nobody knows how many wrote it
        none = _("Too few have answered to tell how many.")
        said = count_in_words_lazy("One person has answered.", "%(number)s people have answered.", people, none)
        figures.append(Figure(_("people have answered"), people or None, sentence=said, one=_("person has answered")))
    if any(run.question.form == Form.WORDS for run in runs):
        none = _("Nobody has written an answer in their own words.")
        said = count_in_words_lazy("One answer in own words.", "%(number)s answers in own words.", texts, none)
        figures.append(Figure(_("answers in own words"), texts, sentence=said, one=_("answer in own words")))
    findings = [_finding(run, figures) for run, figures in told if run.revealed and figures.people]
    return Summary(tuple(figures), tuple(findings))


def _finding(run: Run, figures: Distribution) -> Finding:
    """What most say, on how many it stands; it cites the result in the thread once that is published."""
    said = in_both(figures.sentence)
    asked = {lang: within_quotes(run.question.text.pick(lang)[0], lang) for lang in LANGUAGES}
    text = LangText(sv=f"”{asked['sv']}” {said['sv']}", en=f"“{asked['en']}” {said['en']}")
    return Finding("result", text, (run.question.item_id,) if run.question.item_id else ())


def _may_leave(run: Run, activity: Activity) -> bool:
    """What has not been shown leaves no sooner than the poll closes; an earlier run is a record."""
    return run.over or rules.sees_result(run, activity, organises=True)


def _rows(activity: Activity) -> Iterator[list[Any]]:
    for run, figures in queries.every_run(activity):
        if run.question.form == Form.WORDS:
            continue
        head = [str(run.question.text), run.number, run.day]
        if not figures.people or not _may_leave(run, activity):
            yield [*head, "", "", "", "", "", ""]
        for line in figures.lines if _may_leave(run, activity) else ():
            name = f"{line.name} {line.label}".strip() if run.question.form == Form.SCALE else line.name
            yield [*head, name, line.people, line.share, figures.people, figures.tables, figures.seated]


def _texts(activity: Activity) -> Iterator[list[Any]]:
    for row in queries.every_text(activity):
        if _may_leave(row.run, activity):
            by = row.author.name if row.author and activity.level == Activity.Level.NAMED else ""
            yield [str(row.run.question.text), row.run.number, str(row.words), row.item.day, by]


def _by_name(activity: Activity) -> Iterator[list[Any]]:
    for name, row in queries.answers_by_name(activity):
        if _may_leave(row.run, activity):
            yield [
                str(row.run.question.text),
                row.run.number,
                name,
                str(row),
                row.people,
            ]


kind = Polls()

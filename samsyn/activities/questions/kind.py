"""Question time: people ask and agree, somebody answers, and every question ends in one of four ways."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, override

from samsyn.activities.questions import actions, queries
from samsyn.activities.questions.models import Like, Question
from samsyn.core.addresses import address
from samsyn.core.texts import LangText
from samsyn.organisations.models import Person
from samsyn.programmes import figures
from samsyn.programmes.kinds import (
    ActivityKind,
    Crowd,
    Figure,
    Finding,
    Notice,
    PersonalData,
    Progress,
    Removal,
    Summary,
    Table,
    Waiting,
)
from samsyn.programmes.models import Activity
from samsyn.programmes.rules import leaves_no_trace
from samsyn.thread.models import Item
from samsyn.thread.registry import Telling


class Questions(ActivityKind):
    slug = "questions"
    name = _("question time")
    purpose = _(
        "People ask and agree with each other's questions; those who answer say what they know, or promise by a date."
    )
    icon = "question"
    urlconf = "samsyn.activities.questions.urls"

    @property
    def settings_form(self) -> Any:  # type: ignore[override]
        from samsyn.activities.questions.forms import SettingsForm

        return SettingsForm

    def refusal_to_delete(self, activity: Activity) -> Any:
        return _("There are questions here.") if Question.objects.filter(activity=activity).exists() else None

    def progress(self, activity: Activity) -> Progress:
        return self.progress_of([activity])[activity.pk]

    def progress_of(self, activities: Sequence[Activity]) -> dict[int, Progress]:
        counted = queries.visible_and_ended(activities)
        words = _("questions have an answer")
        return {a.pk: Progress(*counted.get(a.pk, (0, 0)), words) for a in activities}

    def summary(self, activity: Activity) -> Summary:
        return self.summary_of([activity])[activity.pk]

    def summary_of(self, activities: Sequence[Activity]) -> dict[int, Summary]:
        asked = queries.visible_by_activity(activities)
        return {activity.pk: _summary(asked[activity.pk]) for activity in activities}

    def tables(self, activity: Activity) -> list[Table]:
        columns = [_now("Question"), _now("Agreed"), _now("Of these imported"), _now("Asked"), _now("Ended")]
        columns += [_now("Answer"), _now("By")]
        rows = (_line(row) for row in queries.rows(queries.visible_questions(activity)))
        return [Table(_now("questions"), columns, rows)]

    def waits_for(self, person: Person) -> list[Waiting]:
        return []

    def news(self, person: Person, since: dt.date) -> list[Notice]:
        return []

    def personal_data(self, person: Person) -> list[PersonalData]:
        asked = Question.objects.filter(author=person).select_related("item")
        rows = [{"question": row.text, "day": row.item.day.isoformat(), "answer": str(row.answer)} for row in asked]
        return [PersonalData(_("questions"), rows)] if rows else []

    def erase(self, person: Person) -> Removal:
        return Removal(actions.forget_author(person))

    def let_go(self, activity: Activity) -> None:
        actions.let_go(activity)

    def closed(self, activity: Activity) -> None:
        if leaves_no_trace(activity):
            figures.forget_which_came_last(Like.objects.filter(question__activity=activity))

    def published(self, activity: Activity) -> None:
        actions.publish_questions(activity)

    def anonymous_rows(self, activity: Activity) -> list[QuerySet[Any]]:
        return [Question.objects.filter(activity=activity), Like.objects.filter(question__activity=activity)]

    def tell(self, items: list[Item]) -> dict[int, Telling]:
        return queries.tell(items)

    def item_address(self, item: Item) -> str | None:
        return address("questions:page", activity=item.activity_id) + f"#q{item.question.pk}"

    def rehearse(self, activity: Activity, crowd: Crowd) -> None:
        from samsyn.activities.questions.rehearse import rehearse

        rehearse(activity, crowd)


def _line(row: queries.Row) -> list[Any]:
    asked, end = row.question, queries.end_in_words(row.question)
    by = asked.answered_by or ""
    return [str(row.text), row.agreed, asked.imported_likes, asked.item.day, end, str(asked.answer), by]


def _summary(asked: list[Question]) -> Summary:
    ended = sum(1 for question in asked if question.end)
    promised = sum(1 for question in asked if question.end == Question.End.PROMISED)
    figures = (
        Figure(_("questions"), len(asked)),
        Figure(_("have an answer"), ended),
        Figure(_("promises made"), promised),
    )
    return Summary(figures, tuple(_findings(asked, ended)) if asked else ())


def _findings(asked: list[Question], ended: int) -> list[Finding]:
    did = LangText(sv=_sentence("sv", len(asked), ended), en=_sentence("en", len(asked), ended))
    top, words = asked[0], queries.words(asked[0])
    quoted = LangText(sv=f"”{words.pick('sv')[0]}” frågade någon.", en=f"“{words.pick('en')[0]}” somebody asked.")
    return [
        Finding("did", did, tuple(question.item_id for question in asked)),
        Finding("challenge", quoted, (top.item_id,)),
    ]


def _sentence(lang: str, asked: int, ended: int) -> str:
    with override(lang):
        first = ngettext("One question was asked", "%(asked)d questions were asked", asked) % {"asked": asked}
        second = ngettext("one of them has an answer.", "%(ended)d of them have an answer.", ended) % {"ended": ended}
        return _now("%(first)s; %(second)s") % {"first": first, "second": second}


kind = Questions()

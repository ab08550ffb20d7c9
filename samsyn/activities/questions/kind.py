"""Question time: people ask and agree, somebody answers, and every question ends in one of four ways."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from functools import partial
from random import Random
from typing import Any

from django.db.models import QuerySet
from django.utils.functional import lazy
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, override, pgettext, pgettext_lazy

from samsyn.activities.questions import actions, queries, rehearse, rules
from samsyn.activities.questions.forms import SettingsForm
from samsyn.activities.questions.models import Like, Question
from samsyn.core.addresses import address
from samsyn.core.texts import LANGUAGES, LangText, within_quotes
from samsyn.live.sendings import Batch
from samsyn.organisations.models import Person
from samsyn.programmes import figures
from samsyn.programmes import waiting as waits
from samsyn.programmes.browsers import key_of
from samsyn.programmes.contributing import take_receipts
from samsyn.programmes.kinds import (
    Crowd,
    Cue,
    Figure,
    Finding,
    Notice,
    PersonalData,
    Progress,
    Receiver,
    Removal,
    Scene,
    Summary,
    Table,
    Waiting,
    Words,
)
from samsyn.programmes.kinds_contributions import ContributedKind
from samsyn.programmes.models import Activity
from samsyn.programmes.queries_contributions import notice_of, taken_part
from samsyn.programmes.rules import leaves_no_trace
from samsyn.thread.models import Item
from samsyn.thread.registry import Telling
from samsyn.ui.paging import place_of
from samsyn.ui.templatetags.ui import number as in_digits
from samsyn.ui.words import count_in_words, count_in_words_lazy

_NOT_ANSWERS = frozenset({Question.End.PROMISED, Question.End.DECLINED})
_ANSWER_COMES = LangText(sv="Du får svar på frågan senast den dagen.", en="The question is answered by that day.")


class Questions(ContributedKind):
    slug = "questions"
    name = _("question time")
    purpose = _(
        "People ask and agree with each other’s questions; those who answer say what they know, or promise by a date."
    )
    icon = "question"
    urlconf = "samsyn.activities.questions.urls"
    desk = _("Answer and sort")
    model = Question
    held = _("There are questions here.")
    settings_form = SettingsForm

    def progress_of(self, activities: Sequence[Activity]) -> dict[int, Progress]:
        counted = queries.visible_and_ended(activities)
        words = _("questions have an answer")
        found = {activity.pk: counted.get(activity.pk, (0, 0)) for activity in activities}
        return {pk: Progress(ended, all_, words, _left_told(all_ - ended)) for pk, (ended, all_) in found.items()}

    def summary_of(self, activities: Sequence[Activity]) -> dict[int, Summary]:
        asked = queries.visible_by_activity(activities)
        return {activity.pk: _summary(asked[activity.pk]) for activity in activities}

    def tables(self, activity: Activity) -> list[Table]:
        columns = [_now("Question"), _now("Agreed"), _now("Of these imported"), _now("Asked"), _now("Ended")]
        columns += [pgettext("in a table", "Answer"), _now("By")]
        rows = (_line(row) for row in queries.rows(queries.visible_questions(activity)))
        return [Table(_now("questions"), columns, rows)]

    def snapshot(self, activity: Activity) -> Scene:
        return Scene(
            phone={"ask": "questions/room_ask.html", "list": "questions/room_list.html"},
            screen={"now": "questions/room_screen.html", "next": "questions/room_next.html"},
            context=queries.in_the_room(activity),
        )

    def intake(self) -> dict[str, Batch]:
        return {"ask": actions.ask_many, "like": actions.like_many, "receipt": partial(take_receipts, Question)}

    def cues(self, activity: Activity) -> list[Cue]:
        asked = queries.on_stage(activity)
        if asked is not None:
            answered = Cue("answered", _("It is answered"), "a", about=asked.words)
            return [answered, Cue("later", _("Put it back"), "l", about=asked.words)]
        return [Cue("take", _("Take the next question"), "t")]

    def give_cue(self, activity: Activity, name: str, *, by: Person) -> None:
        if name == "answered":
            actions.finish_on_stage(activity, by=by)
        else:
            actions.take_up(queries.next_to_take(activity) if name == "take" else None, activity, by=by)

    def improvise(self, activity: Activity, key: str, chance: Random) -> tuple[str, dict[str, str]] | None:
        return rehearse.improvise(activity, chance)

    def left_over(self, activity: Activity) -> list[Item]:
        return [question.item for question in queries.left_over(activity)]

    def hand_on(
        self, activity: Activity, item: Item, *, owner: Person | None, due: dt.date | None, reason: LangText, by: Person
    ) -> None:
        question = queries.left_over(activity).get(item=item)
        if owner is None:
            given = actions.Answer(Question.End.DECLINED, reason)
        else:
            given = actions.Answer(Question.End.PROMISED, reason or _ANSWER_COMES, question.words, due, owner)
        actions.end(question, given, answered_by=owner or by, by=by)

    def receives(self) -> list[Receiver]:
        kinds = frozenset({"board.card", "board.group"})
        return [Receiver(_("Make it a question"), kinds, actions.receive, frozenset({"draft", "open"}))]

    def waits_for(self, person: Person) -> list[Waiting]:
        waiting = waits.texts_to_let_in(Question, person, desk="questions:desk", words=_to_let_in)
        return waiting + [_unanswered(row) for row in queries.first_unanswered(waits.programmes_led_by(person))]

    def news(self, person: Person, since: dt.date) -> list[Notice]:
        return [_new(row, since) for row in queries.own_questions(person, since)]

    def taken_part(self, activity: Activity) -> set[int] | None:
        if leaves_no_trace(activity) and not rules.Settings.of(activity).likes:
            return None  # asking spends no ticket; agreeing does
        return taken_part(Question, activity, Like.objects.filter(question__activity=activity))

    def own_items(self, person: Person) -> QuerySet[Any]:
        return Question.objects.filter(author=person).values("item_id")

    def personal_data(self, person: Person) -> list[PersonalData]:
        asked = Question.objects.filter(author=person).select_related("item")
        liked = Like.objects.filter(key=key_of(person.pk)).select_related("question")
        words, agreed = pgettext("own data", "question"), pgettext("own data", "you agree")
        day, answer = pgettext("own data", "day"), pgettext("own data", "answer")
        mine = [{words: row.text, day: row.item.day, answer: str(row.answer)} for row in asked]
        others = [{words: row.question.shown, agreed: row.on} for row in liked]
        groups = [PersonalData(_("questions"), mine), PersonalData(_("questions that you have agreed with"), others)]
        return [group for group in groups if group.rows]

    def erase(self, person: Person) -> Removal:
        return Removal(actions.forget(person, key_of(person.pk)))

    def let_go(self, activity: Activity) -> None:
        actions.let_go(activity)

    def closed(self, activity: Activity) -> None:
        if leaves_no_trace(activity):
            figures.forget_which_came_last(Like.objects.filter(question__activity=activity))

    def anonymous_rows(self, activity: Activity) -> list[QuerySet[Any]]:
        return [Question.objects.filter(activity=activity), Like.objects.filter(question__activity=activity)]

    def tell(self, items: list[Item]) -> dict[int, Telling]:
        return queries.tell(items)

    def item_address(self, item: Item) -> str | None:
        return address("questions:page", activity=item.activity_id) + f"{place_of(item.question)}#q{item.question.pk}"

    def rehearse(self, activity: Activity, crowd: Crowd) -> None:
        rehearse.rehearse(activity, crowd)


def _to_let_in(number: int) -> str:
    return count_in_words("One question waits to be let in", "%(number)s questions wait to be let in", number)


def _unanswered(first: Question) -> Waiting:
    """How many questions wait for an answer, with the one that most agree with; by when people were told to hear."""
    number, agreed = first.number, queries.agreed(first)  # type: ignore[attr-defined]
    note = count_in_words("%(number)s agrees", "%(number)s agree", agreed, "")
    activity = first.activity
    return Waiting(
        title=count_in_words("One question waits for an answer", "%(number)s questions wait for an answer", number),
        address=address("questions:desk", activity=first.activity_id) + "?show=unanswered",
        verb=_now("Answer"),
        due=activity.reply_by,
        about=activity.title,
        said=first.words,
        note=note,
    )


def _new(row: Any, since: dt.date) -> Notice:
    """The newest of what has happened to somebody's own question."""
    ended = row.merged_into if row.state == Question.State.MERGED and row.merged_into else row
    if row.state == Question.State.HIDDEN:
        return notice_of(row)
    if row.settled:
        words = _now("The promise has been kept") if row.kept == "kept" else _now("The promise has been withdrawn")
        return notice_of(row, row.settled, words)
    if ended.answered and ended.answered >= since:
        promised = ended.end == Question.End.PROMISED
        words = _now("Your question has got a promise") if promised else _now("Your question has got an answer")
        return notice_of(row, ended.answered, words)
    return notice_of(row)


def _line(row: queries.Row) -> list[Any]:
    asked, end = row.question, queries.end_in_words(row.question)
    by = asked.answered_by or ""
    return [str(row.text), row.agreed, asked.imported_likes, asked.item.day, end, str(asked.answer), by]


def _summary(asked: list[Question]) -> Summary:
    ended = sum(1 for question in asked if question.end)
    promised = sum(1 for question in asked if question.end == Question.End.PROMISED)
    only_answers = not any(question.end in _NOT_ANSWERS for question in asked)
    have = _("have an answer") if only_answers else _("have an answer, a promise or a reason")
    has = _("has an answer") if only_answers else _("has an answer, a promise or a reason")
    told = lazy(_ended_told, str)(ended, len(asked), only_answers=only_answers)
    figures = (
        Figure(
            _("questions"), len(asked), sentence=_asked_told(len(asked)), one=pgettext_lazy("number of", "question")
        ),
        Figure(have, ended, sentence=told, one=has),
        Figure(_("promises made"), promised, sentence=_promised_told(promised), one=_("promise made")),
    )
    return Summary(figures, tuple(_findings(asked, ended, only_answers)) if asked else ())


def _asked_told(number: int) -> Words:
    none = _("No questions were asked.")
    return count_in_words_lazy("One question was asked.", "%(number)s questions were asked.", number, none)


def _ended_told(number: int, asked: int, *, only_answers: bool) -> str:
    """How many of those asked. `only_answers`: none was promised or declined."""
    if not asked:
        return ""
    if not number:
        return ngettext("It has no answer yet.", "None of them has an answer yet.", asked)
    if number == asked and only_answers:
        return ngettext("It has an answer.", "All of them have an answer.", asked)
    if number == asked:
        return ngettext(
            "It has an answer, a promise or a reason.", "All of them have an answer, a promise or a reason.", asked
        )
    if only_answers:
        return count_in_words("One of them has an answer.", "%(number)s of them have an answer.", number)
    return count_in_words(
        "One of them has an answer, a promise or a reason.",
        "%(number)s of them have an answer, a promise or a reason.",
        number,
    )


def _left_told(number: int) -> Words:
    return count_in_words_lazy(
        "One question has no answer yet. It still waits for one when this is published.",
        "%(number)s questions have no answer yet. They still wait for one when this is published.",
        number,
        "",
    )


def _promised_told(number: int) -> Words:
    return count_in_words_lazy("One promise was made.", "%(number)s promises were made.", number, "")


def _findings(asked: list[Question], ended: int, only_answers: bool) -> list[Finding]:
    did = LangText(**{lang: _sentence(lang, len(asked), ended, only_answers) for lang in LANGUAGES})
    top, words = asked[0], asked[0].words
    sv, en = (within_quotes(words.pick(lang)[0], lang) for lang in LANGUAGES)
    quoted = LangText(sv=f"”{sv}” frågade någon.", en=f"“{en}” somebody asked.")
    return [
        Finding("did", did, tuple(question.item_id for question in asked)),
        Finding("challenge", quoted, (top.item_id,)),
    ]


def _sentence(lang: str, asked: int, ended: int, only_answers: bool) -> str:
    with override(lang):
        first = ngettext("One question was asked", "%(asked)s questions were asked", asked)
        if only_answers:
            second = ngettext("one of them has an answer.", "%(ended)s of them have an answer.", ended)
        else:
            second = ngettext(
                "one of them has an answer, a promise or a reason.",
                "%(ended)s of them have an answer, a promise or a reason.",
                ended,
            )
        numbers = {"asked": in_digits(asked), "ended": in_digits(ended)}
        return _now("%(first)s; %(second)s") % {"first": first % numbers, "second": second % numbers}


kind = Questions()

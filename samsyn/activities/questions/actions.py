"""Writes of question time. Asking and liking leave no audit row in an anonymous activity."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Count, Q
from django.utils.translation import gettext_lazy as _

from samsyn.activities.questions import rules
from samsyn.activities.questions.models import Like, Question
from samsyn.activities.questions.rules import Imported, Settings
from samsyn.core import events, rows, tenancy
from samsyn.core.clock import today
from samsyn.core.errors import NotAllowedError, RefusedError
from samsyn.core.texts import LangText
from samsyn.live.sendings import Sending, Taken
from samsyn.organisations.models import Person
from samsyn.programmes import contributing, figures
from samsyn.programmes.actions import note_contribution
from samsyn.programmes.browsers import draw_key
from samsyn.programmes.contributing import Sent, SentAtOnceError, add, contribute
from samsyn.programmes.kinds_contributions import takes_contributions
from samsyn.programmes.models import Activity
from samsyn.programmes.recording import record_in
from samsyn.programmes.rules import can_lead, can_moderate, leaves_no_trace
from samsyn.thread.actions import link, make_promise, words_changed
from samsyn.thread.models import Item

_ROWS_AT_ONCE = 500


@dataclass(frozen=True)
class Answer:
    """How a question ends. `title`, `due` and `owner` belong to a promise."""

    end: str
    text: LangText
    title: LangText | None = None
    due: dt.date | None = None
    owner: Person | None = None


# --- asking and agreeing ----------------------------------------------------------------------------------------


def ask(
    activity: Activity, *, text: str, language: str, post_key: str, author: Person | None, words: str | None = None
) -> Question:
    """Ask a question. `words`: a receipt's, cleaned. Raises RefusedError."""

    def check(text: str) -> None:
        if not takes_contributions(activity):
            raise RefusedError(_("Question time is closed. Your text is still here: copy it if you want to keep it."))
        if not text:
            raise RefusedError(_("Write your question."), "text")
        if len(text) > rules.LONGEST:
            words = _("The question is %(length)d signs long. Shorten it to %(most)d.")
            raise RefusedError(words % {"length": len(text), "most": rules.LONGEST}, "text")

    sent = Sent(text, language, post_key, author, words)
    return contribute(Question, activity, sent, waiting=lambda: Settings.of(activity).let_in, check=check)


def like(question: Question, *, key: str, person: Person | None, on: bool) -> None:
    """Agree with a question, or take it back; where it has been joined with another, with that. Raises RefusedError."""
    activity = question.activity

    def check() -> None:
        if not takes_contributions(activity) or not Settings.of(activity).likes:
            raise RefusedError(_("Question time is closed."))

    with contributing.taking_part(activity, person, key, check):
        locked = contributing.hold_standing(question, "likes")
        row, _created = Like.objects.get_or_create(
            question=locked, key=key, defaults={"organisation_id": tenancy.active_id(), "on": on}
        )
        if row.on != on:
            row.on = on
            row.save(update_fields=["on"])
        note_contribution(activity)
        _refresh_figure(locked)
        events.changed(activity.pk)


def _refresh_figure(question: Question) -> None:
    figure = figures.count(Like.objects.filter(question=question), anonymous=leaves_no_trace(question.activity))
    if figure is not None:
        question.likes = figure
        question.save(update_fields=["likes"])


def receive(activity: Activity, item: Item, *, by: Person) -> Item:
    """Make a question out of an item from elsewhere; it waits, so that somebody can look at its words first."""
    if not can_moderate(by, activity):
        raise NotAllowedError(_("Only those who lead the programme may do this."))
    words, language = item.title.pick(item.language)
    with transaction.atomic():
        text = " ".join(words.split())[: rules.LONGEST]
        made = add(Question, activity, text, language, draw_key(), waiting=True)
        link(item, made.item)
        note_contribution(activity)
        record_in(activity, "question.received", made, by=by)
        events.changed(activity.pk)
    return made.item


# --- moderation -------------------------------------------------------------------------------------------------


def hold(question: Question, *, by: Person) -> None:
    """Take a visible question back to those that wait to be let in."""
    contributing.authorise(question, by)
    if question.state != Question.State.VISIBLE or question.end:
        raise RefusedError(_("Only a visible question without an answer can wait."))
    contributing.change(question, "held", by, state=Question.State.WAITING)


def star(question: Question, *, on: bool, by: Person) -> None:
    """Put a question first, or back in its place."""
    contributing.authorise(question, by)
    contributing.change(question, "starred" if on else "unstarred", by, starred=on)


def merge(question: Question, *, into: Question, by: Person) -> None:
    """Join a question with another that asks the same. Whoever liked both counts once."""

    def move() -> None:
        def anew(like: Like) -> Like:
            return Like(organisation_id=like.organisation_id, question=into, key=like.key, on=True)

        liked = Like.objects.filter(question=question, on=True)
        contributing.bring_over(liked, Like.objects.filter(question=into), anew)
        into.imported_likes += question.imported_likes
        into.save(update_fields=["imported_likes"])
        _refresh_figure(into)

    contributing.join(question, into, by=by, move=move, columns=("likes", "imported_likes"))


# --- answering --------------------------------------------------------------------------------------------------


def answer(question: Question, given: Answer, *, answered_by: Person, by: Person) -> None:
    """End a question in one of the four ways. A promise becomes an item of its own. Raises RefusedError."""
    if not can_lead(by, question.activity):
        raise NotAllowedError(_("Only those who lead the programme may do this."))
    end(question, given, answered_by=answered_by, by=by)


def end(question: Question, given: Answer, *, answered_by: Person, by: Person) -> None:
    """The same where the caller has authorised. Raises RefusedError."""
    activity = question.activity
    if given.end not in Question.End.values:
        raise RefusedError(_("Choose how the question ends."), "end")
    if not given.text and given.end != Question.End.LIVE:
        missing = {
            Question.End.WRITTEN: _("Write the answer."),
            Question.End.PROMISED: _("Write what you promise."),
            Question.End.DECLINED: _("Write why it is not answered."),
        }
        raise RefusedError(missing[Question.End(given.end)], "text")
    with transaction.atomic():
        if not rows.hold(question, "state", "end") or not rules.can_be_answered(question):
            words = _("This question cannot be answered here: it is hidden, joined with another or promised.")
            raise RefusedError(words)
        if question.state == Question.State.WAITING:
            contributing.let_in(question, by=by)
        if given.end == Question.End.PROMISED:
            _promise(question, given, by)
        values = {"end": given.end, "answer": given.text, "answered_by": answered_by, "answered": today()}
        for name, value in values.items():
            setattr(question, name, value)
        question.save(update_fields=list(values))
        question.item.state = given.end
        question.item.save(update_fields=["state"])
        words_changed(question.item)
        record_in(activity, "question.answered", question, by=by)
        events.changed(activity.pk)


def _promise(question: Question, given: Answer, by: Person) -> None:
    if given.due is None:
        raise RefusedError(_("Give the day by which it will be done."), "due")
    if given.owner is None:
        raise RefusedError(_("Say who sees to it."), "owner")
    make_promise(
        question.item,
        title=given.title or given.text,
        text=given.text,
        owner=given.owner,
        due=given.due,
        visibility=question.item.visibility,
        by=by,
    )


def let_go(activity: Activity) -> None:
    """Delete who asked and who agreed, within the caller's transaction. Questions, answers and figures stay."""
    Like.objects.filter(question__activity=activity).delete()
    Question.objects.filter(activity=activity, author__isnull=False).update(author=None)


def forget(person: Person, key: str) -> int:
    """Take a person's name and likes out of question times in which names are known.

    Figures that have been released stay; the others are counted anew.
    """
    likes = Like.objects.filter(key=key)
    kept = Q(question__activity__state=Activity.State.PUBLISHED)
    touched = list(likes.exclude(kept).order_by().values_list("question_id", flat=True))
    gone, _by_model = likes.delete()
    for question in Question.objects.filter(pk__in=touched).select_related("activity"):
        _refresh_figure(question)
    return gone + contributing.forget_author(Question, person)


# --- bringing in from elsewhere ---------------------------------------------------------------------------------


def import_questions(
    activity: Activity, questions: Sequence[Imported], *, language: str, by: Person
) -> tuple[int, int]:
    """Bring in questions from a file: (added, already there). The same file twice changes nothing.

    Likes come in as a count marked as imported: no rows, and none below five into an anonymous activity. Questions
    come in in random order.
    """
    if not can_moderate(by, activity):
        raise NotAllowedError(_("Only those who lead the programme may do this."))
    if activity.state == Activity.State.PUBLISHED:
        raise RefusedError(_("The result has been published. Nothing more can be brought in."))
    waiting, anonymous = Settings.of(activity).let_in, leaves_no_trace(activity)
    keyed = {contributing.import_key(activity, row.text): row for row in questions}
    known = set(Question.objects.filter(activity=activity, post_key__in=list(keyed)).values_list("post_key", flat=True))
    fresh = sorted(((key, row) for key, row in keyed.items() if key not in known), key=lambda pair: pair[0])
    for start in range(0, len(fresh), _ROWS_AT_ONCE // 5):
        with transaction.atomic():
            for key, row in fresh[start : start + _ROWS_AT_ONCE // 5]:
                with suppress(SentAtOnceError), transaction.atomic():
                    add(
                        Question, activity, row.text, language, key, waiting=waiting, day=row.day,
                        imported_likes=figures.imported_figure(row.likes, anonymous=anonymous),
                    )  # fmt: skip
            note_contribution(activity)
    record_in(activity, "questions.imported", activity, by=by)
    events.changed(activity.pk)
    return len(fresh), len(keyed) - len(fresh)


# --- from the live room -----------------------------------------------------------------------------------------


def ask_many(activity: Activity, sendings: Sequence[Sending]) -> list[Taken]:
    """Take questions from the room, within the caller's transaction."""

    def take(sending: Sending, author: Person | None) -> Question:
        values = sending.values
        return ask(
            activity,
            text=values.get("text", ""),
            language=sending.language,
            post_key=values["post_key"],
            author=author,
        )

    return contributing.take_texts(activity, sendings, take)


def like_many(activity: Activity, sendings: Sequence[Sending]) -> list[Taken]:
    """Take likes from the room, in a fixed number of queries; of one voter's the last counts."""
    if not Settings.of(activity).likes:
        return [Taken(error=str(_("Likes are not taken here.")))] * len(sendings)
    asked = [rows.id_in(sending.values, "question") for sending in sendings]
    standing = _standing_of(activity, {pk for pk in asked if pk})
    wanted = {
        (standing[pk].pk, sending.key): sending.values.get("on") == "1"
        for pk, sending in zip(asked, sendings, strict=True)
        if pk in standing and sending.key
    }
    _set_likes(wanted)
    _refresh_many({question.pk: question for question in standing.values()}, anonymous=leaves_no_trace(activity))
    if wanted:
        note_contribution(activity)
        events.changed(activity.pk)
    gone = Taken(error=str(_("This is no longer here.")))
    return [Taken() if pk in standing else gone for pk in asked]


def _standing_of(activity: Activity, ids: set[int]) -> dict[int, Question]:
    """By the id that was sent: the question, or the one it was joined with, kept from others meanwhile."""
    found = Question.objects.filter(activity=activity, pk__in=ids).values_list("pk", "merged_into_id")
    into = {pk: joined or pk for pk, joined in found}
    locked = Question.objects.select_for_update().filter(pk__in=set(into.values()), state=Question.State.VISIBLE)
    there = {question.pk: question for question in locked.order_by("pk").only("state", "likes")}
    return {pk: there[target] for pk, target in into.items() if target in there}


def _set_likes(wanted: dict[tuple[int, str], bool]) -> None:
    there = Like.objects.filter(question_id__in={pk for pk, _key in wanted}, key__in={key for _pk, key in wanted})
    known = {(row.question_id, row.key): row for row in there}
    organisation_id = tenancy.active_id()
    fresh = [
        Like(organisation_id=organisation_id, question_id=pk, key=key, on=on)
        for (pk, key), on in wanted.items()
        if (pk, key) not in known
    ]
    Like.objects.bulk_create(sorted(fresh, key=lambda row: row.pk), ignore_conflicts=True)
    for value in (True, False):
        turned = [row.pk for what, row in known.items() if what in wanted and wanted[what] is value and row.on != value]
        if turned:
            Like.objects.filter(pk__in=turned).update(on=value)


def _refresh_many(questions: dict[int, Question], *, anonymous: bool) -> None:
    moved = Q(on=True, counted=False) | Q(on=False, counted=True)
    likes = Like.objects.filter(question_id__in=questions).order_by()
    counted = likes.values("question_id").annotate(
        agree=Count("id", filter=Q(on=True)), moved=Count("id", filter=moved)
    )
    shown = []
    for row in counted:
        figure = figures.next_figure(row["agree"], row["moved"], anonymous=anonymous)
        if figure is not None and row["moved"]:
            questions[row["question_id"]].likes = figure
            shown.append(row["question_id"])
    if shown:
        Question.objects.bulk_update([questions[pk] for pk in shown], ["likes"])
        figures.forget_which_came_last(Like.objects.filter(question_id__in=shown))


# --- on the stage -----------------------------------------------------------------------------------------------


def take_up(question: Question | None, activity: Activity, *, by: Person) -> None:
    """Say that a question is being answered now, and no other; None: no question is."""
    if question is not None and (question.state != Question.State.VISIBLE or question.end):
        raise RefusedError(_("Choose a question that is visible and has no answer."))
    with transaction.atomic():
        Question.objects.filter(activity=activity, on_stage=True).update(on_stage=False)
        if question is not None:
            Question.objects.filter(pk=question.pk).update(on_stage=True)
        record_in(activity, "question.taken_up", question or activity, by=by)
        events.changed(activity.pk)


def finish_on_stage(activity: Activity, *, by: Person) -> None:
    """The question on the stage has been answered where everyone heard it."""
    question = Question.objects.select_related("item", "activity__programme").filter(activity=activity, on_stage=True)
    found = question.first()
    if found is None:
        raise RefusedError(_("No question is being answered."))
    with transaction.atomic():
        answer(found, Answer(Question.End.LIVE, LangText()), answered_by=by, by=by)
        Question.objects.filter(pk=found.pk).update(on_stage=False)

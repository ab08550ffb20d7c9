"""Writes of question time. Asking and liking leave no audit row in an anonymous activity."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from samsyn.activities.questions import rules
from samsyn.activities.questions.models import Like, Question
from samsyn.activities.questions.rules import Imported, Settings
from samsyn.audit.actions import record
from samsyn.core import events, rows, tenancy
from samsyn.core.clock import today
from samsyn.core.errors import NotAllowedError, RefusedError
from samsyn.core.texts import LangText
from samsyn.organisations.models import Person
from samsyn.programmes import figures
from samsyn.programmes.actions import note_contribution, voting
from samsyn.programmes.models import Activity
from samsyn.programmes.rules import can_organise, can_plan, is_anonymous, leaves_no_trace
from samsyn.thread.actions import add_item, attach_receipt, link, make_promise
from samsyn.thread.models import Item, Visibility

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
    """Ask a question. The same form sent again gives the same question; with other words in it, another question.

    The author is kept only where the level says so. `words`: a receipt's, cleaned. Raises RefusedError.
    """
    text = text.strip()
    question = _sent_before(activity, post_key)
    if question is not None and question.text != text:  # the browser's way back showed the form with its old key
        post_key = hashlib.sha256(f"{post_key}|{text}".encode()).hexdigest()[:32]
        question = _sent_before(activity, post_key)
    if question is None:
        kept = None if leaves_no_trace(activity) else author
        with suppress(_SentAtOnceError), transaction.atomic():
            activity.refresh_from_db(fields=["state"])
            _check(activity, text)
            waiting = Settings.of(activity).let_in
            question = _add_question(activity, text, language, post_key, waiting=waiting, day=None, author=kept)
            if words:
                attach_receipt(question.item, words)
            note_contribution(activity)
            if kept is not None:
                record("question.asked", question, by=kept)
            events.changed(activity.pk)
            return question
        question = Question.objects.select_related("item").get(activity=activity, post_key=post_key)
    if words:  # sent before: the answer got lost on the way, so this receipt must hold too
        attach_receipt(question.item, words)
    return question


class _SentAtOnceError(Exception):
    """The same form was sent twice at the same moment, and the other was first."""


def _sent_before(activity: Activity, post_key: str) -> Question | None:
    return Question.objects.select_related("item").filter(activity=activity, post_key=post_key).first()


def _check(activity: Activity, text: str) -> None:
    if not rules.can_contribute(activity):
        raise RefusedError(_("Question time is closed. Your text is still here: copy it if you want to keep it."))
    if not text:
        raise RefusedError(_("Write your question."), "text")
    if len(text) > rules.LONGEST:
        words = _("The question is %(length)d signs long. Shorten it to %(most)d.")
        raise RefusedError(words % {"length": len(text), "most": rules.LONGEST}, "text")


def _add_question(
    activity: Activity, text: str, language: str, post_key: str, *, waiting: bool, day: dt.date | None, **values: Any
) -> Question:
    item = add_item(
        programme_id=activity.programme_id,
        activity_id=activity.pk,
        kind="questions.question",
        state="waiting" if waiting else "open",
        visibility=Visibility.FACILITATORS if waiting else _visibility(activity),
        level=activity.level,
        language=language,
        title=LangText.of(text, language),
        day=day or today(),
    )
    state = Question.State.WAITING if waiting else Question.State.VISIBLE
    values |= {"text": text, "language": language, "post_key": post_key, "state": state}
    question = Question(organisation_id=tenancy.active_id(), item=item, activity=activity, **values)
    if not rows.add_once(question):
        raise _SentAtOnceError
    return question


def _visibility(activity: Activity) -> str:
    return Visibility.PROGRAMME if activity.state == Activity.State.PUBLISHED else Visibility.AUDIENCE


def like(question: Question, *, key: str, person: Person | None, on: bool) -> None:
    """Agree with a question, or take it back; where it has been joined with another, with that. Raises RefusedError."""
    activity = question.activity
    anonymous = is_anonymous(activity)
    if not anonymous and person is None:
        raise NotAllowedError(_("This vote is for those invited."))
    with voting(activity, person, key) if anonymous else transaction.atomic():
        activity.refresh_from_db(fields=["state"])
        if not rules.can_contribute(activity) or not Settings.of(activity).likes:
            raise RefusedError(_("Question time is closed."))
        locked = _lock_standing(question)
        row, _created = Like.objects.get_or_create(
            question=locked, key=key, defaults={"organisation_id": tenancy.active_id(), "on": on}
        )
        if row.on != on:
            row.on = on
            row.save(update_fields=["on"])
        note_contribution(activity)
        _refresh_figure(locked)
        events.changed(activity.pk)


def _lock_standing(question: Question) -> Question:
    """The question, or the one that it was joined with, kept from others until the transaction ends."""
    standing = rows.hold(question, "state", "likes", "merged_into_id")
    if standing and question.merged_into is not None:
        question = question.merged_into
        standing = rows.hold(question, "state", "likes")
    if not standing or question.state != Question.State.VISIBLE:
        raise RefusedError(_("This question is no longer here."))
    return question


def _refresh_figure(question: Question) -> None:
    figure = figures.count(Like.objects.filter(question=question), anonymous=leaves_no_trace(question.activity))
    if figure is not None:
        question.likes = figure
        question.save(update_fields=["likes"])


# --- moderation -------------------------------------------------------------------------------------------------


def _authorise(question: Question, by: Person) -> None:
    if not can_plan(by, question.activity.programme):
        raise NotAllowedError(_("Only those who lead the programme may do this."))


def _change(question: Question, verb: str, by: Person, **values: object) -> None:
    item: Item = question.item
    with transaction.atomic():
        for name, value in values.items():
            setattr(question, name, value)
        question.save(update_fields=list(values))
        if "state" in values:
            item.state = _item_state(question)
            item.visibility = (
                _visibility(question.activity)
                if question.state in {Question.State.VISIBLE, Question.State.MERGED}
                else Visibility.FACILITATORS
            )
            item.save(update_fields=["state", "visibility"])
        record(f"question.{verb}", question, by=by)
        events.changed(question.activity_id)


def _item_state(question: Question) -> str:
    if question.state == Question.State.VISIBLE:
        return question.end or "open"
    return question.state


def let_in(question: Question, *, by: Person) -> None:
    """Let a waiting or hidden question be seen by all."""
    _authorise(question, by)
    if question.state not in {Question.State.WAITING, Question.State.HIDDEN}:
        raise RefusedError(_("This question is already visible, or joined with another."))
    _change(question, "let_in", by, state=Question.State.VISIBLE, reason=LangText())


def hide(question: Question, *, reason: LangText, by: Person) -> None:
    """Hide a question, with a reason that whoever asked can read by receipt."""
    _authorise(question, by)
    if not reason:
        raise RefusedError(_("Give the reason. The one who asked can read it."), "reason")
    if question.state == Question.State.MERGED:
        raise RefusedError(_("This question is joined with another. Separate it first."))
    _change(question, "hidden", by, state=Question.State.HIDDEN, reason=reason)


def hold(question: Question, *, by: Person) -> None:
    """Take a visible question back to those that wait to be let in."""
    _authorise(question, by)
    if question.state != Question.State.VISIBLE or question.end:
        raise RefusedError(_("Only a visible question without an answer can wait."))
    _change(question, "held", by, state=Question.State.WAITING)


def translate(question: Question, translation: LangText, *, by: Person) -> None:
    """Give a question in the other language too. The words of the one who asked stay as they are."""
    _authorise(question, by)
    others = LangText({lang: text for lang, text in translation.items() if lang != question.language})
    with transaction.atomic():
        question.translation = others
        question.save(update_fields=["translation"])
        question.item.title = LangText({**others, question.language: question.text})
        question.item.save(update_fields=["title"])
        record("question.translated", question, by=by)


def star(question: Question, *, on: bool, by: Person) -> None:
    """Put a question first, or back in its place."""
    _authorise(question, by)
    _change(question, "starred" if on else "unstarred", by, starred=on)


def merge(question: Question, *, into: Question, by: Person) -> None:
    """Join a question with another that asks the same. Whoever liked both counts once."""
    _authorise(question, by)
    if into.activity_id != question.activity_id or into.pk == question.pk:
        raise RefusedError(_("Choose another question in the same question time."), "into")
    with transaction.atomic():
        _lock_both(question, into)
        known = set(Like.objects.filter(question=into).values_list("key", flat=True))
        extra = [
            Like(organisation_id=tenancy.active_id(), question=into, key=row.key, on=True)
            for row in Like.objects.filter(question=question, on=True)
            if row.key not in known
        ]
        Like.objects.bulk_create(extra, batch_size=_ROWS_AT_ONCE)
        into.imported_likes += question.imported_likes
        into.save(update_fields=["imported_likes"])
        _refresh_figure(into)
        Question.objects.filter(merged_into=question).update(merged_into=into)
        link(question.item, into.item)
        _change(question, "merged", by, state=Question.State.MERGED, merged_into=into)


def _lock_both(question: Question, into: Question) -> None:
    """Keep others from both until the transaction ends, and refuse what cannot be joined as they are now."""
    for row in sorted((question, into), key=lambda row: row.pk):
        if not rows.hold(row, "state", "likes", "imported_likes"):
            raise RefusedError(_("This question is no longer here."))
    if question.state not in {Question.State.VISIBLE, Question.State.WAITING}:
        raise RefusedError(_("This question is hidden, or joined with another."))
    if into.state != Question.State.VISIBLE:
        raise RefusedError(_("Choose a question that is visible."), "into")


# --- answering --------------------------------------------------------------------------------------------------


def answer(question: Question, given: Answer, *, answered_by: Person, by: Person) -> None:
    """End a question in one of the four ways. A promise becomes an item of its own. Raises RefusedError."""
    activity = question.activity
    if not can_organise(by, activity.programme):
        raise NotAllowedError(_("Only those who lead the programme may do this."))
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
            let_in(question, by=by)
        if given.end == Question.End.PROMISED:
            _promise(question, given, by)
        values = {"end": given.end, "answer": given.text, "answered_by": answered_by, "answered": today()}
        for name, value in values.items():
            setattr(question, name, value)
        question.save(update_fields=list(values))
        question.item.state = given.end
        question.item.save(update_fields=["state"])
        record("question.answered", question, by=by)
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


def publish_questions(activity: Activity) -> None:
    """What is visible in the activity becomes visible in the whole programme, within the caller's transaction."""
    Item.objects.filter(activity_id=activity.pk, visibility=Visibility.AUDIENCE).update(visibility=Visibility.PROGRAMME)


def forget_author(person: Person) -> int:
    """Take a person's name from the questions they asked. The questions stay: others agreed with them."""
    return Question.objects.filter(author=person).update(author=None)


def let_go(activity: Activity) -> None:
    """Delete who asked and who agreed, within the caller's transaction. Questions, answers and figures stay."""
    Like.objects.filter(question__activity=activity).delete()
    Question.objects.filter(activity=activity, author__isnull=False).update(author=None)


# --- bringing in from elsewhere ---------------------------------------------------------------------------------


def import_questions(
    activity: Activity, questions: Sequence[Imported], *, language: str, by: Person
) -> tuple[int, int]:
    """Bring in questions from a file: (added, already there). The same file twice changes nothing.

    Likes come in as a count marked as imported: no rows. Questions come in in random order.
    """
    if not can_plan(by, activity.programme):
        raise NotAllowedError(_("Only those who lead the programme may do this."))
    if activity.state == Activity.State.PUBLISHED:
        raise RefusedError(_("The result has been published. Nothing more can be brought in."))
    waiting = Settings.of(activity).let_in
    keyed = {_import_key(activity, row.text): row for row in questions}
    known = set(Question.objects.filter(activity=activity, post_key__in=list(keyed)).values_list("post_key", flat=True))
    fresh = sorted(((key, row) for key, row in keyed.items() if key not in known), key=lambda pair: pair[0])
    for start in range(0, len(fresh), _ROWS_AT_ONCE // 5):
        with transaction.atomic():
            for key, row in fresh[start : start + _ROWS_AT_ONCE // 5]:
                with suppress(_SentAtOnceError), transaction.atomic():
                    values = {"day": row.day, "imported_likes": row.likes}
                    _add_question(activity, row.text, language, key, waiting=waiting, **values)
            note_contribution(activity)
    record("questions.imported", activity, by=by)
    events.changed(activity.pk)
    return len(fresh), len(keyed) - len(fresh)


def _import_key(activity: Activity, text: str) -> str:
    """Alike for the same text; no key that a form can send, so that nobody gets a receipt for what they did not ask."""
    return "import-" + hashlib.sha256(f"{activity.pk}|{text}".encode()).hexdigest()[:25]

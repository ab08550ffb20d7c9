"""Writes of contributed texts, the same in every kind: taken once, let in, hidden with a reason, joined, translated.

Contributing to an anonymous activity leaves no audit row. What only one kind does stands in the kind's own actions.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any, TypeVar

from django.db import transaction
from django.db.models import QuerySet
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from samsyn.core import events, rows, tenancy
from samsyn.core.clock import today
from samsyn.core.errors import NotAllowedError, RefusedError
from samsyn.core.texts import LangText
from samsyn.live.sendings import Sending, Taken
from samsyn.organisations.models import Person
from samsyn.programmes.actions import note_contribution, voting
from samsyn.programmes.browsers import is_key
from samsyn.programmes.contributions import Contribution
from samsyn.programmes.models import Activity
from samsyn.programmes.recording import record_in
from samsyn.programmes.rules import can_moderate, is_anonymous, leaves_no_trace
from samsyn.thread import secrets
from samsyn.thread.actions import add_item, attach_receipt, attach_stretched, link, words_changed
from samsyn.thread.models import FollowUp, Item, Visibility

Row = TypeVar("Row", bound=Contribution)
State = Contribution.State
_HELD_BACK = {State.WAITING, State.HIDDEN}
_ROWS_AT_ONCE = 250


@dataclass(frozen=True)
class Sent:
    """A text as it was sent. `post_key` came with the form; `words`: a receipt's, cleaned."""

    text: str
    language: str
    post_key: str
    author: Person | None = None
    words: str | None = None


class SentAtOnceError(Exception):
    """The same form was sent twice at the same moment, and the other was first."""


def contribute(
    model: type[Row],
    activity: Activity,
    sent: Sent,
    *,
    waiting: Callable[[], bool],
    check: Callable[[str], None],
    **values: Any,
) -> Row:
    """Take a text. The same form sent again gives the same row; with other words in it, another row.

    The author is kept only where the level says so.

    Args:
        waiting: whether somebody must let it in first. check: refuses a text, or raises nothing; both are asked within
            the transaction, with the activity as it is now. values: further columns of the row.
    """
    text, post_key = sent.text.strip(), sent.post_key
    row = _sent_before(model, activity, post_key)
    if row is not None and row.text != text:
        post_key = other_key(post_key, text)
        row = _sent_before(model, activity, post_key)
    if row is None:
        kept = None if leaves_no_trace(activity) else sent.author
        with suppress(SentAtOnceError), transaction.atomic():
            activity.refresh_from_db(fields=["state", "settings"])
            check(text)
            row = add(model, activity, text, sent.language, post_key, waiting=waiting(), author=kept, **values)
            if sent.words:
                attach_receipt(row.item, sent.words)
            note_contribution(activity)
            if kept is not None:
                record_in(activity, f"{_noun(row)}.sent", row, by=kept)
            events.changed(activity.pk)
            return row
        row = model._default_manager.select_related("item").get(activity=activity, post_key=post_key)
    if sent.words:  # sent before: the answer got lost on the way, so this receipt must hold too
        attach_receipt(row.item, sent.words)
    return row


def other_key(post_key: str, text: str) -> str:
    """The key of another text in the same form: the browser's way back showed the form with its old key."""
    return hashlib.sha256(f"{post_key}|{text}".encode()).hexdigest()[:32]


def add(
    model: type[Row],
    activity: Activity,
    text: str,
    language: str,
    post_key: str,
    *,
    waiting: bool,
    day: dt.date | None = None,
    title: LangText | None = None,
    **values: Any,
) -> Row:
    """Add a row with its item, within the caller's transaction. Raises SentAtOnceError.

    `title`: what the item is called meanwhile, where nobody may read the text yet.
    """
    item = add_item(
        programme_id=activity.programme_id,
        activity_id=activity.pk,
        kind=f"{activity.kind}.{model._meta.model_name}",
        state="waiting" if waiting else "open",
        visibility=Visibility.FACILITATORS if waiting else seen_by(activity),
        level=activity.level,
        language=language,
        title=title or LangText.of(text, language),
        day=day or today(),
    )
    values |= {"text": text, "language": language, "post_key": post_key}
    values["state"] = State.WAITING if waiting else State.VISIBLE
    row = model(organisation_id=tenancy.active_id(), item=item, activity=activity, **values)
    if not rows.add_once(row):
        raise SentAtOnceError
    return row


def take_texts(
    activity: Activity, sendings: Sequence[Sending], take: Callable[[Sending, Person | None], Row]
) -> list[Taken]:
    """Take texts from the live room one by one, each in a savepoint of its own: a faulty one costs no other.

    In an activity without names the sender gets the words of a receipt where the browser has none; the receipt is
    attached by `take_receipts` when they come back, since stretching them takes a while.
    """
    authors = Person.objects.in_bulk({sending.person for sending in sendings if sending.person})
    taken = []
    for sending in sendings:
        with translation.override(sending.language):
            try:
                if not is_key(sending.values.get("post_key", "")):
                    raise RefusedError(_("The form is damaged. Load the page again; your text is kept."))
                with transaction.atomic():
                    take(sending, authors.get(sending.person))
            except RefusedError as refusal:
                taken.append(Taken(error=str(refusal.message), field=refusal.field or ""))
            else:
                taken.append(Taken(data=_receipt(activity, sending)))
    return taken


def _receipt(activity: Activity, sending: Sending) -> dict[str, str]:
    if not leaves_no_trace(activity):
        return {}
    kept = secrets.clean_words(sending.values.get("words", ""))
    return {"receipt": kept or secrets.draw_words(sending.language)}


def take_receipts(model: type[Row], activity: Activity, sendings: Sequence[Sending]) -> list[Taken]:
    """Attach receipts to texts that have been taken; `stretched` was made of the words before (`gatherings.room`)."""
    keys = {sending.values.get("post_key", "") for sending in sendings}
    found = model._default_manager.select_related("item").filter(activity=activity, post_key__in=keys)
    by_key = {row.post_key: row for row in found}
    for sending in sendings:
        row, stretched = by_key.get(sending.values.get("post_key", "")), sending.values.get("stretched", "")
        if row is not None and stretched:
            with transaction.atomic():
                attach_stretched(row.item, bytes.fromhex(stretched))
    return [Taken()] * len(sendings)


def seen_by(activity: Activity) -> str:
    """Who sees what is visible in an activity: its audience, and everyone in the programme once it is published."""
    return Visibility.PROGRAMME if activity.state == Activity.State.PUBLISHED else Visibility.AUDIENCE


def show_to_programme(activity: Activity) -> None:
    """What the audience sees becomes visible in the whole programme: at publishing, in the caller's transaction."""
    Item.objects.filter(activity_id=activity.pk, visibility=Visibility.AUDIENCE).update(visibility=Visibility.PROGRAMME)


def _sent_before(model: type[Row], activity: Activity, post_key: str) -> Row | None:
    return model._default_manager.select_related("item").filter(activity=activity, post_key=post_key).first()


def _noun(row: Contribution) -> str:
    return str(row._meta.model_name)


def reveal(model: type[Row], activity: Activity) -> None:
    """Let everybody there see what waits, at once. In transactions of their own: others write meanwhile, elsewhere."""
    waiting = model._default_manager.filter(activity=activity, state=State.WAITING).select_related("item")
    while found := list(waiting.order_by("id")[:_ROWS_AT_ONCE]):
        with transaction.atomic():
            for row in found:
                row.item.title, row.item.state, row.item.visibility = row.words, row.lasting_state, seen_by(activity)
            Item.objects.bulk_update([row.item for row in found], ["title", "state", "visibility"])
            words_changed(*(row.item for row in found))
            model._default_manager.filter(pk__in=[row.pk for row in found]).update(state=State.VISIBLE)
            events.changed(activity.pk)


def import_key(activity: Activity, sign: str) -> str:
    """Alike for the same sign; no key that a form can send, so that nobody gets a receipt for what is not theirs."""
    return "import-" + hashlib.sha256(f"{activity.pk}|{sign}".encode()).hexdigest()[:25]


# --- voting -----------------------------------------------------------------------------------------------------


@contextmanager
def taking_part(activity: Activity, person: Person | None, key: str, check: Callable[[], None]) -> Iterator[None]:
    """The transaction of a vote. Raises RefusedError where the key may not vote.

    Args:
        check: refuses where votes are not taken; asked within the transaction, with the activity as it is now.
    """
    anonymous = is_anonymous(activity)
    if not anonymous and person is None:
        raise NotAllowedError(_("This vote is for those invited."))
    with voting(activity, person, key) if anonymous else transaction.atomic():
        activity.refresh_from_db(fields=["state", "settings"])
        check()
        yield


def hold_standing(row: Row, *columns: str) -> Row:
    """The text, or the one that it was joined with, kept from others until the transaction ends.

    `columns`: read anew under the lock. Raises RefusedError where it is hidden or gone.
    """
    there = rows.hold(row, "state", "merged_into_id", *columns)
    if there and row.merged_into is not None:
        row = row.merged_into
        there = rows.hold(row, "state", *columns)
    if not there or row.state != State.VISIBLE:
        raise RefusedError(_("This is no longer here."))
    return row


def bring_over(votes: QuerySet[Any], to: QuerySet[Any], anew: Callable[[Any], Any]) -> None:
    """Bring votes over to another text: `anew` makes each one there. Who has voted there already keeps that vote."""
    known = set(to.values_list("key", flat=True))
    to.model._default_manager.bulk_create([anew(vote) for vote in votes if vote.key not in known], batch_size=500)


# --- moderation -------------------------------------------------------------------------------------------------


def authorise_in(activity: Activity, by: Person) -> None:
    """Only those who lead the programme, or the session that it belongs to, bring texts in and moderate."""
    if not can_moderate(by, activity):
        raise NotAllowedError(_("Only those who lead the programme may do this."))


def authorise(row: Contribution, by: Person) -> None:
    """The same for one text."""
    authorise_in(row.activity, by)


def change(row: Contribution, verb: str, by: Person, **values: object) -> None:
    """Change a row and let its item follow."""
    with transaction.atomic():
        for name, value in values.items():
            setattr(row, name, value)
        row.save(update_fields=list(values))
        if "state" in values:
            row.item.state = row.lasting_state if row.state == State.VISIBLE else row.state
            row.item.visibility = _seen_by(row)
            row.item.save(update_fields=["state", "visibility"])
            words_changed(row.item)
            if row.state in _HELD_BACK:  # what says the same is held back with it
                same = type(row)._default_manager.filter(merged_into=row).values("item_id")
                Item.objects.filter(pk__in=same).update(visibility=Visibility.FACILITATORS)
        record_in(row.activity, f"{_noun(row)}.{verb}", row, by=by)
        events.changed(row.activity_id)


def _seen_by(row: Contribution) -> str:
    """Who sees a text in its state. One that was joined with another before it was let in stays where it was."""
    if row.state in _HELD_BACK or (row.state == State.MERGED and row.item.visibility == Visibility.FACILITATORS):
        return Visibility.FACILITATORS
    return seen_by(row.activity)


def let_in(row: Contribution, *, by: Person) -> None:
    """Let a waiting or hidden text be seen by all."""
    authorise(row, by)
    if row.state not in {State.WAITING, State.HIDDEN}:
        raise RefusedError(_("This is already visible, or joined with another."))
    change(row, "let_in", by, state=State.VISIBLE, reason=LangText())


def hide(row: Contribution, *, reason: LangText, by: Person) -> None:
    """Hide a text, with a reason that whoever wrote it can read: by receipt, or by account where names are kept."""
    authorise(row, by)
    if not reason:
        raise RefusedError(_("Give the reason."), "reason")
    if row.state == State.MERGED:
        raise RefusedError(_("This is joined with another and cannot be hidden by itself."))
    change(row, "hidden", by, state=State.HIDDEN, reason=reason)


def translate(row: Contribution, translation: LangText, *, by: Person, said: LangText | None = None) -> None:
    """Give a text in the other language too. The words of the one who wrote it stay as they are.

    `said`: what they said about the answer, in the other language.
    """
    authorise(row, by)
    others = LangText({lang: text for lang, text in translation.items() if lang != row.language})
    with transaction.atomic():
        row.translation = others
        row.save(update_fields=["translation"])
        row.item.title = LangText({**others, row.language: row.text})
        row.item.save(update_fields=["title"])
        words_changed(row.item)
        record_in(row.activity, f"{_noun(row)}.translated", row, by=by)
        if said is not None:
            translate_follow_up(row, said, by=by)
        events.changed(row.activity_id)


def translate_follow_up(row: Contribution, translation: LangText, *, by: Person) -> None:
    """Give what whoever wrote a text said about the answer in the other language too."""
    authorise(row, by)
    with transaction.atomic():
        for said in FollowUp.objects.select_for_update().filter(item=row.item_id):
            said.translation = LangText({lang: text for lang, text in translation.items() if lang != said.language})
            said.save(update_fields=["translation"])
            record_in(row.activity, "followup.translated", said, by=by)


def join(row: Row, into: Row, *, by: Person, move: Callable[[], None], columns: tuple[str, ...] = ()) -> None:
    """Join a text with another that says the same; `move` brings over what hangs on it, within the transaction.

    `columns`: of both rows, read anew under the lock.
    """
    authorise(row, by)
    if into.activity_id != row.activity_id or into.pk == row.pk:
        raise RefusedError(_("Choose another one in the same activity."), "into")
    with transaction.atomic():
        for one in sorted((row, into), key=lambda one: one.pk):
            if not rows.hold(one, "state", *columns):
                raise RefusedError(_("This is no longer here."))
        if row.state not in {State.VISIBLE, State.WAITING}:
            raise RefusedError(_("This is hidden, or joined with another."))
        if into.state != State.VISIBLE:
            raise RefusedError(_("Choose one that is visible."), "into")
        move()
        type(row)._default_manager.filter(merged_into=row).update(merged_into=into)
        link(row.item, into.item)
        change(row, "merged", by, state=State.MERGED, merged_into=into)


def forget_author(model: type[Row], person: Person) -> int:
    """Take a person's name from what they wrote. The texts stay: others have built on them."""
    return model._default_manager.filter(author=person).update(author=None)

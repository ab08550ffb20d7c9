"""Writes of the case study: sentences of one's own, their evidence, and which assembled sentences are hidden."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from samsyn.audit.actions import record
from samsyn.casestudy import queries
from samsyn.casestudy.models import Heading, HiddenSentence, Sentence, SentenceEvidence
from samsyn.casestudy.rules import LONGEST, MOST_EVIDENCE, is_key
from samsyn.core import tenancy
from samsyn.core.errors import NotAllowedError, RefusedError
from samsyn.core.texts import LangText
from samsyn.organisations.models import Person
from samsyn.programmes.models import Programme
from samsyn.programmes.rules import can_organise
from samsyn.programmes.standing import Visitor


def add_sentence(
    programme: Programme, *, heading: str, text: LangText, item_ids: Iterable[int], visitor: Visitor
) -> Sentence:
    """Write a sentence under a heading, last of those written there. Raises RefusedError."""
    by = _authorise(programme, visitor)
    _check(heading, text)
    chosen = _evidence(programme, item_ids, visitor)
    with transaction.atomic():
        sentence: Sentence = Sentence.objects.create(
            organisation_id=tenancy.active_id(),
            programme=programme,
            heading=heading,
            position=queries.next_position(programme, heading),
            text=text,
            written_by=by,
        )
        _attach(sentence, chosen)
        record("sentence.added", sentence, by=by)
    return sentence


def change_sentence(
    sentence: Sentence, *, heading: str, text: LangText, item_ids: Iterable[int], visitor: Visitor
) -> None:
    """Change the words, the heading or the evidence. Evidence that the visitor cannot see stays."""
    programme = sentence.programme
    by = _authorise(programme, visitor)
    _check(heading, text)
    chosen = _evidence(programme, item_ids, visitor)
    before = set(queries.evidence_ids(sentence))
    gone = queries.seen_items(programme, visitor, before) - chosen
    with transaction.atomic():
        if heading != sentence.heading:
            sentence.position = queries.next_position(programme, heading)
        sentence.heading, sentence.text = heading, text
        sentence.save(update_fields=["heading", "text", "position"])
        SentenceEvidence.objects.filter(sentence=sentence, item_id__in=gone).delete()
        _attach(sentence, chosen - before)
        record("sentence.changed", sentence, by=by)


def move_sentence(sentence: Sentence, *, step: int, visitor: Visitor) -> None:
    """Put a sentence one place earlier (-1) or later (1) among those written under its heading."""
    by = _authorise(sentence.programme, visitor)
    with transaction.atomic():
        rows = queries.under(sentence.programme, sentence.heading)
        place = next(number for number, row in enumerate(rows) if row.pk == sentence.pk)
        rows.insert(max(0, min(place + step, len(rows) - 1)), rows.pop(place))
        for position, row in enumerate(rows):
            row.position = position
        Sentence.objects.bulk_update(rows, ["position"])
        record("sentence.moved", sentence, by=by)


def delete_sentence(sentence: Sentence, *, visitor: Visitor) -> None:
    """Delete a sentence written by hand. Its evidence stays in the thread."""
    by = _authorise(sentence.programme, visitor)
    with transaction.atomic():
        record("sentence.deleted", sentence, by=by)
        sentence.delete()


def hide_sentence(programme: Programme, *, key: str, visitor: Visitor) -> None:
    """Leave an assembled sentence out of the case study; twice is the same as once. Raises RefusedError."""
    by = _authorise(programme, visitor)
    if not is_key(key):
        raise RefusedError(_("There is no such sentence."))
    with transaction.atomic():
        row, made = HiddenSentence.objects.get_or_create(
            organisation_id=tenancy.active_id(), programme=programme, key=key
        )
        if made:
            record("sentence.hidden", row, by=by)


def show_sentence(programme: Programme, *, key: str, visitor: Visitor) -> None:
    """Show an assembled sentence again."""
    by = _authorise(programme, visitor)
    with transaction.atomic():
        for row in HiddenSentence.objects.filter(programme=programme, key=key):
            record("sentence.shown", row, by=by)
            row.delete()


def forget_author(person: Person) -> int:
    """Take a person's name from the sentences they wrote."""
    return Sentence.objects.filter(written_by=person).update(written_by=None)


def _authorise(programme: Programme, visitor: Visitor) -> Person:
    if visitor.person is None or not can_organise(visitor.person, programme):
        raise NotAllowedError(_("Only those who lead the programme may do this."))
    return visitor.person


def _check(heading: str, text: LangText) -> None:
    if heading not in Heading.values:
        raise RefusedError(_("Choose one of the five headings."), "heading")
    if not text:
        raise RefusedError(_("Write the sentence."), "text")
    if any(len(words) > LONGEST for words in text.values()):
        raise RefusedError(_("Write at most %(most)d characters.") % {"most": LONGEST}, "text")


def _evidence(programme: Programme, item_ids: Iterable[int], visitor: Visitor) -> set[int]:
    chosen = set(item_ids)
    if len(chosen) > MOST_EVIDENCE:
        raise RefusedError(_("Choose at most %(most)d pieces of evidence.") % {"most": MOST_EVIDENCE}, "evidence")
    if queries.seen_items(programme, visitor, chosen) != chosen:
        raise RefusedError(_("Some of the evidence is not there any more. Choose again."), "evidence")
    return chosen


def _attach(sentence: Sentence, item_ids: Iterable[int]) -> None:
    rows = [
        SentenceEvidence(organisation_id=tenancy.active_id(), sentence=sentence, item_id=pk) for pk in sorted(item_ids)
    ]
    SentenceEvidence.objects.bulk_create(rows, ignore_conflicts=True)

"""The report model: numbers, flags, what is withheld and what is hidden. No database."""

from __future__ import annotations

import datetime as dt

from samsyn.casestudy.models import Heading
from samsyn.casestudy.report import EVIDENCE_READ, EVIDENCE_SHOWN, Report, Source, assemble
from samsyn.core.texts import LangText
from samsyn.thread.models import Item
from samsyn.thread.registry import Telling

DAY = dt.date(2026, 3, 12)


def _text(words: str) -> LangText:
    return LangText(sv=words, en=words)


def _told(*ids: int, voice: bool = False, by: str = "") -> dict[int, Telling]:
    return {
        pk: Telling(
            Item(pk=pk, title=_text(f"title {pk}")), "question", _text(f"words {pk}"), day=DAY, voice=voice, by=by
        )
        for pk in ids
    }


def _source(key: str = "a", heading: str = "did", **values: object) -> Source:
    return Source(heading, key, _text(key), **values)


def _section(report: Report, heading: str):
    return next(section for section in report.sections if section.heading == heading)


def test_the_five_headings_stand_in_their_order_even_when_nothing_is_under_them():
    report = assemble([], seen=set(), told={})
    assert [section.heading for section in report.sections] == ["challenge", "did", "how", "result", "learned"]
    assert not report.begun


def test_a_sentence_without_evidence_is_flagged_and_alone_does_not_begin_the_story():
    report = assemble([_source(heading="challenge")], seen=set(), told={})
    assert report.flagged == report.number_of_sentences == 1
    assert not report.begun


def test_evidence_is_numbered_once_in_the_order_of_the_page():
    rows = [_source("later", "result", item_ids=(1, 2)), _source("first", "challenge", item_ids=(2, 3))]
    report = assemble(rows, seen={1, 2, 3}, told=_told(1, 2, 3))
    assert [(piece.number, piece.item_id) for piece in report.evidence] == [(1, 2), (2, 3), (3, 1)]
    result = _section(report, Heading.RESULT).sentences[0]
    assert [piece.number for piece in result.evidence] == [3, 1]


def test_what_the_visitor_may_not_see_is_neither_numbered_nor_told():
    rows = [_source("some", item_ids=(1, 2)), _source("none", item_ids=(2,))]
    report = assemble(rows, seen={1}, told=_told(1))
    some, none = _section(report, Heading.DID).sentences
    assert [piece.item_id for piece in some.evidence] == [1]
    assert some.unseen
    assert none.evidence == ()
    assert none.unseen
    assert not none.flagged
    assert [piece.item_id for piece in report.evidence] == [1]


def test_words_that_come_from_an_item_are_withheld_from_those_who_may_not_see_it():
    rows = [_source("secret", item_ids=(1,), words_of=(1,)), _source("open", item_ids=(2,), words_of=(2,))]
    report = assemble(rows, seen={2}, told=_told(2))
    section = _section(report, Heading.DID)
    assert [sentence.key for sentence in section.sentences] == ["open"]
    assert section.withheld == 1


def test_a_sentence_on_many_items_shows_a_few_and_counts_the_rest():
    ids = tuple(range(1, 101))
    report = assemble([_source(item_ids=ids)], seen=set(ids), told=_told(*ids[:EVIDENCE_READ]))
    sentence = _section(report, Heading.DID).sentences[0]
    assert len(sentence.evidence) == EVIDENCE_SHOWN
    assert sentence.more == 100 - EVIDENCE_SHOWN
    assert not sentence.unseen


def test_a_hidden_sentence_is_set_aside_and_gives_no_number():
    rows = [_source("hidden", item_ids=(1,)), _source("shown", item_ids=(2,))]
    report = assemble(rows, seen={1, 2}, told=_told(1, 2), hidden={"hidden"})
    section = _section(report, Heading.DID)
    assert [sentence.key for sentence in section.sentences] == ["shown"]
    assert [sentence.key for sentence in section.hidden] == ["hidden"]
    assert [piece.item_id for piece in report.evidence] == [2]


def test_a_sentence_written_by_hand_cannot_be_hidden_by_its_key():
    report = assemble([_source("a", sentence_id=7)], seen=set(), told={}, hidden={"a"})
    assert _section(report, Heading.DID).sentences[0].written
    assert report.begun


def test_a_voice_is_quoted_without_a_name_and_a_promise_with_one():
    told = _told(1, voice=True, by="Anna") | _told(2, by="Karin")
    report = assemble([_source(item_ids=(1, 2))], seen={1, 2}, told=told)
    voice, promise = report.evidence
    assert (voice.who, str(voice.text)) == ("", "words 1")
    assert (promise.who, str(promise.text)) == ("Karin", "title 2")

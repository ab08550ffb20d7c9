"""What the case study is put together from, and the keys by which sentences are hidden."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils.translation import override

from samsyn.activities.questions import actions as questions
from samsyn.activities.steps import actions as steps
from samsyn.casestudy import queries
from samsyn.casestudy.report import Report, Sentence
from samsyn.core import clock, tenancy
from samsyn.core.texts import LangText
from samsyn.programmes import actions as programmes
from samsyn.programmes.standing import Visitor
from samsyn.thread import actions as thread
from samsyn.thread.models import Item, Promise
from tests.fixtures import DAY, invite

pytestmark = pytest.mark.django_db


def report(world, name: str = "lead") -> Report:
    return queries.report_of(world.programme, Visitor(world.person(name)))


def sentences(world, heading: str, name: str = "lead") -> list[Sentence]:
    return list(next(section for section in report(world, name).sections if section.heading == heading).sentences)


def texts(rows: list[Sentence]) -> list[str]:
    return [row.text.pick("en")[0] for row in rows]


def ask(activity, words: str, number: int = 0) -> Item:
    return questions.ask(activity, text=words, language="en", post_key=f"{number:032d}", author=None).item


def promise(
    world, source: Item, *, days: int = 10, visibility: str = "programme", words: str = "Two more people"
) -> Promise:
    item = thread.make_promise(
        source,
        title=LangText(en=words),
        text=LangText(en=f"{words}."),
        owner=world.person("owner"),
        due=DAY + dt.timedelta(days=days),
        visibility=visibility,
        by=world.person("owner"),
    )
    return item.promise


def test_a_new_programme_has_only_what_the_organisers_said_and_says_so(world):
    programmes.change_programme(
        world.programme,
        by=world.person("lead"),
        ambition=LangText(en="Everyone can say what we are for."),
        decided=LangText(en="One budget."),
        not_discussed=LangText(en="Pay."),
    )
    found = report(world)
    assert texts(sentences(world, "challenge")) == ["From", "To", "Everyone can say what we are for."]
    assert texts(sentences(world, "how")) == ["One budget.", "Pay."]
    assert found.flagged == found.number_of_sentences == 5
    assert not found.begun


def test_an_outcome_stands_under_what_we_did_with_its_item(world):
    activity = world.activity("steps", state="open")
    outcome = steps.write_outcome(activity, text=LangText(en="One page, signed."), by=world.person("lead"))
    (row,) = sentences(world, "did", "staff")
    assert str(row.text.pick("en")[0]) == "One page, signed."
    assert [piece.item_id for piece in row.evidence] == [outcome.item_id]
    assert not row.flagged
    chapter = sentences(world, "how", "staff")[-1]
    assert [piece.item_id for piece in chapter.evidence] == [outcome.item_id]


def test_a_reply_becomes_what_we_heard_do_and_do_not_do(world):
    activity = world.activity(state="open")
    voice = ask(activity, "Who answers at night?")
    programmes.close_activity(activity, by=world.person("lead"))
    said = programmes.OurReply(LangText(en="The nights."), LangText(en="Two more."), LangText(en="No new rota."), None)
    programmes.publish_activity(activity, said, signed_by=world.person("owner"), by=world.person("lead"))
    heard = next(row for row in sentences(world, "challenge", "staff") if row.key.startswith("heard:"))
    assert heard.text.pick("en")[0] == "The nights."
    assert voice.pk in [piece.item_id for piece in heard.evidence]
    assert [piece.who for piece in heard.evidence if piece.voice] == [""]
    assert "Two more." in texts(sentences(world, "did", "staff"))
    assert "No new rota." in texts(sentences(world, "result", "staff"))


def test_a_reply_does_not_stand_on_what_was_joined_with_another(world):
    activity = world.activity(state="open")
    first, second = (ask(activity, words, number) for number, words in enumerate(("Who answers?", "Who will answer?")))
    questions.merge(second.question, into=first.question, by=world.person("lead"))
    programmes.close_activity(activity, by=world.person("lead"))
    said = programmes.OurReply(LangText(en="The nights."), LangText(en="Two more."), LangText(), None)
    programmes.publish_activity(activity, said, signed_by=world.person("owner"), by=world.person("lead"))
    heard = next(row for row in sentences(world, "challenge", "staff") if row.key.startswith("heard:"))
    assert [piece.item_id for piece in heard.evidence if piece.voice] == [first.pk]
    assert not heard.more


def test_promises_are_counted_and_told_by_how_they_went(world):
    source = ask(
        world.activity(state="open", ends=DAY + dt.timedelta(days=90), reply_by=DAY + dt.timedelta(days=99)), "Q"
    )
    owner = world.person("owner")
    kept, taken_back, late, moved, _open = (promise(world, source, days=n, words=f"P{n}") for n in (1, 2, 3, 40, 50))
    thread.settle_promise(kept, state="kept", note=LangText(en="They began on Monday."), by=owner)
    thread.settle_promise(taken_back, state="withdrawn", note=LangText(en="The money ended."), by=owner)
    thread.move_promise(moved, due=DAY + dt.timedelta(days=60), note=LangText(en="The supplier is late."), by=owner)
    with clock.simulated(DAY + dt.timedelta(days=20)), override("en"):
        result, learned = sentences(world, "result"), sentences(world, "learned")
    assert texts(result) == [
        "5 promises were made: 1 kept, 1 withdrawn, 3 not done yet, of these 1 is late.",
        "P1",
        "P3",
    ]
    assert [str(row.note.pick("en")[0]) for row in result] == ["", "They began on Monday.", ""]
    assert "late" in str(result[2].label)
    assert late.item_id in [piece.item_id for piece in result[2].evidence]
    assert texts(learned) == ["P2", "P40"]
    assert [row.note.pick("en")[0] for row in learned] == ["The money ended.", "The supplier is late."]
    assert result[0].text.pick("sv")[0].startswith("5 löften gavs: 1 är hållet")


def test_what_a_visitor_may_not_see_is_withheld_and_only_counted(world):
    activity = world.activity(state="open")
    invite(world, activity, "other")
    item = ask(activity, "Only for us")
    promise(world, item, visibility="facilitators", days=5)
    with clock.simulated(DAY + dt.timedelta(days=6)):
        mine, theirs = report(world, "lead"), report(world, "staff")
    assert not any(section.withheld for section in mine.sections)
    withheld = {section.heading: section.withheld for section in theirs.sections if section.withheld}
    assert withheld == {"challenge": 1, "did": 1, "result": 1}
    words = " ".join(str(dict(row.text)) for section in theirs.sections for row in section.sentences)
    assert "Only for us" not in words
    assert "Two more people" not in words
    assert not theirs.evidence
    assert not theirs.figures


def test_figures_say_what_cannot_be_told(world):
    activity = world.activity(state="open")
    ask(activity, "One")
    with override("en"):
        figures = report(world, "staff").figures
        assert [str(figure.label) for figure in figures][:1] == ["question"]
        assert figures[0].value == 1
        assert "anonymous" in str(figures[0].note)


def test_every_sentence_keeps_its_key_and_no_two_share_one(world):
    activity = world.activity(state="open")
    ask(activity, "One", 1)
    step = world.activity("steps", state="open")
    for words in ("First", "Second"):
        steps.write_outcome(step, text=LangText(en=words), by=world.person("lead"))
    keys = [row.key for section in report(world).sections for row in section.sentences]
    assert len(keys) == len(set(keys))
    ask(activity, "Two", 2)
    assert set(keys) - {row.key for section in report(world).sections for row in section.sentences} <= {
        key for key in keys if key.startswith("item:")
    }


def test_another_organisation_is_not_in_it(world, elsewhere):
    step = world.activity("steps", state="open")
    steps.write_outcome(step, text=LangText(en="Ours"), by=world.person("lead"))
    with tenancy.scope(elsewhere.organisation.pk, elsewhere.organisation.slug):
        found = queries.report_of(elsewhere.programme, Visitor(elsewhere.person("lead")))
    assert not found.evidence


def test_a_chapter_that_ends_with_a_question_ends_with_one_mark(world):
    world.activity("steps", state="open", title=LangText(sv="Hur var dagen?", en="How was the day?"))
    (told,) = (text for text in texts(sentences(world, "how")) if "How was the day" in text)
    assert told.endswith("How was the day?")

"""What is sent: taken once, changed until it closes, refused with a reason; a faulty one costs no other."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from samsyn.activities.polls import actions
from samsyn.activities.polls.models import Answer, OpenAnswer
from samsyn.audit.models import Entry
from samsyn.core.errors import NotAllowedError, RefusedError
from samsyn.core.texts import LangText
from samsyn.programmes import actions as programmes
from samsyn.programmes.browsers import draw_key
from samsyn.programmes.kinds import kind_of
from samsyn.thread import secrets
from samsyn.thread.models import Item, Receipt
from tests.polls.asking import answer, ask, poll, run_of, sending, write

FAULTY = [
    ({}, "choice"),
    ({"choice": ""}, "choice"),
    ({"choice": "3"}, "choice"),
    ({"choice": "-1"}, "choice"),
    ({"choice": "1 "}, "choice"),
    ({"choice": "²"}, "choice"),
    ({"choice": "ett"}, "choice"),
    ({"choice": "1" * 5000}, "choice"),
    ({"choice": "1", "people": "6"}, "people"),
    ({"choice": "1", "people": "0"}, "people"),
    ({"choice": "1", "people": "-2"}, "people"),
    ({"choice": "1", "people": "x"}, "people"),
    ({"choice": "1", "run": ""}, ""),
    ({"choice": "1", "run": "2222222222222"}, ""),
    ({"choice": "1", "run": "x" * 13}, ""),
    ({"choice": "1", "run": "\x00"}, ""),
]


def test_a_faulty_one_is_told_so_and_costs_the_others_nothing(world):
    question = ask(world, poll(world))
    sent = []
    for values, _field in FAULTY:
        sent += [sending(question, choice="1"), sending(question, language="en", **values)]
    taken = actions.take_answers(question.activity, sent)
    assert [one.error for one in taken[::2]] == [""] * len(FAULTY)
    for (values, field), one in zip(FAULTY, taken[1::2], strict=True):
        assert one.error, values
        assert one.field == field, values
    assert Answer.objects.count() == len(FAULTY)
    assert taken[1].error == "Choose an answer.", "in the language of who sent it"


def test_several_answers_and_none_of_them(world):
    question = ask(world, poll(world), form="many", options=4)
    (taken,) = actions.take_answers(question.activity, [sending(question, choice0="1", choice3="1", choice4="1")])
    assert not taken.error
    assert Answer.objects.get().picked == 0b1001
    (taken,) = actions.take_answers(question.activity, [sending(question, choice="1")])
    assert (taken.field, bool(taken.error)) == ("choice0", True)


def test_the_last_of_one_voter_counts(world):
    question, key = ask(world, poll(world)), draw_key()
    actions.take_answers(question.activity, [sending(question, key, choice=str(place)) for place in (0, 1, 2)])
    assert Answer.objects.get().picked == 0b100
    answer(question, 1, key)
    assert Answer.objects.get().picked == 0b010


@pytest.mark.parametrize("size", [("2", True), ("20", True), ("1", True), ("21", False), ("02", True), ("200", False)])
def test_a_table_has_two_to_twenty_people(world, size):
    said, fine = size
    question = ask(world, poll(world, settings={"tables": True}))
    assert bool(answer(question, 0, people=said).error) != fine


def test_a_question_takes_only_what_it_asks_for_and_only_of_its_own_poll(world):
    activity, other = poll(world), poll(world)
    choose, words, elsewhere = ask(world, activity), ask(world, activity, "words"), ask(world, other)
    assert write(choose, "hej").error
    assert answer(words, 0).error
    (taken,) = actions.take_answers(activity, [sending(elsewhere, choice="1")])
    assert taken.error
    assert not Answer.objects.exists()
    assert not OpenAnswer.objects.exists()


def test_nothing_is_taken_before_it_opens_or_after_it_has_closed(world):
    draft = poll(world, state="draft")
    question, words = ask(world, draft), ask(world, draft, "words")
    assert answer(question, 0).error
    assert write(words, "hej").error
    programmes.open_activity(draft, by=world.person("lead"))
    assert not answer(question, 0).error
    programmes.close_activity(draft, by=world.person("lead"))
    assert answer(question, 1).error
    assert write(words, "hej").error
    with pytest.raises(RefusedError):
        actions.answer(
            question, {"run": run_of(question).rid, "choice": "1"}, key=draw_key(), person=None, language="sv"
        )
    assert Answer.objects.get().picked == 0b001


def test_where_names_are_known_nobody_votes_without_one(world):
    question = ask(world, poll(world, level="named", entry="code"))
    assert answer(question, 0).error
    values = {"run": run_of(question).rid, "choice": "1"}
    with pytest.raises(NotAllowedError):
        actions.answer(question, values, key="", person=None, language="sv")


def test_what_many_answers_cost_does_not_grow_with_their_number(world):
    question = ask(world, poll(world))

    def cost(number: int) -> int:
        sent = [sending(question, choice=str(n % 3)) for n in range(number)]
        with CaptureQueriesContext(connection) as captured:
            actions.take_answers(question.activity, sent)
        return len(captured)

    cost(5)
    assert cost(100) == cost(10) <= 12


# --- own words --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["", "   ", "x" * 301])
def test_a_text_is_neither_empty_nor_too_long(world, text):
    question = ask(world, poll(world), "words")
    taken = write(question, text)
    assert (bool(taken.error), taken.field) == (True, "text")
    assert not OpenAnswer.objects.exists()
    assert not Item.objects.filter(kind="polls.openanswer").exists(), "not half of it either"


def test_of_many_texts_a_faulty_one_costs_no_other_and_one_sent_twice_is_one(world):
    question, key = ask(world, poll(world), "words"), draw_key()
    texts = [("bra", key), ("", draw_key()), ("bra", key), ("sämre", draw_key()), ("med nyckel", "x"), ("utan", "")]
    sent = [sending(question, do="text", text=text, post_key=post_key) for text, post_key in texts]
    taken = actions.take_texts(question.activity, sent)
    assert [bool(one.error) for one in taken] == [False, True, False, False, True, False]
    assert set(OpenAnswer.objects.values_list("text", flat=True)) == {"bra", "sämre", "utan"}
    assert OpenAnswer.objects.count() == 3


def test_a_receipt_made_in_the_room_finds_the_text_again(world):
    question, key = ask(world, poll(world), "words"), draw_key()
    words = write(question, "bra", post_key=key).data["receipt"]
    stretched = secrets.stretch(secrets.clean_words(words)).hex()
    values = {"post_key": key, "stretched": stretched}
    kind_of(question.activity).intake()["receipt"](question.activity, [sending(question, do="receipt", **values)])
    assert Receipt.objects.get().item == OpenAnswer.objects.get().item
    assert Entry.objects.filter(verb__startswith="openanswer").count() == 0


def test_what_is_written_is_for_those_who_sort_until_it_is_shown(world):
    activity = poll(world)
    question = ask(world, activity, "words")
    write(question, "före")
    assert set(Item.objects.filter(kind="polls.openanswer").values_list("visibility", flat=True)) == {"facilitators"}
    actions.show(question, on=True, by=world.person("lead"))
    write(question, "efter")
    assert set(Item.objects.filter(kind="polls.openanswer").values_list("visibility", flat=True)) == {"audience"}
    actions.show(question, on=False, by=world.person("lead"))
    assert set(Item.objects.filter(kind="polls.openanswer").values_list("visibility", flat=True)) == {"facilitators"}


def test_let_in_hidden_and_joined_before_and_after_it_is_shown(world):
    activity, lead = poll(world, settings={"let_in": True}), world.person("lead")
    question = ask(world, activity, "words")
    for text in ("ett", "två", "tre"):
        write(question, text)
    rows = {row.text: row for row in OpenAnswer.objects.select_related("item", "activity__programme", "run__question")}
    actions.let_in(rows["ett"], by=lead)
    actions.let_in(rows["två"], by=lead)
    assert rows["ett"].item.visibility != "programme"
    rows["ett"].item.refresh_from_db()
    assert rows["ett"].item.visibility == "facilitators", "let in, but not shown yet"
    actions.show(question, on=True, by=lead)
    seen = {row.text: row.item.visibility for row in OpenAnswer.objects.select_related("item")}
    assert seen == {"ett": "audience", "två": "audience", "tre": "facilitators"}
    actions.hide(rows["två"], reason=LangText(sv="Ett namn"), by=lead)
    actions.let_in(rows["tre"], by=lead)
    actions.merge(rows["tre"], into=rows["ett"], by=lead)
    seen = {row.text: row.item.visibility for row in OpenAnswer.objects.select_related("item")}
    assert seen == {"ett": "audience", "två": "facilitators", "tre": "audience"}
    actions.let_in(rows["två"], by=lead)
    assert OpenAnswer.objects.get(text="två").state == "visible"


def test_a_text_is_joined_only_with_an_answer_to_the_same_question(world):
    activity = poll(world)
    one, other = ask(world, activity, "words"), ask(world, activity, "words")
    write(one, "ett")
    write(other, "två")
    rows = {row.text: row for row in OpenAnswer.objects.select_related("item", "activity__programme", "run__question")}
    with pytest.raises(RefusedError):
        actions.merge(rows["ett"], into=rows["två"], by=world.person("lead"))


def test_only_those_who_lead_show_start_again_and_sort(world):
    activity = poll(world)
    question, words = ask(world, activity), ask(world, activity, "words")
    answer(question, 0)
    write(words, "ett")
    text = OpenAnswer.objects.select_related("item", "activity__programme", "run__question").get()
    for name in ("owner", "staff", "manager", "member"):
        by = world.person(name)
        for act in (
            lambda by=by: actions.show(question, on=True, by=by),
            lambda by=by: actions.restart(question, by=by),
            lambda by=by: actions.put_on(question, by=by),
            lambda by=by: actions.delete_question(question, by=by),
            lambda by=by: actions.move_question(question, earlier=True, by=by),
            lambda by=by: actions.add_set(activity, "mood", by=by),
            lambda by=by: actions.hide(text, reason=LangText(sv="x"), by=by),
        ):
            with pytest.raises(NotAllowedError):
                act()

"""Figures of a poll: exact with names, and under the rule of five without; all of a question move together."""

from __future__ import annotations

import pytest
from django.utils.translation import override
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from samsyn.activities.polls import actions, rules
from samsyn.activities.polls.models import Answer, Run
from samsyn.core.texts import LangText
from samsyn.programmes import actions as programmes
from samsyn.programmes.distributions import MANY, ONE, SCALE, distribution
from samsyn.programmes.picks import CHANGED
from tests.polls.asking import answer, ask, picked, poll, run_of, sending
from tests.sampling import examples

KEYS = [f"{number:032x}" for number in range(12)]
SLOW = settings(max_examples=examples(40), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def test_nothing_is_shown_before_five_and_then_it_moves_by_five(world):
    question = ask(world, poll(world))
    shown = []
    for number in range(11):
        answer(question, number % 3)
        shown.append(sum(picked(question)))
    assert shown == [0, 0, 0, 0, 5, 5, 5, 5, 5, 10, 10]


def test_with_names_every_answer_counts_at_once(world):
    question = ask(world, poll(world, level="named", entry="audience"))
    people = [world.person(name) for name in ("staff", "other", "manager")]
    for number, person in enumerate(people):
        answer(question, number % 2, person=str(person.pk))
    assert picked(question) == [2, 1, 0]
    answer(question, 2, person=str(people[0].pk))
    assert picked(question) == [1, 1, 1]


def test_who_changes_to_and_fro_has_changed_nothing(world):
    """Four who try both answers and go back must not make the figures move for a fifth who comes."""
    question = ask(world, poll(world))
    for key in KEYS[:5]:
        answer(question, 0, key)
    for key in KEYS[:4]:
        answer(question, 1, key)
        answer(question, 0, key)
    answer(question, 2, KEYS[11])
    assert picked(question) == [5, 0, 0]


def test_the_same_sent_again_changes_nothing(world):
    question = ask(world, poll(world))
    for key in KEYS[:4] * 3:
        answer(question, 0, key)
    assert picked(question) == []
    assert Answer.objects.count() == 4


steps = st.lists(st.tuples(st.sampled_from(KEYS), st.integers(0, 2), st.integers(1, 4)), max_size=60)
closing = st.lists(st.integers(0, 60), max_size=3)


@pytest.mark.sampled
@SLOW
@given(steps=steps, closing=closing, size=st.integers(1, 9))
def test_no_figure_moves_for_fewer_than_five_whatever_people_do(world, steps, closing, size):
    """Between two pictures of a question at least five devices answer otherwise; through closing and opening too."""
    activity = poll(world, settings={"tables": True})
    question = ask(world, activity)
    state: dict[str, tuple[int, int]] = {}
    at_last_picture: dict[str, tuple[int, int]] = {}
    shown = run_of(question).shown
    for start in range(0, len(steps), size):
        chunk = steps[start : start + size]
        actions.take_answers(
            activity, [sending(question, key, choice=str(choice), people=str(n)) for key, choice, n in chunk]
        )
        state |= {key: (choice, people) for key, choice, people in chunk}
        if any(start <= moment < start + size for moment in closing):
            before = run_of(question).shown
            programmes.close_activity(activity, by=world.person("lead"))
            assert run_of(question).shown == before
            last = Answer.objects.filter(CHANGED, run=run_of(question))
            assert not last.exists(), "at close nobody's answer looks like the last"
            programmes.open_activity(activity, by=world.person("lead"))
        now = run_of(question).shown
        if now != shown:
            moved = {key for key in state if state[key] != at_last_picture.get(key)}
            assert len(moved) >= 5
            assert len(state) >= 5
            counted = [sum(n for choice, n in state.values() if choice == place) for place in range(3)]
            assert now["picked"] == counted
            assert now["people"] == sum(counted)
            shown, at_last_picture = now, dict(state)


@pytest.mark.sampled
@SLOW
@given(steps=steps, size=st.integers(2, 30))
def test_many_at_once_come_to_the_same_as_one_by_one(world, steps, size):
    activity = poll(world, settings={"tables": True})
    together, alone = ask(world, activity), ask(world, activity)
    for start in range(0, len(steps), size):
        chunk = [(key, {"choice": str(choice), "people": str(n)}) for key, choice, n in steps[start : start + size]]
        actions.take_answers(activity, [sending(together, key, **values) for key, values in chunk])
        for key, values in chunk:
            actions.take_answers(activity, [sending(alone, key, **values)])
    rows = [
        set(Answer.objects.filter(run=run_of(question)).values_list("key", "picked", "people"))
        for question in (together, alone)
    ]
    assert rows[0] == rows[1]


def test_at_close_no_figure_moves_and_nobody_looks_like_the_last(world):
    activity = poll(world)
    question = ask(world, activity)
    for key in KEYS[:9]:
        answer(question, 0, key)
    programmes.close_activity(activity, by=world.person("lead"))
    assert picked(question) == [5, 0, 0]
    assert not Answer.objects.filter(CHANGED).exists()


@pytest.mark.parametrize("waiting", [1, 4])
def test_opened_again_those_who_waited_at_close_still_wait(world, waiting):
    """The close makes all answers look alike. What no figure has must not make one move for fewer than five."""
    activity, lead = poll(world), world.person("lead")
    question = ask(world, activity)
    for key in KEYS[:5]:
        answer(question, 0, key)
    for key in KEYS[5 : 5 + waiting]:
        answer(question, 1, key)
    programmes.close_activity(activity, by=lead)
    programmes.open_activity(activity, by=lead)
    for key in KEYS[5 : 5 + waiting]:
        answer(question, 2, key)
    for _number in range(5 - waiting):
        answer(question, 1)
    assert picked(question) == [5, 0, 0]
    for _number in range(waiting):
        answer(question, 1)
    assert picked(question) == [5, 5, waiting]


def test_tables_count_for_those_who_sit_there_and_as_one_device(world):
    """How many sit at a table is a claim: one device that says twenty must not move figures by itself."""
    activity = poll(world, settings={"tables": True, "table_count": 14})
    question = ask(world, activity)
    for key in KEYS[:4]:
        answer(question, 0, key, people="20")
    assert picked(question) == []
    answer(question, 1, KEYS[4], people="6")
    answer(question, 1, KEYS[5])
    shown = run_of(question).shown
    assert shown == {"picked": [80, 6, 0], "people": 86, "tables": 5, "seated": 86}
    for key in KEYS[6:10]:
        answer(question, 2, key)
    figures = rules.figures_of(run_of(question))
    assert (figures.people, figures.tables, figures.seated, figures.alone) == (91, 5, 86, 5)
    with override("sv"):
        assert figures.basis(14) == "91 personer har svarat: 5 av 14 bord med 86 personer, 5 var för sig"


def test_starting_again_keeps_the_record_and_begins_from_nothing(world):
    question = ask(world, poll(world))
    for key in KEYS[:7]:
        answer(question, 1, key)
    old = run_of(question)
    actions.restart(question, by=world.person("lead"))
    new = run_of(question)
    assert (new.number, new.shown, new.pk != old.pk) == (2, {}, True)
    assert answer(question, 0, KEYS[0], run=old.rid).error, (
        "what was meant for the first run is not put into the second"
    )
    for key in KEYS[:5]:
        answer(question, 2, key)
    assert picked(question) == [0, 0, 5]
    old.refresh_from_db()
    assert (old.over, old.shown["picked"]) == (True, [0, 5, 0])
    assert not Answer.objects.filter(CHANGED, run=old).exists()
    assert Run.objects.filter(question=question).count() == 2


@pytest.mark.parametrize(
    ("kind", "numbers", "people", "said"),
    [
        (SCALE, [0, 1, 2, 9, 3], 15, "De flesta säger 4."),
        (SCALE, [1, 2, 4, 4, 3], 14, "Vanligast är 3 och 4, lika ofta."),
        (SCALE, [0, 1, 2, 3, 9], 15, "De flesta säger 5 (högt)."),
        (SCALE, [2, 3, 4, 5, 1], 15, "Det vanligaste svaret är 4."),
        (ONE, [9, 1, 1, 1, 1], 13, "De flesta väljer ”ett”."),
        (ONE, [2, 2, 2, 2, 2], 10, "Inget svar är vanligare än de andra."),
        (MANY, [9, 8, 8, 1, 1], 10, "De flesta väljer ”ett”."),
        (ONE, [1, 0, 0, 0, 0], 1, ""),
        (ONE, [], 0, ""),
    ],
)
def test_plain_words(kind, numbers, people, said):
    names = ["ett", "två", "tre", "fyra", "fem"]
    labels = [LangText(sv=name) for name in names]
    if kind == SCALE:
        labels = rules.scale(5, LangText(sv="lågt"), LangText(sv="högt"))
    with override("sv"):
        assert distribution(kind, labels, numbers, people).in_words() == said


@given(numbers=st.lists(st.integers(0, 500), min_size=5, max_size=5).filter(sum))
def test_mean_and_spread_of_a_scale_are_those_of_the_answers(numbers):
    answers = [step for step, number in enumerate(numbers, 1) for _each in range(number)]
    found = distribution(SCALE, rules.scale(5, LangText(sv="a"), LangText(sv="b")), numbers, len(answers))
    mean = sum(answers) / len(answers)
    assert found.mean == pytest.approx(mean)
    assert found.spread == pytest.approx((sum((one - mean) ** 2 for one in answers) / len(answers)) ** 0.5)
    assert sum(line.share for line in found.lines) == 100


@given(numbers=st.lists(st.integers(0, 40), min_size=3, max_size=3), people=st.integers(40, 90))
def test_of_several_answers_each_share_is_of_everybody(numbers, people):
    found = distribution(MANY, [LangText(sv=sign) for sign in "abc"], numbers, people)
    assert [line.share for line in found.lines] == pytest.approx([100 * n / people for n in numbers], abs=0.51)


@pytest.mark.parametrize(
    ("lang", "spread_out", "alike"),
    [
        (
            "sv",
            "I snitt 3,0 på en skala från 1 till 5. Svaren ligger oftast ungefär 1,4 därifrån.",
            "I snitt 4,0 på en skala från 1 till 5.",
        ),
        (
            "en",
            "On average 3.0 on a scale from 1 to 5. Answers usually lie about 1.4 from that.",
            "On average 4.0 on a scale from 1 to 5.",
        ),
    ],
)
def test_the_mean_of_a_scale_is_told_in_words_that_a_manager_understands(lang, spread_out, alike):
    steps = [LangText(sv="", en="")] * 5
    with override(lang):
        assert distribution(SCALE, steps, [2, 2, 2, 2, 2], 10).average() == spread_out
        assert distribution(SCALE, steps, [0, 0, 0, 7, 0], 7).average() == alike

"""Receipts: six words, marks that share nothing, and words that are understood however they are typed."""

import math

import pytest
from django.test import Client

from samsyn.activities.questions import actions
from samsyn.core.addresses import address
from samsyn.programmes.browsers import draw_key
from samsyn.thread import secrets
from samsyn.thread.models import Receipt
from samsyn.thread.queries import items_of_words


def test_who_would_try_all_words_pays_for_each(cost_of_words):
    assert 128 * 8 * cost_of_words == 16 * 2**20  # bytes: scrypt takes 128 · r · n


@pytest.mark.parametrize("lang", ["sv", "en"])
def test_the_lists_give_77_bits(lang):
    words = secrets.word_list(lang)
    assert len(words) == len(set(words)) == 7776
    assert math.log2(len(words)) * secrets.WORDS > 77
    assert len({secrets._fold(word) for word in words}) == 7776


def test_words_are_understood_however_they_are_typed():
    drawn = secrets.draw_words("sv")
    cleaned = secrets.clean_words(drawn)
    plain = drawn.translate(str.maketrans("åäö", "aao"))
    for typed in (drawn.upper(), drawn.replace(" ", "-"), f"  {drawn}\n", plain, drawn.replace(" ", ", ")):
        assert secrets.clean_words(typed) == cleaned
    assert secrets.clean_words("ett två tre") is None
    assert secrets.clean_words("xyzzy " * 6) is None


@pytest.mark.parametrize(
    ("wrong", "said"), [("xyzzy", "xyzzy"), ("<b>fel</b>", "&lt;b&gt;fel&lt;/b&gt;"), ("", "sex ord")]
)
def test_who_types_a_wrong_word_is_told_which(world, wrong, said):
    words = [*secrets.draw_words("sv").split()[:5], wrong]
    answer = Client().post(address("home:receipts"), {"words": " ".join(words)})
    assert answer.status_code == 422
    shown = answer.content.decode()
    assert said in shown
    assert "<b>fel" not in shown
    for right in words[:5]:
        assert f"kvittens: {right}" not in shown


def test_marks_are_equal_only_for_the_same_words_activity_and_number(settings, tmp_path):
    settings.KEY_DIR = tmp_path
    one, other = secrets.stretch("a b c d e f"), secrets.stretch("a b c d e g")
    marks = {secrets.mark(key, activity, n) for key in (one, other) for activity in (1, 2) for n in range(5)}
    assert len(marks) == 20
    assert secrets.mark(one, 1, 0) == secrets.mark(one, 1, 0)
    (tmp_path / "receipts.key").unlink()
    assert secrets.mark(one, 1, 0) not in marks, "without the key file nothing can be found"


def test_the_holder_finds_everything_they_asked_and_nothing_else(world):
    words = secrets.clean_words(secrets.draw_words("sv"))
    activities = [world.activity(state="open") for _ in range(2)]
    mine = [
        actions.ask(activity, text=f"{n}", language="sv", post_key=draw_key(), author=None, words=words).item_id
        for activity in activities
        for n in range(7)
    ]
    other = secrets.clean_words(secrets.draw_words("en"))
    actions.ask(activities[0], text="annan", language="sv", post_key=draw_key(), author=None, words=other)
    assert {item.pk for item in items_of_words(words)} == set(mine)
    assert len(items_of_words(other)) == 1
    assert Receipt.objects.count() == 15


def test_the_same_form_sent_twice_is_one_question_and_both_receipts_hold(world):
    activity, key = world.activity(state="open"), draw_key()
    receipts = [secrets.clean_words(secrets.draw_words("sv")) for _ in range(2)]
    sent = [
        actions.ask(activity, text="En", language="sv", post_key=key, author=None, words=words) for words in receipts
    ]
    assert sent[0].pk == sent[1].pk
    assert [len(items_of_words(words)) for words in receipts] == [1, 1]

"""The form in which a question gets its answer."""

from __future__ import annotations

import pytest

from samsyn.activities.questions import actions
from samsyn.activities.questions.models import Question
from samsyn.core.addresses import address
from samsyn.programmes.browsers import draw_key


def send(world, **values):
    activity = world.activity(state="open")
    question = actions.ask(activity, text="När?", language="sv", post_key=draw_key(), author=None)
    path = address("questions:answer", activity=activity.pk, question=question.pk)
    sent = {"answered_by": world.person("lead").pk} | values
    return question, world.client("lead").post(path, sent, follow=True)


@pytest.mark.parametrize("end", ["live", "written"])
def test_an_answer_has_words_in_the_room_too(world, end):
    question, answer = send(world, end=end)
    assert answer.status_code == 422
    assert "Skriv svaret, vad du lovar eller varför den inte besvaras" in answer.content.decode()
    assert not Question.objects.get(pk=question.pk).end


def test_the_desk_says_that_it_is_saved(world):
    question, answer = send(world, end="live", text_sv="Vi svarade i maj.")
    assert Question.objects.get(pk=question.pk).end == "live"
    assert "Svaret är sparat." in answer.content.decode()


def test_the_desk_says_nothing_of_the_kind_where_it_is_refused(world):
    _question, answer = send(world, end="promised", text_sv="I maj.")
    assert answer.status_code == 422
    assert "Svaret är sparat." not in answer.content.decode()


def test_what_is_missing_is_said_at_once(world):
    _question, answer = send(world)
    assert [answer.content.decode().count(f'href="#id_{name}') for name in ("end", "text")] == [1, 1]
    _question, answer = send(world, end="promised", owner="7")
    page = answer.content.decode()
    assert [page.count(f'href="#id_{name}') for name in ("text", "due", "owner")] == [1, 1, 1]

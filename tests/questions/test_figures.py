"""The figure of likes: it changes only when five different people have changed it, and never stands on fewer."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from samsyn.activities.questions import actions
from samsyn.activities.questions.models import Question
from samsyn.programmes import figures as rules
from samsyn.programmes.browsers import draw_key


def play(steps):
    """What the page would have shown after each step: (voter, on) in turn. A model of the rule, on plain sets."""
    agreeing, counted, shown, history = set(), set(), 0, []
    for voter, on in steps:
        (agreeing.add if on else agreeing.discard)(voter)
        figure = rules.next_figure(len(agreeing), len(agreeing ^ counted), anonymous=True)
        if figure is not None:
            shown, counted = figure, set(agreeing)
        history.append((shown, set(agreeing), set(counted)))
    return history


STEPS = st.lists(st.tuples(st.integers(0, 14), st.booleans()), max_size=80)


@given(STEPS)
@settings(derandomize=True, max_examples=300)
def test_no_figure_stands_on_fewer_than_five_and_none_moves_for_fewer(steps):
    before, base = 0, set()
    for shown, agreeing, counted in play(steps):
        assert shown == 0 or shown >= rules.FEWEST
        if shown != before:
            assert len(agreeing ^ base) >= rules.FEWEST
            assert shown in {0, len(agreeing)}
        if counted != base:
            assert len(counted ^ base) >= rules.FEWEST
        before, base = shown, counted


def test_the_stored_figure_follows_the_rule(world):
    activity = world.activity(state="open", entry="code")
    question = actions.ask(activity, text="Vad?", language="sv", post_key=draw_key(), author=None)
    keys = [draw_key() for _ in range(9)]
    steps = [(n, True) for n in range(9)] + [(n, False) for n in range(7)] + [(n, True) for n in range(4)]
    for (voter, on), (shown, _agreeing, _counted) in zip(steps, play(steps), strict=True):
        actions.like(question, key=keys[voter], person=None, on=on)
        assert Question.objects.get(pk=question.pk).likes == shown


def test_with_names_the_figure_is_exact(world):
    activity = world.activity(state="open", level="named")
    question = actions.ask(activity, text="Vad?", language="sv", post_key=draw_key(), author=world.person("staff"))
    actions.like(question, key="p1", person=world.person("other"), on=True)
    assert Question.objects.get(pk=question.pk).likes == 1

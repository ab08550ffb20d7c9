"""What publishing the result does to questions that have no answer yet."""

from __future__ import annotations

import pytest

from samsyn.activities.questions import actions
from samsyn.core.addresses import address
from samsyn.core.texts import LangText
from samsyn.programmes import actions as programmes
from samsyn.programmes.browsers import draw_key


def page_of(name, activity):
    return address(f"programmes:{name}", activity=activity.pk)


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (1, "En fråga har inget svar än. Den väntar fortfarande på ett när detta är publicerat."),
        (3, "3 frågor har inget svar än. De väntar fortfarande på ett när detta är publicerat."),
    ],
)
def test_who_publishes_is_told_how_many_have_no_answer_yet(world, number, said):
    activity = world.activity("questions", state="open")
    asked = [
        actions.ask(activity, text=f"Fråga {n}?", language="sv", post_key=draw_key(), author=None)
        for n in range(number + 1)
    ]
    lead = world.person("lead")
    actions.answer(asked[0], actions.Answer("written", LangText(sv="Ja.")), answered_by=lead, by=lead)
    programmes.close_activity(activity, by=lead)
    for page in ("publish", "publish_later"):
        assert said in world.client("owner").get(page_of(page, activity)).content.decode()
    for question in asked[1:]:
        actions.answer(question, actions.Answer("written", LangText(sv="Ja.")), answered_by=lead, by=lead)
    assert "inget svar än" not in world.client("owner").get(page_of("publish", activity)).content.decode()
    poll = world.activity("polls", state="closed")
    assert "inget svar än" not in world.client("owner").get(page_of("publish", poll)).content.decode()

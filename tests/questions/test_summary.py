"""What minutes and summaries say of how questions ended: an answer is an answer, a promise is a promise."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils.translation import override

from samsyn.activities.questions import actions
from samsyn.core.texts import LangText
from samsyn.programmes.browsers import draw_key
from samsyn.programmes.kinds import kind_of
from tests.fixtures import DAY

_EN = "an answer, a promise or a reason."
_SV = "ett svar, ett löfte eller ett skäl."


def asked(world, ends):
    activity = world.activity(state="open")
    lead = world.person("lead")
    for number, end in enumerate(ends):
        question = actions.ask(activity, text=f"Fråga {number}?", language="sv", post_key=draw_key(), author=None)
        if end:
            more = {"due": DAY + dt.timedelta(days=9), "owner": lead} if end == "promised" else {}
            given = actions.Answer(end, LangText(sv="Så är det."), **more)
            actions.answer(question, given, answered_by=lead, by=lead)
    return activity


@pytest.mark.parametrize(
    ("ends", "en", "sv"),
    [
        (["written", "live"], "All of them have an answer.", "Alla har ett svar."),
        (["written", ""], "One of them has an answer.", "En av dem har ett svar."),
        (["declined"], f"It has {_EN}", f"Den har fått {_SV}"),
        (["written", "promised", "declined"], f"All of them have {_EN}", f"Alla har fått {_SV}"),
        (["promised", ""], f"One of them has {_EN}", f"En av dem har fått {_SV}"),
        (["written", "promised", ""], f"2 of them have {_EN}", f"2 av dem har fått {_SV}"),
    ],
)
def test_they_say_an_answer_only_where_nothing_was_promised_or_declined(world, ends, en, sv):
    activity = asked(world, ends)
    for lang, expected in (("en", en), ("sv", sv)):
        with override(lang):
            figure = kind_of(activity).summary(activity).figures[1]
            assert str(figure.sentence) == expected
            assert ("löfte" in str(figure.label) or "promise" in str(figure.label)) == (_EN in en)


def test_the_case_study_says_the_same(world):
    activity = asked(world, ["promised", "declined", ""])
    found = kind_of(activity).summary(activity).findings[0]
    assert found.text == LangText(
        sv=f"3 frågor ställdes; 2 av dem har fått {_SV}", en=f"3 questions were asked; 2 of them have {_EN}"
    )

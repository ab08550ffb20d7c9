"""The desk of question time costs the same number of queries however many questions stand there."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from samsyn.activities.questions import actions
from samsyn.core.addresses import address
from samsyn.programmes.browsers import draw_key


def ask(activity, number):
    return actions.ask(activity, text=f"Fråga {number}?", language="sv", post_key=draw_key(), author=None)


@pytest.mark.parametrize("place", ["unanswered", "away"])
def test_the_desk_reads_its_questions_at_once(world, place):
    activity, lead = world.activity(state="open"), world.person("lead")
    into, client = ask(activity, 0), world.client("lead")

    def count() -> int:
        with CaptureQueriesContext(connection) as captured:
            page = client.get(address("questions:desk", activity=activity.pk), {"show": place}).content.decode()
        assert "Fråga 0?" in page  # asked, or joined with
        return len(captured)

    def grow(numbers: range) -> None:
        for number in numbers:
            asked = ask(activity, number)
            if place == "away":
                actions.merge(asked, into=into, by=lead)

    grow(range(1, 3))
    few = count()
    grow(range(3, 12))
    assert count() == few <= 20

"""Rows that several write at once."""

from __future__ import annotations

from django.db import connection
from django.test.utils import CaptureQueriesContext

from samsyn.activities.dialogue import actions
from samsyn.activities.dialogue.models import Showing, Statement
from samsyn.core import rows
from tests.fixtures import DAY


def test_numbers_are_added_up_in_one_statement_whether_there_was_a_row_or_not(world):
    activity = world.activity(kind="dialogue", state="open")
    actions.seed(activity, ["Ett.", "Två."], language="sv", by=world.person("lead"))
    for statement in Statement.objects.all():
        for shown in (1, 4):
            row = Showing(organisation=world.organisation, statement=statement, day=DAY, shown=shown, ahead=0.5)
            with CaptureQueriesContext(connection) as captured:
                rows.add_up(row, ("statement", "day"), ("shown", "ahead", "spread"))
            assert len(captured) == 1
    assert list(Showing.objects.values_list("shown", "ahead", "spread")) == [(5, 1.0, 0.0)] * 2

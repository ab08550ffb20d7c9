"""The rule of five, whatever people do in whatever order, and whatever is joined, closed and opened again."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest
from django.db import transaction
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from samsyn.activities.dialogue import actions
from samsyn.activities.dialogue.models import Result, Statement, Vote
from samsyn.core.texts import LangText
from samsyn.jobs.running import run_waiting
from samsyn.programmes import actions as programmes
from samsyn.programmes import contributing
from tests.sampling import examples

PEOPLE = 11
STEPS = st.lists(
    st.one_of(
        st.tuples(st.integers(0, PEOPLE - 1), st.sampled_from([1, 0, -1, None]), st.booleans()),
        st.sampled_from(["close and open"]),
    ),
    max_size=60,
)


@pytest.fixture
def talk(world):
    activity = world.activity(kind="dialogue", state="open", level="anonymous", entry="code")
    actions.seed(activity, ["Ett.", "Två."], language="sv", by=world.person("lead"))
    return activity


@dataclass
class Witness:
    """Somebody who knows every answer and sees every figure: notes what stood behind each that was published."""

    statement: Statement
    truth: dict[str, tuple[int, bool]] = field(default_factory=dict)
    seen: list[tuple[tuple[int, int, int], dict[str, tuple[int, bool]]]] = field(default_factory=list)
    last: tuple[int, int, int] = (0, 0, 0)
    acted: set[str] = field(default_factory=set)

    def look(self) -> None:
        self.statement.refresh_from_db()
        now = (self.statement.agree, self.statement.neither, self.statement.disagree)
        if now != self.last:
            assert len(self.acted) >= 5, f"{self.last} became {now} though only {len(self.acted)} had done anything"
            self.acted = set()
        if any(now) and (not self.seen or now != self.seen[-1][0]):
            self.seen.append((now, dict(self.truth)))
        self.last = now


def step(world, witness, action) -> None:
    statement, activity = witness.statement, witness.statement.activity
    if action == "close and open":
        programmes.close_activity(activity, by=world.person("lead"))
        witness.look()
        kept = Vote.objects.filter(statement=statement)
        assert all(row.value == row.shown and row.counted for row in kept), "who came last can be told from the rows"
        witness.truth = {row.key: (row.value, row.important) for row in kept}
        programmes.open_activity(activity, by=world.person("lead"))
        return
    who, value, important = action
    key = f"{who:032x}"
    if value is None:
        actions.take_back(statement, key=key, person=None)
        witness.truth.pop(key, None)
    else:
        actions.vote(statement, key=key, person=None, value=value, important=important)
        witness.truth[key] = (value, important)
    witness.acted.add(key)
    witness.look()
    counted = [sum(side == vote for vote, _matters in witness.truth.values()) for side in (1, 0, -1)]
    kept = [getattr(witness.statement, f"now_{name}") for name in ("agree", "neither", "disagree")]
    assert kept == counted, "counts that are kept up with each vote are what a recount is"


NINE = [*[(n, 1, False) for n in range(9)], (0, -1, False)]  # the figure stands on nine
GONE = [*NINE, *[(n, None, False) for n in range(1, 6)]]  # and is no longer shown: four are left


@pytest.mark.sampled
@settings(max_examples=examples(60), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
@example(steps=[(n, 1, False) for n in range(5)] + [(5, -1, False), "close and open"])
@example(steps=[*GONE, *[(n, 1, False) for n in range(1, 6)]])
@example(steps=[*GONE, (9, -1, False), (10, -1, False)])
@example(steps=[(n, 1, False) for n in range(5)] + [(n, v, False) for v in (-1, 1) for n in range(4)] + [(5, 0, 0)])
def test_two_figures_in_a_row_never_differ_by_fewer_than_five_people(world, talk, steps):
    with transaction.atomic():
        mark = transaction.savepoint()
        statement = Statement.objects.select_related("activity__programme", "item", "merged_into").first()
        witness = Witness(statement)
        for action in [*steps, "close and open"]:
            step(world, witness, action)
        transaction.savepoint_rollback(mark)
        talk.refresh_from_db()
    for figure, truth in witness.seen:
        assert sum(figure) >= 5
        assert sum(figure) == len(truth), "a figure is the truth of the moment in which it moved"
    for (_before, old), (_after, new) in zip(witness.seen, witness.seen[1:], strict=False):
        apart = [key for key in old.keys() | new.keys() if old.get(key, (None,))[0] != new.get(key, (None,))[0]]
        said = [key for key in old.keys() | new.keys() if old.get(key) != new.get(key)]
        assert len(said) >= 5, f"only {apart} stand between two figures"


def fill(statement, people, value=1, first=0):
    for number in range(first, first + people):
        actions.vote(statement, key=f"{number:032x}", person=None, value=value)


def both(talk):
    rows = Statement.objects.select_related("activity__programme", "item", "merged_into").order_by("text")
    return list(rows.filter(activity=talk))


def test_one_more_vote_before_closing_gives_nobody_away(world, talk):
    one, _two = both(talk)
    fill(one, 5)
    actions.vote(one, key="f" * 32, person=None, value=-1)
    programmes.close_activity(talk, by=world.person("lead"))
    run_waiting()
    one.refresh_from_db()
    assert (one.agree, one.neither, one.disagree) == (5, 0, 0)
    data = Result.objects.get().data
    assert (data["people"], data["votes"]) == (5, 5), "the result stands on the same answers as the figures"


def test_five_more_before_closing_are_counted(world, talk):
    one, _two = both(talk)
    fill(one, 5)
    stands = {one.pk: (-1, False)}
    for number in range(5):
        actions.cast_ballot(talk, stands, key=f"{100 + number:032x}", person=None)
    programmes.close_activity(talk, by=world.person("lead"))
    one.refresh_from_db()
    assert (one.agree, one.neither, one.disagree) == (5, 0, 5)


def test_a_vote_taken_back_counts_as_a_change(talk):
    one, _two = both(talk)
    fill(one, 10)
    for number in range(2):
        actions.take_back(one, key=f"{number:032x}", person=None)
    fill(one, 3, value=-1, first=20)
    one.refresh_from_db()
    assert (one.agree, one.neither, one.disagree) == (8, 0, 3)
    assert Vote.objects.filter(statement=one).count() == 11, "what was taken back is gone once the figure has moved"


def test_joining_adds_what_was_shown_and_nothing_that_waits(world, talk):
    one, two = both(talk)
    fill(one, 6)
    fill(two, 6, value=-1, first=50)
    contributing.authorise(one, world.person("lead"))
    actions.merge(one, into=two, by=world.person("lead"))
    two.refresh_from_db()
    assert (two.agree, two.neither, two.disagree) == (5, 0, 5), "5 + 5: the sixth of each waits for others"
    assert (two.now_agree, two.now_disagree) == (6, 6)
    fill(two, 3, first=70)
    two.refresh_from_db()
    assert (two.agree, two.neither, two.disagree) == (9, 0, 6)


def test_where_names_are_known_figures_are_exact_from_the_first(world):
    activity = world.activity(kind="dialogue", state="open", level="named")
    actions.seed(activity, ["Ett."], language="sv", by=world.person("lead"))
    (one,) = both(activity)
    actions.vote(one, key="pa", person=world.person("staff"), value=1)
    actions.vote(one, key="pb", person=world.person("other"), value=-1)
    actions.take_back(one, key="pa", person=world.person("staff"))
    one.refresh_from_db()
    assert (one.agree, one.neither, one.disagree) == (0, 0, 1)
    assert Vote.objects.count() == 1


def test_counts_are_kept_right_when_somebody_is_forgotten(world):
    activity = world.activity(kind="dialogue", state="open", level="named")
    actions.seed(activity, ["Ett."], language="sv", by=world.person("lead"))
    (one,) = both(activity)
    for name in ("staff", "other"):
        actions.vote(one, key=f"p{name}", person=world.person(name), value=1)
    actions.forget(world.person("staff"), "pstaff")
    one.refresh_from_db()
    assert (one.now_agree, one.agree) == (1, 1), "what has not been published is counted anew"
    actions.vote(one, key="pother", person=world.person("other"), value=-1)
    one.refresh_from_db()
    assert (one.agree, one.disagree) == (0, 1)
    assert LangText(one.reason) == LangText()

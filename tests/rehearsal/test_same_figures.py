"""A rehearsal made twice gives the same figures: nothing follows from ids, which are drawn anew, or from the clock."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from samsyn.activities.board.models import DotVote
from samsyn.activities.dialogue.models import Vote
from samsyn.activities.polls.models import Answer
from samsyn.activities.questions.models import Like
from samsyn.core import tenancy
from samsyn.programmes.browsers import key_of
from samsyn.programmes.kinds import all_kinds
from samsyn.thread.models import Item
from tests.fixtures import World
from tests.rehearsals import SmallCrowd

SAID = {  # what people picked: by what it is of, and how often
    "questions": lambda: Like.objects.filter(on=True).values_list("question__text", "key"),
    "dialogue": lambda: Vote.objects.values_list("statement__text", "key", "value", "important"),
    "polls": lambda: Answer.objects.values_list("run__question__position", "key", "picked"),
    "board": lambda: DotVote.objects.values_list("item__title", "key", "points"),
}


def made(world: World, kind: str, level: str) -> tuple[Counter[Any], Counter[Any]]:
    """What a small crowd picks and writes in an activity of the kind."""
    with tenancy.scope(world.organisation.pk, world.organisation.slug):
        activity = world.activity(kind=kind, level=level, state="open", entry="audience")
        all_kinds()[kind].rehearse(activity, SmallCrowd(world))
        named = {key_of(person.pk): person.key for person in world.people.values()}
        picked = Counter(tuple(named.get(str(part), str(part)) for part in row) for row in SAID[kind]())
        written = Counter(Item.objects.filter(activity_id=activity.pk).values_list("kind", "state", "day"))
    return picked, written


@pytest.mark.parametrize("level", ["anonymous", "named"])
@pytest.mark.parametrize("kind", list(SAID))
def test_two_makings_give_the_same_figures(world, elsewhere, kind, level):
    first, second = made(world, kind, level), made(elsewhere, kind, level)
    assert first[0], "somebody picked something"
    assert first == second

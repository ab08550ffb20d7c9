"""A crowd without a story, for tests of kinds."""

from __future__ import annotations

import datetime as dt
import random
from contextlib import AbstractContextManager
from typing import Any

from samsyn.core import clock
from samsyn.organisations.models import Person
from samsyn.programmes import audiences
from samsyn.programmes.models import Activity
from samsyn.thread.models import Item
from tests.fixtures import World


class SmallCrowd:
    """The people of a test's world, behaving by (seeded) chance."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._items: dict[str, Item] = {}
        self._numbers: dict[int, int] = {}  # the how manyth of its kind an activity was

    def people(self, activity: Activity) -> list[Person]:
        return list(audiences.people_of_activity(activity).order_by("key"))

    def script(self, activity: Activity) -> dict[str, Any]:
        return {}

    def promise(self, key: str) -> dict[str, Any]:
        return {}

    def person(self, key: str) -> Person:
        return self._world.person(key)

    def random(self, activity: Activity, *about: object) -> random.Random:
        number = self._numbers.setdefault(activity.pk, Activity.objects.filter(kind=activity.kind).count())
        return random.Random("|".join(map(str, (activity.kind, number, *about))))

    def on(self, day: dt.date) -> AbstractContextManager[None]:
        return clock.simulated(day)

    def remember(self, key: str, item: Item) -> None:
        self._items[key] = item

    def recall(self, key: str) -> Item | None:
        return self._items.get(key)

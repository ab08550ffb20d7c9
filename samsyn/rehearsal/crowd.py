"""The crowd of a rehearsal: who is there, what was written for them, and the clock they live by."""

from __future__ import annotations

import datetime as dt
import random
from contextlib import AbstractContextManager
from typing import Any

from samsyn.core import clock
from samsyn.organisations.models import Person
from samsyn.programmes import audiences
from samsyn.programmes.models import Activity
from samsyn.rehearsal.story import Story
from samsyn.thread.models import Item


class StoryCrowd:
    """A crowd that follows a story where it says something, and behaves by chance (seeded) elsewhere."""

    def __init__(self, story: Story, named: dict[str, Person]) -> None:
        self._story = story
        self._named = named
        self._items: dict[str, Item] = {}
        self._scripts: dict[int, dict[str, Any]] = {}
        self._names: dict[int, str] = {}

    def people(self, activity: Activity) -> list[Person]:
        """Those in the activity's audience, in a fixed order."""
        return list(audiences.people_of_activity(activity).order_by("key"))

    def script(self, activity: Activity) -> dict[str, Any]:
        """What the story says about this activity; empty where it says nothing."""
        return self._scripts.get(activity.pk) or self._story.activities().get(activity.key, {})

    def give_script(self, activity: Activity, script: dict[str, Any], name: str) -> None:
        """Say what happens in an activity that the playbook has not, such as one made for a session."""
        self._scripts[activity.pk], self._names[activity.pk] = script, name

    def promise(self, question_key: str) -> dict[str, Any]:
        """How the promise in the answer to a question went; empty where the story does not say."""
        return self._story.promises().get(question_key, {})

    def person(self, key: str) -> Person:
        """The named person of the story."""
        return self._named[key]

    def random(self, activity: Activity, *about: object) -> random.Random:
        """Seeded by story, activity and what it is about: the same crowd does the same every time."""
        name = activity.key or self._names.get(activity.pk) or activity.kind
        return random.Random("|".join(map(str, (self._story.slug, name, *about))))

    def on(self, day: dt.date) -> AbstractContextManager[None]:
        """The block happens on that day."""
        return clock.simulated(day)

    def remember(self, key: str, item: Item) -> None:
        """Let other activities of the story point at this item."""
        self._items[key] = item

    def recall(self, key: str) -> Item | None:
        """The item remembered under a key."""
        return self._items.get(key)

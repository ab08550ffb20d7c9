"""What kinds have in common in which people contribute texts: `ContributedKind` is what they inherit from."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Self

from samsyn.programmes import contributing
from samsyn.programmes.contributions import Contribution
from samsyn.programmes.kinds import ActivityKind, Progress, Summary, Words
from samsyn.programmes.models import Activity
from samsyn.thread.models import Item
from samsyn.thread.registry import Telling


class Chosen:
    """What a facilitator chooses in the settings of an activity: yes or no under each name, with a default."""

    DEFAULTS: ClassVar[Mapping[str, bool]] = {}

    @classmethod
    def of(cls, activity: Activity) -> Self:
        """As the activity has it; what was never chosen is as the default says."""
        return cls(**{name: bool(activity.settings.get(name, default)) for name, default in cls.DEFAULTS.items()})


def takes_contributions(activity: Activity) -> bool:
    """Texts and votes are taken while the activity is open."""
    return activity.state == Activity.State.OPEN


class ContributedKind(ActivityKind):
    """A kind whose people contribute texts. `held`: what to say where one with texts in it would be deleted."""

    model: type[Contribution]
    held: Words

    def refusal_to_delete(self, activity: Activity) -> Words | None:
        return self.held if self.model._default_manager.filter(activity=activity).exists() else None

    def progress(self, activity: Activity) -> Progress:
        return self.progress_of([activity])[activity.pk]

    def summary(self, activity: Activity) -> Summary:
        return self.summary_of([activity])[activity.pk]

    def published(self, activity: Activity) -> None:
        contributing.show_to_programme(activity)


def state_to_tell(telling: Telling) -> Words:
    """The state in words; empty for a text that is there to read, as most are."""
    return "" if str(telling.state) == str(Contribution.State.VISIBLE.label) else telling.state


def tell_contribution(row: Any, item: Item, **more: Any) -> Telling:
    """A contributed text as the thread tells it: the reason in its place while it is hidden, its author where named."""
    hidden = row.state == Contribution.State.HIDDEN
    values = {"happened": True, "voice": not hidden} | more
    by = row.author.name if row.author and item.level == "named" else ""
    return Telling(item, text=row.reason if hidden else row.words, by=by, day=item.day, **values)

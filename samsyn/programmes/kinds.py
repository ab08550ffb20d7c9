"""What an activity kind is: the one interface between the storyboard and everything people do together.

A kind is a Django app under `samsyn/activities/` with a `kind.py` that holds one instance, named `kind`, of a
subclass of `ActivityKind`. Its line in `ACTIVITY_KINDS` is its whole registration.
"""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Any, Protocol

from django.conf import settings
from django.db import models
from django.utils.functional import Promise as LazyText

from samsyn.core import clock
from samsyn.core.texts import LangText
from samsyn.live.sendings import Batch

if TYPE_CHECKING:
    from samsyn.organisations.models import Person
    from samsyn.programmes.models import Activity
    from samsyn.thread.models import Item
    from samsyn.thread.registry import Telling

Words = str | LazyText | LangText


@dataclass(frozen=True)
class Progress:
    """How far an activity has come: `done` of `total` of what it counts (`of`), none where it counts nothing yet.

    `left`: what still waits when the result is published, in a sentence; empty where nothing does.
    """

    done: int = 0
    total: int = 0
    of: Words = ""
    left: Words = ""


@dataclass(frozen=True)
class Figure:
    """A number that never stands alone: what it is about, on how many it stands, what cannot be told.

    `sentence`: how minutes tell it, in the language of the text; empty where they need not. `one`: the label where it
    stands after the number one.
    """

    label: Words
    value: int | None  # None: too few to tell
    note: Words = ""
    sentence: Words | None = field(default=None, compare=False)
    one: Words = field(default="", compare=False)

    @property
    def after_number(self) -> Words:
        """The label as it is read after its number."""
        return self.one if self.value == 1 and self.one else self.label


@dataclass(frozen=True)
class Finding:
    """A sentence for the storyboard or the case study and the items it stands on; without items it is flagged."""

    heading: str  # challenge, did, how, result, learned
    text: LangText
    item_ids: tuple[int, ...] = ()


@dataclass(frozen=True)
class Summary:
    """What an activity comes to."""

    figures: tuple[Figure, ...] = ()
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True)
class Table:
    """One sheet of an export."""

    name: str
    columns: Sequence[str]
    rows: Iterable[Sequence[Any]]


@dataclass(frozen=True)
class Waiting:
    """Something that waits for one person: what, where, and until when or since when.

    `about`: the activity or the programme it belongs to. `said`: somebody's own words, shown as a quotation.
    `press`: the name of a button that is sent to the address; without it the verb is the way there.
    """

    title: Words
    address: str
    verb: Words
    due: dt.date | None = None
    note: Words = ""
    about: Words = ""
    said: LangText | None = None
    since: dt.date | None = None
    press: str = ""

    @property
    def days_late(self) -> int:
        """For how many days it has been late."""
        return max(0, (clock.today() - self.due).days) if self.due else 0

    @property
    def days_waited(self) -> int:
        """For how many days it has waited, where it is known since when."""
        return (clock.today() - self.since).days if self.since else 0


@dataclass(frozen=True)
class Notice:
    """Something new for one person: on which day, about what, what happened. `said`: the title is their own words."""

    day: dt.date
    title: Words
    address: str
    what: Words = ""
    said: bool = False


@dataclass(frozen=True)
class Receiver:
    """Something that can be made here out of an item from elsewhere: the menu entry, and the action behind it."""

    label: Words
    kinds: frozenset[str]  # item kinds that can be handed over
    make: Callable[..., Item]  # make(activity, item, *, by)
    states: frozenset[str] = frozenset({"open", "closed"})  # of the activity in which it is made


@dataclass(frozen=True)
class Scene:
    """What a room shows of an activity while it is on. Each part is a template of the kind's own, sent when it changes.

    Attributes:
        phone: name of the part: template, in the order in which they stand on a phone. A form in it with `data-send`
            is sent to the live room (`live/README.md`).
        screen: the same on the projector: `now` stands large, `next` below it.
        context: what the templates need. Only what everybody in the room may see: it goes to every browser there.
    """

    phone: Mapping[str, str] = field(default_factory=dict)
    screen: Mapping[str, str] = field(default_factory=dict)
    context: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Cue:
    """Something that a facilitator does on the stage with one key: show the answers, take the next question.

    `about`: what is on the stage that it is done to, such as the question; for those who run it alone.
    `first`: it is what to do now, before going on to what comes after the activity.
    """

    name: str
    label: Words
    key: str  # a letter; `gatherings` keeps n, s, o, c, h, u and the digits for itself
    on: bool = False  # whether it is in force now
    about: Words = ""
    first: bool = False


class Crowd(Protocol):
    """A rehearsal's people: who they are, and what they would say and do in an activity."""

    def people(self, activity: Activity) -> Sequence[Person]:
        """Those in the activity's audience, in a fixed order."""
        ...

    def script(self, activity: Activity) -> dict[str, Any]:
        """What was written by hand for this activity; empty where nothing was."""
        ...

    def promise(self, key: str) -> dict[str, Any]:
        """How the promise made under a key went; empty where nothing was written."""
        ...

    def person(self, key: str) -> Person:
        """The named person of the story."""
        ...

    def random(self, activity: Activity, *about: object) -> Any:
        """A `random.Random` seeded by rehearsal, activity and what it is `about`: never an id, which is drawn anew."""
        ...

    def on(self, day: dt.date) -> Any:
        """A context manager: the block happens on that day."""
        ...

    def remember(self, key: str, item: Item) -> None:
        """Let other activities of the story point at this item."""
        ...

    def recall(self, key: str) -> Item | None:
        """The item remembered under a key."""
        ...


@dataclass(frozen=True)
class Removal:
    """What `erase` took away, for the record."""

    rows: int = 0


@dataclass(frozen=True)
class Lack:
    """What an activity lacks before it can be opened with sense, in a sentence, and the page on which it is mended."""

    words: Words
    address: str


@dataclass(frozen=True)
class PersonalData:
    """What is stored about one person in a kind: rows as plain values, for the person's own copy."""

    name: Words
    rows: list[dict[str, Any]] = field(default_factory=list)


class ActivityKind:
    """The interface. Every method has a default that is right for a kind which does not need it."""

    slug: str
    name: Words
    purpose: Words
    icon: str
    settings_form: type[Any] | None = None
    urlconf: str  # dotted path; every pattern lives below the activity's own address
    home: str = "page"  # name of the URL that opens the activity
    desk: Words = ""  # what the page named `desk` is called, where those who run it lead it; empty where there is none
    levels: frozenset[str] = frozenset({"named", "facilitators", "anonymous"})
    result_waits: bool = False  # until it is published, what came out is told to those who run the programme alone
    by_hand: bool = False  # done outside the system: those who run it write down what came out, nobody else contributes

    def created(self, activity: Activity, *, by: Person | None) -> None:
        """An activity of this kind was made."""

    def copied(self, source: Activity, target: Activity, *, by: Person | None) -> None:
        """An activity was copied: bring over its own set-up, never its contributions."""

    def refusal_to_delete(self, activity: Activity) -> Words | None:
        """Why the activity may not be deleted; None where it may."""
        return None

    def lacking_of(self, activities: Sequence[Activity]) -> dict[int, Lack]:
        """What each of several lacks before people can do anything there, by id; nothing of those that are ready.

        In one query for all of them. It warns and forbids nothing.
        """
        return {}

    def progress(self, activity: Activity) -> Progress:
        """How far it has come."""
        return Progress()

    def progress_of(self, activities: Sequence[Activity]) -> dict[int, Progress]:
        """How far each of several has come, by id. A kind whose `progress` reads the database answers in one query."""
        return {activity.pk: self.progress(activity) for activity in activities}

    def summary(self, activity: Activity) -> Summary:
        """Headline figures and findings, under the rules of the activity's level."""
        return Summary()

    def summary_of(self, activities: Sequence[Activity]) -> dict[int, Summary]:
        """Summaries of several, by id. A kind whose `summary` reads the database answers in a few queries."""
        return {activity.pk: self.summary(activity) for activity in activities}

    def tables(self, activity: Activity) -> list[Table]:
        """Everything that may leave as a file, in the reader's language."""
        return []

    def snapshot(self, activity: Activity) -> Scene:
        """What the room and the projector show: only what everybody there may see. In a fixed number of queries."""
        return Scene()

    def intake(self) -> dict[str, Batch]:
        """What may be sent here from the live room: name → batch action `(activity, sendings) → what became of each`.

        It runs in the caller's transaction; one faulty sending never costs the others theirs. Who may take part has
        been looked at, and `Sending.key` is the voter's; whether the activity is open has not.
        """
        return {}

    def cues(self, activity: Activity) -> list[Cue]:
        """What a facilitator can do with it on the stage, now."""
        return []

    def give_cue(self, activity: Activity, name: str, *, by: Person) -> None:
        """Do one of the `cues`. Raises RefusedError."""
        raise KeyError(name)

    def receives(self) -> list[Receiver]:
        """What can be made here out of an item from elsewhere."""
        return []

    def improvise(self, activity: Activity, key: str, chance: random.Random) -> tuple[str, dict[str, str]] | None:
        """What somebody made up might send from a rehearsal's room now: a name of `intake`, and values."""
        return None

    def waits_for(self, person: Person) -> list[Waiting]:
        """What waits for this person in activities of this kind, in a fixed number of queries."""
        return []

    def news(self, person: Person, since: dt.date) -> list[Notice]:
        """What is new for this person since a day, in a fixed number of queries."""
        return []

    def taken_part(self, activity: Activity) -> set[int] | None:
        """Ids of the people who have taken part, by spent tickets where it is anonymous; None where nobody can know."""
        return None

    def own_items(self, person: Person) -> Iterable[Any]:
        """The ids of the items that this person has contributed under their name: for `…__in`, no query of its own."""
        return ()

    def personal_data(self, person: Person) -> list[PersonalData]:
        """What is stored about this person."""
        return []

    def erase(self, person: Person) -> Removal:
        """Take this person out of what the kind stores."""
        return Removal()

    def let_go(self, activity: Activity) -> None:
        """The time for keeping is over: delete what ties contributions to people. Texts and figures stay."""

    def anonymous_rows(self, activity: Activity) -> list[models.QuerySet[Any]]:
        """Rows whose order of writing must not be readable: one queryset per own table that contributions write."""
        return []

    def left_over(self, activity: Activity) -> list[Item]:
        """What somebody said there and waits for an answer: before the minutes are published each gets an end."""
        return []

    def hand_on(
        self, activity: Activity, item: Item, *, owner: Person | None, due: dt.date | None, reason: LangText, by: Person
    ) -> None:
        """Give one of the `left_over` an owner and a day, or the reason why it gets no answer. Raises RefusedError.

        The caller has authorised: whoever runs the session may do it.
        """
        raise KeyError(item.pk)

    def themes_of(self, activities: Sequence[Activity]) -> dict[int, list[LangText]]:
        """What each is about, in few words, such as the names of a board's groups: counted over many activities."""
        return {}

    def learned(self, activity: Activity) -> list[Item]:
        """What people there say that they have learned, and is not hidden: who runs the session chooses from it."""
        return []

    def closed(self, activity: Activity) -> None:
        """The activity was closed: forget what would tell who came last, within the caller's transaction."""

    def published(self, activity: Activity) -> None:
        """The result was published: let the programme see what it may see, within the caller's transaction."""

    def tell(self, items: list[Item]) -> dict[int, Telling]:
        """Items of this kind as pages tell them, in a fixed number of queries."""
        return {}

    def item_address(self, item: Item) -> str | None:
        """Where an item of this kind is seen in its own setting; None where only the thread shows it."""
        return None

    def rehearse(self, activity: Activity, crowd: Crowd) -> None:
        """Let a crowd behave in the activity, through the kind's own actions."""


@cache
def all_kinds() -> dict[str, ActivityKind]:
    """Every registered kind by slug, in the order of `ACTIVITY_KINDS`."""
    found = {}
    for dotted in settings.ACTIVITY_KINDS:
        kind: ActivityKind = import_module(f"{dotted}.kind").kind
        found[kind.slug] = kind
    return found


def lacking(activities: Iterable[Activity]) -> dict[int, Lack]:
    """What these activities lack before they can be opened with sense, by id; each kind is asked once."""
    by_kind: dict[str, list[Activity]] = {}
    for activity in activities:
        by_kind.setdefault(activity.kind, []).append(activity)
    return {pk: lack for slug, some in by_kind.items() for pk, lack in all_kinds()[slug].lacking_of(some).items()}


def kind_of(activity: Activity) -> ActivityKind:
    """The kind of an activity. Raises KeyError where it is not installed."""
    return all_kinds()[activity.kind]

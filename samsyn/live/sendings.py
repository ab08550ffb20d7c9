"""What somebody in a room sends, and what becomes of it."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Sending:
    """One vote, like, card or question as it came in. Ticket, origin and rate have been checked, its values have not.

    Attributes:
        activity: the id of the activity that it is meant for.
        name: what is done there, one of the names in the kind's `intake`.
        values: the fields of the form.
        key: the random key under which this browser votes in the activity; "" where it has none.
        person: the id of the person in the organisation; 0 for somebody who came in by code.
        language: in which language to answer.
    """

    activity: int
    name: str
    values: Mapping[str, str]
    key: str
    person: int = 0
    language: str = "sv"


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a sending: taken, or why not, in the sender's language.

    Attributes:
        error: why it was not taken; "" where it was.
        field: the field in which the fault lies.
        data: what the sender alone gets back, such as the words of a receipt.
        again: whether sending the same once more may help (the database was busy).
    """

    error: str = ""
    field: str = ""
    data: Mapping[str, Any] = dataclasses.field(default_factory=dict)
    again: bool = False


Batch = Callable[[Any, Sequence[Sending]], list[Taken]]

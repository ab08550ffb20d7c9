"""`python -m tests.dialogue.prepare WHAT`: make or read the room of a dialogue, by the product's own actions; JSON."""

from __future__ import annotations

import json
import sys
from typing import Any

from tests.polls.prepare import both, make_room, sign_in  # it sets Django up  # isort: skip

from samsyn.activities.dialogue import actions
from samsyn.activities.dialogue.models import Statement, Vote
from samsyn.core import tenancy
from samsyn.organisations.models import Organisation, Person
from samsyn.programmes.models import Activity

TEXTS = [
    "Vi vet vad vi är till för.",
    "Vi säger nej i tid till det som inte är vårt.",
    "Mötena hjälper mig i mitt arbete.",
    "Jag kan säga ifrån när något inte fungerar.",
]


def make() -> dict[str, Any]:
    """A session that goes on, in it a dialogue that is open."""

    def fill(activity: Activity, lead: Person) -> None:
        actions.seed(activity, TEXTS, language="sv", by=lead)

    return make_room("dialogue", both("Var står vi?", "Where do we stand?"), fill, {"let_in": False, "add": True})


def count() -> dict[str, Any]:
    """What is stored: (text, value) of each vote, by key; all texts."""
    organisation = Organisation.objects.get()
    tenancy._active.set((organisation.pk, organisation.slug))
    rows = Vote.objects.order_by("key", "statement__text").values_list("key", "statement__text", "value", "important")
    return {"votes": list(rows), "texts": sorted(Statement.objects.values_list("text", flat=True))}


WAYS = {"make": make, "count": count, "sign_in": sign_in}

if __name__ == "__main__":
    print(json.dumps(WAYS[sys.argv[1]]()))

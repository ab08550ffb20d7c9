"""`python -m tests.live.ledger WHAT`: what is stored of a day, row by row; or do the work that waits. Prints JSON."""

from __future__ import annotations

import json
import os
import sys
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "samsyn.config.settings")
django.setup()

from samsyn.activities.board.models import Card, DotVote  # noqa: E402
from samsyn.activities.dialogue.models import Statement, Vote  # noqa: E402
from samsyn.activities.polls.models import Answer, OpenAnswer  # noqa: E402
from samsyn.activities.questions.models import Like, Question  # noqa: E402
from samsyn.core import tenancy  # noqa: E402
from samsyn.core.ids import encode_id  # noqa: E402
from samsyn.jobs import worker  # noqa: E402
from samsyn.organisations.models import Organisation  # noqa: E402


def stored() -> dict[str, Any]:
    """Everything that people sent, by what it is; ids as pages have them."""
    organisation = Organisation.objects.get()
    with tenancy.scope(organisation.pk, organisation.slug):
        return {
            "answer": [[encode_id(run), key, bits] for run, key, bits in _rows(Answer, "run_id", "key", "picked")],
            "vote": [[encode_id(pk), key, value] for pk, key, value in _rows(Vote, "statement_id", "key", "value")],
            "like": [[encode_id(pk), key, on] for pk, key, on in _rows(Like, "question_id", "key", "on")],
            "dots": [[key, points] for key, points in _rows(DotVote, "key", "points")],
            "text": _texts(OpenAnswer), "add": _texts(Statement), "ask": _texts(Question), "write": _texts(Card),
        }  # fmt: skip


def _rows(model: Any, *names: str) -> list[Any]:
    return list(model.objects.order_by().values_list(*names))


def _texts(model: Any) -> list[str]:
    return sorted(model.objects.values_list("text", flat=True))


def work() -> dict[str, Any]:
    """What the worker does when it comes to it."""
    worker.run(until_empty=True)
    return {}


if __name__ == "__main__":
    print(json.dumps({"stored": stored, "work": work}[sys.argv[1]]()))

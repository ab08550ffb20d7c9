"""`python -m tests.journeys.crowd FILE PEOPLE`: an open dialogue of sixty statements that so many have answered."""

from __future__ import annotations

import json
import os
import random
import sys
from pathlib import Path

import django

STATEMENTS = 60


def main() -> None:
    """Start Django on the demo's data; what writes to it can only be imported then."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "samsyn.config.settings")
    django.setup()
    Path(sys.argv[1]).write_text(json.dumps(_add(int(sys.argv[2]))))


def _add(people: int) -> dict[str, object]:
    from django.test import Client

    from samsyn.core.addresses import address
    from samsyn.jobs.registry import within
    from samsyn.organisations.models import Organisation
    from samsyn.programmes.models import Programme
    from samsyn.programmes.queries import lead_of

    with within(Organisation.objects.get().pk):
        lead = lead_of(Programme.objects.get())
        activity = _open(lead)
        _answer(activity, people)
        client = Client()
        client.force_login(lead.user, backend="django.contrib.auth.backends.ModelBackend")
        return {
            "code": activity.code,
            "page": address("dialogue:page", activity=activity.pk),
            "desk": address("dialogue:desk", activity=activity.pk) + "?show=visible",
            "lead": client.cookies["sessionid"].value,
        }


def _open(lead):
    from samsyn.activities.dialogue import actions as dialogue
    from samsyn.core.clock import today
    from samsyn.core.texts import LangText
    from samsyn.programmes import actions
    from samsyn.programmes.models import Frame

    activity = actions.add_activity(
        Frame.objects.order_by("position").last(),
        by=lead,
        kind="dialogue",
        title=LangText(sv="Var står vi, alla?", en="Where do we all stand?"),
        purpose=LangText(sv="Alla svarar.", en="Everyone answers."),
        level="anonymous",
        entry="code",
        starts=today(),
        ends=today(),
        reply_by=today(),
    )
    dialogue.seed(activity, [f"Påstående nummer {n}." for n in range(STATEMENTS)], language="sv", by=lead)
    actions.open_activity(activity, by=lead)
    activity.refresh_from_db()
    return activity


def _answer(activity, people: int) -> None:
    """Everyone answers everything, all at once: what one more answer costs is measured, not these."""
    from samsyn.activities.dialogue.models import Statement, Vote
    from samsyn.programmes.models import VoterKey
    from samsyn.programmes.tallies import count_anew

    chance, same = random.Random(1), {"organisation_id": activity.organisation_id}
    keys = [f"{chance.getrandbits(128):032x}" for _person in range(people)]
    VoterKey.objects.bulk_create([VoterKey(activity=activity, key=key, **same) for key in keys], batch_size=500)
    for statement in Statement.objects.filter(activity=activity):
        drawn = [(key, chance.choice((1, 1, 0, -1))) for key in keys]
        votes = [
            Vote(statement=statement, key=key, value=value, shown=value, counted=True, **same) for key, value in drawn
        ]
        Vote.objects.bulk_create(votes, batch_size=500)
        count_anew(statement)


if __name__ == "__main__":
    main()

"""People are imported while others vote: nothing acknowledged is lost, and everybody is there afterwards."""

from __future__ import annotations

import io
import threading
import time

import pytest

from samsyn.activities.questions import actions as questions
from samsyn.activities.questions.models import Like
from samsyn.core.addresses import address
from samsyn.organisations.imports import actions as imports
from samsyn.organisations.models import Person
from samsyn.organisations.tests.people_files import HEADER, csv_bytes, municipality
from samsyn.programmes.models import VoterKey
from tests.robustness.at_once import there, together, within
from tests.robustness.test_at_once import key

__all__ = ["there"]
VOTERS, PAUSE = 2, 0.05


@pytest.mark.parametrize("people", [2_000, pytest.param(40_000, marks=pytest.mark.prove)])
def test_no_vote_is_lost_and_nobody_is_missing(there, people):
    with within(there):
        activity = there.activity(state="open", level="anonymous", entry="code")
        asked = questions.ask(activity, text="Hinner ni?", language="sv", post_key=key(), author=None)
        before = Person.objects.count()
        file = io.BytesIO(csv_bytes(HEADER, municipality(people)))
        path = address("questions:like", activity=activity.pk, question=asked.pk)
        over = threading.Event()

        def bring_in() -> tuple[dict[str, int], float]:
            """(what was made, the seconds it took)."""
            began = time.perf_counter()
            try:
                batch = imports.stage(file, "people.csv", by=None)
                assert imports.confirm(batch, leavers=False, by=None, at_once=True)
                return imports.apply_batch(imports.Unheard(), batch=batch.pk), time.perf_counter() - began
            finally:
                over.set()

        def vote() -> tuple[set[str], float]:
            """(the keys whose vote was acknowledged, the longest wait)."""
            kept: set[str] = set()
            longest = 0.0
            while not over.wait(PAUSE):
                client, voter = there.client(), key()
                client.get(f"/j/{activity.code}")
                client.cookies["voter"] = voter
                began = time.perf_counter()
                answer = client.post(path, {"on": "1"})
                longest = max(longest, time.perf_counter() - began)
                assert answer.status_code == 302
                if "messages" not in answer.cookies:
                    kept.add(voter)
            return kept, longest

        brought_in, *voted = together(there, bring_in, *[vote] * VOTERS, patience=300)
        for found in (brought_in, *voted):
            if isinstance(found, Exception):
                raise found
        made, seconds = brought_in
        acknowledged = set.union(*(kept for kept, _longest in voted))
        assert acknowledged
        assert set(Like.objects.filter(question=asked, on=True).values_list("key", flat=True)) == acknowledged
        assert VoterKey.objects.filter(activity=activity).count() == len(acknowledged)
        assert made["set_aside"] == 0
        assert Person.objects.count() == before + people
        longest = max(wait for _kept, wait in voted)
        print(f"{people} people in {seconds:.1f} s, {len(acknowledged)} votes, longest wait {longest:.2f} s")

"""A dialogue in which many have answered, served: one more answer is counted at once, and others go on being served."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import threading
import time
import urllib.request
from http.cookiejar import CookieJar
from urllib.parse import urlencode

import pytest

from tests.journeys.serving import ROOT, environment

SECONDS = 2.0


class Caller:
    """Somebody who asks the server without a browser."""

    def __init__(self, origin: str, **cookies: str) -> None:
        self.origin, self.jar, self.kept = origin, CookieJar(), cookies
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.jar))

    def get(self, path: str, data: dict[str, str] | None = None) -> str:
        request = urllib.request.Request(self.origin + path, urlencode(data).encode() if data else None)
        request.add_header("Referer", self.origin + path)
        if self.kept:
            request.add_unredirected_header("Cookie", "; ".join(f"{name}={value}" for name, value in self.kept.items()))
        with self.opener.open(request, timeout=20) as answer:
            return answer.read().decode()


def ready_to_agree(site, made, statement: str) -> Caller:
    """One more person, who has come as far as to agree with a statement."""
    voter = Caller(site.origin)
    voter.get(f"/j/{made['code']}")
    page = voter.get(f"{made['page']}?s={statement}")
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)[1]
    voter.ready = (f"{made['page']}vote/{statement}/", {"value": "1", "csrfmiddlewaretoken": token})
    return voter


def many(people):
    prove = [pytest.mark.prove, pytest.mark.skipif(not os.environ.get("SAMSYN_PROVE"), reason="long: make prove")]
    return pytest.param(people, marks=prove if people > 500 else [], id=f"{people} people")


@pytest.mark.parametrize("people", [many(200), many(2500)])
def test_one_more_answer_is_counted_at_once_while_others_are_served(site, tmp_path, people):
    found = tmp_path / "made.json"
    command = [sys.executable, "-m", "tests.journeys.crowd", str(found), str(people)]
    subprocess.run(command, env=environment(site.folder), check=True, cwd=ROOT)
    made = json.loads(found.read_text())
    lead = Caller(site.origin, sessionid=made["lead"], language="en")
    desk = lead.get(made["desk"])
    agree, statement = re.search(r"(\d[\d,]*) agree", desk), re.search(r"/dialogue/desk/(\w+)/hide/", desk)
    voters = [ready_to_agree(site, made, statement[1]) for _ in range(5)]

    waits, over = [], threading.Event()

    def look_around() -> None:
        other = Caller(site.origin)
        other.get(f"/j/{made['code']}")
        while not over.is_set():
            start = time.monotonic()
            other.get(made["page"])
            waits.append(time.monotonic() - start)

    others = [threading.Thread(target=look_around) for _ in range(2)]
    for thread in others:
        thread.start()
    try:
        costs = []
        for voter in voters:
            start = time.monotonic()
            voter.get(*voter.ready)
            costs.append(time.monotonic() - start)
        before = int(agree[1].replace(",", ""))
        while f"{before + 5:,} agree" not in lead.get(made["desk"]):
            assert time.monotonic() - start < SECONDS, "the figure did not follow the fifth answer"
        took = time.monotonic() - start
    finally:
        over.set()
        for thread in others:
            thread.join()
    print(f"\n{people} people: an answer {max(costs):.2f} s, the figure {took:.2f} s, others' pages {max(waits):.2f} s")
    assert took < SECONDS
    assert max(costs) < SECONDS
    assert len(waits) > 3
    assert max(waits) < SECONDS

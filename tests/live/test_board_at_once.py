"""Everybody writes on a board at the same moment: no card is lost, and none is there twice."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from samsyn.core import clock
from tests.live.conftest import drop, postgresql
from tests.live.desks import Staff
from tests.live.serving import Hall, hall
from tests.live.throng import Ears, Guest, at_once, together
from tests.live.unit_day import ZONE, post_key

ROOMS = [
    ("sqlite", 30),
    ("postgresql", 30),
    pytest.param("sqlite", 300, marks=pytest.mark.prove),
    pytest.param("postgresql", 300, marks=pytest.mark.prove),
]


@pytest.mark.parametrize(("database", "people"), ROOMS)
def test_no_card_is_lost_and_none_comes_twice(tmp_path, database, people):
    url = postgresql() if database == "postgresql" else ""
    try:
        with hall(tmp_path, database_url=url) as made:
            write_at_once(made, made.start(), people)
    finally:
        if url:
            drop(url)


def write_at_once(made: Hall, port: int, people: int) -> None:
    lead, ears = Staff(port, "p0"), Ears()
    programme = lead.open("/o/ankeby/").link("Programmet")
    begins = clock.now().astimezone(ZONE).strftime("%Y-%m-%dT%H:%M")
    form = lead.open(lead.open(f"{programme}sessions/add/").link("En träff: Enhetsdag"))
    agenda = lead.press(form, "Planera träffen", starts=begins)
    agenda = lead.press(agenda, "Lägg till den färdiga delen", **{"ready-ready": "b-retrospective"})
    session = agenda.path.removesuffix("agenda/")
    page = lead.step(session, command="start")
    code = "".join(re.findall(r'<span class="tag">(\w{3}) (\w{3})</span>', page.html)[0])
    while "<h2>Tillbakablick</h2>" not in page.html:
        page = lead.step(session, command="next")
    guests = [Guest(port) for _number in range(people)]
    assert together(lambda guest: guest.join(code), guests) == [200] * people
    ears.hold(guests)
    lead.step(session, command="open")
    ears.hear('name=\\"column\\"')
    html = "".join(ears.showing('name=\\"column\\"')[-1].parts().values())
    columns = sorted(set(re.findall(r'name="column" value="(\d+)"', html)))
    activity = re.findall(r'name="activity" value="(\w+)"', html)[0]
    cards = [f"Kort nummer {number} skrivet samtidigt" for number in range(people)]

    def write(row: tuple[int, Guest]) -> None:
        """Every fifth does not hear the answer and sends the same once more."""
        number, guest = row
        column = columns[number % len(columns)]
        guest.give("write", activity, column=column, text=cards[number], times=1 + (number % 5 == 0), **post_key())

    at_once(write, list(enumerate(guests)))
    ears.hear(f"{people} kort skrivna")
    assert not ears.showing("skrivet samtidigt"), "nothing is sent before it is shown"
    lead.step(session, cue="reveal")
    ears.hear(*cards[-1:])
    status, _headers, body = lead.ask("GET", f"/o/ankeby/a/{activity}/board/export/")
    assert status == 200
    assert Counter(re.findall(r"Kort nummer \d+ skrivet samtidigt", body.decode())) == Counter(cards)
    shown = "".join(ears.showing(cards[-1])[-1].parts().values())
    assert Counter(re.findall(r"Kort nummer \d+ skrivet samtidigt", shown)) == Counter(cards)
    ears.close()

"""A leadership day: twelve leaders, signed in and named, put the mission in their own words and take it further."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest

from samsyn.core import clock
from tests.live.desks import Browser, Page, Staff
from tests.live.serving import hall
from tests.live.throng import Ears, at_once
from tests.live.unit_day import ZONE, post_key

LEADERS = (1, 2, 3, 4, 5, 6, 7, 8, 10, 11, 12, 13)
ABSENT = "Person 13"
MISSION = "Uppdraget med mina ord"
THEMES = ("barnen", "vägarna", "pengarna")


@dataclass
class LeadershipDay:
    """What came of the day, and who was there."""

    port: int
    ears: Ears
    lead: Staff
    leaders: list[Staff] = field(default_factory=list)
    cards: dict[str, str] = field(default_factory=dict)  # text → who wrote it
    session: str = ""
    mission: str = ""
    steps: str = ""
    revealed: int = 0
    before: list[tuple[str, str]] = field(default_factory=list)  # who read, and what, before the cards were shown

    def plan(self) -> None:
        """From the template, for twelve people by name; at its end a step for what is done until next time."""
        programme = self.lead.open("/o/ankeby/").link("Programmet")
        begins = clock.now().astimezone(ZONE).strftime("%Y-%m-%dT%H:%M")
        form = self.lead.open(self.lead.open(f"{programme}sessions/add/").link("En träff: Ledningsdag"))
        audience = self.lead.press(form, "Planera träffen", starts=begins)
        self.session = audience.path.removesuffix("audience/")
        chosen: list[str] = []
        for find in ("Person", "Person 8"):
            page = self.lead.press(audience, "Sök", whom="parts", find=find, part=chosen)
            names = next(form.controls["part"].choices for form in page.forms if "part" in form.controls)
            wanted = {f"Person {number}" for number in LEADERS}
            chosen = [key for key, name in names if key.startswith("person:") and name in wanted]
            audience = page
        assert len(chosen) == len(LEADERS)
        self.lead.press(audience, "Spara målgruppen", whom="parts", part=chosen)
        agenda = self.lead.open(f"{self.session}agenda/")
        self.mission = next(href for href, said in agenda.links if said == MISSION and "/a/" in href)
        page = self.lead.open(agenda.link("Vad man gör", after="Vem gör vad till nästa gång?"))
        made = next(form for form in page.forms if "make-kind" in form.controls)
        values = {"make-kind": "steps", "make-title_sv": "Det vi gör nu"}
        agenda = self.lead.send_form(made, made.buttons[-1], **values)
        self.steps = agenda.link("Det vi gör nu")

    def come_in(self) -> None:
        """The session begins; eleven leaders come into its room, each under their own name."""
        self.step(command="start")
        self.leaders = [Staff(self.port, f"p{number}") for number in LEADERS if f"Person {number}" != ABSENT]
        for leader in self.leaders:
            status, headers, _body = leader.ask("GET", f"{self.session}enter/")
            assert status == 302
            leader.room = headers["location"]
            assert leader.ask("GET", leader.room)[0] == 200
        self.ears.hold(self.leaders)

    def write(self) -> None:
        """Each writes two cards on their own, all at once; then they are shown."""
        for _part in range(2):
            self.step(command="next")
        start = self.ears.now()
        self.step(command="open")
        self.ears.hear('name=\\"column\\"', since=start)
        html = "".join(self.ears.showing('name=\\"column\\"')[-1].parts().values())
        columns = sorted(set(re.findall(r'name="column" value="(\d+)"', html)))
        rows = [
            (leader, f"{theme} går före, menar {leader.name} för sin del", columns[number % 3])
            for leader in self.leaders
            for number, theme in enumerate(THEMES[:2])
        ]
        activity = self.mission.rstrip("/").rpartition("/")[2]

        def send(row: tuple[Staff, str, str]) -> int:
            leader, text, column = row
            return leader.send("write", activity, column=column, text=text, **post_key())[0]

        assert at_once(send, rows) == [200] * len(rows)
        self.cards = {text: leader.name for leader, text, _column in rows}
        self.ears.hear(f"{len(rows)} kort skrivna")
        for reader in (self.lead, *self.leaders[:2]):
            self.before.append((reader.name, reader.open(f"{self.mission}board/?take-part").html))
        self.before.append((self.lead.name, self.lead.open(f"{self.mission}board/desk/").html))
        self.revealed = self.ears.now()
        self.step(cue="reveal")
        self.ears.hear(rows[0][1], since=self.revealed)

    def arrange(self) -> None:
        """Grouped by the facilitator, voted on by everyone, counted."""
        self.step(cue="onward")
        for theme in THEMES[:2]:
            page = self.lead.open(f"{self.mission}board/desk/")
            known = next(form.controls["cards"].choices for form in page.forms if "cards" in form.controls)
            ticked = [value for value, words in known if words.startswith(theme)]
            self.lead.press(page, "Flytta", cards=ticked, to="new", name=f"Om {theme}")
        start = self.ears.now()
        self.step(cue="onward")
        self.ears.hear('name=\\"dots-', since=start)
        html = "".join(self.ears.showing('name=\\"dots-')[-1].parts().values())
        first, second = (re.findall(rf'for="d(\d+)"><strong>Om {theme}', html)[0] for theme in THEMES[:2])
        activity = self.mission.rstrip("/").rpartition("/")[2]
        for number, leader in enumerate(self.leaders):
            dots = {f"dots-{first}": "2", f"dots-{second}": "1"} if number else {f"dots-{second}": "3"}
            assert leader.send("vote", activity, **dots)[0] == 200
        start = self.ears.now()
        self.step(cue="onward")
        self.ears.hear("prickar<", since=start)

    def take_further(self) -> None:
        """The one thing we change is promised; the result is published, and a group becomes a step."""
        desk, due = f"{self.mission}board/desk/", (clock.today() + dt.timedelta(days=21)).isoformat()
        group = self.lead.open(self.lead.open(desk).link(f"Om {THEMES[0]}"))
        form = self.lead.open(group.link("Gör det till den enda sak vi ändrar"))
        self.lead.press(form, "Lova", text_sv="Vi börjar varje möte med barnen.", owner="Person 1", due=due)
        self.step(command="close")
        page = self.step(command="next")
        while "<h2>Vem gör vad till nästa gång?</h2>" not in page.html:
            page = self.step(command="next")
        self.step(command="open")
        self.hand_over(desk)
        self.step(command="close")
        for _part in range(2):
            self.step(command="next")
        self.step(command="end")

    def hand_over(self, desk: str) -> None:
        owner = Staff(self.port, "p1")
        form = owner.open(f"{self.mission}publish/")
        owner.press(form, "Publicera resultatet", heard_sv="Barnen går före.", doing_sv="Vi börjar med dem.")
        group = self.lead.open(self.lead.open(desk).link(f"Om {THEMES[1]}"))
        self.lead.press(group, "Lämna över", where="Det vi gör nu")

    def settle(self) -> None:
        """Who came is ticked by name; the minutes are published."""
        page = self.lead.open(f"{self.session}attendance/")
        known = next(form.controls["came"].choices for form in page.forms if "came" in form.controls)
        self.lead.press(page, "Spara vilka", came=[key for key, name in known if name.strip() != ABSENT])
        self.lead.press(self.lead.open(f"{self.session}minutes/"), "Publicera anteckningarna")

    def step(self, **what: str) -> Page:
        return self.lead.step(self.session, **what)


@pytest.fixture(scope="module")
def day(tmp_path_factory) -> Iterator[LeadershipDay]:
    """The day as it was held."""
    with hall(tmp_path_factory.mktemp("leaders"), level="anonymous", entry="code", staff="14") as made:
        port = made.start()
        held = LeadershipDay(port, Ears(), Staff(port, "p0"))
        for step in (held.plan, held.come_in, held.write, held.arrange, held.take_further, held.settle):
            step()
        yield held
        held.ears.close()


@pytest.fixture(scope="module")
def minutes(day) -> Page:
    return day.leaders[4].open(f"{day.session}minutes/")


def test_nobody_reads_a_card_of_another_before_all_are_shown(day):
    for number, event in enumerate(day.ears.events):
        if number < day.revealed:
            assert [text for text in day.cards if text.encode() in event.raw] == []
    for name, read in day.before:
        assert {day.cards[text] for text in day.cards if text in read} == {name} - {day.lead.name}


def test_each_card_is_there_once_under_its_name(day):
    board = day.leaders[0].open(f"{day.mission}board/")
    for text, name in day.cards.items():
        assert board.html.count(f">{text}<") == 1
        place = board.words.index(text)
        assert f"Person {name[1:]}" in board.words[place : place + len(text) + 30], board.words[place : place + 90]


def test_dots_are_counted_as_they_are_where_names_are_known(day):
    board = day.leaders[0].open(f"{day.mission}board/").words
    assert re.search(rf"Om {THEMES[0]} ?20 prickar", board)
    assert re.search(rf"Om {THEMES[1]} ?13 prickar", board)


def test_the_minutes_say_who_came_and_what_was_promised(day, minutes):
    for number in LEADERS:
        name = f"Person {number}"
        said = minutes.words[minutes.words.index("Vilka var där") :]
        assert (re.search(rf"{name}(?!\d)", said) is not None) == (name != ABSENT), name
    assert "11 kom." in minutes.words
    assert "Vi börjar varje möte med barnen. (Person 1, senast" in minutes.words
    assert f"{len(day.cards)} kort skrevs. De bildar 2 grupper. 11 personer satte prickar." in minutes.words
    for text in day.cards:
        assert minutes.words.count(text) == 1


def test_from_the_promise_and_the_step_one_comes_back_to_what_was_said(day, minutes):
    promise = day.leaders[2].open(minutes.link("Vi börjar varje möte med barnen."))
    assert f"Om {THEMES[0]}" in promise.words
    step = day.leaders[2].open(day.steps)
    assert f"Om {THEMES[1]}" in step.words
    thing = day.lead.open(day.lead.open(f"{day.mission}board/desk/").link(f"Om {THEMES[1]}"))
    thread = day.leaders[2].open(next(href for href, _said in thing.links if "/i/" in href))
    assert "Det vi gör nu" in thread.words
    assert "Ledningsdag" in thread.words


def test_whom_the_day_was_not_for_comes_into_nothing(day):
    other = Staff(day.port, "p9")
    for page in ("", "enter/", "minutes/", "run/"):
        assert other.ask("GET", f"{day.session}{page}")[0] in {403, 404}, page
    stranger = Browser(day.port)
    assert stranger.ask("GET", day.leaders[0].room)[0] == 303
    assert stranger.ask("GET", f"{day.leaders[0].room}state")[0] == 403

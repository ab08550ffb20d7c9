"""A unit day, held over HTTP alone: the facilitator and the moderator at their desks, everybody else on a phone."""

from __future__ import annotations

import datetime as dt
import json
import random
import re
from collections import Counter
from html import escape, unescape
from typing import Any
from zoneinfo import ZoneInfo

from samsyn.core import clock
from tests.live.desks import Page, Staff
from tests.live.serving import Hall
from tests.live.throng import Ears, Guest, at_once, together

ZONE = ZoneInfo("Europe/Stockholm")
SEEDS = [
    "Vi vet vad som förväntas av oss.", "Beslut fattas nära dem som de gäller.", "Vi hinner lära av varandra.",
    "Det går att säga emot på våra möten.", "Våra system hjälper oss i arbetet.", "Vi har för många mål samtidigt.",
    "Jag vet vem som bestämmer.", "Vi firar när något går bra.",
]  # fmt: skip
THEMES = ["schemat", "lokalerna", "mötena", "systemen", "introduktionen"]
OWNERS = ["Person 4", "Person 5", "Person 10", "Person 11"]
PARTS = [
    "Hur har vi det i dag?", "Var står vi?", "Samtal vid borden", "Frågestund", "Hur var träffen?", "Vad lärde vi oss?",
]  # fmt: skip
NOT_NAMED = "Vi nämner ingen vid namn här."


class UnitDay:
    """The day, step by step. `seen`: what nobody in the room may have seen before which moment, or ever (None)."""

    def __init__(self, made: Hall, port: int, people: int, questions: int) -> None:
        self.made, self.port, self.number_asked = made, port, questions
        self.chance = random.Random(f"{people} people")
        self.ears, self.screen = Ears(), Ears()
        self.guests = [Guest(port, "en" if number % 5 == 4 else "sv") for number in range(people)]
        self.secret: dict[str, int | None] = {}  # text → number of the first event that may hold it
        self.pages: list[tuple[str, bytes]] = []  # what guests' pages held, with the moment's name
        self.ids: dict[str, str] = {}  # of statements and questions in the room, by what they say
        self.activities: dict[str, str] = {}
        self.answered: list[str] = []
        self.hidden: list[str] = []
        self.code = self.session = ""

    # --- planning ---------------------------------------------------------------------------------------------------

    def plan(self) -> None:
        """The lead appoints a facilitator; they plan the day from the template and name a host who moderates."""
        lead = Staff(self.port, "p0")
        programme = lead.open("/o/ankeby/").link("Programmet")
        lead.press(lead.open(f"{programme}people/appoint/"), "Ge rollen", person="Person 2", name="facilitator")
        self.desk = Staff(self.port, "p2")
        begins = clock.now().astimezone(ZONE).strftime("%Y-%m-%dT%H:%M")
        choice = self.desk.open(f"{programme}sessions/add/")
        form = self.desk.open(choice.link("En träff: Enhetsdag"))
        agenda = self.desk.press(form, "Planera träffen", starts=begins, place="Stora salen")
        self.session = agenda.path.removesuffix("agenda/")
        tables = self.desk.open(agenda.link("Vad man gör", after="Samtal vid borden"))
        agenda = self._press_with(tables, "make-kind", **{"make-kind": "board"})
        for title in PARTS:
            self.activities[title] = next(href for href, said in agenda.links if said == title and "/a/" in href)
        columns = self.desk.open(f"{self.activities['Samtal vid borden']}board/desk/columns/")
        self._press_with(columns, "layout", layout="retrospective")
        settings = self.desk.open(f"{self.activities['Frågestund']}edit/")
        self.desk.press(settings, "Spara", title_sv="Dagens frågor", **{"own-let_in": "on"})
        seeding = self.desk.open(f"{self.activities['Var står vi?']}dialogue/desk/seed/")
        self.desk.press(seeding, "Lägg in dem", statements="\n".join(SEEDS))
        self.desk.press(self.desk.open(f"{self.session}hosts/"), "Lägg till värden", person="Person 3")
        self.moderator = Staff(self.port, "p3")

    def _press_with(self, page: Page, control: str, **values: str) -> Page:
        """Press the last button of the form that has a control."""
        form = next(form for form in page.forms if control in form.controls)
        said = self.desk.send_form(form, form.buttons[-1], **values)
        assert said.status == 200, said.words[:900]
        return said

    # --- the room ---------------------------------------------------------------------------------------------------

    def come_in(self) -> None:
        """Everybody comes in by the code and holds a stream; the projector too."""
        page = self.desk.step(self.session, command="start")
        found = re.search(r'<span class="tag">(\w{3}) (\w{3})</span>', page.html)
        assert found
        self.code = found[1] + found[2]
        assert together(lambda guest: guest.join(self.code), self.guests) == [200] * len(self.guests)
        self.ears.hold(self.guests)
        self.ears.hear("Välkommen: varför vi är här", "Welcome: why we are here")
        assert self.desk.ask("GET", f"{self.session}screen/")[0] == 302
        self.desk.room = self.guests[0].room
        self.screen.hold([self.desk], "screen")

    def check_in(self) -> None:
        """The mood at the start: everybody answers, some twice, some change their mind."""
        self.go_on_to("Hur har vi det i dag?")
        self.answer_scale()
        self.show("personer har svarat", "people have answered")
        self.desk.step(self.session, command="close")

    def stand(self) -> None:
        """The dialogue: stands on what is there, statements of their own, and stands on those that were let in."""
        self.desk.step(self.session, command="next")
        start = self.go_on_to("Var står vi?")
        self.ears.hear(SEEDS[0], since=start)
        self._learn("statement")
        activity = self._activity("Var står vi?")
        together(lambda guest: self._stand(guest, activity, SEEDS), self.guests)
        own = [f"Påstående {number} av en medarbetare om {THEMES[number % 5]}." for number in range(9)]
        self.statements, self.hidden_statements = own[:6], own[6:]
        for text in own:
            self.secret[text] = None
        together(lambda pair: pair[1].give("add", activity, text=pair[0], sure="1", times=2, **post_key()),
                 list(zip(own, self.guests, strict=False)))  # fmt: skip
        self.look("waits to be let in")
        desk = f"{self.activities['Var står vi?']}dialogue/desk/?show=waiting"
        start = self.ears.now()
        for text in own[:6]:
            self.secret[text] = self.ears.now()
            self.moderator.press(self.moderator.open(desk), "Släpp fram", text)
        for text in own[6:]:
            self._hide(self.moderator.open(desk), text)
        self.ears.hear(own[5], since=start)
        self._learn("statement")
        together(lambda guest: self._stand(guest, activity, own[:6]), self.guests)
        self.stands = self.stored()["vote"]  # when it closes, those that no figure may have in it are let go
        self.desk.step(self.session, command="close")

    def write_cards(self) -> None:
        """The board: written privately at once, revealed, grouped, dots, taken further."""
        self.desk.step(self.session, command="next")
        start = self.go_on_to("Samtal vid borden")
        self.ears.hear('name=\\"column\\"', since=start)
        activity = self._activity("Samtal vid borden")
        columns = sorted(set(re.findall(r'name="column" value="(\d+)"', self._shown('name=\\"column\\"'))))
        cards = [f"Kort {number} om {THEMES[number % 5]} i vardagen" for number in range(len(self.guests))]
        self.secret |= dict.fromkeys(cards)
        at_once(
            lambda one: one[1].give(
                "write", activity, text=one[0], column=self.chance.choice(columns), times=1 + one[2] % 10 // 9,
                **post_key(),
            ),
            list(zip(cards, self.guests, range(len(cards)), strict=True)),
        )  # fmt: skip
        self.ears.hear(f"{len(cards)} kort skrivna", f"{len(cards)} cards written")
        self.look("has not been revealed")
        board = f"{self.activities['Samtal vid borden']}board/desk/"
        for staff in (self.moderator, self.desk):
            assert "Kort 1 om" not in staff.open(board).html
        start = self.ears.now()
        self.secret |= dict.fromkeys(cards, start)
        self.desk.step(self.session, cue="reveal")
        self.ears.hear(cards[-1], since=start)
        self.hidden_cards = cards[:2]
        for text in self.hidden_cards:
            thing = self.moderator.open(self.moderator.open(board).link(f"Öppna: {text}"))
            form = self.moderator.open(thing.link("Dölj, med motivering"))
            self.moderator.press(form, "Dölj", reason_sv=NOT_NAMED)
        self.desk.step(self.session, cue="onward")  # to grouping
        for theme in THEMES[:4]:
            page = self.moderator.open(board)
            ticked = [
                value for value, words in self._choices(page, "cards") if words.endswith(f"om {theme} i vardagen")
            ]
            self.moderator.press(page, "Flytta", cards=ticked, to="new", name=f"Det här med {theme}")
        self.ears.hear("Det här med systemen")
        self.cards_settled = self.ears.now()
        start = self.ears.now()
        self.desk.step(self.session, cue="onward")  # to the vote
        self.ears.hear('name=\\"dots-', since=start)
        targets = re.findall(r'name="dots-(\d+)"', self._shown('name=\\"dots-'))
        self.dots_each = {f"dots-{target}": "0" for target in targets}
        together(lambda guest: self._dots(guest, activity, targets), self.guests)
        self.screen.hear(f"{len(self.guests) - len(self.guests) % 5} har lagt prickar")
        start = self.ears.now()
        self.desk.step(self.session, cue="onward")  # they are counted
        self.ears.hear(" prickar<", " dots<", since=start)
        thing = self.desk.open(self.desk.open(board).link("Det här med schemat"))
        self.desk.press(thing, "Lämna över", where="Dagens frågor")
        form = self.desk.open(self.desk.open(self.desk.open(board).link("Det här med lokalerna")).link("Lova något"))
        due = (clock.today() + dt.timedelta(days=30)).isoformat()
        self.desk.press(form, "Lova", text_sv="Vi ser över lokalerna med skyddsombuden.", owner="Person 1", due=due)
        self.desk.step(self.session, command="close")

    def ask(self) -> None:
        """Question time: asked, let in, hidden, joined, agreed with, some answered in the room."""
        start = self.go_on_to("Frågestund")
        self.ears.hear("room-question", since=start)
        activity = self._activity("Frågestund")
        texts = [f"Fråga {number}: vad händer med {THEMES[number % 5]} i vår?" for number in range(self.number_asked)]
        self.secret |= dict.fromkeys(texts)
        self.askers = dict(zip(texts, self.guests[3:], strict=False)) if len(texts) <= len(self.guests) - 3 else {}
        together(
            lambda pair: pair[1].give("ask", activity, text=pair[0], times=2, **post_key()), list(self.askers.items())
        )
        self.receipts = {text: self._keep_words(activity, text) for text in (texts[0], texts[3], texts[6])}
        self.look("asked and not let in")
        desk = f"{self.activities['Frågestund']}questions/desk/"
        self.hidden, self.joined, open_ones = texts[:3], texts[3:5], texts[5:]
        for text in self.hidden:
            page = self.moderator.open(f"{desk}?show=waiting")
            page = page if text in page.words else self.moderator.open(f"{desk}?show=waiting&page=2")
            self._hide(page, text)
        start = self.ears.now()
        for text in [*self.joined, *open_ones, "Det här med schemat"]:
            if text in self.secret:  # the group's name stood on the board
                self.secret[text] = self.ears.now()
            page = self.moderator.open(f"{desk}?show=waiting")
            page = page if text in page.words else self.moderator.open(f"{desk}?show=waiting&page=2")
            self.moderator.press(page, "Släpp fram", text)
        self.joined_into = open_ones[0]
        for text in self.joined:
            self._join(desk, text, self.joined_into)
        self.ears.hear('name=\\"question\\"', since=start)
        self._learn("question")
        together(lambda guest: self._like(guest, activity), self.guests)
        for _number in range(max(4, len(open_ones) // 8)):
            start = self.ears.now()
            self.desk.step(self.session, cue="take")
            self.ears.hear("Besvaras nu", "Being answered now", since=start)
            said = re.search(r'Besvaras nu</p><p class="voice"[^>]*>(.+?)</p>', self._shown("Besvaras nu</p>", start))
            assert said
            self.answered.append(unescape(said[1]))
            self.desk.step(self.session, cue="answered")
        self.written = next(text for text in open_ones if text not in self.answered)
        page = self._on_desk(desk, "unanswered", self.written)
        form = self.desk.open(page.link("Svara: " + self.written))
        self.desk.press(form, "Spara", end="written", text_sv="Vi har bestämt det i går, och det står i protokollet.",
                        answered_by="Person 1")  # fmt: skip
        self.desk.step(self.session, command="close")
        self.left = [text for text in [*open_ones, "Det här med schemat"] if text not in (*self.answered, self.written)]

    def part(self) -> None:
        """The mood at the end, a word each, what people learned; and the session ends."""
        self.go_on_to("Hur var träffen?")
        self.answer_scale()
        start = self.ears.now()
        self.desk.step(self.session, cue="next")
        self.ears.hear('value=\\"text\\"', since=start)
        words = [f"ord{number} klart" for number in range(len(self.guests))]
        self.secret |= dict.fromkeys(words)
        self._write("Hur var träffen?", words, self.guests)
        self.look("words that have not been shown")
        poll = self.moderator.open(f"{self.activities['Hur var träffen?']}polls/desk/")
        texts = next(href for href, _said in poll.links if href.endswith("/texts/"))
        self.hidden_words = words[:2]
        for word in self.hidden_words:
            page = self.moderator.open(texts)
            while f"{word} " not in page.words:
                page = self.moderator.open(page.link("Nästa"))
            place = page.html.index(f">{word}<")
            href = re.search(r'href="([^"]+/hide/[^"]*)"', page.html[place:])
            assert href
            self.moderator.press(self.moderator.open(unescape(href[1])), "Dölj", reason_sv=NOT_NAMED)
        start = self.ears.now()
        self.secret |= dict.fromkeys(words[2:], start)
        self.desk.step(self.session, cue="show")
        self.ears.hear("said-words", since=start)
        self.desk.step(self.session, command="close")
        self.go_on_to("Vad lärde vi oss?")
        self.lessons = [f"Lärdom {number}: kortare pass" for number in range(8)]
        self.secret |= dict.fromkeys(self.lessons)
        self._write("Vad lärde vi oss?", self.lessons, self.guests[-8:])
        self.look("lessons that have not been shown")
        self.desk.step(self.session, command="close")
        self.desk.step(self.session, command="end")
        self.ears.hear("Träffen är slut", "This session is over")

    # --- afterwards ---------------------------------------------------------------------------------------------------

    def settle(self) -> None:
        """How many came, what is left over to owners by a day, lessons, results with our reply, minutes."""
        self.made.run("tests.live.ledger", "work")
        came = self.desk.open(f"{self.session}attendance/")
        self.desk.press(came, "Spara", came=str(len(self.guests)))
        page = self.desk.open(f"{self.session}lessons/")
        self.desk.press(page, "Välj", self.lessons[0])
        due = (clock.today() + dt.timedelta(days=14)).isoformat()
        for number, text in enumerate(self.left):
            page = self.desk.open(f"{self.session}leftovers/")
            form, button = page.button("Spara")  # one for all; what is left empty waits
            prefix = "l" + re.findall(r'id="q-(\w+)"', page.html[: page.html.index(escape(text))])[-1]
            given = {f"{prefix}-owner": OWNERS[number % len(OWNERS)], f"{prefix}-due": due}
            if number == len(self.left) - 1:
                given = {f"{prefix}-owner": "", f"{prefix}-due": "", f"{prefix}-reason_sv": "Det avgör någon annan."}
            assert self.desk.send_form(form, button, **given).status == 200
        minutes = self.desk.open(f"{self.session}minutes/")
        self.desk.press(minutes, "Publicera anteckningarna")
        owner = Staff(self.port, "p1")
        for path in self.activities.values():
            form = owner.open(f"{path}publish/")
            owner.press(form, "Publicera resultatet", heard_sv="Ni vill ha färre mål.", doing_sv="Vi tar bort tre.")

    # --- helpers ------------------------------------------------------------------------------------------------------

    def go_on_to(self, title: str) -> int:
        """The next part, which is opened; the number of the event from which on it can be seen."""
        start = self.ears.now()
        page = self.desk.step(self.session, command="next")
        assert f"<h2>{title}</h2>" in page.html, page.words[:500]
        self.desk.step(self.session, command="open")
        self.ears.hear(f"/{self.guests[0].room.split('/')[3]}/send", since=start)
        return start

    def answer_scale(self) -> None:
        run, activity = self._field("run"), self._field("activity")

        def answer(pair: tuple[int, Guest]) -> None:
            number, guest = pair
            if number % 7 == 0:
                guest.give("answer", activity, run=run, choice="0")  # and thinks better of it
            guest.give("answer", activity, run=run, choice=str(number % 5), times=1 + number % 10 // 9)

        together(answer, list(enumerate(self.guests)))

    def show(self, *texts: str) -> None:
        start = self.ears.now()
        self.desk.step(self.session, cue="show")
        self.ears.hear(*texts, since=start)

    def look(self, moment: str) -> None:
        """What some guests read now, on the page of the room, in its state, and where they should find nothing."""
        for place, guest in enumerate(self.guests[:: max(1, len(self.guests) // 4)]):
            beside = [] if place else list(self.activities.values())  # those lead to signing in
            for path in (guest.room, f"{guest.room}state", *beside):
                self.pages.append((moment, guest.ask("GET", path)[2]))
        for text, first in self.secret.items():
            if first is None:
                held = [place for place, body in self.pages if text.encode() in body]
                assert not held, f"{text!r} on a guest's page: {held}"

    def expected(self) -> dict[str, Counter[tuple[str, ...]]]:
        """What has to be stored of what was acknowledged, by what it is: each contribution once."""
        last: dict[str, dict[tuple[str, str], str]] = {"answer": {}, "vote": {}, "like": {}}
        names = {"answer": ("run", "choice"), "vote": ("statement", "value"), "like": ("question", "on")}
        texts: dict[str, Counter[tuple[str, ...]]] = {name: Counter() for name in ("text", "add", "ask", "write")}
        dots: Counter[tuple[str, ...]] = Counter()
        standing = {self.ids[text]: self.ids[self.joined_into] for text in self.joined if text in self.ids}
        for guest in self.guests:
            for do, _activity, values in guest.acknowledged:
                if do in last and names[do][0] in values:
                    on = values[names[do][0]]
                    last[do][standing.get(on, on), guest.key] = values[names[do][1]]
                elif do in texts:
                    texts[do][(values["text"],)] += 1
                elif do == "vote":
                    dots[(guest.key,)] += sum(int(value) for name, value in values.items() if name.startswith("dots-"))
        sums = {do: Counter((*where, value) for where, value in rows.items()) for do, rows in last.items()}
        return {**sums, **texts, "dots": dots}

    def stored(self) -> dict[str, list[Any]]:
        """What stands in the database."""
        return dict(json.loads(self.made.run("tests.live.ledger", "stored").splitlines()[-1]))

    def texts(self, do: str) -> list[str]:
        """What people wrote and sent, by what it is."""
        return [values["text"] for guest in self.guests for what, _activity, values in guest.acknowledged if what == do]

    def _keep_words(self, activity: str, text: str) -> str:
        """The asker's browser keeps the six words of the receipt, and attaches them to the question."""
        guest = self.askers[text]
        asked = next(values for do, _activity, values in guest.acknowledged if do == "ask")
        words = guest.receipt
        guest.give("receipt", activity, words=words, post_key=asked["post_key"])
        return words

    def _stand(self, guest: Guest, activity: str, texts: list[str]) -> None:
        chance = random.Random(guest.key)
        for text in texts:
            if chance.random() < 0.75:
                lean = 0.8 if texts.index(text) % 3 else 0.35
                value = "1" if chance.random() < lean else chance.choice(["-1", "0"])
                guest.give("vote", activity, statement=self.ids[text], value=value)

    def _dots(self, guest: Guest, activity: str, targets: list[str]) -> None:
        chance = random.Random(guest.key)
        placed = Counter(chance.choices(targets, [8 if number < 6 else 1 for number in range(len(targets))], k=3))
        guest.give("vote", activity, **{f"dots-{target}": str(number) for target, number in placed.items()})

    def _like(self, guest: Guest, activity: str) -> None:
        chance = random.Random(guest.key)
        known = sorted(text for text in self.ids if text.startswith("Fråga"))
        for text in chance.sample(known, 3):
            guest.give("like", activity, question=self.ids[text], on="1")
        if chance.random() < 0.1:  # agrees, and thinks better of it
            for on in ("1", "0"):
                guest.give("like", activity, question=self.ids[known[-1]], on=on)
        self.wavering = known[-1]

    def _write(self, title: str, texts: list[str], guests: list[Guest]) -> None:
        start = next(number for number, event in enumerate(self.ears.events) if b'value=\\"text\\"' in event.raw)
        activity = self._activity(title)
        wanted = f'name=\\"activity\\" value=\\"{activity}\\"'
        self.ears.hear(wanted, since=start)
        run = re.findall(
            r'name="do" value="text">\s*<input type="hidden" name="run" value="(\w+)"', self._shown(wanted)
        )[-1]
        together(lambda pair: pair[1].give("text", activity, run=run, text=pair[0], times=2, **post_key()),
                 list(zip(texts, guests, strict=True)))  # fmt: skip

    def _hide(self, page: Page, text: str) -> None:
        """Hide what stands on the desk under these words, with a reason."""
        place = page.html.index(f">{text}<")
        href = re.search(r'href="([^"]+/hide/[^"]*)"', page.html[place:])
        assert href
        self.moderator.press(self.moderator.open(unescape(href[1])), "Dölj", reason_sv=NOT_NAMED)

    def _join(self, desk: str, text: str, into: str) -> None:
        page = self._on_desk(desk, "unanswered", text)
        href = re.search(r'href="([^"]+/merge/[^"]*)"', page.html[page.html.index(f">{text}<") :])
        assert href
        page = self.moderator.press(self.moderator.open(unescape(href[1])), "Sök", find=into.partition(":")[0])
        self.moderator.press(page, "Slå ihop", into=into)

    def _on_desk(self, desk: str, show: str, text: str) -> Page:
        page = self.moderator.open(f"{desk}?show={show}")
        return page if f">{text}<" in page.html else self.moderator.open(f"{desk}?show={show}&page=2")

    def _learn(self, name: str) -> None:
        """The ids of what stands in the room, by what it says."""
        for event in list(self.ears.events):
            html = "".join(event.parts().values()) if name.encode() in event.raw else ""
            if name == "statement":
                found = re.findall(r'name="statement" value="(\w+)".*?<label[^>]*>(.*?)</label>', html)
            else:
                rows = re.findall(r'<li class="row">.*?</li>', html, re.S)
                found = [
                    (one[1], said[1])
                    for row in rows
                    if (one := re.search(r'name="question" value="(\w+)"', row))
                    and (said := re.search(r'voice small"[^>]*>(.*?)</p>', row))
                ]
            self.ids |= {unescape(words): pk for pk, words in found}

    def _shown(self, text: str, since: int = 0) -> str:
        """The parts of the newest event that holds a text."""
        events = list(self.ears.events)[since:]
        return "".join(next(event for event in reversed(events) if text.encode() in event.raw).parts().values())

    def _field(self, name: str) -> str:
        return re.findall(rf'name="{name}" value="(\w+)"', self._shown(f'name=\\"{name}\\"'))[-1]

    def _activity(self, title: str) -> str:
        return self.activities[title].rstrip("/").rpartition("/")[2]

    def _choices(self, page: Page, name: str) -> list[tuple[str, str]]:
        return next(form.controls[name].choices for form in page.forms if name in form.controls)

    def close(self) -> None:
        self.ears.close()
        self.screen.close()


def post_key() -> dict[str, str]:
    """A key drawn anew for each text, as the script does."""
    return {"post_key": f"{random.SystemRandom().getrandbits(128):032x}"}


def hold(made: Hall, port: int, people: int, questions: int) -> UnitDay:
    """The whole day."""
    day = UnitDay(made, port, people, questions)
    for step in (day.plan, day.come_in, day.check_in, day.stand, day.write_cards, day.ask, day.part, day.settle):
        step()
    return day

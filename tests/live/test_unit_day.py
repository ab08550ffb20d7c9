"""A unit day with everybody in the room: what was said is counted once, and read only by those who may read it."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from itertools import pairwise

import pytest

from tests.live import unit_day
from tests.live.conftest import drop, postgresql
from tests.live.desks import Browser, Page, Staff
from tests.live.serving import hall
from tests.live.unit_day import NOT_NAMED, UnitDay

SHORT, LONG = (40, 12), (400, 60)  # people, questions
DAYS = [
    pytest.param(("sqlite", *SHORT), id="short"),
    pytest.param(("sqlite", *LONG), id="sqlite", marks=pytest.mark.prove),
    pytest.param(("postgresql", *LONG), id="postgresql", marks=pytest.mark.prove),
]
FIRST = "Hur har vi det i dag?"
KINDS = {
    FIRST: "polls", "Var står vi?": "dialogue/result", "Samtal vid borden": "board",
    "Frågestund": "questions", "Hur var träffen?": "polls", "Vad lärde vi oss?": "polls",
}  # fmt: skip


@pytest.fixture(scope="module", params=DAYS)
def day(request, tmp_path_factory) -> Iterator[UnitDay]:
    """The day as it was held."""
    database, people, questions = request.param
    url = postgresql() if database == "postgresql" else ""
    try:
        with hall(
            tmp_path_factory.mktemp("day"), database_url=url, level="anonymous", entry="code", staff="14"
        ) as made:
            held = unit_day.hold(made, made.start(), people, questions)
            yield held
            held.close()
    finally:
        if url:
            drop(url)


@pytest.fixture(scope="module")
def reader(day) -> Staff:
    """Somebody who was there and runs nothing."""
    return Staff(day.port, "p6")


@pytest.fixture(scope="module")
def minutes(day, reader) -> Page:
    return reader.open(f"{day.session}minutes/")


def section(page: Page, heading: str) -> str:
    """What stands below a heading of the minutes."""
    found = re.search(rf'<h2 id="h-[^"]+">{re.escape(heading)}</h2>(.*?)</section>', page.html, re.S)
    assert found, f"{heading!r} is not in {page.words}"
    return Page(page.path, 200, re.sub(r"<br ?/?>|</p>", "\n", found[1])).html


def lines(page: Page, heading: str) -> list[str]:
    text = re.sub(r"<[^>]*>", "", section(page, heading))
    return [line.strip() for line in text.splitlines() if line.strip()]


def exported(day: UnitDay, title: str) -> list[dict[str, str]]:
    status, _headers, body = day.desk.ask("GET", f"{day.activities[title]}{KINDS[title]}/export/")
    assert status == 200
    return list(csv.DictReader(io.StringIO(body.decode("utf-8-sig")), delimiter=";"))


def people_in(day: UnitDay, title: str) -> int:
    """How many are said to have answered a poll: the last ones, four at most, may be missing."""
    (number,) = {row["Alla som svarade"] for row in exported(day, title)}
    return int(number)


def told_in(day: UnitDay, title: str) -> Counter[str]:
    """What people said in an activity, as its file tells it."""
    name = {"Var står vi?": "Påstående", "Samtal vid borden": "Kort", "Frågestund": "Fråga"}[title]
    return Counter(row[name] for row in exported(day, title))


# --- counted once -------------------------------------------------------------------------------------------------


def test_what_was_acknowledged_is_stored_once(day):
    stored, expected = day.stored(), day.expected()
    assert len(day.guests) * 2 == sum(expected["answer"].values())
    for name in ("text", "write", "ask", "add"):
        own = Counter((text,) for text in stored[name] if text not in {*unit_day.SEEDS, "Det här med schemat"})
        assert own == expected[name], name
    dots: Counter[tuple[str, ...]] = Counter()
    for key, points in stored["dots"]:
        dots[(key,)] += points
    assert dots == expected["dots"]
    assert set(dots.values()) == {3}
    bits = Counter((run, key, str(picked.bit_length() - 1)) for run, key, picked in stored["answer"])
    assert bits == expected["answer"]
    assert Counter((pk, key, str(value)) for pk, key, value in day.stands) == expected["vote"]
    liked = Counter((pk, key) for pk, key, on in stored["like"] if on)
    assert liked == Counter((pk, key) for pk, key, on in expected["like"].elements() if on == "1")


def test_files_and_result_pages_tell_each_once(day, reader):
    people = len(day.guests)
    assert told_in(day, "Samtal vid borden") == Counter(set(day.texts("write")) - set(day.hidden_cards))
    statements = {*unit_day.SEEDS, *day.statements}
    assert told_in(day, "Var står vi?") == Counter(statements)
    assert told_in(day, "Frågestund") == Counter([*day.answered, day.written, *day.left])
    for title in (FIRST, "Hur var träffen?"):
        answered = people_in(day, title)
        assert people - 4 <= answered <= people
        assert sum(int(row["Personer"]) for row in exported(day, title)) == answered
        assert f"{answered} personer har svarat" in reader.open(f"{day.activities[title]}polls/?all=1").words
    board = reader.open(f"{day.activities['Samtal vid borden']}board/")
    for text in set(day.texts("write")) - set(day.hidden_cards):
        assert board.html.count(f">{text}<") == 1, text
    asked = "".join(reader.open(f"{day.activities['Frågestund']}questions/?page={page}").html for page in (1, 2))
    for text in [*day.answered, day.written, *day.left]:
        assert f">{text}<" in asked or f"{text}</" in asked, text
    result = reader.open(f"{day.activities['Var står vi?']}dialogue/result/").words
    told = re.search(r"(\d+) personer gav ([\d ]+) svar", result)
    assert told
    assert people - 4 <= int(told[1]) <= people
    assert sum(int(row["Röster"] or 0) for row in exported(day, "Var står vi?")) == int(told[2].replace(" ", ""))


def test_what_is_told_in_figures_lacks_four_at_most(day):
    """Of an anonymous figure the last ones may be missing: it moves for five at a time."""
    expected, words = day.expected(), {pk: text for text, pk in day.ids.items()}
    liked = Counter(words[pk] for pk, _key, on in expected["like"].elements() if on == "1")
    for row in exported(day, "Frågestund"):
        agree = int(row["Håller med"])
        assert agree == 0 or agree >= 5
        assert abs(liked[row["Fråga"]] - agree) <= 4 or (agree == 0 and liked[row["Fråga"]] < 10)
    votes = Counter(words[pk] for pk, _key, _value in expected["vote"])
    for row in exported(day, "Var står vi?"):
        assert 0 <= votes[row["Påstående"]] - int(row["Röster"] or 0) <= 4
    dots = {row["Grupp"]: int(row["Prickar på gruppen"] or 0) for row in exported(day, "Samtal vid borden")}
    assert all(number == 0 or number >= 5 for number in dots.values())


# --- seen by nobody else --------------------------------------------------------------------------------------------


def test_nothing_was_seen_before_it_was_shown_and_nothing_ever_that_was_not(day):
    assert len(day.secret) > len(day.guests) * 2
    never = [text for text, first in day.secret.items() if first is None]
    assert set(never) == {*day.hidden, *day.hidden_statements, *day.hidden_words, *day.lessons}
    for text, first in day.secret.items():
        early = [number for number, event in enumerate(day.ears.events[:first]) if text.encode() in event.raw]
        assert not early, f"{text!r} was in event {early[0]}, and not to be seen before {first}"


def test_no_key_no_ticket_and_no_words_of_a_receipt_went_to_anybody(day):
    everything = b"\n".join(event.raw for event in day.ears.events)
    for guest in day.guests:
        for secret in filter(None, (guest.key, guest.receipt, guest.cookies.get("ticket"))):
            assert secret.encode() not in everything


def test_what_was_hidden_after_it_was_shown_left_every_phone(day):
    for text in day.hidden_cards:
        last = max(number for number, event in enumerate(day.ears.events) if text.encode() in event.raw)
        assert last < day.cards_settled


def test_what_is_hidden_stands_nowhere_for_those_who_read_afterwards(day, reader, minutes):
    pages = [minutes, *(reader.open(path) for path in day.activities.values()), reader.open("/o/ankeby/")]
    away = [*day.hidden, *day.hidden_statements, *day.hidden_cards, *day.hidden_words]
    for title in ("Var står vi?", "Samtal vid borden", "Frågestund"):
        assert not set(told_in(day, title)) & set(away)
    for page in pages:
        assert [text for text in away if f"{text}<" in page.html] == []


# --- in fives -------------------------------------------------------------------------------------------------------


def test_figures_move_in_fives_on_every_phone(day):
    """Whatever a phone showed of who agrees, answered or placed dots: never one to four, never a step of fewer."""
    moved: dict[str, list[int]] = defaultdict(list)
    for event in [*day.ears.events, *day.screen.events]:
        for row in re.findall(r'<li class="row">.*?</li>', "".join(event.parts().values()), re.S):
            words = re.search(r'class="voice small"[^>]*>(.*?)</p>', row)
            agree = re.search(r'<p class="quiet">([\d ]+) (?:håller med|agree)', row)
            if words:
                moved[words[1]].append(int(agree[1].replace(" ", "")) if agree else 0)
        words = event.words()
        for number in re.findall(r"(\d+) (?:personer har svarat|people have answered)", words):
            moved["answered"].append(int(number))
        for number in re.findall(r"(\d+) (?:har lagt prickar|have placed dots)", words):
            moved[f"dots {'lagt' in words}"].append(int(number))
    assert any(max(numbers) >= 5 for text, numbers in moved.items() if text.startswith("Fråga"))
    assert moved["dots True"], "the projector tells how many have placed dots"
    for text, numbers in moved.items():
        assert all(number == 0 or number >= 5 for number in numbers), (text, numbers)
        if text not in {"answered", day.wavering}:  # several polls; where some came and others left, five changed too
            steps = {abs(late - early) for early, late in pairwise(numbers) if late != early}
            assert all(step >= 5 for step in steps), (text, numbers)


# --- the minutes and the thread ---------------------------------------------------------------------------------------


def test_the_minutes_read_right(day, minutes):
    people = len(day.guests)
    assert "publicerade" in minutes.words
    done = lines(minutes, "Det här gjorde vi")
    parts = [
        "Välkommen: varför vi är här", "Hur har vi det i dag?", "Läget: vad är bestämt och vad är öppet?",
        "Var står vi?", "Paus", "Samtal vid borden", "Frågestund", "Hur var träffen?", "Vad lärde vi oss?",
    ]  # fmt: skip
    told = [
        re.sub(r"^[\d.]+(?:–[\d.]+)? | \(planerat.*", "", line) for line in done if not line.startswith("Hanns inte")
    ]
    assert told == [part for part in parts if part in told]  # held so fast, most of them took no time
    assert lines(minutes, FIRST)[0] == f"En fråga ställdes. {people_in(day, FIRST)} personer har svarat."
    lessons = f"En fråga ställdes. {len(day.lessons)} svar skrevs med egna ord."
    assert lines(minutes, "Vad lärde vi oss?")[0] == lessons
    cards = lines(minutes, "Samtal vid borden")
    dots = people - people % 5
    assert cards[0] == f"{people - 2} kort skrevs. De bildar 4 grupper. {dots} personer satte prickar."
    assert cards[-1] == f"Och {people - 2 - 30} till."
    asked = lines(minutes, "Dagens frågor")
    ended = len(day.answered) + 1 + len(day.left)
    all_told = "Alla har fått ett svar, ett löfte eller ett skäl."
    assert asked[0] == f"{ended} frågor ställdes. {all_told} {len(day.left) - 1} löften gavs."
    said = Counter(line.removeprefix("– ") for line in asked if line.startswith("– "))
    assert said == Counter([*day.answered, day.written, *day.left])
    assert asked[asked.index(f"– {day.answered[0]}") + 1] == "Besvarad på plats"
    assert sum(line.startswith("Lovad till ett datum") for line in asked) == len(day.left) - 1
    assert any(line.endswith("Det avgör någon annan. (Person 2)") for line in asked)
    promised = [line for line in lines(minutes, "Det vi lovade") if line.startswith("– ")]
    assert len(promised) == len(day.left)  # those with an owner, and the promise out of the board
    assert any("Vi ser över lokalerna med skyddsombuden. (Person 1, senast" in line for line in promised)
    assert lines(minutes, "Vilka var där")[0] == f"{people} kom."
    assert lines(minutes, "Det vi gör annorlunda nästa gång") == [f"– {day.lessons[0]}"]
    assert ".”." not in minutes.words
    for key in ("receipt", "None", "{", "%("):
        assert key not in minutes.words


def test_the_links_of_the_thread_hold(day, reader, minutes):
    """From the minutes to each promise, from it to the question, and from there to the minutes and back."""
    links = [(href, words) for href, words in minutes.links if "/i/" in href]
    promises = [(href, words) for href, words in links if words != "Vad det kom av"]
    assert len(promises) == len(day.left)
    for href, words in promises:
        page = reader.open(href)
        assert page.status == 200
        source = "Det här med lokalerna" if words.startswith("Vi ser över") else words
        assert source in page.words
        assert "Enhetsdag" in page.words, words
    whole = reader.open(minutes.link("Vad det kom av"))
    if "Tråden är längre" not in whole.words:  # of many it shows two hundred
        assert [text for text in (day.answered[0], day.written, day.lessons[0]) if text not in whole.words] == []
    assert ("Tråden är längre" in whole.words) == (len(day.guests) > 100)
    board = day.desk.open(f"{day.activities['Samtal vid borden']}board/desk/")
    thing = day.desk.open(board.link("Det här med schemat"))
    group = reader.open(next(href for href, _words in thing.links if "/i/" in href))
    assert "Dagens frågor" in group.words
    assert "Enhetsdag" in group.words


def test_a_receipt_tells_what_came_of_a_question(day):
    """Whoever asked without a name types six words, without an account."""
    assert len(day.receipts) == 3
    for text, words in day.receipts.items():
        browser = Browser(day.port)
        page = browser.press(browser.open("/o/ankeby/receipts/"), "Visa mina frågor", words=words)
        if text in day.hidden:
            expected = [NOT_NAMED]
        elif text in day.joined:
            expected = [text, day.joined_into]
        elif text in day.left:
            expected = ["Lovad till ett datum", "Enhetsdag"]
        else:
            expected = ["esvarad", "Enhetsdag"]
        assert [part for part in expected if part not in page.words] == [], (text, page.words)
        assert [other for other in day.askers if other not in (text, day.joined_into) and other in page.words] == []

"""In the room: coming in, seeing what is shown, sending; and what is refused."""

from __future__ import annotations

import json
import secrets
import threading

import pytest

from tests.live.serving import Phone


@pytest.fixture
def phone(served):
    hall, port = served
    made = Phone(port)
    assert made.join(hall.made["code"]) == 200
    return made


def test_the_code_leads_into_the_room_without_an_account(served):
    hall, port = served
    phone = Phone(port)
    status, headers, _body = phone.ask("GET", f"/j/{hall.made['code']}")
    assert (status, headers["location"]) == (303, f"/live/r/{hall.made['room']}/")
    assert "HttpOnly" in headers["set-cookie"]
    assert f"Path=/live/r/{hall.made['room']}/" in headers["set-cookie"]
    status, headers, body = phone.ask("GET", headers["location"])
    assert status == 200
    assert "default-src 'none'" in headers["content-security-policy"]
    assert "Frågor" in body.decode()
    assert "sessionid" not in phone.cookies


def test_a_wrong_code_opens_nothing(served):
    _hall, port = served
    assert Phone(port).join("AAAAAA") == 404


def test_without_a_ticket_the_room_leads_to_its_entrance(served):
    hall, port = served
    stranger = Phone(port)
    status, headers, _body = stranger.ask("GET", f"/live/r/{hall.made['room']}/")
    assert (status, headers["location"]) == (303, f"/o/ankeby/g/{hall.made['room']}/enter/")
    for what in ("stream", "state", "ticket"):
        assert stranger.ask("GET", f"/live/r/{hall.made['room']}/{what}")[0] == 403
    stranger.room = f"/live/r/{hall.made['room']}/"
    stranger.cookies["ticket"] = "2jg8swgyykt75.phone.0.9999999999..aaaaaaaaaaaaaaaa." + "A" * 32
    assert stranger.question(hall.made["activity"], "Får jag?")[0] == 403


def test_a_question_is_on_every_stream_and_the_asker_on_none(served, phone):
    hall, port = served
    other = Phone(port, "en")
    other.join(hall.made["code"])
    stream = other.stream()
    stream.next()
    status, told = phone.question(hall.made["activity"], "Vem bestämmer när två chefer vill olika?")
    assert status == 200
    assert len(told["receipt"].split()) == 6
    stream.until("Vem bestämmer när två chefer vill olika?")
    for secret in (phone.key, told["receipt"], phone.cookies["ticket"]):
        assert secret.encode() not in stream.bytes
    stream.close()


def test_sent_twice_is_taken_once(served, phone):
    hall, _port = served
    key = secrets.token_hex(16)
    for _time in range(3):
        assert phone.question(hall.made["activity"], "Kommer den här två gånger?", key)[0] == 200
    assert hall.prepare("count")["texts"].count("Kommer den här två gånger?") == 1


def test_a_faulty_sending_costs_no_other(served, phone):
    hall, port = served
    activity, answers = hall.made["activity"], {}
    phones = [Phone(port) for _ in range(30)]
    for one in phones:
        one.cookies = dict(phone.cookies)
        one.room = phone.room
        one.cookies.pop("ticket")
        one.join(hall.made["code"])

    def send(number: int) -> None:
        text = "" if number % 3 == 0 else f"Fråga nummer {number} av trettio"
        answers[number] = phones[number].question(activity, text)

    threads = [threading.Thread(target=send, args=(number,)) for number in range(30)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert {number for number, (status, _told) in answers.items() if status == 422} == set(range(0, 30, 3))
    assert answers[0][1]["error"] == "Skriv din fråga."
    assert answers[0][1]["field"] == "text"
    texts = hall.prepare("count")["texts"]
    assert {f"Fråga nummer {number} av trettio" for number in range(30) if number % 3} <= set(texts)


def test_only_our_own_pages_send(served, phone):
    hall, _port = served
    for origin in ("https://elsewhere.example", "null"):
        body = {"text": "Får jag?", "post_key": secrets.token_hex(16)}
        assert phone.send("ask", hall.made["activity"], origin=origin, **body)[0] == 403
    assert phone.ask("POST", f"{phone.room}send", "do=ask")[0] == 403  # no origin at all
    assert phone.ask("GET", f"{phone.room}send")[0] == 405


def test_what_is_not_for_this_room_is_refused(served, phone):
    hall, _port = served
    assert phone.question("2uq883r2j9zxu", "Till en annan aktivitet")[0] == 400
    assert phone.send("hide", hall.made["activity"])[0] == 422
    assert phone.send("__class__", hall.made["activity"])[0] == 422
    assert phone.question(hall.made["activity"], "x" * 20_000)[0] == 413
    assert phone.question(hall.made["activity"], "x" * 5_000)[0] == 422
    assert phone.send("ask", hall.made["activity"], text="Utan nyckel", post_key="nej")[0] == 422


def test_likes_move_in_fives_and_each_browser_counts_once(served):
    hall, port = served
    activity = hall.made["activity"]
    phones = [Phone(port) for _ in range(6)]
    for one in phones:
        one.join(hall.made["code"])
    phones[0].question(activity, "Håller ni med mig?")
    stream = phones[0].stream()
    stream.until("Håller ni med mig?")
    listed = stream.parts["k-list"].partition("Håller ni med mig?")[2]
    question = listed.partition('name="question" value="')[2][:13]
    for one in phones[:4]:
        for _time in range(2):
            assert one.send("like", activity, question=question, on="1")[0] == 200
    _status, _headers, page = phones[0].ask("GET", phones[0].room)
    assert "håller med</p>" not in page.decode().partition("Håller ni med mig?")[2].partition("</li>")[0]
    phones[4].send("like", activity, question=question, on="1")
    stream.until("5 håller med")
    stream.close()
    assert phones[5].send("like", activity, question="2uq883r2j9zxu", on="1")[0] == 422
    stored = [like for like in hall.prepare("count")["likes"] if like[0] == "Håller ni med mig?"]
    assert len(stored) == 5


def test_what_is_hidden_leaves_every_stream(served, phone):
    hall, _port = served
    phone.question(hall.made["activity"], "Varför är just Kalle Anka så dålig?")
    stream = phone.stream()
    stream.until("Kalle Anka")
    hall.prepare("hide", "Varför är just Kalle Anka så dålig?")
    while "Kalle Anka" in "".join(stream.parts.values()):
        stream.next()
    stream.close()
    again = phone.stream()
    again.next()
    assert b"Kalle Anka" not in again.bytes
    again.close()


def test_a_flood_from_one_browser_is_held_back(served, phone):
    hall, _port = served
    statuses = [phone.send("like", hall.made["activity"], question="x", on="1")[0] for _ in range(60)]
    assert 429 in statuses
    other = Phone(phone.port)
    other.join(hall.made["code"])
    assert other.question(hall.made["activity"], "Jag kommer fram ändå?")[0] == 200


def test_without_scripts_a_question_is_sent_and_the_room_comes_again(served, phone):
    hall, _port = served
    body = f"activity={hall.made['activity']}&do=ask&post_key=&text=Utan+skript%3F"
    form = {"Content-Type": "application/x-www-form-urlencoded", "Origin": f"http://localhost:{phone.port}"}
    status, headers, _body = phone.ask("POST", f"{phone.room}send", body, **form)
    assert (status, headers["location"]) == (303, f"{phone.room}?sent=1")
    assert len(phone.cookies[f"voter-{hall.made['activity']}"]) == 32
    assert "Utan skript?" in phone.ask("GET", headers["location"])[2].decode()


def test_the_screen_is_dark_or_light_as_its_address_says(served, phone):
    made, _port = served
    phone.cookies["ticket"] = made.prepare("tickets", "1", "", "desk")["tickets"][0]
    for asked, shown in (("", "dark"), ("&theme=light", "light"), ("&theme=none", "dark")):
        assert f'data-theme="{shown}"' in phone.ask("GET", f"{phone.room}?view=screen{asked}")[2].decode()


def test_the_screen_and_the_desk_are_not_for_phones(served, phone):
    for view in ("screen", "desk"):
        assert phone.stream(view).status == 403
        assert phone.ask("GET", f"{phone.room}?view={view}")[0] == 403
        assert phone.ask("GET", f"{phone.room}state?view={view}")[0] == 403


def test_a_new_code_sends_everybody_out(served):
    hall, port = served
    inside = Phone(port)
    inside.join(hall.made["code"])
    stream = inside.stream()
    stream.next()
    hall.made["code"] = hall.prepare("command", "anew")["code"]
    stream.read_to_the_end()
    assert inside.ask("GET", f"{inside.room}state")[0] == 403
    assert inside.join(hall.made["code"]) == 200


def test_when_it_is_closed_nothing_is_taken_and_the_words_say_so(served, phone):
    hall, port = served
    hall.prepare("command", "close")
    status, told = phone.question(hall.made["activity"], "För sent?")
    assert status == 422
    assert told["error"].startswith("Det här är stängt")
    english = Phone(port, "en")
    english.join(hall.made["code"])
    assert english.question(hall.made["activity"], "Too late?")[1]["error"].startswith("This is closed")
    hall.prepare("command", "undo")
    assert phone.question(hall.made["activity"], "Öppet igen?")[0] == 200


def test_when_it_is_over_a_phone_is_led_to_the_entrance_and_the_desk_to_itself(served, phone):
    hall, _port = served
    hall.prepare("command", "end")
    for view, goal in (("phone", "/enter/"), ("desk", "/run/")):
        status, _headers, body = phone.ask("GET", f"{phone.room}state?view={view}")
        assert status == 403
        assert json.loads(body)["entrance"].endswith(goal)
    hall.prepare("command", "undo")
    assert phone.ask("GET", f"{phone.room}state")[0] == 200

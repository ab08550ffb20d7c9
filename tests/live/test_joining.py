"""Coming in, over HTTP: the passcode, wrong tries and whom they count against, and the alarm that many raise."""

from __future__ import annotations

import http.client
from collections.abc import Iterator
from urllib.parse import urlencode

import pytest

from tests.live.serving import Hall, Phone, hall

PASSCODE = "Kanelbulle-7"
ALPHABET = "ACDEFGHJKMNPQRTUVWXY"


@pytest.fixture(scope="module")
def door(tmp_path_factory) -> Iterator[tuple[Hall, int]]:
    """A room with a passcode, and the port on which it is served."""
    with hall(tmp_path_factory.mktemp("hall")) as made:
        made.prepare("passcode", PASSCODE)
        yield made, made.start()


class Visitor(Phone):
    """A phone at an address of its own."""

    def __init__(self, port: int, address: str) -> None:
        super().__init__(port)
        self.address = address

    def connection(self) -> http.client.HTTPConnection:
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=20, source_address=(self.address, 0))

    def say(self, code: str, passcode: str) -> tuple[int, dict[str, str], bytes]:
        """Write the passcode in the form behind a code."""
        if "csrftoken" not in self.cookies:
            self.ask("GET", f"/j/{code}")
        body = urlencode({"passcode": passcode, "csrfmiddlewaretoken": self.cookies["csrftoken"]})
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Origin": f"http://localhost:{self.port}"}
        return self.ask("POST", f"/j/{code}", body, **headers)


def wrong_codes(number: int, start: int = 0) -> list[str]:
    """Codes as they could be; none of them is the room's but by a chance of one in millions."""
    found = []
    for place in range(start, start + number):
        first, rest = divmod(place, 400)
        found.append("WWW" + ALPHABET[first] + ALPHABET[rest // 20] + ALPHABET[rest % 20])
    return found


def test_without_the_passcode_nobody_is_in(door):
    made, port = door
    code, visitor = made.made["code"], Visitor(port, "127.0.0.2")
    status, _headers, body = visitor.ask("GET", f"/j/{code}")
    assert (status, "ticket" in visitor.cookies) == (200, False)
    assert 'name="passcode"' in body.decode()
    status, _headers, _body = visitor.say(code, "")
    assert (status, "ticket" in visitor.cookies) == (422, False)
    room = f"/live/r/{made.made['room']}/"
    status, headers, _body = visitor.ask("GET", room)
    assert (status, headers["location"]) == (303, f"/o/ankeby/g/{made.made['room']}/enter/")
    assert visitor.ask("GET", f"{room}state")[0] == 403


def test_a_wrong_one_is_refused_and_the_right_one_leads_in_and_stays(door):
    made, port = door
    code, visitor = made.made["code"], Visitor(port, "127.0.0.3")
    status, _headers, body = visitor.say(code, "Kanelbulle-8")
    assert (status, "ticket" in visitor.cookies) == (422, False)
    assert "Kanelbulle-8" not in visitor.cookies.values()
    assert PASSCODE not in body.decode()
    status, headers, _body = visitor.say(code, f" {PASSCODE.lower()} ")
    assert (status, headers["location"]) == (302, f"/live/r/{made.made['room']}/")
    for _reload in range(2):
        assert visitor.ask("GET", headers["location"])[0] == 200
    visitor.room = headers["location"]
    assert visitor.question(made.made["activity"], "Får jag vara med?")[0] == 200


def test_it_stands_in_no_address_no_cookie_and_no_log(door):
    made, port = door
    code, visitor = made.made["code"], Visitor(port, "127.0.0.4")
    said = [visitor.say(code, word) for word in ("Fel-ord-99", PASSCODE)]
    for _status, headers, _body in said:
        for word in ("fel-ord-99", PASSCODE.lower()):
            assert word not in str(headers).lower()
    assert PASSCODE.lower() not in str(visitor.cookies).lower()
    log = made.log(port).lower()
    for word in ("fel-ord-99", PASSCODE.lower(), code.lower(), "127.0.0.4"):
        assert word not in log


def test_wrong_ones_count_against_their_address_alone(door):
    made, port = door
    code, guessing = made.made["code"], Visitor(port, "127.0.0.5")
    answers = [guessing.say(code, f"fel{number}")[0] for number in range(12)]
    assert answers == [422] * 10 + [429] * 2
    assert guessing.say(code, PASSCODE)[0] == 429
    assert Visitor(port, "127.0.0.6").say(code, PASSCODE)[0] == 302


def test_right_ones_never_count_and_make_room_for_those_who_mistype_beside_them(door):
    """A whole room shares one address."""
    made, port = door
    code = made.made["code"]
    assert [Visitor(port, "127.0.0.7").say(code, PASSCODE)[0] for _phone in range(25)] == [302] * 25
    mistyping = Visitor(port, "127.0.0.7")
    assert [mistyping.say(code, "fel")[0] for _try in range(20)] == [422] * 20
    assert mistyping.say(code, PASSCODE)[0] == 302


def test_wrong_codes_count_against_their_address_and_right_ones_never(door):
    made, port = door
    right = Visitor(port, "127.0.0.8")
    assert {right.ask("GET", f"/j/{made.made['code']}")[0] for _time in range(80)} == {200}
    wrong = Visitor(port, "127.0.0.9")
    answers = [wrong.ask("GET", f"/j/{code}")[0] for code in wrong_codes(62)]
    assert answers == [404] * 60 + [429] * 2
    assert wrong.ask("GET", f"/j/{made.made['code']}")[0] == 429
    assert right.ask("GET", f"/j/{made.made['code']}")[0] == 200


def test_many_wrong_codes_from_many_addresses_raise_one_alarm_that_names_nobody(door):
    made, port = door
    assert "wrong codes" not in made.log(port)
    for number in range(1, 41):
        visitor = Visitor(port, f"127.0.1.{number}")
        for code in wrong_codes(6, start=number * 6):
            assert visitor.ask("GET", f"/j/{code}")[0] == 404
    log = made.log(port)
    assert log.count("wrong codes") == 1
    for word in ("127.0.", "WWW", made.made["code"]):
        assert word not in log

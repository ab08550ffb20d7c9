"""Bad requests to every address: other methods and bodies, forged cookies and hosts, missing tokens, long queries."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from samsyn.core.addresses import address as path_to
from samsyn.programmes.access import activity_path
from tests.robustness.estate import ADDRESSES
from tests.robustness.trying import Trier, visitor_of
from tests.sampling import chosen

pytestmark = pytest.mark.sampled
FORM = "application/x-www-form-urlencoded"
BODIES = [
    ("application/json", b'{"a": [1, {"b":'),
    ("application/json", b""),
    ("text/plain", b"\xff\xfe\x00"),
    (FORM, b""),
    (FORM, b"text=%ff%fe%00&title_sv=%c3&%ff=1&a=%"),
    (f"{FORM}; charset=utf-16", b"t\x00e\x00x\x00t\x00=\x00a\x00"),
    (f"{FORM}; charset=klingon", b"text=a"),
    ("multipart/form-data; boundary=x", b"--x\r\nContent-Disposition: form-data; nam"),
    ("multipart/form-data; boundary=\xe5", b"--x--"),
    ("multipart/form-data", b"--x--"),
    (
        "multipart/form-data; boundary=x",
        b'--x\r\nContent-Disposition: form-data; name="file"; filename="../../\x00.csv"\r\n\r\n\x00\xff\r\n--x--\r\n',
    ),
]
QUERIES = [
    "page=-1&page=99999999999999999999&page=%00",
    "show=x&part=y&heading=%00&as=%00&code=%00&to=%00&to=x",
    "day=9999-99-99&chapter=zz&of=%C2%B2&of=99999999999999999999&of=%D9%A3",
    f"text={'x' * 60_000}&unit={'y' * 2000}",
    "next=//evil.example&%ff=%ff&" + "&".join(f"a{number}=1" for number in range(1500)),
]
METHODS = ("HEAD", "PUT", "DELETE", "PATCH", "OPTIONS")
JUNK = ["", "\x00", "x" * 4000, "ÅÄÖ", "a;b=c", "%00", '"', "0" * 32, "g" * 32, "2" * 13, "a.b:c", "[]", "../.."]


def kind(response) -> int:
    return response.status_code


def test_no_address_breaks_on_another_method_or_body(estate):
    triers = {role: Trier(estate.client(role)) for role in ("lead", "staff", "operator", "nobody")}
    for place, address in enumerate(ADDRESSES):
        path = estate.path(address)
        trier = triers[visitor_of(address)]
        for method in chosen(METHODS, place, 1):
            assert kind(trier(method, path)) < 500, f"{method} {address.name}"
        for content_type, body in chosen(BODIES, place, 2):
            response = trier("POST", path, data=body, content_type=content_type)
            assert kind(response) < 500, f"{address.name}: {content_type}"
        content_type, body = BODIES[place % len(BODIES)]
        assert kind(triers["nobody"]("POST", path, data=body, content_type=content_type)) < 500, address.name


def test_no_page_breaks_on_a_strange_query(estate):
    triers = {role: Trier(estate.client(role)) for role in ("lead", "staff", "operator")}
    for place, address in enumerate(ADDRESSES):
        for query in chosen(QUERIES, place, 1):
            response = triers[visitor_of(address)]("GET", estate.path(address), QUERY_STRING=query)
            assert kind(response) < 500, f"{address.name}?{query[:60]}"


def test_every_state_of_an_activity_answers_every_address(estate):
    trier = Trier(estate.client("lead"))
    for place, address in enumerate(ADDRESSES):
        for state in chosen(("draft", "closed", "published"), place, 1):
            if "activity" in address.parts:
                for method in ("GET", "POST"):
                    where = f"{method} {address.name} while {state}"
                    assert kind(trier(method, estate.path(address, state))) < 500, where


def test_a_form_without_its_token_is_refused_everywhere(estate):
    exempt = {"jobs:letters"}  # the address itself is the proof
    text = "Det här skrev jag länge på"
    clients = {role: Client(enforce_csrf_checks=True) for role in ("lead", "staff", "operator")}
    for role, client in clients.items():
        client.cookies = estate.client(role).cookies
        client.cookies["csrftoken"] = "a" * 32
    for place, address in enumerate(ADDRESSES):
        for token in chosen(("", "b" * 32, "a" * 31), place, 1):
            client = clients[visitor_of(address)]
            sent = {"text": text, "csrfmiddlewaretoken": token}
            response = client.post(estate.path(address), sent)
            if address.name in exempt:
                assert kind(response) in {302, 404}
                continue
            assert kind(response) == 403, address.name
            assert text in response.content.decode(), f"{address.name}: what was typed is gone"


@pytest.mark.parametrize("name", ["entry", "voter", "language", "sessionid", "csrftoken", "messages", "sign-in"])
def test_forged_cookies_are_no_cookies(estate, name):
    activity = estate.activities["questions", "open"]
    paths = [path_to("questions:page", activity=activity.pk), path_to("home:receipts"), reverse("account_login"), "/"]
    for junk in JUNK:
        client = Client()
        client.cookies.load({name: junk})
        for path in paths:
            assert kind(client.get(path)) in {200, 302}, f"{name}={junk!r} at {path}"
    client = estate.client("staff")
    client.cookies["voter"] = "'; drop table questions_like; --"
    liked = client.post(path_to("questions:like", activity=activity.pk, question=estate.parts["question"]), {"on": "1"})
    assert kind(liked) == 302
    assert liked.cookies["voter"].value != "'; drop table questions_like; --"


def test_a_cookie_of_one_activity_opens_no_other(estate, neighbour):
    mine = estate.world.activity(state="open", entry="code")
    other = estate.world.activity(state="open", entry="code")
    client = Client()
    client.get(f"/j/{mine.code}")
    assert kind(client.get(f"{activity_path(mine)}questions/")) == 200
    client.cookies["entry"]["path"] = "/"
    assert kind(client.get(f"{activity_path(other)}questions/")) == 302
    theirs = neighbour.activities["questions", "open"]
    with neighbour.entered():
        path = activity_path(theirs)
    assert kind(client.get(f"{path}questions/")) == 302
    swapped = activity_path(mine).replace(f"/o/{estate.slug}/", f"/o/{neighbour.slug}/")
    assert kind(client.get(f"{swapped}questions/")) == 302


def test_unknown_hosts_are_refused(estate, settings):
    for host in ("evil.example", "testserver.evil.example", "a" * 300, "[::1", "testserver\x00"):
        response = Client(headers={"host": host}).get("/")
        assert kind(response) == 400, host
    response = Client(headers={"x-forwarded-host": "evil.example"}).get(path_to("home:receipts"))
    assert b"evil.example" not in response.content


@pytest.mark.parametrize("where", ["//evil.example", "https://evil.example/", "/\\evil.example", "javascript:alert(1)"])
def test_nothing_leads_to_another_site(estate, where):
    client = estate.client("staff")
    for response in (
        client.post(reverse("set_language"), {"language": "en", "next": where}),
        client.post(f"{reverse('set_language')}?next={where}", {"language": "en"}),
        client.post(reverse("set_language"), {"language": "en"}, headers={"referer": where}),
        client.get(reverse("account_login"), {"next": where}),
        client.post(reverse("account_logout"), {"next": where}),
    ):
        assert "evil" not in response.get("Location", "")
        assert "javascript" not in response.get("Location", "")
        assert "//evil.example" not in response.content.decode().replace(f"?next={where}", "")


def test_a_code_from_the_wall_may_be_anything(estate):
    for typed in ("", " ", "\x00", "x" * 5000, "åäö", "../..", "%2e%2e", "٣٤٥٦٧٨", "K7R 4PM", "\u202e", "😀", "a/b"):
        assert kind(Client().get("/j/", {"code": typed}, follow=True)) in {200, 404, 422, 429}, typed

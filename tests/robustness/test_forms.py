"""Bad input against every form: a clear message or a page, what was typed is there again, never an error of ours."""

from __future__ import annotations

import html
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection, transaction

from tests.robustness.estate import Estate, keep_estate
from tests.robustness.trying import KNOWN, forms
from tests.sampling import EVERYTHING, chosen

SCRIPT = "<script>alert(1)</script>"
HARMLESS = [
    SCRIPT,
    '"><img src=x onerror=alert(1)>',
    "{0} %s %(x)s {name} {{ 7|add:7 }} {% now 'Y' %}",
    "=cmd|' /C calc'!A0",
    "\u202e\u200b\ufeffspegel\u2066",
    "😀" * 30,
    "Z̸̡͓a̴l̷g̵o" * 4,
    "ſİıß" * 5,
]
WRONG = [
    "",
    "\x00",
    "mitt\x00i",
    "\ud800",
    "a" * 100_000,
    "-1",
    "0",
    "9" * 5000,
    "99999999999999999999",
    "4611686018427387905",
    "9999-12-31",
    "0001-01-01",
    "-0001-01-01",
    "2026-02-30",
    "1e5",
    "nan",
    "²",
    "٣٤",
    "null",
    "../../etc/passwd",
    "a\r\nBcc: x@y.example",
    "true",
]
MIXED = [*WRONG, *HARMLESS]
# What a field of a kind is most easily broken by is tried in every run.
ALWAYS = {
    "date": ["0001-01-01", "9999-12-31"],
    "datetime-local": ["0001-01-01", "9999-12-31"],
    "number": ["99999999999999999999", "-1"],
}
# The one database is sent other values than the other: each reads numbers, days and signs in its own way.
FIRST = 0 if connection.vendor == "sqlite" else len(MIXED) // 2
pytestmark = [pytest.mark.sampled, pytest.mark.django_db]
STATES = ("draft", "open", "closed", "published") if EVERYTHING else ("open", "closed")


@pytest.fixture(scope="module")
def estate(django_db_setup: None, django_db_blocker: Any) -> Iterator[Estate]:
    """One for all tests here: each undoes what it did, and the forms are loaded once."""
    with django_db_blocker.unblock(), keep_estate("ankeby") as made:
        for states in (("open",), STATES):
            forms(made, states=states)  # before the first test, which undoes what it does, sign-ins too
        yield made


def check(response, sent: dict[str, str], where: str) -> None:
    """What must hold of every answer."""
    assert response.status_code < 500, where
    if response.status_code == 302:
        return
    body = response.content.decode()
    assert SCRIPT not in body, f"{where}: a script came back as it was"
    assert "onerror=alert(1)>" not in body.replace("&gt;", "").replace(
        html.escape('"><img src=x onerror=alert(1)>'), ""
    )
    if response.status_code == 422:
        assert 'class="error' in body or "error" in body, f"{where}: refused without a word"


def test_every_form_takes_bad_values(estate):
    tried = 0
    for trier, address, form in forms(estate, states=STATES):
        sound = form.filled(**KNOWN)
        for field in form.fields.values():
            if field.name == "csrfmiddlewaretoken" or field.kind == "file":
                continue
            for bad in dict.fromkeys([*chosen(MIXED, tried + FIRST, 1), *ALWAYS.get(field.kind, [])]):
                tried += 1
                sent = {**sound, field.name: bad}
                check(trier.post(form.action, sent), sent, f"{address.name}, {field.name}={bad[:40]!r}")
        for bad in chosen(MIXED, tried + FIRST, 1):
            tried += 1
            sent = {name: bad for name in form.fields if name != "csrfmiddlewaretoken"}
            check(trier.post(form.action, sent), sent, f"{address.name}, all={bad[:40]!r}")
    assert tried > 500


def test_what_was_typed_is_on_the_page_again(estate):
    """Every text of a form that is refused for one field stands in the others again, escaped."""
    typed = "Skrivet <b>med</b> möda & omsorg"
    looked_at = 0
    for trier, address, form in forms(estate):
        texts = [field.name for field in form.fields.values() if field.kind == "text" and field.name not in KNOWN]
        others = [field for field in form.fields.values() if field.kind in {"date", "email", "choice", "text"}]
        for broken in others:
            sent = {**form.filled(**KNOWN), **dict.fromkeys(texts, typed), broken.name: "\x00"}
            response = trier.post(form.action, sent)
            check(response, sent, address.name)
            if response.status_code == 422:
                kept = [name for name in texts if name != broken.name]
                body = response.content.decode()
                assert typed not in body
                assert body.count(html.escape(typed)) >= len(kept), f"{address.name}: {broken.name} lost the rest"
                looked_at += 1
            if not EVERYTHING:
                break
    assert looked_at > 10


def test_every_form_sent_twice(estate):
    """The second time nothing breaks: the same page, the same result, or a clear word."""
    for trier, address, form in forms(estate, states=STATES if EVERYTHING else ("open",)):
        sound = form.filled(**KNOWN)
        with transaction.atomic():
            first = trier.client.post(form.action, sound)
            second = trier.client.post(form.action, sound)
            transaction.set_rollback(True)
        trier.client.cookies.clear()
        trier.client.cookies.update(trier._cookies)
        assert first.status_code < 500, address.name
        assert second.status_code < 500, address.name


def test_far_too_many_fields_are_refused(estate):
    for trier, address, form in forms(estate):
        many = {f"felt_{number}": "x" for number in range(2500)}
        response = trier.post(form.action, {**form.filled(**KNOWN), **many})
        assert response.status_code == 400, address.name
        assert b"<h1>" in response.content
        break

"""What goes wrong is logged without content, identities or secrets."""

import logging
import sys

from samsyn.config.logs import NothingPersonal, PlainFormatter


def logged(message: str, *args: object, error: Exception | None = None) -> str:
    info = None
    if error is not None:
        try:
            raise error
        except type(error):
            info = sys.exc_info()
    record = logging.LogRecord("x", logging.ERROR, "x.py", 1, message, args, info)
    NothingPersonal().filter(record)
    return PlainFormatter("{levelname} {name}: {message}", style="{").format(record)


def test_addresses_lose_what_is_secret_in_them():
    line = logged("Not Found: %s", "/o/x/invitation/s3cret-word/?mail=a.b@c.example")
    assert "s3cret" not in line
    assert "a.b@c.example" not in line
    assert logged("%s", "/j/K7R4PM").endswith("/j/…")


def test_an_errors_words_stay_out():
    line = logged("failed", error=ValueError("what somebody wrote"))
    assert "what somebody wrote" not in line
    assert "ValueError" in line
    assert "test_logs.py" in line

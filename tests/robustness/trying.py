"""Trying an address without keeping anything, and what must hold of every answer."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.db import connection, transaction
from django.test import Client

from tests.architecture.addresses import Address
from tests.robustness.estate import ADDRESSES, Estate
from tests.robustness.pages import PageForm, forms_of

# What fits in a line of text, by the name of the field.
KNOWN = {
    **dict.fromkeys(("owner", "contact", "responsible"), "Owner"),
    **dict.fromkeys(("person", "manager"), "Member"),
    **dict.fromkeys(("unit", "parent", "into"), "a"),
}
NOT_OURS = ("/accounts/logout/", "/language/")


def visitor_of(address: Address) -> str:
    """Who may open it."""
    if address.name.startswith("statement:report"):
        return "operator"
    return "staff" if address.name in {"questions:ask", "questions:like", "questions:page", "board:write"} else "lead"


class Writes:
    """What was written meanwhile and stays: statements that change a row, sessions apart."""

    def __init__(self) -> None:
        self.found: list[str] = []
        self._before: dict[str, int] = {}

    def __enter__(self) -> Writes:
        self._noting = connection.execute_wrapper(self._note)
        self._noting.__enter__()
        return self

    def __exit__(self, *error: Any) -> None:
        self._noting.__exit__(*error)

    def _note(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        verb, _space, rest = sql.partition(" ")
        if verb == "SAVEPOINT":
            self._before[rest] = len(self.found)
        elif verb == "ROLLBACK":
            del self.found[self._before.get(rest.removeprefix("TO SAVEPOINT "), 0) :]
        elif verb in {"INSERT", "UPDATE", "DELETE"} and "django_session" not in sql:
            self.found.append(sql[:200])
        return execute(sql, params, many, context)


def said_no(response: Any) -> bool:
    """Whether the page that follows will say what was refused."""
    return any(message.level >= messages.WARNING for message in messages.get_messages(response.wsgi_request))


class Trier:
    """A browser whose requests leave nothing behind, neither in the database nor in its cookies."""

    def __init__(self, client: Client) -> None:
        self.client = client
        self.client.raise_request_exception = True
        self._cookies = dict(client.cookies)
        self.wrote: list[str] = []  # what the latest request would have left behind

    def __call__(self, method: str, path: str, **kwargs: Any) -> Any:
        """Send it and undo what it did. An error of ours is raised as it came, with what was sent."""
        try:
            with transaction.atomic():
                with Writes() as writes:
                    response = self.client.generic(method.upper(), path, **kwargs)
                    if response.streaming:
                        b"".join(response.streaming_content)
                self.wrote = writes.found
                if self.wrote:
                    connection.check_constraints()
                transaction.set_rollback(True)
        except Exception as error:
            error.add_note(f"{method} {path} {str(kwargs)[:600]}")
            raise
        finally:
            self.client.cookies.clear()
            self.client.cookies.update(self._cookies)
        return response

    def post(self, path: str, data: dict[str, Any]) -> Any:
        """Send a form."""
        from urllib.parse import urlencode

        body = urlencode(data, doseq=True, errors="surrogatepass")
        return self("POST", path, data=body, content_type="application/x-www-form-urlencoded")


Found = tuple[Trier, Address, PageForm]


def forms(estate: Estate, *, states: tuple[str, ...] = ("open",)) -> list[Found]:
    """Every form of every page, once, with a browser that may send it; the pages are read once for an estate."""
    if states not in estate.forms:
        estate.forms[states] = list(_forms(estate, states))
    return estate.forms[states]


def _forms(estate: Estate, states: tuple[str, ...]) -> Iterator[Found]:
    triers: dict[str, Trier] = {}
    seen = set()
    for address in ADDRESSES:
        for state in states if "activity" in address.parts else states[:1]:
            role = visitor_of(address)
            trier = triers.setdefault(role, Trier(estate.client(role)))
            path = estate.path(address, state)
            page = trier("GET", path)
            if page.status_code != 200 or not page.get("Content-Type", "").startswith("text/html"):
                continue
            for form in forms_of(page.content.decode(), path):
                kind = (form.action.split("?")[0], tuple(sorted(form.fields)))
                if form.method == "post" and form.action not in NOT_OURS and kind not in seen:
                    seen.add(kind)
                    yield trier, address, form

"""The forms of a page, as a browser would send them."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin

_TICKED = {"checkbox", "radio"}


@dataclass
class Field:
    """One input: its name, type, value, and for choices all that can be chosen."""

    name: str
    kind: str
    value: str = ""
    choices: list[str] = field(default_factory=list)


@dataclass
class PageForm:
    """One form of a page."""

    action: str
    method: str
    fields: dict[str, Field] = field(default_factory=dict)

    @property
    def has_file(self) -> bool:
        return any(found.kind == "file" for found in self.fields.values())

    def values(self) -> dict[str, str]:
        """What a browser would send if nobody changed anything."""
        return {name: found.value for name, found in self.fields.items() if found.kind != "file" and found.value}

    def filled(self, **known: str) -> dict[str, str]:
        """The same with something that fits in each empty field; `known`: what fits in a line of text, by name."""
        found = {entry.name: _fitting(entry, known) for entry in self.fields.values() if entry.kind != "file"}
        found.pop("csrfmiddlewaretoken", None)
        return {name: value for name, value in found.items() if value}


_FITTING = {
    "date": "2026-03-20",
    "email": "nagon@ankeby.example",
    "number": "1",
    "text": "Något nytt att säga",
    "password": "x",
    "button": "",
    "hidden": "",
}


def _fitting(entry: Field, known: dict[str, str]) -> str:
    if entry.value:
        return entry.value
    if entry.kind == "choice":
        return next((value for value in entry.choices if value), "")
    return known.get(entry.name) or _FITTING.get(entry.kind, "")


class _Reader(HTMLParser):
    def __init__(self, path: str) -> None:
        super().__init__()
        self.path, self.forms = path, []
        self._form: PageForm | None = None
        self._area: Field | None = None
        self._select: Field | None = None

    def handle_starttag(self, tag, attrs):
        values = {name: value or "" for name, value in attrs}
        if tag == "form":
            action = urljoin(self.path, values.get("action") or self.path)
            self._form = PageForm(action, values.get("method", "get").lower())
            self.forms.append(self._form)
        if self._form is None or (not values.get("name") and tag != "option"):
            return
        if tag == "input":
            self._input(values)
        elif tag == "textarea":
            self._area = self._form.fields.setdefault(values["name"], Field(values["name"], "text"))
        elif tag == "select":
            self._select = self._form.fields.setdefault(values["name"], Field(values["name"], "choice"))
        elif tag == "option" and self._select is not None:
            self._select.choices.append(values.get("value", ""))
            if "selected" in values:
                self._select.value = values.get("value", "")
        elif tag == "button":
            found = self._form.fields.setdefault(values["name"], Field(values["name"], "button"))
            found.choices.append(values.get("value", ""))

    def _input(self, values):
        kind = values.get("type", "text")
        kind = "choice" if kind in _TICKED else kind
        found = self._form.fields.setdefault(values["name"], Field(values["name"], kind))
        if kind != "choice":
            found.value = values.get("value", "")
            return
        found.choices.append(values.get("value", "on"))
        if "checked" in values:
            found.value = values.get("value", "on")

    def handle_data(self, data):
        if self._area is not None:
            self._area.value += data.removeprefix("\n") if not self._area.value else data

    def handle_endtag(self, tag):
        if tag == "form":
            self._form = None
        elif tag == "textarea":
            self._area = None
        elif tag == "select":
            self._select = None


def forms_of(html: str, path: str) -> list[PageForm]:
    """Every form of a page."""
    reader = _Reader(path)
    reader.feed(html)
    return reader.forms

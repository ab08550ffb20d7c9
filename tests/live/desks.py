"""Somebody at a desk: signed in, they open pages and send the forms on them, as a browser without scripts does."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urlencode, urljoin

from tests.live.serving import Phone

PASSWORD = "tre-lugna-ord-till"  # of everybody whom `prepare.make` makes
_TICKED = {"checkbox", "radio"}
_MOST_REDIRECTS = 5
_WRONG = re.compile(r'<[^>]*class="[^"]*(?:error|bad)[^"]*"[^>]*>([^<]*)<')


@dataclass
class Control:
    """Something that can be filled in. `choices`: what can be chosen, with the words beside it."""

    name: str
    kind: str
    values: list[str] = field(default_factory=list)
    choices: list[tuple[str, str]] = field(default_factory=list)

    def value_of(self, wanted: str) -> str:
        """What is sent for a value; for a choice also by how its words begin."""
        if self.kind != "choice":
            return wanted
        known = [value for value, words in self.choices if wanted == value or words.startswith(wanted)]
        assert known, f"{wanted!r} cannot be chosen in {self.name!r}: {self.choices}"
        return known[0]


@dataclass
class Button:
    """A button that sends its form."""

    words: str
    name: str
    value: str
    action: str


@dataclass
class FilledForm:
    """A form as it stands on the page."""

    action: str
    method: str
    controls: dict[str, Control] = field(default_factory=dict)
    buttons: list[Button] = field(default_factory=list)

    def sent(self, button: Button, values: dict[str, str | list[str]]) -> list[tuple[str, str]]:
        """What a browser sends when the button is pressed and these fields hold something else than they did."""
        assert set(values) <= set(self.controls), (set(values) - set(self.controls), list(self.controls))
        pairs = []
        for control in self.controls.values():
            given = values.get(control.name, control.values)
            given = [given] if isinstance(given, str) else given
            pairs += [(control.name, control.value_of(value) if value else "") for value in given]
        return [*pairs, (button.name, button.value)] if button.name else pairs


class _Reader(HTMLParser):
    """Reads forms, links and words out of a page. Controls may stand outside of the form that their `form` names."""

    def __init__(self, path: str) -> None:
        super().__init__()
        self.path = path
        self.forms: dict[str, FilledForm] = {}
        self.links: list[tuple[str, str]] = []
        self.words: list[str] = []
        self._labels: dict[str, str] = {}
        self._ticked: list[tuple[Control, int, str]] = []
        self._inside = ""
        self._catching: list[tuple[str, list[str], dict[str, str], Control | None]] = []
        self._select: Control | None = None

    def handle_starttag(self, tag, attrs):
        values = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._inside = values.get("id") or f"form-{len(self.forms)}"
            form = self._form(self._inside)
            form.action = urljoin(self.path, values.get("action") or self.path)
            form.method = values.get("method", "get").lower()
        elif tag == "input" and values.get("name"):
            self._input(values)
        elif tag == "select" and values.get("name"):
            self._select = self._control(values, "choice")
        elif tag in {"textarea", "button", "a", "label", "option", "script", "style"}:
            control = self._control(values, "text") if tag == "textarea" and values.get("name") else self._select
            self._catching.append((tag, [], values, control))

    def handle_data(self, data):
        for _tag, caught, _values, _control in self._catching:
            caught.append(data)
        if not any(tag in {"script", "style", "textarea"} for tag, *_rest in self._catching):
            self.words.append(data)

    def handle_endtag(self, tag):
        if tag == "form":
            self._inside = ""
        elif tag == "select":
            if self._select is not None and not self._select.values and self._select.choices:
                self._select.values = [self._select.choices[0][0]]
            self._select = None
        elif self._catching and self._catching[-1][0] == tag:
            self._caught(*self._catching.pop())

    def _caught(self, tag, caught, values, control):
        raw = "".join(caught)
        words = " ".join(raw.split())
        if tag == "a" and values.get("href"):
            self.links.append((urljoin(self.path, values["href"]), words))
        elif tag == "label":
            self._labels[values.get("for", "")] = words
        elif tag == "textarea" and control is not None:
            control.values = [raw.removeprefix("\n")]
        elif tag == "option" and control is not None:
            control.choices.append((values.get("value", words), words))
            if "selected" in values:
                control.values.append(control.choices[-1][0])
        elif tag == "button" and values.get("type", "submit") == "submit":
            form = self._form(values.get("form") or self._inside)
            action = urljoin(self.path, values["formaction"]) if values.get("formaction") else ""
            form.buttons.append(Button(words, values.get("name", ""), values.get("value", ""), action))

    def _input(self, values):
        if values.get("type") not in _TICKED:
            self._control(values, "text").values = [values.get("value", "")]
            return
        control = self._control(values, "choice")
        control.choices.append((values.get("value", "on"), ""))
        self._ticked.append((control, len(control.choices) - 1, values.get("id", "")))
        if "checked" in values:
            control.values.append(values.get("value", "on"))

    def _control(self, values, kind):
        controls = self._form(values.get("form") or self._inside).controls
        return controls.setdefault(values["name"], Control(values["name"], kind))

    def _form(self, key):
        return self.forms.setdefault(key, FilledForm(self.path, "get"))

    def close(self):
        super().close()
        for control, place, name in self._ticked:
            control.choices[place] = (control.choices[place][0], self._labels.get(name, ""))


class Page:
    """A page as it came."""

    def __init__(self, path: str, status: int, html: str) -> None:
        self.path, self.status, self.html = path, status, html
        reader = _Reader(path)
        reader.feed(html)
        reader.close()
        self.forms, self.links = list(reader.forms.values()), reader.links
        self.words = " ".join("".join(reader.words).split())

    def link(self, words: str, *, after: str = "") -> str:
        """Where the first link leads whose words begin so. `after`: the first behind a link that says this."""
        links = self.links
        if after:
            links = links[next(place for place, (_href, said) in enumerate(links) if said == after) :]
        found = next((href for href, said in links if said.startswith(words)), None)
        assert found, f"no link {words!r} on {self.path}: {[said for _href, said in self.links]}"
        return found

    def button(self, words: str, near: str = "") -> tuple[FilledForm, Button]:
        """The one button whose words begin so, with its form. `near`: what is written in them as well."""
        found = [(form, one) for form in self.forms for one in form.buttons if one.words.startswith(words)]
        found = [(form, one) for form, one in found if near in one.words]
        said = [one.words for form in self.forms for one in form.buttons]
        assert len(found) == 1, f"{len(found)} buttons {words!r} {near!r} on {self.path}: {said}\n{self.words[:600]}"
        return found[0]


class Browser(Phone):
    """A browser that opens pages, signed in or not."""

    def open(self, path: str) -> Page:
        """The page at an address, wherever it leads on to."""
        return self._follow(path, *self.ask("GET", path))

    def press(self, page: Page, button: str, near: str = "", /, **values: str | list[str]) -> Page:
        """Fill in the form that a button belongs to, press it, and read the page that comes. Nothing was refused."""
        form, pressed = page.button(button, near)
        said = self.send_form(form, pressed, **values)
        assert said.status == 200, f"{said.status} {said.path}: {_WRONG.findall(said.html)} {said.words[:900]}"
        return said

    def send_form(self, form: FilledForm, button: Button, **values: str | list[str]) -> Page:
        """What a browser sends, to where the form or its button says."""
        pairs, path = form.sent(button, values), button.action or form.action
        if form.method == "get":
            return self.open(f"{path.partition('?')[0]}?{urlencode(pairs)}")
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Origin": f"http://localhost:{self.port}"}
        return self._follow(path, *self.ask("POST", path, urlencode(pairs), **headers))

    def _follow(self, path: str, status: int, headers: dict[str, str], body: bytes) -> Page:
        for _hop in range(_MOST_REDIRECTS):
            if status not in {302, 303}:
                break
            path = urljoin(path, headers["location"]).partition("#")[0]
            status, headers, body = self.ask("GET", path)
        return Page(path, status, body.decode("utf-8", "replace"))


class Staff(Browser):
    """Somebody of the organisation, signed in with a password."""

    def __init__(self, port: int, name: str) -> None:
        super().__init__(port)
        self.name = name
        page = self.open("/accounts/login/password/")
        self.press(page, "Logga in", login=f"{name}@ankeby.example", password=PASSWORD)
        assert self.cookies.get("sessionid"), name

    def step(self, session: str, **what: str) -> Page:
        """Take a step at the desk of a session: `command` or `cue`, by its name."""
        page = self.open(f"{session}run/")
        ((name, value),) = what.items()
        fits = [form for form in page.forms if name in form.controls and form.controls[name].values == [value]]
        assert len(fits) == 1, f"{what} cannot be done now: {page.words[:600]}"
        (button,) = fits[0].buttons
        said = self.send_form(fits[0], button)
        assert said.status == 200, said.words[:900]
        return said

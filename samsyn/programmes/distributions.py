"""How people spread over answers: how many chose what, on how many it stands, and what it says in plain words."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from samsyn.core.texts import LANGUAGES, LangText, within_quotes
from samsyn.ui.charts import whole_per_cent
from samsyn.ui.templatetags.ui import number
from samsyn.ui.words import count_in_words

ONE, MANY, SCALE = "one", "many", "scale"  # one answer each, several, or a step of a scale
_HARDLY = 0.05  # a spread that would be written 0.0: everybody answers alike


@dataclass(frozen=True)
class Line:
    """One answer: how many chose it, and how many in a hundred of those who answered."""

    label: LangText
    name: str  # the label, or the step of a scale
    people: int
    share: int


@dataclass(frozen=True)
class Distribution:
    """How `people` spread over the answers. `tables`: devices that answered for several; `seated`: people at them.

    Without lines where the answers are not to be shown, without people where there are too few.
    """

    kind: str = ONE
    people: int = 0
    tables: int = 0
    seated: int = 0
    lines: Sequence[Line] = ()

    @property
    def alone(self) -> int:
        """Those who answered for themselves."""
        return self.people - self.seated

    @property
    def mean(self) -> float:
        """The mean of a scale."""
        return sum(step * line.people for step, line in enumerate(self.lines, 1)) / max(self.people, 1)

    @property
    def spread(self) -> float:
        """How far from the mean answers usually lie: the standard deviation of these answers, not of a sample."""
        mean = self.mean
        squares = sum(line.people * (step - mean) ** 2 for step, line in enumerate(self.lines, 1))
        return math.sqrt(squares / max(self.people, 1))

    def in_words(self) -> str:
        """What most say, in the reader's language; "" where there is nothing to compare."""
        if self.people < 2 or not self.lines:
            return ""
        most = max(line.people for line in self.lines)
        top = [self._named(line) for line in self.lines if line.people == most]
        if len(top) == len(self.lines):
            return _("No answer is more common than the others.")
        if len(top) > 1:
            values = {"some": ", ".join(top[:-1]), "last": top[-1]}
            return _("Most common are %(some)s and %(last)s, equally often.") % values
        if 2 * most <= self.people:
            return _("The most common answer is %(answer)s.") % {"answer": top[0]}
        words = _("Most say %(answer)s.") if self.kind == SCALE else _("Most choose %(answer)s.")
        return words % {"answer": top[0]}

    def _named(self, line: Line) -> str:
        """An answer within a sentence: a step of a scale with its words, anything else between quotation marks."""
        if self.kind == SCALE:
            return f"{line.name} ({line.label})" if line.label else line.name
        return _("“%(words)s”") % {"words": within_quotes(*line.label.pick())}

    def average(self) -> str:
        """The mean of a scale with how far answers usually lie from it; "" where there is none."""
        if self.kind != SCALE or self.people < 2 or not self.lines:
            return ""
        numbers = {"mean": number(self.mean, 1), "spread": number(self.spread, 1), "steps": len(self.lines)}
        if self.spread < _HARDLY:
            return _("On average %(mean)s on a scale from 1 to %(steps)s.") % numbers
        words = _("On average %(mean)s on a scale from 1 to %(steps)s. Answers usually lie about %(spread)s from that.")
        return words % numbers

    def basis(self, tables_there: int | None = None) -> str:
        """On how many it stands; tables told apart from those who answered for themselves."""
        said = count_in_words("%(number)s person has answered", "%(number)s people have answered", self.people)
        if not self.tables:
            return said
        tables = ngettext("%(tables)s table", "%(tables)s tables", self.tables)
        if tables_there and tables_there >= self.tables:
            tables = _("%(tables)s of %(there)s tables")
        told = tables % {"tables": number(self.tables), "there": number(tables_there or 0)}
        parts = [_("%(tables)s with %(seated)s people") % {"tables": told, "seated": number(self.seated)}]
        if self.alone:
            parts.append(_("%(alone)s on their own") % {"alone": number(self.alone)})
        return f"{said}: {', '.join(parts)}"

    def sentence(self) -> str:
        """All of it in a line."""
        if not self.lines:
            return ""
        return " ".join(part for part in (self.in_words(), self.average(), f"{self.basis()}.") if part)


def distribution(
    kind: str, labels: Sequence[LangText], numbers: Sequence[int], people: int, tables: int = 0, seated: int = 0
) -> Distribution:
    """The distribution of so many people over these answers; an empty one where there are no people."""
    if not people:
        return Distribution(kind)
    shares = whole_per_cent(numbers)
    if kind == MANY:  # one may choose several: each share is of everybody
        shares = [math.floor(100 * chose / people + 0.5) for chose in numbers]
    names = [str(place) if kind == SCALE else str(label) for place, label in enumerate(labels, 1)]
    lines = tuple(Line(*row) for row in zip(labels, names, numbers, shares, strict=True))
    return Distribution(kind, people, tables, seated, lines)


def count(answers: Iterable[tuple[int, int, int]], options: int) -> dict[str, Any]:
    """What a distribution is stored as. `answers`: what was picked (bit n for answer n), for how many people each, by
    how many devices.
    """
    stored: dict[str, Any] = {"picked": [0] * options, "people": 0, "tables": 0, "seated": 0}
    for picked, people, devices in answers:
        for place in places_of(picked):
            stored["picked"][place] += people * devices
        stored["people"] += people * devices
        if people > 1:
            stored["tables"] += devices
            stored["seated"] += people * devices
    return stored


def stored(kind: str, labels: Sequence[LangText], kept: Mapping[str, Any]) -> Distribution:
    """The distribution that `count` came to; an empty one where nothing is kept."""
    if not kept:
        return Distribution(kind)
    return distribution(kind, labels, kept["picked"], kept["people"], kept["tables"], kept["seated"])


def places_of(picked: int) -> list[int]:
    """Which answers the bits stand for."""
    return [place for place in range(picked.bit_length()) if picked >> place & 1]


def in_both(make: Callable[[], str]) -> LangText:
    """What is said in the reader's language, in both."""
    said = {}
    for lang in LANGUAGES:
        with override(lang):
            said[lang] = make()
    return LangText(said)

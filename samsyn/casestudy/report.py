"""The report model and how it is put together. Pure: nothing here reads the database.

A `Source` is a sentence that could stand in the report, with the ids of what it stands on. `assemble` puts sources
under the five headings, leaves out what the visitor may not see, and numbers the evidence in the order in which it is
first met.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace

from django.core.paginator import Paginator

from samsyn.casestudy.models import Heading
from samsyn.core.texts import LangText
from samsyn.thread.registry import Telling, Words

EVIDENCE_READ = 12  # so many items of a sentence are looked at, however many it stands on
EVIDENCE_SHOWN = 6  # so many of them get a number
FIRST, A_PAGE = 6, 25  # so many sentences of each heading stand on the first page, and on a page of one heading


@dataclass(frozen=True)
class Source:
    """A sentence that could stand in the report."""

    heading: str
    key: str  # stays the same as long as the sentence says the same thing
    text: LangText
    label: Words = ""  # our own words before it
    about: LangText = field(default_factory=LangText)  # the activity it is about
    note: LangText = field(default_factory=LangText)  # what more was said
    item_ids: tuple[int, ...] = ()  # the first of what it stands on
    total: int = 0  # how many it stands on in all; 0: as many as `item_ids`
    words_of: tuple[int, ...] = ()  # the items whose words it carries: seen by those who may see one of these
    sentence_id: int | None = None  # written by hand
    by: str = ""

    def read(self) -> tuple[int, ...]:
        """The items that have to be read for it."""
        return tuple(dict.fromkeys(self.item_ids[:EVIDENCE_READ] + self.words_of[:EVIDENCE_READ]))


@dataclass(frozen=True)
class FigureLine:
    """A number of an activity: what it is about, and what cannot be told. No value: too few to tell."""

    label: Words
    value: int | None
    note: Words
    about: LangText
    activity_id: int


@dataclass(frozen=True)
class Evidence:
    """One numbered piece of evidence. People are named where they answer for something, never for their voice."""

    number: int
    item_id: int
    what: Words
    text: LangText
    day: dt.date | None
    who: str = ""
    voice: bool = False


@dataclass(frozen=True)
class Sentence:
    """One sentence of the report and what it stands on. `flagged`: nothing is linked to it."""

    key: str
    text: LangText
    label: Words = ""
    about: LangText = field(default_factory=LangText)
    note: LangText = field(default_factory=LangText)
    evidence: tuple[Evidence, ...] = ()
    more: int = 0  # evidence beyond what is numbered
    unseen: bool = False  # some of its evidence is not for this visitor
    flagged: bool = False
    written: bool = False
    sentence_id: int | None = None
    by: str = ""


@dataclass(frozen=True)
class Section:
    """One heading. `withheld`: sentences whose words the visitor may not see; `hidden`: left out by the organisers.

    `elsewhere`: sentences that stand on another page, and `bare` those of them that nothing is linked to.
    """

    heading: str
    sentences: tuple[Sentence, ...] = ()
    hidden: tuple[Sentence, ...] = ()
    withheld: int = 0
    elsewhere: int = 0
    bare: int = 0

    @property
    def name(self) -> Words:
        """The heading in words."""
        return Heading(self.heading).label

    @property
    def total(self) -> int:
        """How many sentences stand under the heading, on this page or another."""
        return len(self.sentences) + self.elsewhere

    @property
    def written(self) -> tuple[Sentence, ...]:
        """The sentences written by hand."""
        return tuple(sentence for sentence in self.sentences if sentence.written)


@dataclass(frozen=True)
class Report:
    """The case study as one visitor may see it."""

    sections: tuple[Section, ...]
    evidence: tuple[Evidence, ...] = ()
    figures: tuple[FigureLine, ...] = ()

    @property
    def number_of_sentences(self) -> int:
        """How many sentences stand here."""
        return sum(section.total for section in self.sections)

    @property
    def flagged(self) -> int:
        """How many of them have no evidence linked."""
        bare = sum(section.bare for section in self.sections)
        return bare + sum(sentence.flagged for section in self.sections for sentence in section.sentences)

    @property
    def begun(self) -> bool:
        """Whether there is more than what the organisers said from the start."""
        unflagged = self.number_of_sentences > self.flagged
        written = any(section.written for section in self.sections)
        return bool(unflagged or written or self.figures or any(section.withheld for section in self.sections))


@dataclass(frozen=True)
class Part:
    """A page of the report: the first sentences of every heading, or a page of one heading."""

    heading: str = ""
    number: str | None = None


Elsewhere = Mapping[str, list[Source]]


def cut(
    sources: Iterable[Source], part: Part, *, seen: AbstractSet[int], hidden: AbstractSet[str] = frozenset()
) -> tuple[list[Source], Elsewhere]:
    """(what stands on this page, with what is hidden or withheld; the sentences that stand on another, by heading)."""
    kept: list[Source] = []
    shown: dict[str, list[Source]] = {heading: [] for heading in Heading.values}
    for source in sources:
        apart = (source.words_of and not _sees(source, seen)) or _is_hidden(source, hidden)
        (kept if apart else shown[source.heading]).append(source)
    for heading, rows in shown.items():
        paged = Paginator(rows, A_PAGE if part.heading else FIRST)
        here = list(paged.get_page(part.number if part.heading else 1)) if part.heading in {"", heading} else []
        kept += here
        keys = {source.key for source in here}
        shown[heading] = [source for source in rows if source.key not in keys]
    return kept, shown


def assemble(
    sources: Iterable[Source],
    *,
    seen: AbstractSet[int],
    told: Mapping[int, Telling],
    hidden: AbstractSet[str] = frozenset(),
    figures: Iterable[FigureLine] = (),
    elsewhere: Elsewhere | None = None,
) -> Report:
    """The report: `seen` are the items that the visitor may see, `told` how their kinds tell them."""
    by_heading: dict[str, list[Source]] = {heading: [] for heading in Heading.values}
    for source in sources:
        by_heading[source.heading].append(source)
    numbers = _Numbers(seen, told)
    sections = []
    for heading, rows in by_heading.items():
        left = (elsewhere or {}).get(heading, [])
        bare = sum(not source.item_ids for source in left)
        sections.append(replace(_section(heading, rows, numbers, hidden), elsewhere=len(left), bare=bare))
    return Report(tuple(sections), tuple(numbers.given.values()), tuple(figures))


def _is_hidden(source: Source, hidden: AbstractSet[str]) -> bool:
    return source.sentence_id is None and source.key in hidden


def _sees(source: Source, seen: AbstractSet[int]) -> bool:
    return any(pk in seen for pk in source.words_of[:EVIDENCE_READ])


class _Numbers:
    """Evidence in the order in which it is first met."""

    def __init__(self, seen: AbstractSet[int], told: Mapping[int, Telling]) -> None:
        self.seen, self.told = seen, told
        self.given: dict[int, Evidence] = {}

    def of(self, item_id: int) -> Evidence:
        if item_id not in self.given:
            telling = self.told[item_id]
            self.given[item_id] = Evidence(
                number=len(self.given) + 1,
                item_id=item_id,
                what=telling.what,
                text=telling.text if telling.voice else telling.item.title or telling.text,
                day=telling.day,
                who="" if telling.voice else telling.by,
                voice=telling.voice,
            )
        return self.given[item_id]


def _section(heading: str, sources: list[Source], numbers: _Numbers, hidden: AbstractSet[str]) -> Section:
    shown: list[Sentence] = []
    left_out: list[Sentence] = []
    withheld = 0
    for source in sources:
        is_hidden = _is_hidden(source, hidden)
        if source.words_of and not _sees(source, numbers.seen):
            withheld += not is_hidden
        elif is_hidden:
            left_out.append(_sentence(source, None))
        else:
            shown.append(_sentence(source, numbers))
    return Section(heading, tuple(shown), tuple(left_out), withheld)


def _sentence(source: Source, numbers: _Numbers | None) -> Sentence:
    evidence: tuple[Evidence, ...] = ()
    unseen, more = False, 0
    if numbers is not None:
        read = source.item_ids[:EVIDENCE_READ]
        visible = [pk for pk in read if pk in numbers.seen and pk in numbers.told]
        evidence = tuple(numbers.of(pk) for pk in visible[:EVIDENCE_SHOWN])
        unseen = len(visible) < len(read)
        more = max(source.total, len(source.item_ids)) - len(evidence) - (len(read) - len(visible)) if visible else 0
    return Sentence(
        key=source.key,
        text=source.text,
        label=source.label,
        about=source.about,
        note=source.note,
        evidence=evidence,
        more=more,
        unseen=unseen,
        flagged=not source.item_ids,
        written=source.sentence_id is not None,
        sentence_id=source.sentence_id,
        by=source.by,
    )

"""Session templates, ready blocks and patterns: those that come with the product, and the organisation's own."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any

from django.utils import timezone

from samsyn.core.declared import Node, one_of, pair, read_file, whole, word
from samsyn.core.rows import one
from samsyn.core.texts import LangText
from samsyn.gatherings.models import Block, OwnTemplate, Session
from samsyn.programmes.models import Activity

FOLDER = Path(__file__).parent / "library"
MOST_MINUTES = 600
_FORMS = tuple(Block.Form.values)
_NOTHING = LangText()


@dataclass(frozen=True)
class Planned:
    """A block before it is one: what `Block` has, and the activity that is made for it, if its kind is installed."""

    title: LangText
    minutes: int
    form: str = Block.Form.TALK
    key: str = ""
    who: LangText = field(default_factory=LangText)
    material: LangText = field(default_factory=LangText)
    notes: LangText = field(default_factory=LangText)
    pattern: str = ""
    kind: str = ""
    level: str = ""  # of the activity, where it is not that of the session
    settings: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Pattern:
    """Blocks that belong together, and where the method comes from."""

    key: str
    name: LangText
    purpose: LangText
    origin: LangText
    licence: str
    blocks: tuple[Planned, ...]


@dataclass(frozen=True)
class Template:
    """A session before it has a day."""

    slug: str
    name: LangText
    purpose: LangText
    blocks: tuple[Planned, ...]
    suits: LangText = field(default_factory=LangText)
    origin: LangText = field(default_factory=LangText)
    licence: str = ""
    preparation: LangText = field(default_factory=LangText)
    entry: str = "code"
    everybody: bool = True
    named: bool = False
    begins: dt.time = dt.time(9)

    @property
    def row(self) -> int:
        """The id of an own template."""
        return int(self.slug.removeprefix("own-"))

    @property
    def minutes(self) -> int:
        """How long it is."""
        return sum(block.minutes for block in self.blocks)


@cache
def ready_blocks() -> dict[str, Planned]:
    """The blocks of the library, by key."""
    root = _root(FOLDER / "blocks.yaml")
    return {block.key: block for block in map(_block, root.take_list("blocks"))}


@cache
def patterns() -> dict[str, Pattern]:
    """The patterns of the library, by key."""
    root = _root(FOLDER / "blocks.yaml")
    return {pattern.key: pattern for pattern in map(_pattern, root.take_list("patterns"))}


@cache
def shipped() -> tuple[Template, ...]:
    """The templates that come with the product. Raises WrongFileError."""
    return tuple(read_template(path) for path in sorted((FOLDER / "sessions").glob("*.yaml")))


def usual_origin() -> LangText:
    """Where most of them come from: a page says it once."""
    origins = [template.origin for template in shipped()]
    return max(origins, key=origins.count)


def own() -> list[Template]:
    """The organisation's own templates, by name."""
    rows = OwnTemplate.objects.order_by("id")
    return sorted((_own(row) for row in rows), key=lambda template: str(template.name).casefold())


def find(slug: str) -> Template | None:
    """The template that is called so: a shipped one by its slug, one's own by its id."""
    known = next((template for template in shipped() if template.slug == slug), None)
    if known is not None or not slug.startswith("own-"):
        return known
    row = one(OwnTemplate.objects.filter(pk=int(slug[4:]))) if slug[4:].isdigit() else None
    return _own(row) if row is not None else None


def read_template(path: Path) -> Template:
    """Read and check one file. Raises WrongFileError."""
    root = _root(path)
    template = Template(
        slug=root.take("slug", _same_as(path.stem)),
        name=root.take("name", pair),
        purpose=root.take("purpose", pair),
        suits=root.take("suits", pair),
        origin=root.take("origin", pair),
        licence=root.take("licence", str),
        preparation=root.take("preparation", pair, _NOTHING),
        entry=root.take("entry", one_of(Activity.Entry.values)),
        everybody=root.take("everybody", bool),
        named=root.take("named", bool),
        begins=root.take("begins", dt.time.fromisoformat),
        blocks=tuple(block for node in root.take_list("blocks") for block in _blocks(node)),
    )
    root.done()
    return template


def content_of(session: Session, blocks: Iterable[Block]) -> dict[str, Any]:
    """What an own template keeps of a session: its agenda and how people come in; no person, no day, no place."""
    return {
        "purpose": dict(session.purpose),
        "preparation": dict(session.preparation),
        "entry": session.entry,
        "everybody": session.everybody,
        "named": session.named,
        "begins": f"{timezone.localtime(session.starts):%H:%M}",
        "blocks": [_content_of_block(block) for block in blocks],
    }


def template_of(session: Session, blocks: Iterable[Block]) -> Template:
    """A session as a template that nobody keeps: what a copy is made from."""
    return _read("", session.title, content_of(session, blocks))


def _content_of_block(block: Block) -> dict[str, Any]:
    made = block.activity
    settings = {name: value for name, value in made.settings.items() if name not in _OF_ONE} if made else {}
    texts = {name: dict(getattr(block, name)) for name in ("title", "who", "material", "notes")}
    kept = {"minutes": block.minutes, "form": block.form, "pattern": block.pattern}
    level = made.level if made and made.level == Activity.Level.ANONYMOUS else ""
    return {**texts, **kept, "kind": made.kind if made else "", "level": level, "settings": settings}


_OF_ONE = {"before", "made_out_of", "by_itself", "of_session"}  # settings that hold for one activity and no other


def _own(row: OwnTemplate) -> Template:
    return _read(f"own-{row.pk}", row.name, row.content)


def _read(slug: str, name: LangText, kept: dict[str, Any]) -> Template:
    return Template(
        slug=slug,
        name=name,
        purpose=LangText(kept["purpose"]),
        preparation=LangText(kept["preparation"]),
        entry=kept["entry"],
        everybody=kept["everybody"],
        named=kept["named"],
        begins=dt.time.fromisoformat(kept["begins"]),
        blocks=tuple(_planned(block) for block in kept["blocks"]),
    )


def _planned(kept: dict[str, Any]) -> Planned:
    texts = {name: LangText(kept[name]) for name in ("title", "who", "material", "notes")}
    plain = {name: kept[name] for name in ("minutes", "form", "pattern", "kind", "level", "settings")}
    return Planned(**texts, **plain)


def _root(path: Path) -> Node:
    return Node(path.name, "", read_file(path), of="a file of sessions")


def _blocks(node: Node) -> tuple[Planned, ...]:
    """One block, one out of the library (for as long as here), or those of a pattern."""
    if "use" in node.content:
        ready = ready_blocks()[node.take("use", one_of(ready_blocks()))]
        minutes = node.take("minutes", whole(1), ready.minutes)
        node.done()
        return (replace(ready, minutes=minutes),)
    if "pattern" in node.content:
        found = node.take("pattern", one_of(patterns()))
        node.done()
        return patterns()[found].blocks
    return (_block(node),)


def _block(node: Node, pattern: str = "") -> Planned:
    activity = node.take("activity", dict, {})
    block = Planned(
        key=node.take("key", word, "-").strip("-"),
        title=node.take("title", pair),
        minutes=node.take("minutes", whole(1)),
        form=node.take("form", one_of(_FORMS)),
        who=node.take("who", pair, _NOTHING),
        material=node.take("material", pair, _NOTHING),
        notes=node.take("notes", pair, _NOTHING),
        pattern=pattern,
        kind=activity.get("kind", ""),
        level=activity.get("level", ""),
        settings=activity.get("settings", {}),
    )
    node.done()
    return block


def _pattern(node: Node) -> Pattern:
    key = node.take("key", word)
    pattern = Pattern(
        key=key,
        name=node.take("name", pair),
        purpose=node.take("purpose", pair),
        origin=node.take("origin", pair),
        licence=node.take("licence", str),
        blocks=tuple(_block(inner, pattern=key) for inner in node.take_list("blocks")),
    )
    node.done()
    return pattern


def _same_as(name: str) -> Callable[[Any], str]:
    def check(value: Any) -> str:
        if value != name:
            raise ValueError(f"must be the name of the file, {name!r}")
        return name

    return check

"""Who may see a file, and who may add and remove: told by its owner's own part, asked each time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

See = Callable[[Any, int], bool]
Change = Callable[[Any, int], Any | None]
Page = Callable[[int], str]


@dataclass(frozen=True)
class _Rule:
    see: See
    change: Change | None
    page: Page | None


_rules: dict[str, _Rule] = {}


def register(owner_kind: str, check: See, *, change: Change | None = None, page: Page | None = None) -> None:
    """Say who may do what with the files of one kind of owner.

    `check(request, owner_id)`: whether the visitor may see them. `change(request, owner_id)`: the person who may add
    and remove files there, None for everybody else; without it nobody may through our pages. `page(owner_id)`: the
    path of the owner's own page, needed where files can be changed.
    """
    _rules[owner_kind] = _Rule(check, change, page)


def may_see(request: Any, owner_kind: str, owner_id: int) -> bool:
    """Whether the visitor may see the owner's files; nobody where no rule is registered."""
    rule = _rules.get(owner_kind)
    return rule is not None and rule.see(request, owner_id)


def changer(request: Any, owner_kind: str, owner_id: int) -> Any | None:
    """The person who may change the owner's files, if that is who asks."""
    rule = _rules.get(owner_kind)
    if rule is None or rule.change is None or rule.page is None:
        return None
    return rule.change(request, owner_id)


def page_of(owner_kind: str, owner_id: int) -> str:
    """The owner's own page. Raises LookupError where none is registered."""
    rule = _rules.get(owner_kind)
    if rule is None or rule.page is None:
        raise LookupError(owner_kind)
    return rule.page(owner_id)

"""The rule that every address carries: in which scope, for whom, in which states. No rule, no address."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

View = TypeVar("View", bound=Callable[..., Any])


@dataclass(frozen=True)
class Access:
    """`scope`: public, account, organisation, programme, activity, session, item or operator.

    `roles`: any of these will do (none named: whoever is in the scope); `states`: of the activity or session (none
    named: all)."""

    scope: str
    roles: frozenset[str] = frozenset()
    states: frozenset[str] = frozenset()


def declare(view: View, access: Access) -> View:
    """Attach the rule to a view, where the access matrix finds it."""
    view.access = access  # type: ignore[attr-defined]
    return view


def public(view: View) -> View:
    """A page that everyone may open. What it shows must be public too."""
    return declare(view, Access("public"))

"""Who runs a session and works in what stands on its agenda: a part above registers it, since it lies above this one.

The rows come with the query that reads a person's roles, so that a page costs those who host nothing no query.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models import DateField, QuerySet, Value
from django.db.models.functions import Cast

from samsyn.organisations.models import Person

Hosting = Callable[[Person | None], QuerySet[Any]]
_sources: list[Hosting] = []


def register(hosting: Hosting) -> None:
    """Ask `hosting` too: it gives unordered rows with an `activity_id`, one for each that the person hosts."""
    _sources.append(hosting)


def with_hosting(roles: QuerySet[Any, Any], person: Person | None) -> QuerySet[Any, Any]:
    """Rows of roles (place, name, and two days on which it ends), and those of hosting, in one query."""
    never = Cast(Value(None), DateField())
    for hosting in _sources:
        roles = roles.union(hosting(person).values_list("activity_id", Value("host"), never, never), all=True)
    return roles

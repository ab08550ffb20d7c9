"""Every address of the product, read from the URL configuration itself."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

from samsyn.core.access import Access


@dataclass(frozen=True)
class Address:
    """One address: its full name, the names of its parts, the view, and the rule that the view carries."""

    name: str
    parts: tuple[str, ...]
    view: Any
    access: Access | None

    def __str__(self) -> str:
        return self.name


def all_addresses() -> list[Address]:
    """Every address that leads somewhere."""
    return sorted(_walk(get_resolver().url_patterns, "", ()), key=lambda address: address.name)


def _walk(patterns: list[Any], prefix: str, parts: tuple[str, ...]) -> Iterator[Address]:
    for pattern in patterns:
        names = parts + tuple(pattern.pattern.converters)
        if isinstance(pattern, URLResolver):
            inner = f"{prefix}{pattern.namespace}:" if pattern.namespace else prefix
            yield from _walk(pattern.url_patterns, inner, names)
        elif isinstance(pattern, URLPattern):
            yield Address(f"{prefix}{pattern.name}", names, pattern.callback, getattr(pattern.callback, "access", None))

"""Addresses of pages within the active organisation."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from django.conf import settings
from django.urls import NoReverseMatch, URLResolver, get_resolver, get_script_prefix, reverse

from samsyn.core import tenancy
from samsyn.core.ids import IdConverter, encode_id, new_id

_written = IdConverter().to_url


def address(name: str, **parts: Any) -> str:
    """The path of a named page of the active organisation; `parts` are the pattern's own.

    A page may hold a hundred of them, so the pattern is looked up once and its ids are filled in.
    """
    slug = tenancy.active_slug()
    pattern = _pattern(get_resolver(), get_script_prefix(), name, tuple(parts)) if slug else None
    if pattern is None:
        return reverse(name, kwargs={"organisation": slug, **parts})
    path, marks = pattern
    try:
        for mark, value in zip(marks, (slug, *map(_written, parts.values())), strict=True):
            path = path.replace(mark, value)
    except ValueError:  # not an id: said as Django says it
        return reverse(name, kwargs={"organisation": slug, **parts})
    return path


@lru_cache(maxsize=1024)
def _pattern(resolver: URLResolver, prefix: str, name: str, parts: tuple[str, ...]) -> tuple[str, list[str]] | None:
    """(the path with a mark for the organisation and for each part, the marks); None where not all parts are ids."""
    samples: dict[str, Any] = {part: new_id() for part in parts}
    marks = [encode_id(new_id()), *map(encode_id, samples.values())]
    try:
        path = reverse(name, kwargs={"organisation": marks[0], **samples})
    except NoReverseMatch:
        return None
    return (path, marks) if all(path.count(mark) == 1 for mark in marks) else None


def absolute(path: str) -> str:
    """A path with the installation's own origin before it, for mail, QR codes and print."""
    return f"{settings.ORIGIN}{path}"

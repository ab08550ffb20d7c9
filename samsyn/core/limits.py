"""Rate limits: so many in a window, counted in the cache. Nothing is written to the database."""

from __future__ import annotations

import hashlib

from django.core.cache import cache


def _name(scope: str, who: str) -> str:
    return "limit:" + hashlib.sha256(f"{scope}|{who}".encode()).hexdigest()[:32]


def exceeded(scope: str, who: str, *, most: int) -> bool:
    """Whether `who` (an address, a key; only its digest is used) has already counted `most` within `scope`."""
    return int(cache.get(_name(scope, who), 0)) >= most


def count(scope: str, who: str, *, seconds: int) -> int:
    """Count one more and return how many there are in the window, which begins with the first."""
    name = _name(scope, who)
    cache.add(name, 0, timeout=seconds)
    try:
        return int(cache.incr(name))
    except ValueError:  # the window ended in between
        cache.set(name, 1, timeout=seconds)
        return 1

"""Rate limits: so many in a window, counted in the cache. Nothing is written to the database."""

from __future__ import annotations

import logging

from django.core.cache import cache
from django.utils.crypto import salted_hmac

logger = logging.getLogger(__name__)
_MANY, _FROM_MANY = 200, 20  # wrong tries, and the addresses that they come from, within one window


def _name(scope: str, who: str) -> str:
    """A digest that only this installation can make: addresses are few, and a bare one could be tried out."""
    return "limit:" + salted_hmac("samsyn.core.limits", f"{scope}|{who}", algorithm="sha256").hexdigest()[:32]


def exceeded(scope: str, who: str, *, most: int) -> bool:
    """Whether `who` (an address, a key; only its digest is used) has already counted `most` within `scope`."""
    return counted(scope, who) >= most


def counted(scope: str, who: str) -> int:
    """How many `who` has counted within `scope`."""
    return int(cache.get(_name(scope, who), 0))


def count(scope: str, who: str, *, seconds: int) -> int:
    """Count one more and return how many there are in the window, which begins with the first."""
    name = _name(scope, who)
    cache.add(name, 0, timeout=seconds)
    try:
        return int(cache.incr(name))
    except ValueError:  # the window ended in between
        cache.set(name, 1, timeout=seconds)
        return 1


def count_wrong(scope: str, who: str, *, seconds: int) -> int:
    """Count a wrong try against `who` and return how many there are. Many from many addresses raise an alarm.

    The limit on one address does not see somebody who guesses from a thousand. The alarm is one line in the log for
    each window, with numbers and no address: whoever runs the server looks at what stands in front of it.
    """
    tries = count(scope, who, seconds=seconds)
    everyones = count(f"{scope}-everyone", "", seconds=seconds)
    addresses = count(f"{scope}-addresses", "", seconds=seconds) if tries == 1 else counted(f"{scope}-addresses", "")
    if everyones >= _MANY and addresses >= _FROM_MANY and cache.add(_name(f"{scope}-alarm", ""), 1, timeout=seconds):
        what = "Many wrong %ss from many addresses: %d tries from %d within %d minutes. Somebody may be guessing."
        logger.warning(what, scope, everyones, addresses, seconds // 60)
    return tries

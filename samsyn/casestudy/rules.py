"""Rules of the case study: how long a sentence may be, and what the key of an assembled one looks like."""

from __future__ import annotations

import re

LONGEST = 2000
MOST_EVIDENCE = 30
_KEY = re.compile(r"[a-z-]+(:[0-9a-z-]+){0,3}")


def is_key(key: str) -> bool:
    """Whether this can be the key of an assembled sentence."""
    return len(key) <= 80 and bool(_KEY.fullmatch(key)) and not key.startswith("written:")

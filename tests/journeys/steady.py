"""`python -m tests.journeys.steady MODULE …`: run a module in which chance falls the same way every time.

What is drawn (ids, codes, the words of receipts, the order of what has no other) is then the same in two runs.
For pictures and nothing else: with foreseeable secrets nothing is secret.
"""

from __future__ import annotations

import os
import random
import runpy
import secrets
import sys
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import django


def main() -> None:
    """Take the place of the system's randomness, then run the module with its arguments."""
    words = sys.argv[1:]
    # Each command draws its own row of numbers: the same row twice would give new rows the ids of old ones.
    chance = random.Random(" ".join(Path(word).name for word in words))
    random._urandom = chance.randbytes  # type: ignore[attr-defined]  # what `secrets` stands on
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "samsyn.config.settings")
    django.setup()
    if "serve" in words:
        _choose_apart()
        _let_answers_stand()
    sys.argv = words
    runpy.run_module(words[0], run_name="__main__", alter_sys=True)


def _choose_apart() -> None:
    """A server draws in several threads, in an order that hangs on time. What is chosen for people to read (signs of
    codes, words of receipts) has a row of numbers of its own for each thing that is chosen from."""

    @cache
    def row(*about: Any) -> random.Random:
        return random.Random(repr(about))

    def choose(options: Sequence[Any]) -> Any:
        return row(len(options), options[0], options[-1]).choice(options)

    secrets.choice = choose  # type: ignore[assignment]


def _let_answers_stand() -> None:
    """Made-up people answer once: how many change their minds would depend on how long one waits."""
    from samsyn.activities.polls import rehearse

    rehearse._CHANGES = 0.0


if __name__ == "__main__":
    main()

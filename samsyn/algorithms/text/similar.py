"""How alike two short texts are, by the runs of letters that they share. Knows no language and no dictionary."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Sequence
from math import sqrt

RUN = 3
ALIKE = 0.5


def likeness(first: str, second: str) -> float:
    """How alike two texts are, 0 … 1: the cosine between their counts of runs of three letters.

    Inflected and compound words, which Swedish is full of, share most of their runs; word order hardly matters.
    """
    return _cosine(_runs(first), _runs(second))


def most_alike(text: str, others: Sequence[str], *, most: int = 3, least: float = ALIKE) -> list[int]:
    """The places of the texts that are most alike to `text`, the most alike first. Cost grows with their length."""
    own = _runs(text)
    scored = [(_cosine(own, _runs(other)), place) for place, other in enumerate(others)]
    near = sorted((entry for entry in scored if entry[0] >= least), key=lambda entry: (-entry[0], entry[1]))
    return [place for _score, place in near[:most]]


def _runs(text: str) -> Counter[str]:
    folded = unicodedata.normalize("NFKC", text).casefold()
    words = "".join(sign if sign.isalnum() else " " for sign in folded).split()
    return Counter(
        padded[place : place + RUN]
        for word in words
        for padded in (f" {word} ",)
        for place in range(max(len(padded) - RUN + 1, 1))
    )


def _cosine(first: Counter[str], second: Counter[str]) -> float:
    if not first or not second:
        return 0.0
    shared = sum(number * second[run] for run, number in first.items() if run in second)
    size = sqrt(sum(n * n for n in first.values())) * sqrt(sum(n * n for n in second.values()))
    return shared / size

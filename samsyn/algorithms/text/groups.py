"""Short texts that seem to be about the same thing, put together by the runs of letters that they share.

Knows no language and no dictionary, so it finds what is said with kindred words, and nothing else: a person decides.
Runs of three to five letters within words; a run that many texts share weighs little, so that small words hardly count.
Groups by average linkage: a text joins where it is alike to the whole group, not to one of it.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from math import log, sqrt

RUNS = (3, 4, 5)
ALIKE = 0.08
MOST = 1000
_SHORTEST_NAME = 4


@dataclass(frozen=True)
class Suggestion:
    """Places of texts that seem to belong together, the most central first, and a word that could name them."""

    places: tuple[int, ...]
    name: str


@dataclass(frozen=True)
class Suggestions:
    """Groups, the largest first; every other text is left out. `covered`: the share of texts in a group, 0 … 1."""

    groups: tuple[Suggestion, ...]
    left_out: tuple[int, ...]

    @property
    def covered(self) -> float:
        inside = sum(len(group.places) for group in self.groups)
        return inside / (inside + len(self.left_out)) if inside else 0.0


def suggest_groups(texts: Sequence[str], *, least: float = ALIKE) -> Suggestions:
    """Group texts; the same texts in another order give the same groups. Raises ValueError for more than `MOST`."""
    if len(texts) > MOST:
        raise ValueError(f"at most {MOST} texts")
    order = sorted(range(len(texts)), key=lambda place: (texts[place], place))
    alike = _alike([texts[place] for place in order])
    groups = [[order[member] for member in _central_first(members, alike)] for members in _clusters(alike, least)]
    groups.sort(key=lambda group: (-len(group), sorted(texts[place] for place in group)))
    inside = {place for group in groups for place in group}
    words = [_words(text) for text in texts]
    named = tuple(Suggestion(tuple(group), _name([words[place] for place in group], words)) for group in groups)
    return Suggestions(named, tuple(place for place in range(len(texts)) if place not in inside))


def _words(text: str) -> list[str]:
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(sign if sign.isalnum() else " " for sign in folded).split()


def _runs(text: str) -> frozenset[str]:
    return frozenset(
        padded[place : place + size]
        for word in _words(text)
        for padded in (f" {word} ",)
        for size in RUNS
        for place in range(max(len(padded) - size + 1, 1))
    )


def _alike(texts: Sequence[str]) -> list[list[float]]:
    """How alike each is to each: the cosine of their runs, the rare ones heavier."""
    runs = [_runs(text) for text in texts]
    spread = Counter(run for found in runs for run in found)
    vectors = []
    for found in runs:
        weights = {run: log((len(texts) + 1) / spread[run]) for run in found}
        size = sqrt(sum(weight * weight for _run, weight in sorted(weights.items()))) or 1.0
        vectors.append({run: weight / size for run, weight in weights.items()})
    table = [[1.0] * len(texts) for _text in texts]
    for one, first in enumerate(vectors):
        for other in range(one):
            second = vectors[other]
            shared = sorted(first.keys() & second.keys())
            table[one][other] = table[other][one] = sum(first[run] * second[run] for run in shared)
    return table


def _clusters(alike: list[list[float]], least: float) -> list[list[int]]:
    """Sets of at least two, by average linkage down to `least`."""
    if len(alike) < 2:
        return []
    from scipy.cluster.hierarchy import fcluster, linkage

    apart = [max(0.0, 1.0 - alike[one][other]) for one in range(len(alike)) for other in range(one + 1, len(alike))]
    labels = fcluster(linkage(apart, method="average"), t=1.0 - least, criterion="distance")
    found: dict[int, list[int]] = {}
    for place, label in enumerate(labels):
        found.setdefault(int(label), []).append(place)
    return [members for members in found.values() if len(members) > 1]


def _central_first(members: Sequence[int], alike: list[list[float]]) -> list[int]:
    return sorted(members, key=lambda one: (-sum(alike[one][other] for other in members), one))


def _name(group: Sequence[Sequence[str]], every: Sequence[Sequence[str]]) -> str:
    """The word that comes back in most of the group's texts, in whatever form, and seldom in the others."""
    runs = {word: _runs(word) for text in every for word in text}

    def comes_back(word: str, texts: Sequence[Sequence[str]]) -> float:
        own = runs[word]
        return sum(max((len(own & runs[other]) / sqrt(len(own) * len(runs[other])) for other in text), default=0.0)
                   for text in texts)  # fmt: skip

    candidates = sorted({word for text in group for word in text if len(word) >= _SHORTEST_NAME})
    rated = [
        ((comes_back(word, group) - 1) * log((len(every) + 1) / max(comes_back(word, every), 1.0)), -len(word), word)
        for word in candidates
    ]
    best = max(rated, key=lambda row: (row[0], row[1]), default=(0.0, 0, ""))
    return best[2].capitalize()

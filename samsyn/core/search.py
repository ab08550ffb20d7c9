"""Text search within one organisation: what holds words that begin like those that somebody writes.

Alike on SQLite and PostgreSQL: an ordinary table of words (docs/decisions/0010). Whoever keeps something that can be
found registers how its texts are read; whoever changes it calls `refresh` within the same transaction. What is found
is not yet what may be seen: that is for the one who asks.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.db.models import Q, QuerySet

from samsyn.core import tenancy
from samsyn.core.models import SearchWord

MOST_WORDS, LONGEST_WORD = 100, 40  # kept of one thing, in signs
MOST_SOUGHT = 8
_AT_ONCE = 200

Texts = Callable[[list[int]], Mapping[int, Iterable[str]]]

_texts: dict[str, Texts] = {}


def register(of: str, texts: Texts) -> None:
    """`texts(ids)` gives the texts of each thing of a sort by which it can be found; of what is hidden, none."""
    _texts[of] = texts


def words_of(text: str) -> list[str]:
    """The words of a text as they are kept and sought: small letters, å ä ö as they are, each once."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    words = "".join(sign if sign.isalnum() else " " for sign in folded).split()
    return list(dict.fromkeys(word[:LONGEST_WORD] for word in words))


def refresh(of: str, ids: Iterable[int]) -> None:
    """Keep what the things say now, within the caller's transaction. What is gone or hidden is not kept."""
    wanted = list(ids)
    for start in range(0, len(wanted), _AT_ONCE):
        some = wanted[start : start + _AT_ONCE]
        forget(of, some)
        _keep(of, _texts[of](some))


def add(of: str, pk: int, texts: Iterable[str]) -> None:
    """Keep what something new says."""
    _keep(of, {pk: texts})


def forget(of: str, ids: Iterable[int]) -> None:
    """Keep nothing of these things any more."""
    rows_of(of, ids).delete()


def rows_of(of: str, ids: Any) -> QuerySet[SearchWord]:
    """The rows of some things; `ids` may be a query."""
    rows: QuerySet[SearchWord] = SearchWord.objects.filter(of=of, about_id__in=ids)
    return rows


def holding(of: str, text: str) -> Q:
    """For a query of the things themselves: those that hold every word of a text, or its beginning."""
    found = Q()
    for word in words_of(text)[:MOST_SOUGHT]:
        start = word.encode()
        rows = SearchWord.objects.filter(of=of, word__gte=start, word__lt=start + b"\xff")
        found &= Q(pk__in=rows.values("about_id"))
    return found or Q(pk__in=[])


def _keep(of: str, texts: Mapping[int, Iterable[str]]) -> None:
    organisation_id = tenancy.active_id()
    rows = [
        SearchWord(organisation_id=organisation_id, of=of, about_id=pk, word=word.encode())
        for pk, some in texts.items()
        for word in words_of(" ".join(some))[:MOST_WORDS]
    ]
    SearchWord.objects.bulk_create(rows, batch_size=_AT_ONCE, ignore_conflicts=True)

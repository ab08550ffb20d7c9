"""The six words of a receipt, and the marks that are all we store of them.

The words are drawn by the server (6 × log₂ 7776 ≈ 77 bits), shown once and forgotten. A mark is
HMAC(server key, HMAC(KDF(words), activity ‖ n)) for the n-th contribution in an activity: marks of one person
share no value, within an activity or across, and without both the words and the key file nothing follows from them.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import unicodedata
from functools import cache
from pathlib import Path

from samsyn.core.keys import read_key

WORDS = 6
COST = 2**14  # of stretching words: 16 MB and about 50 ms each time
_FOLDER = Path(__file__).parent / "words"


@cache
def word_list(lang: str) -> tuple[str, ...]:
    """The fixed list of 7,776 words of a language (sv or en)."""
    return tuple((_FOLDER / f"{lang if lang in {'sv', 'en'} else 'sv'}.txt").read_text("utf-8").split())


@cache
def _known() -> frozenset[str]:
    return frozenset(_fold(word) for lang in ("sv", "en") for word in word_list(lang))


def _fold(text: str) -> str:
    return "".join(sign for sign in unicodedata.normalize("NFKD", text.lower()) if not unicodedata.combining(sign))


def draw_words(lang: str) -> str:
    """Six words, uniform over the list."""
    words = word_list(lang)
    return " ".join(secrets.choice(words) for _ in range(WORDS))


def clean_words(text: str) -> str | None:
    """Words as typed, in any case, with or without å ä ö, dashes or line breaks; None unless six known words."""
    words = _typed(text)
    if len(words) != WORDS or unknown_words(text):
        return None
    return _fold(" ".join(words))


def unknown_words(text: str) -> list[str]:
    """Those of the words typed that stand in no list, as they were typed."""
    return [word for word in _typed(text) if _fold(word) not in _known()]


def _typed(text: str) -> list[str]:
    return text.replace("-", " ").replace(",", " ").split()


def stretch(words: str) -> bytes:
    """KDF over cleaned words (scrypt): costly on purpose, so once per request."""
    return hashlib.scrypt(words.encode(), salt=b"samsyn receipt", n=COST, r=8, p=1, dklen=32)


def mark(stretched: bytes, activity_id: int, number: int) -> str:
    """The mark of the holder's contribution `number` (from 0) in an activity."""
    inner = hmac.digest(stretched, activity_id.to_bytes(8, "big") + number.to_bytes(4, "big"), "sha256")
    return hmac.new(read_key("receipts"), inner, "sha256").hexdigest()

"""Join codes: six signs that cannot be mistaken for one another when read from a wall."""

from __future__ import annotations

import secrets

SIGNS = "234679ACDEFGHJKMNPQRTUVWXY"
LENGTH = 6


def draw_code() -> str:
    """A new code, uniform over 26⁶."""
    return "".join(secrets.choice(SIGNS) for _ in range(LENGTH))


def clean_code(text: str) -> str:
    """A code as typed: spaces and dashes gone, in capitals."""
    return "".join(sign for sign in text.upper() if sign.isalnum())


def is_code(text: str) -> bool:
    """Whether a cleaned text could be a code at all."""
    return len(text) == LENGTH and not set(text) - set(SIGNS)


def spaced(code: str) -> str:
    """A code as shown: in two halves."""
    return f"{code[:3]} {code[3:]}".strip()

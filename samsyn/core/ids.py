"""Random 62-bit ids: how they are drawn, stored and written in an address.

An id says nothing about when its row was made. On SQLite the column must be exactly `integer PRIMARY KEY`,
which makes the random id the row's place in the table; any other spelling leaves a hidden rowid that
counts upwards and so keeps the order of insertion.
"""

from __future__ import annotations

import secrets
from typing import Any

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper

BITS = 62
_DIGITS = "23456789abcdefghjkmnpqrstuvwxyz"  # 31 signs, none that look alike
_LENGTH = 13  # 31 ** 13 > 2 ** 62
_VALUES = {sign: value for value, sign in enumerate(_DIGITS)}


def new_id() -> int:
    """Draw an id: uniform over 1 … 2⁶² - 1, from the operating system's randomness."""
    return secrets.randbits(BITS) or 1


def encode_id(value: int) -> str:
    """Write an id as the 13 signs used in addresses. Raises ValueError outside 1 … 2⁶² - 1."""
    if not 0 < value < 1 << BITS:
        raise ValueError("not an id")
    signs = []
    for _ in range(_LENGTH):
        value, rest = divmod(value, len(_DIGITS))
        signs.append(_DIGITS[rest])
    return "".join(reversed(signs))


def decode_id(text: str) -> int:
    """Read the 13 signs of `encode_id`. Raises ValueError for anything else."""
    if len(text) != _LENGTH:
        raise ValueError("not an id")
    value = 0
    for sign in text:
        if sign not in _VALUES:
            raise ValueError("not an id")
        value = value * len(_DIGITS) + _VALUES[sign]
    if not 0 < value < 1 << BITS:
        raise ValueError("not an id")
    return value


def read_id(text: str | None) -> int | None:
    """The id that a text says; None where it says none."""
    try:
        return decode_id(text) if text else None
    except ValueError:
        return None


class IdConverter:
    """`<rid:…>` in URL patterns."""

    regex = f"[{_DIGITS}]{{{_LENGTH}}}"

    def to_python(self, value: str) -> int:
        return decode_id(value)

    def to_url(self, value: int | models.Model) -> str:
        return encode_id(value.pk if isinstance(value, models.Model) else value)


# Django's fields are generic to the type checker only.
class RandomIdField(models.BigIntegerField):  # type: ignore[type-arg]
    """Primary key that holds a random id and leaves no trace of insertion order."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("primary_key", True)
        kwargs.setdefault("default", new_id)
        kwargs.setdefault("editable", False)
        super().__init__(*args, **kwargs)

    def db_type(self, connection: BaseDatabaseWrapper) -> str:
        return "integer" if connection.vendor == "sqlite" else "bigint"

    def rel_db_type(self, connection: BaseDatabaseWrapper) -> str:
        return self.db_type(connection)

"""How names and keys are compared, sorted and searched, the same on every database."""

from __future__ import annotations

import unicodedata
from typing import Any

from django.db import models

# Å, Ä and Ö stand after Z. Greek letters do so in every collation, and a search text is folded the same way.
_AFTER_Z = str.maketrans({"å": "α", "ä": "β", "æ": "β", "ö": "γ", "ø": "γ"})
_LONGEST = 240


def tidy(text: str) -> str:
    """One form of each letter, no blanks around, one blank between words."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def fold(text: str) -> str:
    """What two keys or names have in common when only capitals and blanks differ."""
    return tidy(text).casefold()


def spellings(key: str) -> set[str]:
    """The ways in which a key is written as a rule: as given, in small letters, in capitals."""
    return {key, key.lower(), key.upper()}


def sort_name(text: str) -> str:
    """A text that puts names in Swedish order, and in which a part of a name is found whatever its capitals."""
    swedish = fold(text).translate(_AFTER_Z)
    plain = "".join(sign for sign in unicodedata.normalize("NFD", swedish) if not unicodedata.combining(sign))
    return plain[:_LONGEST]


class SortNameField(models.CharField[str, str]):
    """Holds `sort_name` of the row's own name; set whenever the row is saved or made in bulk."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", _LONGEST)
        kwargs.setdefault("editable", False)
        kwargs.setdefault("default", "")
        super().__init__(*args, **kwargs)

    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        value = sort_name(str(getattr(model_instance, "name", "")))
        setattr(model_instance, self.attname, value)
        return value

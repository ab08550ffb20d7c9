"""Text in Swedish and English at once, and the column that holds it."""

from __future__ import annotations

import json
import re
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

LANGUAGES = ("sv", "en")
_DOUBLE = re.compile(r"[“”„\"]")


class LangText(dict[str, str]):
    """{"sv": …, "en": …}; either may be missing. Printed in the language of the reader, else the other."""

    def __init__(self, value: Any = (), /, **texts: str) -> None:
        pairs = dict(value or (), **texts)
        super().__init__({lang: str(pairs[lang]) for lang in LANGUAGES if pairs.get(lang)})

    @classmethod
    def of(cls, text: str, lang: str) -> LangText:
        """One text in one language."""
        return cls({lang: text})

    def pick(self, lang: str | None = None) -> tuple[str, str]:
        """(text, its language): the wanted language where it is there, else the other, else ("", wanted)."""
        wanted = (lang or get_language() or LANGUAGES[0])[:2]
        for candidate in (wanted, *LANGUAGES):
            if candidate in self:
                return self[candidate], candidate
        return "", wanted

    def __str__(self) -> str:
        return self.pick()[0]

    def __bool__(self) -> bool:
        return len(self) > 0


class LangTextField(models.JSONField):
    """A column of LangText."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("default", LangText)
        kwargs.setdefault("blank", True)
        super().__init__(*args, **kwargs)

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> LangText:
        """Read a stored text: what was stored is clean, and pages read hundreds of them."""
        if isinstance(value, str):
            text = LangText.__new__(LangText)  # nothing to sieve
            if value != "{}":
                text.update(json.loads(value))
            return text
        return LangText(super().from_db_value(value, expression, connection))

    def to_python(self, value: Any) -> LangText:
        return LangText(value)

    def get_prep_value(self, value: Any) -> Any:
        return super().get_prep_value(dict(value or {}))

    def validate(self, value: Any, model_instance: models.Model | None) -> None:
        if not isinstance(value, dict) or set(value) - set(LANGUAGES):
            raise ValidationError(_("Write the text in Swedish, in English or in both."))


def within_quotes(words: str, lang: str) -> str:
    """Words that will stand between quotation marks: the marks in them become single ones."""

    def single(found: re.Match[str]) -> str:
        before = words[found.start() - 1 : found.start()]
        opens = found.group() == "“" or (found.group() == '"' and (not before or before in " (\n–-"))
        return "‘" if opens and lang == "en" else "’"

    return _DOUBLE.sub(single, words)

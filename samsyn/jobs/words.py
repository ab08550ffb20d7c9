"""Words that are stored and read later by somebody else: kept in both languages."""

from __future__ import annotations

from django.utils import translation
from django.utils.functional import Promise as LazyText

from samsyn.core.texts import LANGUAGES, LangText

Words = str | LazyText | LangText


def both(words: Words) -> LangText:
    """The words in each language. Lazy ones are translated (`format_lazy` takes values), others stand as they are."""
    if isinstance(words, dict):
        return LangText(words)
    texts = {}
    for lang in LANGUAGES:
        with translation.override(lang):
            texts[lang] = str(words)
    return LangText(texts)

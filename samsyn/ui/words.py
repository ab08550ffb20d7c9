"""Sentences with numbers in them."""

from __future__ import annotations

from django.utils.functional import lazy
from django.utils.translation import ngettext

from samsyn.ui.templatetags.ui import number as in_digits


def count_in_words(one: str, many: str, number: int, none: object = None) -> str:
    """A sentence about a number of things, in the reader's language; `many` holds the number as `%(number)s`.

    `none`: what is said where there are none, if not the same as of many.
    """
    if not number and none is not None:
        return str(none)
    return ngettext(one, many, number) % {"number": in_digits(number)}


count_in_words_lazy = lazy(count_in_words, str)  # in the language of whoever reads it later

"""Files that come with the product, read from YAML and checked in every detail: one key at a time, none left over."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import yaml

from samsyn.core.texts import LANGUAGES, LangText

_SAFE = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # ten times as fast where PyYAML was built with libyaml


class WrongFileError(ValueError):
    """A file that we ship is wrong: the message names the file, the key and what is asked for."""


def read_file(path: Path) -> Any:
    """What a file holds. Raises WrongFileError."""
    try:
        return yaml.load(path.read_text("utf-8"), Loader=_SAFE)  # both of them are the safe ones
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise WrongFileError(f"{path.name}: {error}") from error


class Node:
    """A mapping of the file that knows where it stands, gives each key once and knows which are left over."""

    def __init__(self, file: str, place: str, content: Any, *, of: str) -> None:
        self.file, self.place, self.of = file, place, of
        if not isinstance(content, dict):
            raise self.error("", "keys with values are expected here")
        self.content = dict(content)

    def error(self, key: str, words: str) -> WrongFileError:
        """An error that says where."""
        place = ".".join(part for part in (self.place, key) if part)
        return WrongFileError(": ".join(part for part in (self.file, place, words) if part))

    def take(self, key: str, check: Callable[[Any], Any], default: Any = None) -> Any:
        """The value of a key, checked; the default where it is not there. Raises WrongFileError."""
        if key not in self.content:
            if default is not None:
                return default
            raise self.error(key, "is missing")
        try:
            return check(self.content.pop(key))
        except ValueError as error:
            raise self.error(key, str(error)) from error

    def take_list(self, key: str) -> list[Node]:
        """The mappings of a list, at least one."""
        rows = self.take(key, lambda value: value)
        if not isinstance(rows, list) or not rows:
            raise self.error(key, "a list with at least one entry is expected")
        return [Node(self.file, f"{self.place}.{key}[{n}]".lstrip("."), row, of=self.of) for n, row in enumerate(rows)]

    def done(self) -> None:
        """Refuse what is left over."""
        for key in self.content:
            raise self.error(str(key), f"is not a key of {self.of}")


def pair(value: Any) -> LangText:
    """A text in both languages."""
    if not isinstance(value, dict) or set(value) != set(LANGUAGES):
        raise ValueError("a text in both sv and en is expected")
    if not all(isinstance(text, str) and text.strip() for text in value.values()):
        raise ValueError("neither sv nor en may be empty")
    return LangText({lang: text.strip() for lang, text in value.items()})


def word(value: Any) -> str:
    """A word in small letters, with dashes."""
    if not isinstance(value, str) or not value or set(value) - set("abcdefghijklmnopqrstuvwxyz0123456789-"):
        raise ValueError("a word in small letters with dashes is expected")
    return value


def words(value: Any) -> tuple[str, ...]:
    """Several such words."""
    if not isinstance(value, list):
        raise ValueError("a list of keys is expected")
    return tuple(word(one) for one in value)


def whole(least: int) -> Callable[[Any], int]:
    """A whole number."""

    def check(value: Any) -> int:
        if not isinstance(value, int) or isinstance(value, bool) or value < least:
            raise ValueError(f"a whole number, at least {least}, is expected")
        return value

    return check


def one_of(values: Any) -> Callable[[Any], str]:
    """One of these values."""

    def check(value: Any) -> str:
        if value not in values:
            raise ValueError(f"{value!r} is none of {', '.join(values)}")
        return str(value)

    return check

"""The text that a file's bytes are, whatever program wrote them; or nothing where nobody can tell.

Spreadsheets leave UTF-8, UTF-16 with or without its mark, Windows-1252 and, from old Macs, Mac Roman. The last two look
the same to a machine: what tells them apart is in which of them the letters are such as people write.
"""

from __future__ import annotations

import re

_SEEN = 4000  # bytes in which a UTF-16 without a mark shows
_COMMON = frozenset("åäöÅÄÖéÉèàáâãêëíîïóôõøØæÆúûüÜñçßœ“”‘’«»–—…•€§°£©®´ ")
_SEQUENCE = re.compile(rb"[\xc3-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")


class UnreadableError(ValueError):
    """Bytes that are no text; `line` (from 1) is where that shows, None where it is the whole."""

    def __init__(self, why: str, line: int | None = None) -> None:
        self.why, self.line = why, line
        super().__init__(why)


def decode(content: bytes) -> str:
    """The text.

    Raises:
        UnreadableError: it is no text, or two encodings are mixed in it, of which one would be read wrongly.
    """
    if content[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        return _no_nulls(_strictly(content, "utf-16"))
    if b"\x00" in content[:_SEEN]:
        return _no_nulls(_strictly(content, _without_mark(content[:_SEEN])))
    try:
        return _no_nulls(content.decode("utf-8-sig"))
    except UnicodeDecodeError as fault:
        faulty = fault
    # Where a letter of UTF-8 stands too, one of the two would come out as gibberish.
    if any(one.group().decode("utf-8", "replace") in _COMMON for one in _SEQUENCE.finditer(content)):
        raise UnreadableError("UTF-8 and another encoding are mixed", content.count(b"\n", 0, faulty.start) + 1)
    return _no_nulls(_of_one_byte(content))


def _strictly(content: bytes, name: str) -> str:
    try:
        return content.decode(name)
    except UnicodeDecodeError:
        raise UnreadableError("it begins as UTF-16 and does not go on so") from None


def _without_mark(content: bytes) -> str:
    """Which UTF-16 it is: the heading is in plain letters, of which every other byte is nought."""
    first, second = content[::2].count(0), content[1::2].count(0)
    if not first and second:
        return "utf-16-le"
    if not second and first:
        return "utf-16-be"
    raise UnreadableError("")


def _of_one_byte(content: bytes) -> str:
    """Windows-1252 or Mac Roman: that in which more letters are usual ones, the first where both are alike."""
    mac = content.decode("mac_roman")
    try:
        windows = content.decode("cp1252")
    except UnicodeDecodeError:
        return mac
    return windows if _usual(windows) >= _usual(mac) else mac


def _usual(text: str) -> int:
    beyond = [letter for letter in text if letter > "\x7f"]
    return sum(1 if letter in _COMMON else -1 for letter in beyond)


def _no_nulls(text: str) -> str:
    if "\x00" in text:
        raise UnreadableError("")
    return text

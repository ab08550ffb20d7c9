"""What is packed in a ZIP file, as far as it is safe to ask."""

from __future__ import annotations

import lzma
import zipfile
import zlib
from collections.abc import Iterable, Sequence
from typing import IO, Any

MOST_BYTES_OF_NAMES = 2_000_000  # an office document needs a thousandth; each entry becomes a large object
_END = b"PK\x05\x06"
_END_SIZE, _COMMENT_AT_MOST = 22, 65_535


class DamagedError(Exception):
    """It cannot be opened, or holds so many files that opening it would take all memory."""


def look_into(file: IO[bytes], name: str = "", *, most: int = 0) -> tuple[set[str], bytes]:
    """The names of what is packed, and what `name` holds if it is there and no longer than `most` bytes.

    Raises DamagedError.
    """
    try:
        if _size_of_list(file) > MOST_BYTES_OF_NAMES:
            raise DamagedError
        with zipfile.ZipFile(file) as pack:
            names = set(pack.namelist())
            wanted = name in names and pack.getinfo(name).file_size <= most
            return names, pack.read(name) if wanted else b""
    except (zipfile.BadZipFile, zlib.error, lzma.LZMAError, ValueError, OSError, RuntimeError, EOFError):
        raise DamagedError from None


def gather_files(uploads: Iterable[Any], wanted: Sequence[str], *, most: int) -> dict[str, bytes]:
    """What the uploaded files hold whose names end in one of `wanted`, on their own or packed in a ZIP file.

    Of two wanted names that end alike the longer one stands first. Raises DamagedError.
    """
    found: dict[str, bytes] = {}
    for upload in uploads:
        if upload.name.lower().endswith(".zip"):
            for name in sorted(look_into(upload)[0]):
                if known := _known(name, wanted):
                    found[known] = look_into(upload, name, most=most)[1]
        elif known := _known(upload.name, wanted):
            found[known] = upload.read()
    return found


def _known(name: str, wanted: Sequence[str]) -> str:
    last = name.replace("\\", "/").rpartition("/")[2].lower()
    return next((one for one in wanted if last.endswith(one)), "")


def _size_of_list(file: IO[bytes]) -> int:
    """How many bytes the list of contents takes, as the end of the file says it; much where it says nothing."""
    size = file.seek(0, 2)
    file.seek(max(0, size - _END_SIZE - _COMMENT_AT_MOST))
    tail = file.read()
    at = tail.rfind(_END)
    if at < 0 or len(tail) < at + _END_SIZE:
        raise DamagedError
    return int.from_bytes(tail[at + 12 : at + 16], "little")

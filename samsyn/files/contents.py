"""What a file really is: told by its content, never by its name or by what the browser says."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import PurePath
from typing import IO

import puremagic
from django.utils.functional import Promise as LazyText
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from samsyn.core import packs
from samsyn.core.errors import RefusedError
from samsyn.files.pictures import format_of


@dataclass(frozen=True)
class Kind:
    """A type of file that may be attached. `shown`: a browser may show it within the page."""

    slug: str
    mime: str
    label: LazyText
    endings: tuple[str, ...]
    shown: bool = False


_OFFICE = "application/vnd.openxmlformats-officedocument."
_OPEN = "application/vnd.oasis.opendocument."
_ALL = (
    Kind("png", "image/png", _("picture (PNG)"), ("png",), shown=True),
    Kind("jpeg", "image/jpeg", _("picture (JPEG)"), ("jpg", "jpeg", "jpe", "jfif"), shown=True),
    Kind("webp", "image/webp", _("picture (WebP)"), ("webp",), shown=True),
    Kind("gif", "image/gif", _("picture (GIF)"), ("gif",), shown=True),
    Kind("pdf", "application/pdf", _("PDF"), ("pdf",), shown=True),
    Kind("docx", _OFFICE + "wordprocessingml.document", _("Word document"), ("docx",)),
    Kind("xlsx", _OFFICE + "spreadsheetml.sheet", _("Excel workbook"), ("xlsx",)),
    Kind("pptx", _OFFICE + "presentationml.presentation", _("PowerPoint presentation"), ("pptx",)),
    Kind("odt", _OPEN + "text", _("OpenDocument text"), ("odt",)),
    Kind("ods", _OPEN + "spreadsheet", _("OpenDocument spreadsheet"), ("ods",)),
    Kind("odp", _OPEN + "presentation", _("OpenDocument presentation"), ("odp",)),
    Kind("csv", "text/csv", _("table (CSV)"), ("csv",)),
    Kind("txt", "text/plain", _("text"), ("txt", "text")),
)
KINDS: dict[str, Kind] = {kind.slug: kind for kind in _ALL}
ENDINGS: dict[str, Kind] = {ending: kind for kind in _ALL for ending in kind.endings}
PICTURES = frozenset({"png", "jpeg", "webp", "gif"})
NAMES = ", ".join(sorted(KINDS))

_MAIN_PARTS = {"word/document.xml": "docx", "xl/workbook.xml": "xlsx", "ppt/presentation.xml": "pptx"}
_MARKUP = re.compile(rb"<\s*(!doctype|!--|\?xml|html|head|body|svg|script|iframe|img|math|style|link|meta)", re.I)
_ODD = re.compile("[\x00-\x08\x0b\x0e-\x1f\ufffd]")  # signs that no text has
_HEAD, _TEXT_AT_MOST = 4096, 50 * 1024 * 1024
_NAME_AT_MOST = 200


def identify(file: IO[bytes], name: str) -> Kind:
    """The kind of a file. Raises RefusedError (field "file") for one that may not be attached or is not what it says.

    The file is read from its beginning and left there.
    """
    head = _read(file, _HEAD)
    if not head:
        raise _refused(_("The file is empty."))
    ending = PurePath(name).suffix.lower().lstrip(".")
    found = _by_content(file, head, ending)
    file.seek(0)
    if found is None:
        words = _("Files of this type ({what}) cannot be attached. These can: {names}.")
        raise _refused(format_lazy(words, what=_really(head) or ending or "?", names=NAMES))
    if ending and ENDINGS.get(ending) is not found:
        words = _("The name ends in .{ending}, but the file is another type: {what}. Save it as the right type.")
        raise _refused(format_lazy(words, ending=ending, what=found.label))
    return found


def clean_name(name: str, kind: Kind) -> str:
    """A file's name without path and odd signs, with an ending that says what it is."""
    bare = "".join(sign for sign in PurePath(name.replace("\\", "/")).name if sign.isprintable()).strip(" .")
    stem, ending = PurePath(bare).stem, PurePath(bare).suffix.lower().lstrip(".")
    if ending not in kind.endings:
        stem, ending = bare, kind.endings[0]
    return f"{stem[: _NAME_AT_MOST - len(ending) - 1] or 'file'}.{ending}"


def _by_content(file: IO[bytes], head: bytes, ending: str) -> Kind | None:
    if head.startswith(b"PK\x03\x04"):
        return _packed(file)
    if picture := format_of(file):
        return KINDS[picture]
    if head.startswith(b"%PDF-"):
        return KINDS["pdf"]
    if _is_text(file):
        return KINDS["csv" if ending == "csv" else "txt"]
    return None


def _packed(file: IO[bytes]) -> Kind | None:
    """An office document by what is packed in it; one with macros is none of ours."""
    try:
        names, mime = packs.look_into(file, "mimetype", most=200)
    except packs.DamagedError:
        return None
    if mime:
        return next((kind for kind in _ALL if kind.mime == mime.decode("ascii", "replace").strip()), None)
    if "[Content_Types].xml" not in names or any(part.lower().endswith("vbaproject.bin") for part in names):
        return None
    return next((KINDS[slug] for part, slug in _MAIN_PARTS.items() if part in names), None)


def _is_text(file: IO[bytes]) -> bool:
    content = _read(file, _TEXT_AT_MOST)
    try:
        words = content.decode("utf-16" if content.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8")
    except UnicodeDecodeError:
        words = content.decode("cp1252", "replace")
    return not _MARKUP.search(words[:_HEAD].encode(errors="replace")) and _ODD.search(words) is None


def _really(head: bytes) -> str:
    try:
        return puremagic.from_string(head).lstrip(".")
    except (puremagic.PureError, ValueError):
        return ""


def _read(file: IO[bytes], size: int) -> bytes:
    file.seek(0)
    content = file.read(size)
    file.seek(0)
    return content


def _refused(words: LazyText | str) -> RefusedError:
    return RefusedError(words, "file")

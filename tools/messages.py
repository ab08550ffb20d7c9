"""Translations without gettext's own tools: compile what is written, and say what is missing.

English stands in the code; Swedish in locale/sv/LC_MESSAGES/*.po of each part. Several .po files of a part become
one django.mo. `compile` makes the .mo files where they are older; `check` fails where a text lacks its Swedish.
"""

from __future__ import annotations

import gettext
import io
import os
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_python
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "samsyn"
_KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "_now": None,
    "count_in_words": (1, 2),
    "count_in_words_lazy": (1, 2),
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}
Key = tuple[str, str | None]


def folders() -> list[Path]:
    """Every locale/sv/LC_MESSAGES of the package."""
    return sorted(PACKAGE.rglob("locale/sv/LC_MESSAGES"))


def merged(folder: Path) -> Catalog:
    """All .po files of a folder as one catalogue; a text given twice must be given alike."""
    whole = Catalog(locale="sv", domain="django")
    for path in sorted(folder.glob("*.po")):
        with path.open("rb") as file:
            part = read_po(file, locale="sv")
        for message in part:
            if not message.id:
                continue
            known = whole.get(message.id[0] if isinstance(message.id, tuple) else message.id, message.context)
            if known is not None and known.string != message.string:
                raise SystemExit(f"{path.relative_to(ROOT)}: {message.id!r} is translated in two ways")
            whole.add(message.id, message.string, flags=message.flags, context=message.context)
    return whole


def compile_all() -> None:
    """Write each django.mo that is older than its .po files. Written aside and moved: several may do it at once."""
    for folder in folders():
        target = folder / "django.mo"
        newest = max((path.stat().st_mtime for path in folder.glob("*.po")), default=0)
        if target.exists() and target.stat().st_mtime >= newest:
            continue
        fresh = target.with_suffix(f".{os.getpid()}")
        with fresh.open("wb") as file:
            write_mo(file, merged(folder))
        fresh.replace(target)


def texts_of(path: Path) -> Iterator[tuple[int, Key]]:
    """(line, (English, context)) of every translatable text in a Python file or a template."""
    source = path.read_text("utf-8")
    if path.suffix in {".html", ".txt"}:
        from django.utils.translation.template import templatize

        source = templatize(source)
    for line, function, found, _comments in extract_python(io.BytesIO(source.encode()), _KEYWORDS, (), {}):
        values = [found] if isinstance(found, str) else list(found or ())
        if not values or values[0] is None:
            continue
        if "p" in function[:2] and "pgettext" in function:
            yield line, (values[1], values[0])
        else:
            yield line, (values[0], None)


def part_of(path: Path) -> Path:
    """The folder whose locale a file belongs to: its app."""
    for folder in path.parents:
        if (folder / "apps.py").exists():
            return folder
    return PACKAGE


def check_all() -> int:
    """Print each text without Swedish; 1 if there is any."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "samsyn.config.settings")
    catalogues = [merged(folder) for folder in folders()]
    known: dict[Key, bool] = {}
    written: dict[Key, object] = {}
    torn: set[Key] = set()  # Django reads all parts as one: a text has one translation, or a context
    for catalogue in catalogues:
        for message in catalogue:
            if message.id:
                key = (message.id[0] if isinstance(message.id, tuple) else message.id, message.context)
                strings = message.string if isinstance(message.string, tuple) else (message.string,)
                known[key] = all(strings) and "fuzzy" not in message.flags
                if written.setdefault(key, message.string) != message.string:
                    torn.add(key)
                    print(f"translated in two ways: {key[0]!r}: {written[key]!r} and {message.string!r}")
    missing: dict[Key, list[str]] = {}
    used: set[Key] = set()
    templates = [path for ending in ("html", "txt") for path in PACKAGE.rglob(f"templates/**/*.{ending}")]
    for path in sorted([*PACKAGE.rglob("*.py"), *templates]):
        if "/tests/" in str(path) or "/migrations/" in str(path):
            continue
        for line, key in texts_of(path):
            used.add(key)
            if not known.get(key) and not _in_django(key):
                missing.setdefault(key, []).append(f"{path.relative_to(ROOT)}:{line}")
    for (text, context), places in sorted(missing.items(), key=lambda row: row[1][0]):
        print(f"{places[0]}: no Swedish for {text!r}" + (f" ({context})" if context else ""))
    for key in sorted(set(known) - used, key=str):
        print(f"no longer used: {key[0]!r}")
    return 1 if missing or torn or set(known) - used else 0


@cache
def _django() -> gettext.NullTranslations:
    import django

    return gettext.translation("django", Path(django.__file__).parent / "conf/locale", ["sv"])


def _in_django(key: Key) -> bool:
    """Texts that Django translates itself need no entry of ours."""
    translated = _django().pgettext(key[1], key[0]) if key[1] else _django().gettext(key[0])
    return translated != key[0]


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    if sys.argv[1:] == ["check"]:
        sys.exit(check_all())
    compile_all()

"""Static files: hashed names and one style sheet where they have been collected, plain ones before that."""

from __future__ import annotations

import re
from collections.abc import Iterator
from posixpath import dirname, join
from typing import Any

from django.core.files.base import ContentFile
from servestatic.storage import CompressedManifestStaticFilesStorage

IMPORT = re.compile(r'@import url\("(?P<sheet>[\w.-]+)"\) layer\((?P<layer>\w+)\)(?: (?P<media>\w+))?;')


class StaticStorage(CompressedManifestStaticFilesStorage):
    """Falls back to the plain name for a file that has not been collected."""

    manifest_strict = False
    support_js_module_import_aggregation = True

    def hashed_name(self, name: str, content: Any = None, filename: str | None = None) -> str:
        try:
            return str(super().hashed_name(name, content, filename))
        except ValueError:
            return name

    def post_process(self, paths: dict[str, Any], *args: Any, **options: Any) -> Iterator[Any]:
        """Name the files by their content; a sheet that imports others holds them itself, for a phone's one request."""
        sheets = {name: (WithImports(source), path) for name, (source, path) in paths.items() if name.endswith(".css")}
        yield from super().post_process({**paths, **sheets}, *args, **options)


class WithImports:
    """Where a sheet is read from, with the sheets beside it that it imports put in its place for them."""

    def __init__(self, source: Any) -> None:
        self.source = source

    def open(self, path: str) -> ContentFile[bytes]:
        """The sheet; each import has become a block in the layer, and for the medium, that it was imported into."""

        def block(found: re.Match[str]) -> str:
            body = self._text(join(dirname(path), found["sheet"])).strip()
            return f"@layer {found['layer']} {{ @media {found['media'] or 'all'} {{\n{body}\n}} }}"

        return ContentFile(IMPORT.sub(block, self._text(path)).encode())

    def _text(self, path: str) -> str:
        with self.source.open(path) as file:
            return str(file.read().decode())

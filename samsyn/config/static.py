"""Static files: hashed names where they have been collected, plain ones before that."""

from __future__ import annotations

from whitenoise.storage import CompressedManifestStaticFilesStorage


class StaticStorage(CompressedManifestStaticFilesStorage):
    """Falls back to the plain name for a file that has not been collected."""

    manifest_strict = False

"""Uploads are streamed to disk and cut off at a limit, so that nobody can fill memory or disk."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.files.uploadhandler import SkipFile, TemporaryFileUploadHandler


class LimitedUploadHandler(TemporaryFileUploadHandler):
    """Drops a file that takes the request over FILE_UPLOAD_MAX_BYTES and keeps what else was typed in the form.

    The request is marked `upload_too_large`, so that the form can say what happened.
    """

    received = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> Any:
        self.received += len(raw_data)
        if self.received > settings.FILE_UPLOAD_MAX_BYTES:
            self.request.upload_too_large = True  # type: ignore[union-attr]
            raise SkipFile
        return super().receive_data_chunk(raw_data, start)

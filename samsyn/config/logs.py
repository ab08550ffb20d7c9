"""Logs carry no content and no identities: addresses lose what is secret in them, errors their words."""

from __future__ import annotations

import logging
import re
import traceback
from typing import Any

_EMAIL = re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]+")
_SECRET = re.compile(r"/(invitation|letters|j)/[^/\s]+")
_QUERY = re.compile(r"\?[^\s'\"]*")


class NothingPersonal(logging.Filter):
    """Takes e-mail addresses, secrets in addresses and query strings out of every line."""

    def filter(self, record: logging.LogRecord) -> bool:
        message = record.getMessage()
        message = _SECRET.sub(r"/\1/…", _EMAIL.sub("(address)", message))
        record.msg = _QUERY.sub("?…", message)
        record.args = ()
        return True


class PlainFormatter(logging.Formatter):
    """Shows where an error arose and of which kind it is; its words may hold what somebody wrote, and stay out."""

    def formatException(self, ei: Any) -> str:  # noqa: N802  (the name is logging's own)
        kind, _error, places = ei
        lines = traceback.format_tb(places) if places else []
        return "".join([*lines, kind.__name__ if kind else ""])

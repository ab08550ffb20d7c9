"""Secrets that live in files outside database and backup."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from django.conf import settings


def key_path(name: str) -> Path:
    """Where the named key lies."""
    return Path(settings.KEY_DIR) / f"{name}.key"


def read_key(name: str) -> bytes:
    """The named 32-byte key; made at first use, readable by the server's own user only."""
    path = key_path(name)
    try:
        return bytes.fromhex(path.read_text().strip())
    except FileNotFoundError:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        fresh = path.with_suffix(f".{os.getpid()}.{secrets.token_hex(4)}")
        handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w") as file:
            file.write(secrets.token_hex(32))
        try:
            os.link(fresh, path)  # the first process wins; the others read what it wrote
        except FileExistsError:
            pass
        finally:
            fresh.unlink()
        return bytes.fromhex(path.read_text().strip())


def destroy_key(name: str) -> None:
    """Delete the named key: what was made with it can no longer be linked."""
    key_path(name).unlink(missing_ok=True)

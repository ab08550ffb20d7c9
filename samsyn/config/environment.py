"""Reading the environment: flags, lists, addresses of databases and mail servers."""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

SQLITE_PRAGMAS = (
    "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA busy_timeout=5000; PRAGMA secure_delete=ON; "
    "PRAGMA foreign_keys=ON; PRAGMA cache_size=-32000;"
)


def flag(name: str) -> bool:
    """Whether a variable is set to something that means yes."""
    return os.environ.get(name, "").strip().lower() in {"1", "yes", "true", "on"}


def words(name: str) -> list[str]:
    """A comma-separated variable as a list."""
    return [word.strip() for word in os.environ.get(name, "").split(",") if word.strip()]


def gigabytes(name: str, default: float) -> int:
    """A variable in gigabytes, as bytes."""
    written = os.environ.get(name, "").strip().replace(",", ".") or default
    try:
        return int(float(written) * 1024**3)
    except ValueError:
        raise ValueError(f"{name} must be a number of gigabytes") from None


def secret_from_file(path: Path) -> str:
    """The secret in a file; made at first use. Without a writable folder, one that lasts as long as the process."""
    try:
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            fresh = path.with_suffix(f".{os.getpid()}")
            with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
                file.write(secrets.token_urlsafe(50))
            try:
                os.link(fresh, path)
            except FileExistsError:
                pass
            finally:
                fresh.unlink()
        return path.read_text().strip()
    except OSError:
        return secrets.token_urlsafe(50)


def database(url: str, sqlite_file: Path) -> dict[str, Any]:
    """Django's settings for `postgresql://user:password@host:port/name?option=value`, or for the SQLite file."""
    if not url:
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": str(sqlite_file),
            "OPTIONS": {"transaction_mode": "IMMEDIATE", "init_command": SQLITE_PRAGMAS, "timeout": 5},
            "CONN_MAX_AGE": None,
            # Tests use a file too: what is proved about the raw bytes must hold for a file.
            "TEST": {"NAME": str(sqlite_file.parent / "test.sqlite3")},
        }
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql"}:
        raise ValueError("DATABASE_URL must begin with postgresql://")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": str(parts.port or ""),
        "OPTIONS": dict(parse_qsl(parts.query)),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }


def mail(url: str, folder: Path) -> tuple[str, SplitResult]:
    """The mail back end and its address: `smtp://`, `smtp+tls://` or `smtps://`; without one, files in a folder."""
    parts = urlsplit(url)
    if parts.scheme in {"smtp", "smtp+tls", "smtps"}:
        return "django.core.mail.backends.smtp.EmailBackend", parts
    return "django.core.mail.backends.filebased.EmailBackend", parts

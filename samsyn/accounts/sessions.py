"""What a session holds: who is signed in, and since when. No address, no code that could be read and used."""

from __future__ import annotations

import time
from importlib import import_module
from typing import Any

from allauth.account.internal.flows.login import AUTHENTICATION_METHODS_SESSION_KEY
from allauth.account.internal.stagekit import LOGIN_SESSION_KEY
from allauth.core.internal.cryptokit import normalize_user_code
from django.conf import settings
from django.core import signing
from django.utils.crypto import constant_time_compare, salted_hmac

_STAGE = "login_by_code"
_SALT = "samsyn.accounts.sign-in"
_LATELY = 15 * 60
ADDRESS_COOKIE = "sign-in"
ADDRESS_COOKIE_AGE = 15 * 60


def seal_pending(session: Any) -> None:
    """While a code is awaited: keep a digest of the code and of the address instead of the two themselves."""
    login = session[LOGIN_SESSION_KEY]
    waiting = login["state"]["stages"][_STAGE]["data"]
    login["email"] = None
    waiting["account"] = digest(waiting.pop("email"))
    if waiting.get("code"):
        waiting["code"] = digest(normalize_user_code(waiting["code"]))
    session.modified = True


def digest(text: str) -> str:
    """A digest that only this installation can make."""
    return salted_hmac(_SALT, text, algorithm="sha256").hexdigest()


def is_code(typed: str, expected: str) -> bool:
    """Whether what was typed is the code of this digest."""
    return bool(expected) and constant_time_compare(digest(normalize_user_code(typed)), expected)


def keep_nothing_personal(session: Any) -> None:
    """Of how somebody signed in, keep only by what means and when."""
    records = session.get(AUTHENTICATION_METHODS_SESSION_KEY, [])
    session[AUTHENTICATION_METHODS_SESSION_KEY] = [{"method": row["method"], "at": row["at"]} for row in records]


def signed_in_by_code_lately(session: Any) -> bool:
    """Whether the holder of the address has just proved to be there: then an old password is not asked for."""
    records = session.get(AUTHENTICATION_METHODS_SESSION_KEY, [])
    return any(row["method"] == "code" and time.time() - row["at"] < _LATELY for row in records)


def remember_address(response: Any, address: str) -> None:
    """Keep the address in the visitor's own browser while a code is awaited, so that a slip can be seen."""
    response.set_cookie(
        ADDRESS_COOKIE,
        signing.dumps(address, salt=_SALT),
        max_age=ADDRESS_COOKIE_AGE,
        path="/accounts/",
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )


def remembered_address(request: Any) -> str:
    """The address that a code was sent to; empty where it is not known any more."""
    try:
        return str(signing.loads(request.COOKIES.get(ADDRESS_COOKIE, ""), salt=_SALT, max_age=ADDRESS_COOKIE_AGE))
    except signing.BadSignature:
        return ""


def forget_address(response: Any) -> None:
    """Take the address away again."""
    response.delete_cookie(ADDRESS_COOKIE, path="/accounts/", samesite="Lax")


def clear_expired() -> None:
    """Delete sessions that are over."""
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()

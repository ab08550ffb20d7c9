"""The key under which somebody votes in one activity: random and kept by the browser, or their own with names known."""

from __future__ import annotations

import re
import secrets

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from samsyn.core.ids import encode_id
from samsyn.programmes import rules
from samsyn.programmes.access import activity_path, person_of
from samsyn.programmes.models import Activity

_COOKIE = "voter"
_KEY = re.compile(r"[0-9a-f]{32}")
_AGE = 60 * 60 * 24 * 365


def draw_key() -> str:
    """A random 128-bit key, as 32 hexadecimal signs."""
    return secrets.token_hex(16)


def is_key(text: str) -> bool:
    """Whether a text is such a key."""
    return bool(_KEY.fullmatch(text))


def key_of(person_id: int) -> str:
    """The key of a person's votes where names are known: the same in every activity, and no random one."""
    return f"p{encode_id(person_id)}"


def voter_key(request: HttpRequest, activity: Activity) -> str:
    """The key under which this visitor votes; empty where there is none yet.

    Where names are known it is the person's own (`key_of`). In an anonymous activity it comes from a cookie that the
    browser made, scoped to the activity.
    """
    if not rules.is_anonymous(activity):
        person = person_of(request)
        return key_of(person.pk) if person else ""
    key = request.COOKIES.get(_COOKIE, "")
    return key if is_key(key) else ""


def keep_key(response: HttpResponse, activity: Activity, key: str) -> None:
    """Let a browser without scripts keep its key in a cookie scoped to the activity."""
    if rules.is_anonymous(activity):
        response.set_cookie(
            _COOKIE,
            key,
            path=activity_path(activity),
            secure=settings.SESSION_COOKIE_SECURE,
            samesite="Lax",
            max_age=_AGE,
        )

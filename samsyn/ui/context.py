"""The context processor `site`: what masthead and footer show. Parts above fill it through UI_SITE_PARTS."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from django.utils.module_loading import import_string
from django.utils.translation import get_language, get_language_info

Part = Callable[[HttpRequest], dict[str, Any]]


def site(request: HttpRequest) -> dict[str, Any]:
    """`site` for templates; nothing is fetched before a template asks for it."""
    return {"site": SimpleLazyObject(lambda: build(request))}


def build(request: HttpRequest) -> dict[str, Any]:
    """The languages and the path, then what each callable of UI_SITE_PARTS adds; later ones win."""
    found: dict[str, Any] = {"languages": languages(), "path": request.get_full_path()}
    for path in getattr(settings, "UI_SITE_PARTS", ()):
        found.update(_part(path)(request) or {})
    return found


def languages() -> list[tuple[str, str, bool]]:
    """(code, name in its own language, is it the active one) for each language of the settings."""
    active = (get_language() or settings.LANGUAGE_CODE)[:2]
    return [
        (code, get_language_info(code)["name_local"].capitalize(), code[:2] == active)
        for code, _name in settings.LANGUAGES
    ]


@lru_cache
def _part(path: str) -> Part:
    part: Part = import_string(path)
    return part

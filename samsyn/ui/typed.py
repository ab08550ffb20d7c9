"""What somebody typed, to be given back where the form itself cannot be shown again."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied

_NEVER = {"csrfmiddlewaretoken", "post_key", "content"}
_SHORTEST = 12
_MOST = 20
_LONGEST = 20_000


def typed(request: Any) -> list[str]:
    """The texts of a form that was sent: nothing short, no password, no receipt."""
    if getattr(request, "method", "") != "POST":
        return []
    try:
        fields = request.POST.lists()
    except Exception:  # what cannot be read cannot be given back
        return []
    found = [text.strip() for name, texts in fields if _is_words(name) for text in texts]
    return [
        text[:_LONGEST] for text in found if len(text) >= _SHORTEST and len(text.split()) > 1 and not _receipt(text)
    ][:_MOST]


def sign_in_first(request: Any) -> Any:
    """To the sign-in page; words that were sent would be lost on the way, so they get the page that gives them back."""
    if typed(request):
        raise PermissionDenied
    return redirect_to_login(request.get_full_path())


def _is_words(name: str) -> bool:
    return name not in _NEVER and "password" not in name


def _receipt(text: str) -> bool:
    """Six words in small letters may be the secret of a receipt: they are not shown again."""
    return len(text.split()) == 6 and text.replace(" ", "").isalpha() and text.islower()

"""System checks: a kind that is wrong stops the start, with a sentence that says what to mend."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, register

from samsyn.programmes.kinds import ActivityKind
from samsyn.programmes.models import Activity


@register()
def check_kinds(**_: Any) -> list[CheckMessage]:
    """Every line of ACTIVITY_KINDS names an app with a usable `kind`, and no slug occurs twice."""
    found: list[CheckMessage] = []
    seen: dict[str, str] = {}
    for dotted in settings.ACTIVITY_KINDS:
        if find_spec(f"{dotted}.kind") is None:
            found.append(Error(f"{dotted} has no kind.py", id="samsyn.E001"))
            continue
        kind = getattr(import_module(f"{dotted}.kind"), "kind", None)
        if not isinstance(kind, ActivityKind):
            found.append(Error(f"{dotted}.kind holds no ActivityKind named 'kind'", id="samsyn.E002"))
            continue
        if Activity.Level.CODED in kind.levels:
            words = f"{dotted} offers the level coded, and there is no programme secret yet: docs/decisions/0009"
            found.append(Error(words, id="samsyn.E006"))
        missing = [name for name in ("slug", "name", "purpose", "icon", "urlconf") if not getattr(kind, name, None)]
        if missing:
            found.append(Error(f"{dotted}: kind lacks {', '.join(missing)}", id="samsyn.E003"))
        elif kind.slug in seen:
            found.append(Error(f"{dotted} and {seen[kind.slug]} share the slug {kind.slug}", id="samsyn.E004"))
        else:
            seen[kind.slug] = dotted
        if dotted.rsplit(".", 1)[-1] != getattr(kind, "slug", ""):
            found.append(Error(f"{dotted}: folder and slug must be the same word", id="samsyn.E005"))
    return found

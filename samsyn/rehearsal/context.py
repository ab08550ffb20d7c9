"""The strip on pages outside every organisation: in a demo they too speak of what is made up."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from samsyn.rehearsal.queries import demo_organisation


def site(request: HttpRequest) -> dict[str, Any]:
    """Flag the pages of a demo that belong to no organisation."""
    if getattr(request, "organisation", None) is not None:
        return {}
    organisation = demo_organisation()
    return {"synthetic": True, "synthetic_day": organisation.simulated_day} if organisation else {}

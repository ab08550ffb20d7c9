"""`{% typed as texts %}`: what somebody typed, for pages that say no."""

from __future__ import annotations

from typing import Any

from django import template

from samsyn.ui import typed as rules

register = template.Library()


@register.simple_tag(takes_context=True)
def typed(context: Any) -> list[str]:
    """The texts of the form that was sent with this request; none where nothing was sent."""
    return rules.typed(context.get("request"))

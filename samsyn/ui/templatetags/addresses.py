"""Addresses in templates: `{% go "namespace:name" part=value %}` within the organisation that the page is in."""

from __future__ import annotations

from typing import Any

from django import template

from samsyn.core.addresses import address

register = template.Library()


@register.simple_tag
def go(name: str, **parts: Any) -> str:
    """The path of a named page of the active organisation."""
    return address(name, **parts)

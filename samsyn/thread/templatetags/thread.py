"""Filters on promises."""

from __future__ import annotations

from django import template

from samsyn.thread import queries
from samsyn.thread.models import Promise

register = template.Library()


@register.filter
def is_late(promise: Promise) -> bool:
    """Whether a promise is open and its day has passed."""
    return queries.is_late(promise)

"""The app of the look."""

from django.apps import AppConfig


class UiConfig(AppConfig):
    """Templates, tags, forms and static files that every other part uses."""

    name = "samsyn.ui"
    label = "ui"
